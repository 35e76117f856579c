import type { Check } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { areasOf, missingScopes } from './access.ts'
import type { Service } from './config.ts'
import { type Listed, listPeople } from './directory/listing.ts'
import { User } from './directory/wire.ts'
import type { Google, GooglePerson } from './google.ts'
import { readers } from './readers.ts'

/** Google refuses assertions of clocks that are further off. */
const farOffMs = 5 * 60_000
const offMs = 30_000

/** What `doctor` shows of a Google Workspace. */
export async function* check(google: Google, signal: AbortSignal): AsyncGenerator<Check> {
  let listed: Listed
  try {
    listed = await listPeople(google, signal)
  } catch (error) {
    yield* clock(google)
    const { auth } = google.config
    yield failed(auth.type === 'service-account' ? 'directory' : 'token', error, signal)
    if (auth.type === 'service-account') yield* scopesOf(google, 'directory', signal)
    return
  }
  yield* clock(google)
  yield people(listed)
  const person = someone(listed)
  for (const area of areasOf(google)) {
    const before = yield* scopesOf(google, area, signal)
    if (before && person !== undefined) yield* reach(google, area as Service, person, signal)
  }
  yield coverage(google)
}

function people({ people, users, own, withoutMail }: Listed): Check {
  if (own !== undefined) return { name: 'token', status: 'pass', detail: `the token belongs to ${own.profile.email}` }
  const gone = users.filter((raw) => {
    const user = User.safeParse(raw).data
    return user !== undefined && people.has(user.id) && (user.suspended === true || user.archived === true)
  }).length
  const left = users.length - people.size
  const detail = `${people.size} people will be read, ${left} are left out by the configuration, ${withoutMail.size} have no Gmail`
  if (gone === 0) return { name: 'directory', status: 'pass', detail }
  const more = `${gone} are suspended or archived: Google may refuse to read in their name, which is then recorded as a loss`
  return {
    name: 'directory',
    status: 'warn',
    detail: `${detail}; ${more}`,
    remedy: 'Read them before they are suspended, or make them active for one run',
  }
}

/** @returns whether all scopes of the area are there */
async function* scopesOf(google: Google, area: Parameters<typeof missingScopes>[1], signal: AbortSignal): AsyncGenerator<Check, boolean> {
  if (google.config.auth.type !== 'service-account') return true
  try {
    const missing = await missingScopes(google, area, signal)
    if (missing.length === 0) {
      yield { name: `scopes (${area})`, status: 'pass', detail: 'all are allowed' }
      return true
    }
    const remedy = 'Allow them in the Admin console under Security > API controls > Domain-wide delegation; it may take minutes to count'
    yield { name: `scopes (${area})`, status: 'fail', detail: `not allowed: ${missing.join(', ')}`, remedy }
  } catch (error) {
    yield failed(`scopes (${area})`, error, signal)
  }
  return false
}

async function* reach(google: Google, service: Service, person: GooglePerson, signal: AbortSignal): AsyncGenerator<Check> {
  const reader = readers[service]
  if (reader?.probe === undefined) return
  try {
    yield { name: service, status: 'pass', detail: `${person.address}: ${await reader.probe(google, person, signal)}` }
  } catch (error) {
    yield failed(service, error, signal)
  }
}

/** The first who is active and has mail. */
function someone({ people, users, withoutMail }: Listed): GooglePerson | undefined {
  const out = new Set(
    users.flatMap((raw) => {
      const user = User.safeParse(raw).data
      return user !== undefined && (user.suspended === true || user.archived === true) ? [user.id] : []
    }),
  )
  return [...people.values()].find(({ id }) => !out.has(id) && !withoutMail.has(id))
}

function* clock({ tokens: { skewMs } }: Google): Generator<Check> {
  if (skewMs === undefined) return
  const off = Math.abs(skewMs)
  const detail = off < offMs ? 'agrees with Google' : `${Math.round(off / 1000)} seconds ${skewMs > 0 ? 'behind' : 'ahead of'} Google`
  if (off < offMs) yield { name: 'clock', status: 'pass', detail }
  else yield { name: 'clock', status: off > farOffMs ? 'fail' : 'warn', detail, remedy: 'Let this machine set its clock by NTP' }
}

const coverage = ({ config }: Google): Check => ({
  name: 'coverage',
  status: 'warn',
  detail:
    config.auth.type === 'service-account'
      ? 'Drive, Chat, Vault and the archives of groups are not read'
      : "one account sees itself only; Drive, Chat and other people's things are not read",
  remedy: 'Export what is missing another way before the account ends',
})

function failed(name: string, error: unknown, signal: AbortSignal): Check {
  signal.throwIfAborted()
  if (!(error instanceof Fault)) throw error
  return { name, status: 'fail', detail: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) }
}
