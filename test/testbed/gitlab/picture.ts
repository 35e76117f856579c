import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { canonicalJson } from '../../../src/model/canonical.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import type { ItemRow, NoteRow } from './item-rows.ts'
import type { ProjectRow } from './rows.ts'
import type { World } from './world.ts'

const sh = promisify(execFile)
const line = (what: string, fields: unknown): string => `${what} ${canonicalJson(fields as JsonValue)}`

/** Everything that stands in a GitLab and counts, a line each, by names instead of ids. Times that the server sets by itself are left out. */
export async function pictureOf(world: World): Promise<readonly string[]> {
  const lines: string[] = []
  const user = (id: number | null): string => (id === null ? 'nobody' : (world.users.get(id)?.username ?? `user ${id}`))
  for (const { username, name, email, state, admin } of world.users.values())
    lines.push(line('user', { username, name, email, state, admin }))
  for (const { id, name, visibility, description } of world.groups.values())
    lines.push(line('group', { path: world.namespacePath(id), name, visibility, description, members: membersOf(`group:${id}`) }))
  function membersOf(owner: string): readonly string[] {
    return [...(world.members.get(owner) ?? [])].map(([id, level]) => `${user(id)} ${level}`).toSorted()
  }
  for (const project of world.projects.values()) {
    const path = world.pathOf(project)
    const told = (what: string, fields: unknown): void => void lines.push(line(`${path} ${what}`, fields))
    const { visibility, archived, default_branch, topics, description } = project
    told('project', { visibility, archived, default_branch, topics, description, members: membersOf(`project:${project.id}`) })
    for (const where of [world.repository(project), world.wiki(project)]) for (const ref of await refsOf(where)) told('ref', ref)
    for (const oid of world.lfs.get(project.id) ?? []) told('lfs', oid)
    for (const { owner, title, color, description } of world.labels.values())
      if (owner === `project:${project.id}`) told('label', { title, color, description })
    for (const { project_id, iid, title, state, due_date, description } of world.milestones.values())
      if (project_id === project.id) told('milestone', { iid, title, state, due_date, description })
    for (const kind of ['issue', 'merge_request'] as const)
      for (const item of world.items.each(project.id, kind)) {
        told(kind, itemFields(world, item, user))
        for (const note of world.items.notes(project.id, kind, item.iid)) told(`${kind} ${item.iid} note`, noteFields(note, user))
      }
    for (const told_ of othersOf(world, project)) told(...told_)
  }
  return lines
}

/** Nothing stands where there is no repository yet. */
async function refsOf(path: string): Promise<readonly string[]> {
  try {
    const { stdout } = await sh('git', ['-C', path, 'for-each-ref', '--format=%(objectname) %(refname)'])
    return stdout.split('\n').filter((ref) => ref !== '')
  } catch {
    return []
  }
}

function itemFields(world: World, item: ItemRow, user: (id: number | null) => string): object {
  const { iid, title, description, state, created_at, closed_at, merged_at, draft, source_branch, target_branch, merge_commit_sha } = item
  const label = (id: number | null): string => world.labels.get(id ?? 0)?.title ?? ''
  return {
    iid,
    title,
    description,
    state,
    created_at,
    closed_at,
    merged_at,
    draft,
    source_branch,
    target_branch,
    merge_commit_sha,
    author: user(item.author_id),
    closedBy: user(item.closed_by_id),
    mergedBy: user(item.merged_by_id),
    labels: item.label_ids.map(label).toSorted(),
    milestone: world.milestones.get(item.milestone_id ?? 0)?.title ?? null,
    assignees: item.assignee_ids.map(user).toSorted(),
    reviewers: item.reviewers.map(({ user_id }) => user(user_id)).toSorted(),
    approvals: item.approvals.map(({ user_id }) => user(user_id)).toSorted(),
    locked: item.discussion_locked,
    awards: item.awards.map(({ name, user_id }) => `${name} ${user(user_id)}`).toSorted(),
    events: [
      ...item.label_events.map((event) => `${event.created_at} ${event.action} ${label(event.label_id)} ${user(event.user_id)}`),
      ...item.milestone_events.map((event) => `${event.created_at} ${event.action} milestone ${user(event.user_id)}`),
      ...item.state_events.map((event) => `${event.created_at} ${event.action} ${user(event.user_id)}`),
    ].toSorted(),
  }
}

const noteFields = (note: NoteRow, user: (id: number | null) => string): object => ({
  body: note.body,
  author: user(note.author_id),
  created_at: note.created_at,
  system: note.system,
  type: note.type,
  position: note.position,
  resolved: note.resolved_at !== null,
  awards: note.awards.map(({ name, user_id }) => `${name} ${user(user_id)}`).toSorted(),
})

function* othersOf(world: World, { id }: ProjectRow): Generator<readonly [string, unknown]> {
  const own = ({ project_id }: { readonly project_id: number }): boolean => project_id === id
  for (const { tag, name, description, released_at, links } of world.releases.filter(own))
    yield ['release', { tag, name, description, released_at, links: links.map((link) => `${link.name} ${link.url}`).toSorted() }]
  for (const { sha, body, created_at } of world.commitNotes.filter(own)) yield ['note on a commit', { sha, body, created_at }]
  for (const { name, version, files } of world.packages.filter(own))
    yield ['package', { name, version, files: files.map(({ file_name, sha256 }) => `${file_name} ${sha256}`).toSorted() }]
  for (const { secret, filename, size } of world.uploads.filter(own)) yield ['upload', { secret, filename, size }]
  for (const { name, push, merge, allow_force_push } of [...world.protectedBranches, ...world.protectedTags].filter(own))
    yield [
      'protected',
      { name, push: push.map(({ access_level }) => access_level), merge: merge.map(({ access_level }) => access_level), allow_force_push },
    ]
  for (const { url, settings } of world.hooks.filter(own)) yield ['hook', { url, settings }]
  for (const { owner, key, value, environment_scope } of world.variables)
    if (owner === `project:${id}`) yield ['variable', { key, value, environment_scope }]
}
