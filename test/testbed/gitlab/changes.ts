import { randomBytes } from 'node:crypto'
import { projectAccess } from './access.ts'
import { blankItem } from './blank-item.ts'
import { branchSha, git, gitOr } from './git/repository.ts'
import { flagIn, namesIn, numberIn, numbersIn, textIn, timeIn } from './fields.ts'
import type { DiffFile, DiffRow, ItemRow, NoteRow, Position } from './item-rows.ts'
import { labelIds } from './labels.ts'
import { mailAbout, mentioned, nameOf, participants } from './mail.ts'
import { takeNumber } from './places.ts'
import { readQuickActions, runQuickActions } from './quick-actions.ts'
import { badRequest, conflict } from './refusal.ts'
import type { Fields, ProjectRow, UserRow } from './rows.ts'
import { blankNote, crossReference, mentionOf, systemNote } from './system-notes.ts'
import type { World } from './world.ts'

/** Times and numbers of the caller's choice are for administrators and owners; from others they are ignored without a word. */
const chooses = (world: World, me: UserRow, project: ProjectRow): boolean => projectAccess(world, me, project) >= 50

/** Fields both kinds share, and the quick actions in the description. */
function setShared(world: World, project: ProjectRow, item: ItemRow, fields: Fields, me: UserRow): void {
  const title = textIn(fields, 'title')
  if (title !== undefined) item.title = title
  if (item.title.trim() === '') throw badRequest({ title: ["can't be blank"] })
  if (item.title.length > 255) throw badRequest({ title: ['is too long (maximum is 255 characters)'] })
  const description = textIn(fields, 'description')
  if ((description?.length ?? 0) > 1_048_576) throw badRequest({ description: ['is too long (maximum is 1048576 characters)'] })
  const before = [...item.label_ids]
  const labels = namesIn(fields, 'labels')
  if (labels !== undefined) item.label_ids = labelIds(world, project, labels)
  const added = namesIn(fields, 'add_labels')
  if (added !== undefined) item.label_ids = [...new Set([...item.label_ids, ...labelIds(world, project, added)])]
  const removed = namesIn(fields, 'remove_labels')
  if (removed !== undefined) item.label_ids = item.label_ids.filter((id) => !labelIds(world, project, removed).includes(id))
  const assignees = numbersIn(fields, 'assignee_ids') ?? numbersIn(fields, 'assignee_id')
  // Who cannot read the project is not assigned, without a word.
  if (assignees !== undefined)
    item.assignee_ids = assignees.filter((id) => {
      const user = world.users.get(id)
      return user !== undefined && (projectAccess(world, user, project) > 0 || project.visibility === 'public')
    })
  const milestone = numberIn(fields, 'milestone_id')
  if (milestone !== undefined) item.milestone_id = world.milestones.has(milestone) ? milestone : null
  item.discussion_locked = flagIn(fields, 'discussion_locked') ?? item.discussion_locked
  item.due_date = textIn(fields, 'due_date') ?? item.due_date
  item.confidential = flagIn(fields, 'confidential') ?? item.confidential
  item.issue_type = textIn(fields, 'issue_type') ?? item.issue_type
  if (description !== undefined) {
    const read = readQuickActions(description)
    item.description = read.text
    runQuickActions(world, project, item, read)
  }
  for (const id of item.label_ids) if (!before.includes(id)) logLabel(world, item, me, id, 'add')
  for (const id of before) if (!item.label_ids.includes(id)) logLabel(world, item, me, id, 'remove')
}
function logLabel(world: World, item: ItemRow, me: UserRow, label_id: number, action: string): void {
  item.label_events.push({
    id: world.next('resource_event'),
    user_id: me.id,
    created_at: world.now(),
    action,
    label_id,
    milestone_id: null,
  })
}

/** Stores a new item, says who was assigned, and tells those it names. */
function announce(world: World, project: ProjectRow, me: UserRow, item: ItemRow): void {
  world.items.save(item)
  noteAssignees(world, me, item)
  crossReference(world, project, me, `${item.title}\n${item.description ?? ''}`, mentionOf(item), item)
}
function noteAssignees(world: World, me: UserRow, item: ItemRow): void {
  const names = item.assignee_ids.map((id) => `@${world.users.get(id)?.username ?? 'ghost'}`)
  if (names.length > 0) systemNote(world, item, me, `assigned to ${names.join(', ')}`)
}

