import type { Check, Ports } from '../../../src/contract/ports.ts'
import { Fault } from '../../../src/fault.ts'
import { gitVersion } from '../../../src/process/git.ts'
import type { Settings } from '../settings.ts'
import { limitChecks } from './check-limits.ts'
import { type GitlabClient, part } from './client.ts'
import { isSupported, oldest } from './read-survey.ts'
import { Group, TokenInfo, User, Version } from './wire.ts'

const pass = (name: string, detail: string): Check => ({ name, status: 'pass', detail })
const fail = (name: string, detail: string, remedy?: string): Check => ({
  name,
  status: 'fail',
  detail,
  ...(remedy === undefined ? {} : { remedy }),
})
/** A clock that is further off than this makes times of comments look wrong. */
const MOST_SKEW_MS = 5 * 60_000

/** What `doctor` shows: can it be reached, is it new enough, may this token do what is needed, what limits stand. Reads only. */
export async function* checks(client: GitlabClient, settings: Settings, ports: Ports, signal: AbortSignal): AsyncGenerator<Check> {
  yield await gitCheck(signal)
  const reached = await attempt('reach', signal, async () => {
    const { body, headers } = await client.json({ method: 'GET', path: 'version' }, signal)
    return { version: Version.parse(body).version, date: headers.get('date') }
  })
  if ('status' in reached) {
    yield reached
    return
  }
  const { version, date } = reached
  yield pass('reach', `GitLab ${version} answers`)
  yield isSupported(version) ? pass('version', version) : fail('version', `${version} is older than ${oldest}`, 'Update the server first')
  yield clockCheck(date, ports)
  const me = await attempt('token', signal, async () => ({
    user: await client.get(User, 'user', {}, signal),
    token: await client.find(TokenInfo, 'personal_access_tokens/self', {}, signal),
  }))
  if ('status' in me) {
    yield me
    return
  }
  const { user, token } = me
  if (user.is_admin !== true) {
    yield fail(
      'token',
      `${user.username} is not an administrator`,
      'Use a token of an administrator: only an administrator’s import knows who wrote what',
    )
    return
  }
  const scopes = token?.scopes ?? []
  const missing = ['api', 'sudo'].filter((scope) => !scopes.includes(scope))
  yield token === undefined
    ? {
        name: 'token',
        status: 'warn',
        detail: `${user.username} is an administrator; the scopes of the token are not told`,
        remedy: 'It needs api and sudo',
      }
    : missing.length > 0
      ? fail('token', `the token lacks ${missing.join(' and ')}`, 'Make a personal access token with the scopes api and sudo')
      : pass('token', `${user.username} is an administrator`)
  const group = await attempt('group', signal, () => groupCheck(client, settings, signal))
  yield group
  const limits = await attempt('limits', signal, () => Array.fromAsync(limitChecks(client, user.username, signal)))
  if ('status' in limits) yield limits
  else yield* limits
  yield pass(
    'mails',
    'an import mails nobody; while something is changed by single calls, mails of that project are switched off, and shadow users are blocked',
  )
}

async function gitCheck(signal: AbortSignal): Promise<Check> {
  return attempt('git', signal, async () => pass('git', `git ${await gitVersion(signal)}`))
}

async function groupCheck(client: GitlabClient, { group }: Settings, signal: AbortSignal): Promise<Check> {
  const there = await client.find(Group, `groups/${part(group)}`, { with_projects: false }, signal)
  if (there !== undefined) return pass('group', `"${group}" is there and will be added to`)
  const [first = ''] = group.split('/')
  const taken = await Array.fromAsync(client.list(User, 'users', { username: first }, signal))
  return taken.length > 0
    ? fail('group', `"${first}" is the name of a user`, 'Choose another group')
    : pass('group', `"${group}" will be made`)
}

function clockCheck(date: string | null, { clock }: Ports): Check {
  const skew = date === null ? Number.NaN : Date.parse(date) - clock.now().getTime()
  if (Number.isNaN(skew)) return { name: 'clock', status: 'skip', detail: 'the server does not say what time it is' }
  if (Math.abs(skew) < MOST_SKEW_MS) return pass('clock', 'the clocks agree')
  return {
    name: 'clock',
    status: 'warn',
    detail: `the clocks differ by ${Math.round(Math.abs(skew) / 1000)} seconds`,
    remedy: 'Set both machines by NTP',
  }
}

async function attempt<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T | Check> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Fault)) throw error
    return fail(name, error.message, error.remedy)
  }
}
