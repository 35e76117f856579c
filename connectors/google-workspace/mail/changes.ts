import type { Change } from '../../../src/contract/connector.ts'
import { type Cursor, cursor } from '../../../src/contract/ids.ts'
import type { Google, GooglePerson } from '../google.ts'

/** Mailboxes, settings and mails of one person. */
export async function* mailChanges(
  _google: Google,
  _person: GooglePerson,
  _since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  signal.throwIfAborted()
  yield { type: 'checkpoint', cursor: cursor('{}') }
}