export function createIssue(world: World, project: ProjectRow, me: UserRow, fields: Fields): ItemRow {
  const given = chooses(world, me, project) ? numberIn(fields, 'iid') : undefined
  if (given !== undefined && world.items.has(project.id, 'issue', given)) throw conflict('Duplicated issue')
  const item = blankItem(world, project, 'issue', me.id, given ?? takeNumber(project, 'issue'))
  setShared(world, project, item, fields, me)
  if (chooses(world, me, project)) item.created_at = item.updated_at = timeIn(fields, 'created_at') ?? item.created_at
  takeNumber(project, 'issue', item.iid)
  announce(world, project, me, item)
  const people = [...item.assignee_ids, ...mentioned(world, item.description ?? '')]
  mailAbout(world, project, people, me, 'new issue', nameOf(world, project, item))
  return item
}

export const openMergeRequests = (world: World, project: ProjectRow): ItemRow[] =>
  world.items.list(project.id, 'merge_request', { states: ['opened'], orderBy: 'created', descending: false }, -1, 0)

/** Both branches must be there; number, date and author are the server's business. */
export function createMergeRequest(world: World, project: ProjectRow, me: UserRow, fields: Fields): ItemRow {
  const source = textIn(fields, 'source_branch') ?? ''
  const target = textIn(fields, 'target_branch') ?? ''
  const repository = world.repository(project)
  if (source === target) throw badRequest({ source_branch: ["can't be the same as target branch"] })
  const [head, base] = [branchSha(repository, source), branchSha(repository, target)]
  if (head === undefined || base === undefined) {
    const absent = head === undefined ? ['Source', source] : ['Target', target]
    throw conflict([`${absent[0]} branch "${absent[1]}" does not exist`])
  }
  for (const other of openMergeRequests(world, project))
    if (other.source_branch === source && other.target_branch === target)
      throw conflict([`Another open merge request already exists for this source branch: !${other.iid}`])
  const item = blankItem(world, project, 'merge_request', me.id, project.counters.merge_request + 1)
  item.source_branch = source
  item.target_branch = target
  item.source_project_id = project.id
  setShared(world, project, item, fields, me)
  item.draft = /^\s*(?:\[draft\]|draft:|\(draft\))/i.test(item.title)
  item.reviewers = (numbersIn(fields, 'reviewer_ids') ?? []).map((user_id) => ({
    user_id,
    state: 'unreviewed',
    created_at: item.created_at,
  }))
  takeNumber(project, 'merge_request', item.iid)
  announce(world, project, me, item)
  world.items.saveDiff(project.id, item.iid, diffBetween(world, project, base, head))
  gitOr(repository, 'update-ref', `refs/merge-requests/${item.iid}/head`, head)
  const people = [...item.assignee_ids, ...item.reviewers.map(({ user_id }) => user_id), ...mentioned(world, item.description ?? '')]
  mailAbout(world, project, people, me, 'new merge request', nameOf(world, project, item))
  return item
}

/** The diff of a branch as git gives it. */
export function diffBetween(world: World, project: ProjectRow, base: string, head: string): DiffRow {
  const repository = world.repository(project)
  const merge = gitOr(repository, 'merge-base', base, head) ?? base
  const files = git(repository, 'diff-tree', '-r', '-p', '-M', '--no-color', '--full-index', merge, head)
    .split(/^diff --git /m)
    .slice(1)
    .map(fileOf)
  const format = '%H%x00%B%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x01'
  const commits = git(repository, 'log', `--format=${format}`, `${merge}..${head}`)
    .split('\u0001\n')
    .filter((text) => text !== '')
    .map((text) => {
      const [
        sha = '',
        message = '',
        author_name = '',
        author_email = '',
        authored_date = '',
        committer_name = '',
        committer_email = '',
        committed_date = '',
      ] = text.split('\u0000')
      return { sha, message, author_name, author_email, authored_date, committer_name, committer_email, committed_date }
    })
  return {
    id: world.next('merge_request_diff'),
    base_commit_sha: merge,
    start_commit_sha: base,
    head_commit_sha: head,
    state: 'collected',
    real_size: String(files.length),
    created_at: world.now(),
    commits,
    files,
  }
}
function fileOf(text: string): DiffFile {
  const [, old_path = '', new_path = ''] = /^a\/(.*) b\/(.*)\n/.exec(text) ?? []
  const mode = (key: string): string | undefined => new RegExp(`^${key} (\\d+)$`, 'm').exec(text)?.[1]
  const index = /^index \S+ (\d+)$/m.exec(text)?.[1]
  const at = text.search(/^(?:@@ |Binary files )/m)
  return {
    old_path,
    new_path,
    a_mode: mode('deleted file mode') ?? mode('old mode') ?? (mode('new file mode') === undefined ? (index ?? '100644') : '0'),
    b_mode: mode('new file mode') ?? mode('new mode') ?? (mode('deleted file mode') === undefined ? (index ?? '100644') : '0'),
    new_file: mode('new file mode') !== undefined,
    renamed_file: old_path !== new_path,
    deleted_file: mode('deleted file mode') !== undefined,
    too_large: false,
    diff: at < 0 ? '' : text.slice(at),
  }
}

