import type { Comment, CrossReference, Edit, Item, Person } from './model.ts'
import type { Repository } from './repository.ts'

export interface NewIssue {
  readonly title: string
  readonly body?: string | null
  readonly author: Person
  readonly labels?: readonly string[]
  readonly assignees?: readonly Person[]
}

/** What people do to issues and pull requests. Each thing moves `updated_at` where GitHub's does, and nowhere else. */
export function createIssue(repository: Repository, { title, body = null, author, labels = [], assignees = [] }: NewIssue): Item {
  return repository.tables.items.add(newItem(repository, { title, body, author, labels, assignees }))
}

export function newItem(
  repository: Repository,
  { title, body = null, author, labels = [], assignees = [] }: NewIssue,
  pull?: Item['pull'],
): Item {
  const { now } = repository.world
  return {
    id: repository.world.nextId(),
    number: repository.nextNumber(),
    title,
    body,
    author,
    state: 'open',
    stateReason: null,
    labels: labels.map((name) => repository.label(name)),
    assignees: [...assignees],
    milestone: null,
    locked: null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    closedBy: null,
    reactions: [],
    edits: [],
    parent: null,
    type: null,
    ...(pull === undefined ? {} : { pull }),
  }
}

/** Puts an issue below another. No list says so but the one of its parent. */
export function addSubIssue(repository: Repository, parent: number, child: number): void {
  own(repository, child).parent = parent
}

/** The item for changing. @throws when it is not there */
export function own(repository: Repository, number: number): Item {
  const found = repository.item(number)
  const owned = found === undefined ? undefined : repository.tables.items.own(found.id)
  if (owned === undefined) throw new Error(`no #${number} in ${repository.fullName}`)
  return owned
}
const touched = (repository: Repository, number: number): Item => {
  const item = own(repository, number)
  item.updatedAt = repository.world.now
  return item
}
const edit = (repository: Repository, of: { readonly edits: Edit[] }, editor: Person, before: string): void => {
  of.edits.unshift({ id: repository.world.nextId(), editor, editedAt: repository.world.now, diff: before })
}

export function editIssue(repository: Repository, number: number, change: { title?: string; body?: string; editor?: Person }): Item {
  const item = touched(repository, number)
  const editor = change.editor ?? item.author
  if (change.title !== undefined) {
    repository.addEvent(item, 'renamed', editor, { rename: { from: item.title, to: change.title } })
    item.title = change.title
  }
  if (change.body !== undefined) {
    edit(repository, item, editor, item.body ?? '')
    item.body = change.body
  }
  return item
}
export function closeIssue(repository: Repository, number: number, by: Person, reason: Item['stateReason'] = 'completed'): Item {
  const item = touched(repository, number)
  item.state = 'closed'
  item.stateReason = item.pull === undefined ? reason : null
  item.closedAt = repository.world.now
  item.closedBy = by
  repository.addEvent(item, 'closed', by, { stateReason: item.stateReason })
  return item
}
export function reopen(repository: Repository, number: number, by: Person): Item {
  const item = touched(repository, number)
  item.state = 'open'
  item.stateReason = item.pull === undefined ? 'reopened' : null
  item.closedAt = null
  item.closedBy = null
  repository.addEvent(item, 'reopened', by)
  return item
}
export function label(repository: Repository, number: number, name: string, by: Person): void {
  const item = touched(repository, number)
  const found = repository.label(name)
  item.labels.push(found)
  repository.addEvent(item, 'labeled', by, { label: found })
}
export function unlabel(repository: Repository, number: number, name: string, by: Person): void {
  const item = touched(repository, number)
  const found = repository.label(name)
  item.labels = item.labels.filter((one) => one !== found)
  repository.addEvent(item, 'unlabeled', by, { label: found })
}
export function assign(repository: Repository, number: number, assignee: Person, by: Person): void {
  const item = touched(repository, number)
  item.assignees.push(assignee)
  repository.addEvent(item, 'assigned', by, { assignee })
}
export function setMilestone(repository: Repository, number: number, title: string, by: Person): void {
  const item = touched(repository, number)
  item.milestone = repository.milestones.find((one) => one.title === title) ?? repository.addMilestone(title, { creator: by })
  repository.addEvent(item, 'milestoned', by, { milestone: title })
}
export function lock(repository: Repository, number: number, by: Person, reason: NonNullable<Item['locked']> = 'unspecified'): void {
  const item = touched(repository, number)
  item.locked = reason
  repository.addEvent(item, 'locked', by, { lockReason: reason })
}
export function comment(repository: Repository, number: number, author: Person, body: string): Comment {
  touched(repository, number)
  const { now } = repository.world
  return repository.tables.comments.add({
    id: repository.world.nextId(),
    item: number,
    author,
    body,
    createdAt: now,
    updatedAt: now,
    reactions: [],
    edits: [],
    minimized: null,
  })
}
export function editComment(repository: Repository, id: number, body: string, editor?: Person): Comment {
  const found = repository.tables.comments.own(id)
  if (found === undefined) throw new Error(`no comment ${id}`)
  edit(repository, found, editor ?? found.author, found.body)
  found.body = body
  found.updatedAt = repository.world.now
  own(repository, found.item).updatedAt = repository.world.now
  return found
}
/** Leaves no trace: not even the issue's `updated_at` moves. */
export function deleteComment(repository: Repository, id: number): void {
  repository.tables.comments.remove(id)
}
export function deleteIssue(repository: Repository, number: number): void {
  remove(repository, number)
  repository.gone.set(number, 'deleted')
}
/** The issue gets a new number in the other repository, and the old one leads there. */
export function transferIssue(repository: Repository, number: number, to: Repository, by: Person): Item {
  const old = own(repository, number)
  const comments = repository.tables.comments.of(number)
  remove(repository, number)
  const { id: _, number: __, ...kept } = old
  const moved = to.tables.items.add({
    ...kept,
    id: repository.world.nextId(),
    number: to.nextNumber(),
    labels: old.labels.map(({ name }) => to.label(name)),
    milestone: null,
    updatedAt: repository.world.now,
  })
  for (const one of comments) to.tables.comments.add({ ...one, id: repository.world.nextId(), item: moved.number })
  to.addEvent(moved, 'transferred', by)
  repository.gone.set(number, { repository: to, number: moved.number })
  return moved
}
function remove(repository: Repository, number: number): void {
  const { items, comments, events, crossReferences } = repository.tables
  items.remove(own(repository, number).id)
  for (const table of [comments, events, crossReferences]) for (const { id } of table.of(number)) table.remove(id)
}
/** Somebody mentions `number` in an issue elsewhere. Nothing that lists by date shows it. */
export function crossReference(
  repository: Repository,
  number: number,
  source: CrossReference['source'],
  actor: Person | null,
  willClose = false,
): CrossReference {
  const { now } = repository.world
  return repository.tables.crossReferences.add({
    id: repository.world.nextId(),
    item: number,
    source,
    actor,
    willClose,
    createdAt: now,
    updatedAt: now,
  })
}
