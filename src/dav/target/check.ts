import type { Check } from '../../contract/ports.ts'
import { Fault } from '../../fault.ts'
import { placesIn } from '../places.ts'
import type { Format } from './format.ts'
import type { Home, Homes } from './homes.ts'
import { nextcloudLimits as limits } from './limits.ts'
import type { CommonSettings } from './settings.ts'

interface On {
  readonly settings: CommonSettings
  readonly format: Format
  readonly homes: Homes
}

/** What `doctor` shows: does the server answer, do the logins hold, does it do what is needed, and which limits stand. Reads only. */
export async function* checks(on: On, signal: AbortSignal): AsyncGenerator<Check> {
  const logins = await loginsToTry(on, signal)
  if (logins instanceof Fault) return yield failed('reach', logins)
  if (logins.length === 0)
    return yield { name: 'logins', status: 'fail', detail: 'no person is configured', remedy: 'Name people below `access`' }
  let first: Home | undefined
  for (const login of logins) {
    try {
      const home = await on.homes.of(login, signal)
      first ??= home
      const places = await placesIn(home.client, on.format.kind, home.path, signal)
      const own = places.filter(({ type }) => type === on.format.kind)
      yield { name: `login ${login}`, status: 'pass', detail: `${own.length} ${words[on.format.kind]} stand at ${home.path}` }
      const most = limits[on.format.kind]
      if (home.server.nextcloud && own.length >= most.places - 3)
        yield {
          name: `limit ${login}`,
          status: 'warn',
          detail: `${own.length} ${words[on.format.kind]}: Nextcloud stops at ${most.places} a person unless told otherwise`,
          remedy: `occ config:app:set dav ${most.setting} --value=-1`,
        }
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof Fault)) throw error
      yield failed(`login ${login}`, error)
    }
  }
  if (first !== undefined) yield* server(on, first)
}
const words = { calendar: 'calendars and task lists', addressbook: 'address books' } as const

function* server({ format }: On, { server, client }: Home): Generator<Check> {
  yield { name: 'reach', status: 'pass', detail: `${client.origin} answers${server.nextcloud ? ', a Nextcloud' : ''}` }
  const needed = format.kind === 'calendar' ? 'calendar-access' : 'addressbook'
  yield server.classes.includes(needed)
    ? { name: 'protocol', status: 'pass', detail: `DAV: ${server.classes.join(', ')}` }
    : {
        name: 'protocol',
        status: 'warn',
        detail: `the server does not say that it knows ${needed}`,
        remedy: 'Check `url`; some proxies leave the header DAV out',
      }
  if (server.nextcloud)
    yield {
      name: 'limits',
      status: 'warn',
      detail: 'Nextcloud lets a person make ten calendars and ten address books an hour where a memory cache is configured',
      remedy:
        'occ config:app:set dav rateLimitCalendarCreation --value=1000, the same for rateLimitAddressBookCreation, and back afterwards',
    }
  if (format.kind === 'calendar' && server.autoSchedule)
    yield {
      name: 'invitations',
      status: 'pass',
      detail: server.nextcloud
        ? 'the server mails invitations itself; every request tells it not to (Schedule-Reply: F, X-NC-Scheduling: false)'
        : 'the server mails invitations itself; every request tells it not to, and guests carry SCHEDULE-AGENT=NONE',
    }
}

/** The configured people; with one login for all, that it reaches the server at all. */
async function loginsToTry({ settings: { access, url }, homes }: On, signal: AbortSignal): Promise<readonly string[] | Fault> {
  try {
    if (access.type !== 'privileged') return await homes.logins(signal)
    const listed = await homes.logins(signal).catch((error: unknown) => {
      if (error instanceof Fault && error.code !== 'auth' && error.retry.type === 'never') return []
      throw error
    })
    return listed.length === 0 ? [access.login] : listed.slice(0, 5)
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof Fault) return error
    throw new Error(`${url} could not be asked`, { cause: error })
  }
}
const failed = (name: string, { message, remedy }: Fault): Check => ({
  name,
  status: 'fail',
  detail: message,
  ...(remedy === undefined ? {} : { remedy }),
})