export function changeItem(world: World, project: ProjectRow, me: UserRow, item: ItemRow, fields: Fields): ItemRow {
  const before = item.state
  const { title, description, assignee_ids } = item
  setShared(world, project, item, fields, me)
  if (title !== item.title) systemNote(world, item, me, `changed title from **${title}** to **${item.title}**`)
  if (description !== item.description) {
    systemNote(world, item, me, 'changed the description')
    crossReference(world, project, me, item.description ?? '', mentionOf(item), item)
  }
  if (assignee_ids.join() !== item.assignee_ids.join()) noteAssignees(world, me, item)
  const event = textIn(fields, 'state_event')
  if (event === 'close' && item.state === 'opened') item.state = 'closed'
  if (event === 'reopen' && item.state === 'closed') item.state = 'opened'
  if (item.kind === 'merge_request') item.target_branch = textIn(fields, 'target_branch') ?? item.target_branch
  if (item.state !== before) logState(world, project, item, me)
  item.updated_at = (chooses(world, me, project) ? timeIn(fields, 'updated_at') : undefined) ?? world.now()
  world.items.save(item)
  return item
}
export function logState(world: World, project: ProjectRow, item: ItemRow, me: UserRow): void {
  const closed = item.state === 'closed'
  item.closed_at = closed ? world.now() : null
  item.closed_by_id = closed ? me.id : null
  const action = closed ? 'closed' : 'reopened'
  item.state_events.push({
    id: world.next('resource_event'),
    user_id: me.id,
    created_at: world.now(),
    action,
    label_id: null,
    milestone_id: null,
  })
  mailAbout(world, project, participants(world, item), me, action, nameOf(world, project, item))
}

export interface NewNote {
  readonly body: string
  readonly created_at: string | undefined
  readonly type: NoteRow['type']
  readonly discussion_id?: string
  readonly position?: Position
  readonly line_code?: string
  readonly confidential?: boolean
}
/** A note, after its quick actions ran. Without any text left there is no note, only changes. */
export function createNote(
  world: World,
  project: ProjectRow,
  me: UserRow,
  item: ItemRow,
  note: NewNote,
): NoteRow | Readonly<Record<string, unknown>> {
  if (note.body.trim() === '') throw badRequest({ note: ["can't be blank"] })
  if (note.body.length > 1_000_000) throw badRequest({ note: ['is too long (maximum is 1000000 characters)'] })
  const read = readQuickActions(note.body)
  const changes = runQuickActions(world, project, item, read)
  if (read.commands.length > 0) world.items.save(item)
  if (read.text === '') return { commands_changes: changes, summary: read.commands.map(([name]) => `Ran /${name}.`) }
  const at = (chooses(world, me, project) ? note.created_at : undefined) ?? world.now()
  const row: NoteRow = {
    ...blankNote(world, item, me, read.text),
    discussion_id: note.discussion_id ?? randomBytes(20).toString('hex'),
    type: note.type,
    created_at: at,
    updated_at: at,
    confidential: note.confidential ?? false,
    line_code: note.line_code ?? null,
    position: note.position ?? null,
  }
  world.items.saveNote(row)
  item.updated_at = world.now()
  world.items.save(item)
  crossReference(world, project, me, row.body, mentionOf(item), item)
  mailAbout(world, project, [...participants(world, item), ...mentioned(world, row.body)], me, 'new note', nameOf(world, project, item))
  return row
}
export const isNote = (made: NoteRow | Readonly<Record<string, unknown>>): made is NoteRow => 'discussion_id' in made
