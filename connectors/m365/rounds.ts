import type { Change } from '../../src/contract/connector.ts'
import type { Cursor } from '../../src/contract/ids.ts'
import type { Kind } from '../../src/contract/item.ts'
import { Expired } from './delta.ts'
import { hasNoMailbox } from './graph-fault.ts'
import { Known } from './known.ts'
import { noMailbox } from './no-mailbox.ts'

/** How one service of a person is read. `everything`: a reset was said, so all that is there has to be named. */
interface Service {
  readonly person: string
  /** What a person without a mailbox lacks. */
  readonly lacks: Extract<Kind, 'addressbook' | 'tasklist'>
  /** Asks which folders or lists there are now. */
  readonly refresh: (known: Known) => Promise<void>
  readonly round: (known: Known, everything: boolean) => AsyncIterable<Change>
}

/** The changes of a service since a cursor, by delta links; with a cursor or a link that Microsoft Graph does not know any more, everything again. */
export async function* deltaRounds(since: Cursor | undefined, { person, lacks, refresh, round }: Service): AsyncGenerator<Change> {
  const read = since === undefined ? new Known() : Known.decode(since)
  const known = read ?? new Known()
  let why = read === undefined ? 'the cursor was written by another version' : undefined
  for (;;)
    try {
      await refresh(known)
      if (why !== undefined) yield { type: 'reset', why }
      yield* round(known, why !== undefined)
      return
    } catch (error) {
      if (hasNoMailbox(error)) {
        yield* noMailbox(known, read === undefined ? since : undefined, lacks, person)
        return
      }
      // Links are gone then, and a query without one cannot expire: this happens once.
      if (!(error instanceof Expired)) throw error
      known.links.clear()
      why = 'Microsoft Graph does not know the delta link any more'
    }
}
