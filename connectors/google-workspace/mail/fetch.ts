import { Fault } from '../../../src/fault.ts'
import type { Google, GooglePerson } from '../google.ts'

/** The bytes of one mail. */
export async function mailBytes(
  _google: Google,
  _person: GooglePerson,
  id: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  signal.throwIfAborted()
  throw new Fault({ code: 'gone', what: id })
}
