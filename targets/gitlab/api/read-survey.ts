import { Fault } from '../../../src/fault.ts'
import type { Survey } from '../map/survey.ts'
import { type GitlabClient, part } from './client.ts'
import { Group, Project, User, Version } from './wire.ts'

/** The oldest server whose import and API are known; older ones lack `import-relation` and settings for mails. */
const OLDEST = [17, 0] as const
export const oldest = OLDEST.join('.')

export function isSupported(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((text) => Number.parseInt(text, 10))
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])
}

/** @throws Fault `config` for a server that is too old */
export async function supportedVersion(client: GitlabClient, signal: AbortSignal): Promise<string> {
  const { version } = await client.get(Version, 'version', {}, signal)
  if (isSupported(version)) return version
  throw new Fault({
    code: 'config',
    what: `GitLab ${version} is too old`,
    why: `imports are supported from ${oldest} on`,
    remedy: 'Update the server first',
  })
}

/** Everybody on the server, and the names that are taken where we write. Reads only. */
export async function readSurvey(client: GitlabClient, group: string, signal: AbortSignal): Promise<Survey> {
  const version = await supportedVersion(client, signal)
  const users: Survey['users'] = []
  for await (const user of client.byKey(User, 'users', {}, signal)) {
    const { username, name, email = '', public_email } = user
    users.push({ username, name, email: email.toLowerCase(), publicEmail: public_email === '' ? null : (public_email ?? null) })
  }
  const paths: string[] = []
  for await (const { full_path } of client.list(
    Group,
    'groups',
    { top_level_only: true, all_available: true, order_by: 'id', sort: 'asc' },
    signal,
  ))
    paths.push(full_path)
  const ours = await client.find(Group, `groups/${part(group)}`, { with_projects: false }, signal)
  if (ours !== undefined) {
    for await (const { full_path } of client.list(Group, `groups/${ours.id}/subgroups`, { all_available: true }, signal))
      paths.push(full_path)
    for await (const { path_with_namespace } of projectsIn(client, ours.id, signal)) paths.push(path_with_namespace)
  }
  return { version, users, paths }
}

/** Projects directly in a group. */
export const projectsIn = (client: GitlabClient, group: number, signal: AbortSignal): AsyncGenerator<Project> =>
  client.list(Project, `groups/${group}/projects`, { include_subgroups: false, with_shared: false, order_by: 'id', sort: 'asc' }, signal)
