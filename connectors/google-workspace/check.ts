import type { Check } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { listPeople } from './directory/listing.ts'
import type { Google } from './google.ts'

/** What `doctor` shows of a Google Workspace. */
export async function* check(google: Google, signal: AbortSignal): AsyncGenerator<Check> {
  try {
    const { people } = await listPeople(google, signal)
    yield { name: 'directory', status: 'pass', detail: `${people.size} people will be read` }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Fault)) throw error
    yield { name: 'directory', status: 'fail', detail: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) }
  }
}
