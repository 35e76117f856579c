import type { Change } from '../../src/contract/connector.ts'
import { type Cursor, itemId } from '../../src/contract/ids.ts'
import type { Known } from './known.ts'
import { dropped } from './map/mapped.ts'

/**
 * What a collection says of somebody without a mailbox. What was read while there was one stays. `unread`: a cursor that could not be read,
 * which stays too, because nothing can be listed in its place.
 */
export async function* noMailbox(known: Known, unread: Cursor | undefined, kind: string, person: string): AsyncGenerator<Change> {
  const loss = dropped(itemId(kind, person, 'all'), 'withheld-by-source', 'this person has no mailbox that Microsoft Graph can read')
  if (known.losses !== 'no-mailbox') yield { type: 'loss', loss }
  known.losses = 'no-mailbox'
  yield { type: 'checkpoint', cursor: unread ?? known.encode() }
}
