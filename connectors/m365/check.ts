import type { Check } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { type Listed, listTenant } from './directory/listing.ts'
import type { Graph } from './graph.ts'
import { missingRoles } from './permissions.ts'
import type { Road } from './roads.ts'

/** More than this, and the token service begins to refuse what we sign. */
const skewAllowedMs = 120_000

/** What `doctor` shows of a tenant. */
export async function* check(graph: Graph, roads: readonly Road[], signal: AbortSignal): AsyncGenerator<Check> {
  try {
    const claims = await graph.claims(signal)
    yield { name: 'token', status: 'pass', detail: claims?.tid === undefined ? 'a token was given' : `a token for tenant ${claims.tid}` }
    yield permissions(roads, claims?.roles ?? claims?.scp?.split(' '), missingRoles(roads, graph.config.mailboxAccess, claims))
  } catch (error) {
    signal.throwIfAborted()
    yield failed('token', error)
    return
  }
  let listed: Listed
  try {
    listed = await listTenant(graph, signal)
  } catch (error) {
    signal.throwIfAborted()
    yield failed('directory', error)
    return
  }
  yield { name: 'directory', status: 'pass', detail: `${listed.users.length} people and ${listed.groups.length} groups are visible` }
  yield clock(graph.skewMs())
  yield coverage(listed)
  const [first] = listed.people.values()
  if (first === undefined || !roads.some(({ service }) => service === 'mail')) return
  try {
    await graph.get(`/users/${encodeURIComponent(first.id)}/mailFolders/inbox`, { $select: 'id,totalItemCount' }, {}, signal)
    yield { name: 'reach', status: 'pass', detail: 'the first mailbox can be read' }
  } catch (error) {
    signal.throwIfAborted()
    yield failed('reach', error)
  }
}

function failed(name: string, error: unknown): Check {
  if (!(error instanceof Fault)) throw error
  return { name, status: 'fail', detail: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) }
}

function permissions(roads: readonly Road[], granted: readonly string[] | undefined, missing: readonly string[]): Check {
  const name = 'permissions'
  if (granted === undefined) return { name, status: 'skip', detail: 'this token does not say what it may do' }
  const read = roads.map(({ service }) => service).join(', ')
  if (missing.length === 0) return { name, status: 'pass', detail: `enough for ${read}` }
  return {
    name,
    status: 'fail',
    detail: `missing for ${read}: ${missing.join(', ')}`,
    remedy:
      "Add them to the app registration as application permissions of Microsoft Graph, grant the administrator's consent, wait a few minutes",
  }
}

function clock(skewMs: number | undefined): Check {
  const name = 'clock'
  if (skewMs === undefined) return { name, status: 'skip', detail: 'the service did not say what time it is' }
  const seconds = Math.round(skewMs / 1000)
  if (Math.abs(skewMs) <= skewAllowedMs) return { name, status: 'pass', detail: `within ${Math.abs(seconds)} s of the service's` }
  return {
    name,
    status: 'warn',
    detail: `this machine's clock is ${Math.abs(seconds)} s ${skewMs > 0 ? 'behind' : 'ahead'}`,
    remedy: 'Set the clock, for example with systemd-timesyncd: signed statements with a wrong time are refused',
  }
}

function coverage({ users, people }: Listed): Check {
  const count = (why: string): number => users.filter((user) => user.why === why).length
  const left = [
    [count('no-mailbox'), 'have no mailbox'],
    [count('guest'), 'are guests, with their mailbox elsewhere'],
    [count('excluded'), 'are left out by the configuration'],
  ] as const
  const said = left.filter(([number]) => number > 0).map(([number, words]) => `${number} ${words}`)
  return {
    name: 'coverage',
    status: people.size === 0 ? 'fail' : 'pass',
    detail: [`${people.size} of ${users.length} people are read`, ...said, 'archive mailboxes are not given by Microsoft Graph'].join('; '),
    ...(people.size === 0 ? { remedy: 'Check people: in the configuration, and that this is the right tenant' } : {}),
  }
}
