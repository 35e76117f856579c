import { newItem, own, type NewIssue } from './issues.ts'
import type { Item, Person, Review, ReviewComment, Thread } from './model.ts'
import type { Repository } from './repository.ts'

export interface NewPull extends NewIssue {
  /** Branch to merge, in `from` or in the repository itself. */
  readonly head: string
  readonly from?: Repository
  readonly base?: string
  readonly draft?: boolean
}

/** Opens a pull request: `refs/pull/N/head` and the hidden `refs/pull/N/merge` appear. */
export function createPull(repository: Repository, { head, from, base = 'main', draft = false, ...fields }: NewPull): Item {
  const home = from ?? repository
  const sha = home.git.tip(`refs/heads/${head}`)
  const pull: Item['pull'] = {
    draft,
    head: { ref: head, sha, repository: home, owner: 'type' in home.owner ? home.owner : null },
    base: { ref: base, sha: repository.git.tip(`refs/heads/${base}`) },
    mergeSha: null,
    mergedAt: null,
    mergedBy: null,
    requestedReviewers: [],
    requestedTeams: [],
  }
  const item = newItem(repository, fields, pull)
  if (home !== repository) repository.git.take(home.git)
  pointRefs(repository, item)
  return repository.tables.items.add(item)
}

function pointRefs(repository: Repository, { number, title, author, pull }: Item): void {
  if (pull === undefined) return
  repository.git.refs.set(`refs/pull/${number}/head`, pull.head.sha)
  if (pull.mergedAt !== null) return
  pull.mergeSha = repository.git.commit({
    parents: [pull.base.sha, pull.head.sha],
    files: Object.fromEntries(repository.git.files(pull.head.sha)),
    author: repository.signature(author),
    message: `Merge ${pull.head.sha} into ${pull.base.sha}: ${title}`,
  })
  repository.git.refs.set(`refs/pull/${number}/merge`, pull.mergeSha)
}

const ownPull = (repository: Repository, number: number): Item & { readonly pull: NonNullable<Item['pull']> } => {
  const item = own(repository, number)
  if (item.pull === undefined) throw new Error(`#${number} is no pull request`)
  item.updatedAt = repository.world.now
  return { ...item, pull: item.pull }
}

export function mergePull(repository: Repository, number: number, by: Person): string {
  const { pull, title } = ownPull(repository, number)
  const sha = repository.git.commitTo(pull.base.ref, {
    also: [pull.head.sha],
    files: Object.fromEntries(repository.git.files(pull.head.sha)),
    author: repository.signature(by),
    message: `Merge pull request #${number} from ${pull.head.ref}\n\n${title}`,
  })
  const item = own(repository, number)
  const { now } = repository.world
  pull.mergeSha = sha
  pull.mergedAt = now
  pull.mergedBy = by
  item.state = 'closed'
  item.closedAt = now
  item.closedBy = by
  repository.git.refs.delete(`refs/pull/${number}/merge`)
  repository.addEvent(item, 'merged', by, { commitId: sha })
  repository.addEvent(item, 'closed', by)
  repository.pushedAt = now
  return sha
}
/** Puts other commits in place of the branch's. Review comments lose their lines. */
export function forcePush(repository: Repository, number: number, by: Person, sha: string): void {
  const item = own(repository, number)
  const { pull } = ownPull(repository, number)
  const before = pull.head.sha
  pull.head.sha = sha
  const home = pull.head.repository
  home?.git.refs.set(`refs/heads/${pull.head.ref}`, sha)
  if (home !== null && home !== repository) repository.git.take(home.git)
  repository.addEvent(item, 'head_ref_force_pushed', by, { before, after: sha })
  for (const one of repository.tables.reviewComments.of(number)) outdate(repository, one.id)
  pointRefs(repository, item)
}
export function deleteHeadBranch(repository: Repository, number: number, by: Person): void {
  const { pull } = ownPull(repository, number)
  pull.head.repository?.git.refs.delete(`refs/heads/${pull.head.ref}`)
  repository.addEvent(own(repository, number), 'head_ref_deleted', by)
}
export function review(repository: Repository, number: number, author: Person, state: Review['state'], body = ''): Review {
  const { pull } = ownPull(repository, number)
  const { now } = repository.world
  return repository.tables.reviews.add({
    id: repository.world.nextId(),
    item: number,
    author,
    state,
    body,
    commitId: pull.head.sha,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  })
}

export interface NewReviewComment {
  readonly path: string
  readonly line: number
  readonly startLine?: number
  readonly side?: 'LEFT' | 'RIGHT'
  readonly diffHunk?: string
  readonly subject?: 'line' | 'file'
}
/** A comment on a line; it opens a thread. */
export function reviewComment(repository: Repository, to: Review, author: Person, body: string, where: NewReviewComment): ReviewComment {
  const { pull } = ownPull(repository, to.item)
  const { now } = repository.world
  const thread = repository.tables.threads.add({
    id: repository.world.nextId(),
    item: to.item,
    path: where.path,
    resolvedBy: null,
    createdAt: now,
    updatedAt: now,
  })
  const { line, startLine = null, side = 'RIGHT', subject = 'line', diffHunk = `@@ -${line},1 +${line},1 @@\n-before\n+after` } = where
  return repository.tables.reviewComments.add({
    id: repository.world.nextId(),
    item: to.item,
    thread: thread.id,
    review: to.id,
    author,
    body,
    path: where.path,
    diffHunk,
    commitId: pull.head.sha,
    originalCommitId: pull.head.sha,
    line: subject === 'file' ? null : line,
    originalLine: line,
    startLine,
    originalStartLine: startLine,
    side,
    position: 1,
    originalPosition: 1,
    inReplyTo: null,
    subject,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  })
}
/** An answer is a review of its own, as GitHub makes one. */
export function reply(repository: Repository, root: ReviewComment, author: Person, body: string): ReviewComment {
  const made = review(repository, root.item, author, 'COMMENTED')
  const { now } = repository.world
  return repository.tables.reviewComments.add({
    ...root,
    id: repository.world.nextId(),
    review: made.id,
    author,
    body,
    inReplyTo: root.inReplyTo ?? root.id,
    createdAt: now,
    updatedAt: now,
    reactions: [],
  })
}
/** The line a comment stood on is gone. Its `updated_at` stays. */
export function outdate(repository: Repository, id: number): void {
  const found = repository.tables.reviewComments.own(id)
  if (found === undefined) throw new Error(`no review comment ${id}`)
  found.line = null
  found.startLine = null
  found.position = null
}
export function editReviewComment(repository: Repository, id: number, body: string): void {
  const found = repository.tables.reviewComments.own(id)
  if (found === undefined) throw new Error(`no review comment ${id}`)
  found.body = body
  found.updatedAt = repository.world.now
}
/** The thread stays when its root goes. */
export function deleteReviewComment(repository: Repository, id: number): void {
  repository.tables.reviewComments.remove(id)
}
/** No `updated_at` moves. */
export function resolve(repository: Repository, thread: number, by: Person | null): Thread {
  const found = repository.tables.threads.own(thread)
  if (found === undefined) throw new Error(`no thread ${thread}`)
  found.resolvedBy = by
  return found
}
