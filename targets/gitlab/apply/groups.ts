import type { Applied, LedgerEntry, Stated } from '../../../src/contract/target.ts'
import type { Settings } from '../settings.ts'
import { orGone, part, type GitlabClient } from '../api/client.ts'
import { projectsIn } from '../api/read-survey.ts'
import { resourcesOf } from '../api/resources.ts'
import { Group, Member } from '../api/wire.ts'
import type { GroupOperation } from '../operations.ts'
import { groupRemote } from '../remote.ts'
import { dropped, type Work } from './work.ts'

type Given = Exclude<Stated<GroupOperation>, { readonly state: 'gone' }>

export const findGroup = (client: GitlabClient, path: string, signal: AbortSignal): Promise<Group | undefined> =>
  client.find(Group, `groups/${part(path)}`, { with_projects: false }, signal)

/** The group that everything goes to, made with those above it if they are not there. @returns its number */
export async function rootGroup(client: GitlabClient, settings: Settings, signal: AbortSignal): Promise<number> {
  const there = await findGroup(client, settings.group, signal)
  if (there !== undefined) return there.id
  const names = settings.group.split('/')
  let parent: number | undefined
  for (const [at, path] of names.entries()) {
    const full = names.slice(0, at + 1).join('/')
    const found = at + 1 < names.length ? await findGroup(client, full, signal) : undefined
    const name = at + 1 === names.length ? (settings.groupTitle ?? path) : path
    parent =
      found?.id ??
      (
        await makeGroup(
          client,
          { path, name, parent, description: rehearsalMark(settings.scratch), visibility: settings.visibility },
          signal,
        )
      ).id
  }
  return parent ?? 0
}

/** How a rehearsal finds groups that it made itself, those above its own among them. */
export const rehearsalMark = (scratch: string | undefined): string => (scratch === undefined ? '' : `Made for rehearsal ${scratch}`)

async function makeGroup(
  client: GitlabClient,
  group: { path: string; name: string; parent: number | undefined; description: string; visibility: Settings['visibility'] },
  signal: AbortSignal,
): Promise<Group> {
  const { path, name, parent, description, visibility } = group
  const made = await resourcesOf(client, signal).groups.create(name, path, {
    visibility,
    description,
    ...(parent === undefined ? {} : { parentId: parent }),
  })
  return Group.parse(made)
}

/** Teams as private subgroups. One of that name that we did not make is left as it is, and nothing is shared with it. */
export async function* applyGroups(
  work: Work,
  groups: readonly Given[],
  root: number,
  accessOf: (path: string) => number,
  signal: AbortSignal,
): AsyncGenerator<Applied> {
  let done = 0
  for (const stated of groups) {
    yield await applyGroup(work, stated, root, accessOf(stated.op.path), signal)
    work.context.progress('groups', ++done, groups.length)
  }
  for (const known of [...work.stock.gone('')]) if (known.remote.startsWith('group/')) yield* removeGroup(work, known, signal)
}

async function applyGroup(work: Work, stated: Given, root: number, access: number, signal: AbortSignal): Promise<Applied> {
  const { client, context, groups, people } = work
  const { op } = stated
  const { key, item, collection, revision, path, name, description } = op
  const remote = groupRemote(path)
  const members = op.members.flatMap(({ username }) => username ?? []).toSorted()
  const expect = { name, description, members }
  const there = await findGroup(client, path, signal)
  if (there !== undefined && stated.state === 'new')
    return {
      key,
      item,
      outcome: 'failed',
      remote,
      expect: {},
      losses: [dropped(item, 'rejected-by-target', `a group ${path} is there already, which we did not make: it was left as it is`)],
    }
  const done = stated.state === 'same' && there !== undefined && stated.known.notes['access'] === access
  if (there !== undefined) groups.set(path, there.id)
  if (done) return { key, item, outcome: 'unchanged', remote, expect, losses: [] }
  const before = stated.state === 'new' ? [] : namesIn(stated.known)
  const entry = { key, item, collection, revision, remote } as const
  context.ledger.put([{ ...entry, state: 'staged', notes: { ours: true, members: [...new Set([...before, ...members])], access } }])
  const { groups: api, groupMembers } = resourcesOf(client, signal)
  const group =
    there ??
    (await makeGroup(
      client,
      { path: path.slice(path.lastIndexOf('/') + 1), name, parent: root, description, visibility: 'private' },
      signal,
    ))
  groups.set(path, group.id)
  // Nobody is told that they were put into a group.
  await client.call(Group, { method: 'PUT', path: `groups/${group.id}`, json: { emails_enabled: false, name, description } }, signal)
  const standing = new Map((await directMembers(client, `groups/${group.id}`, signal)).map((member) => [member.username, member]))
  for (const username of members) {
    const member = standing.get(username)
    const { id } = people.of({ login: username, username })
    if (member === undefined) await groupMembers.add(group.id, access, { userId: id })
    else if (member.access_level !== access && before.includes(username)) await groupMembers.edit(group.id, id, access)
  }
  // Whoever made the group owns it, as the creator of any group does; administrators may do everything anyway.
  for (const [username, member] of standing)
    if (!members.includes(username) && (before.includes(username) || member.id === people.me.id))
      await orGone(() => groupMembers.remove(group.id, member.id))
  await api.edit(group.id, { emailsEnabled: true } as Parameters<typeof api.edit>[1])
  context.ledger.put([{ ...entry, state: 'applied', notes: { ours: true, members, access } }])
  return { key, item, outcome: stated.state === 'new' ? 'created' : 'updated', remote, expect, losses: [] }
}

/** A team that is no more: its group goes, unless somebody has put projects into it. */
async function* removeGroup(work: Work, known: LedgerEntry, signal: AbortSignal): AsyncGenerator<Applied> {
  const { client, context } = work
  const group = await findGroup(client, known.remote.slice('group/'.length), signal)
  if (group !== undefined) {
    for await (const _ of projectsIn(client, group.id, signal)) return
    await client.remove(`groups/${group.id}`, {}, signal)
  }
  context.ledger.delete([known.key])
  yield { key: known.key, item: known.item, outcome: 'deleted', remote: known.remote, expect: {}, losses: [] }
}

const namesIn = ({ notes }: LedgerEntry): readonly string[] => (Array.isArray(notes['members']) ? notes['members'].map(String) : [])
/** `place`: `projects/ID` or `groups/ID`. */
export const directMembers = (client: GitlabClient, place: string, signal: AbortSignal): Promise<Member[]> =>
  Array.fromAsync(client.list(Member, `${place}/members`, {}, signal))
