import { z } from 'zod'
import type { JsonObject } from '../../src/contract/json.ts'
import type { Directory } from '../../src/contract/target.ts'
import { Fault } from '../../src/fault.ts'
import { forbiddenLetters, listFolders, namespaceOf } from './client/folders.ts'
import { logIn } from './client/login.ts'
import { quotaOf } from './client/quota.ts'
import { ownersByLogin } from './map/people.ts'
import { rolesAmong } from './map/roles.ts'
import type { Settings } from './settings.ts'
import { inParallel } from './parallel.ts'
import { openSession } from './sieve/place.ts'

/** What was found in one mailbox before mapping. */
const Person = z.object({
  login: z.string(),
  prefix: z.string(),
  delimiter: z.string().nullable(),
  /** Letters that the server takes in no name, beside the usual ones. */
  forbidden: z.string(),
  /** Folders that play a role already. */
  roles: z.record(z.string(), z.string()),
  appendLimit: z.number().nullable(),
  quota: z.object({ usedKiB: z.number(), limitKiB: z.number() }).nullable(),
})
export type PersonSurvey = z.infer<typeof Person>
const Survey = z.object({
  people: z.array(Person),
  refused: z.array(z.object({ login: z.string(), why: z.string() })),
  mailboxes: z.number(),
  mailboxesRefused: z.number(),
  capabilities: z.string(),
  /** Sieve extensions, if scripts are brought to a server. */
  sieve: z.string().nullable().default(null),
})
export type Survey = z.infer<typeof Survey>

export const surveyed = (found: JsonObject | undefined): ReadonlyMap<string, PersonSurvey> =>
  new Map(found === undefined ? [] : Survey.parse(found).people.map((person) => [person.login, person]))

/** Extensions of the server's Sieve; undefined where nobody asked it. */
export function sieveExtensions(found: JsonObject | undefined): ReadonlySet<string> | undefined {
  const said = found === undefined ? null : Survey.parse(found).sieve
  return said === null ? undefined : new Set(said.split(' '))
}

/**
 * Logs in once as everybody who has mail, and writes nothing. Whoever is refused is told, and does not stop the others.
 * @throws Fault `unavailable` when the server takes nobody
 */
export async function survey(settings: Settings, directory: Directory, signal: AbortSignal): Promise<JsonObject> {
  const people: PersonSurvey[] = []
  const refused: Survey['refused'] = []
  const capabilities = new Set<string>()
  await inParallel([...ownersByLogin(directory, settings).keys()], settings.accounts, async (login) => {
    try {
      people.push(await surveyPerson(settings, login, capabilities, signal))
    } catch (error) {
      if (!(error instanceof Fault) || (error.code !== 'auth' && error.code !== 'permission')) throw error
      refused.push({ login, why: error.message })
    }
  })
  return {
    people: people.toSorted((a, b) => (a.login < b.login ? -1 : 1)),
    refused: refused.toSorted((a, b) => (a.login < b.login ? -1 : 1)),
    mailboxes: people.length,
    mailboxesRefused: refused.length,
    capabilities: [...capabilities].toSorted().join(' '),
    sieve: await sieveOf(settings, people[0]?.login, signal),
  } satisfies Survey
}

/** Asked of one mailbox: the server is the same for all. A server that does not answer shows itself when scripts are brought. */
async function sieveOf(settings: Settings, login: string | undefined, signal: AbortSignal): Promise<string | null> {
  if (settings.sieve?.via !== 'managesieve' || login === undefined) return null
  await using session = await openSession(settings, settings.sieve, login, signal)
  return [...session.extensions].toSorted().join(' ')
}

async function surveyPerson(settings: Settings, login: string, capabilities: Set<string>, signal: AbortSignal): Promise<PersonSurvey> {
  await using connection = await logIn(settings, login, signal)
  for (const capability of connection.capabilities) capabilities.add(capability)
  const { prefix, delimiter } = await namespaceOf(connection)
  const own = settings.namespace ?? prefix
  const limit = settings.maxMessageBytes ?? Number(connection.valueOf('APPENDLIMIT') ?? Number.NaN)
  return {
    login,
    prefix: own,
    delimiter,
    forbidden: await forbiddenLetters(connection, own, delimiter),
    roles: rolesAmong(await listFolders(connection), own),
    appendLimit: Number.isFinite(limit) ? limit : null,
    quota: await quotaOf(connection),
  }
}
