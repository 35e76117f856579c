import type { Leftover } from '../../contract/target.ts'
import { Fault } from '../../fault.ts'
import { placesIn, removePlace } from '../places.ts'
import { purgeTrashed, trashedObjects } from '../trash.ts'
import type { Format } from './format.ts'
import type { Home, Homes } from './homes.ts'
import { type CommonSettings, placePrefix } from './settings.ts'

/** Removes the places of a rehearsal, past the trash bin, and what of them is in it. Touches nothing that does not carry the rehearsal's name. */
export async function* destroyScratch(
  on: { readonly settings: CommonSettings; readonly format: Format; readonly homes: Homes },
  signal: AbortSignal,
): AsyncGenerator<Leftover> {
  const prefix = placePrefix(on.settings)
  let logins: readonly string[] = []
  try {
    logins = await on.homes.logins(signal)
  } catch (error) {
    if (!(error instanceof Fault) || error.retry.type !== 'never') throw error
    // Whoever was read back is everybody who was written to. Of a rehearsal that was interrupted nobody knows.
    logins = on.homes.visited
    if (logins.length === 0)
      yield {
        what: `calendars or address books whose path begins with ${prefix}`,
        why: `the server does not list the people it has: ${error.message}`,
        remedy: `Delete them, or allow ${on.settings.access.type === 'privileged' ? on.settings.access.login : 'the login'} to list the folder of all people`,
      }
  }
  for (const login of logins)
    try {
      yield* destroyIn(on.format, await on.homes.of(login, signal), prefix, signal)
    } catch (error) {
      if (!(error instanceof Fault) || error.retry.type !== 'never') throw error
      // Whoever could not be reached now could not be written to either, unless a password has changed since.
      if (error.code !== 'gone' && error.code !== 'config')
        yield { what: `what stands at ${login} below ${prefix}`, why: error.message, remedy: 'Look there and delete it' }
    }
}

async function* destroyIn(format: Format, { client, path, login }: Home, prefix: string, signal: AbortSignal): AsyncGenerator<Leftover> {
  for (const place of await placesIn(client, format.kind, path, signal)) {
    if (!nameOf(place.path).startsWith(prefix)) continue
    try {
      await removePlace(client, place.path, true, signal)
    } catch (error) {
      if (!(error instanceof Fault) || error.retry.type !== 'never') throw error
      yield { what: `“${place.title}” of ${login}`, why: error.message, remedy: 'Delete it by hand' }
    }
  }
  if (format.kind !== 'calendar') return
  for (const trashed of await trashedObjects(client, path, signal))
    if (trashed.place.startsWith(prefix)) await purgeTrashed(client, trashed.path, signal)
}
const nameOf = (path: string): string => path.split('/').at(-2) ?? ''
