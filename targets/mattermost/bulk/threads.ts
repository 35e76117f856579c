import { idempotencyKey, itemId } from '../../../src/contract/ids.ts'
import type { LedgerEntry, Operation, Stated } from '../../../src/contract/target.ts'
import { type PostOperation, inOrder } from '../map/operations.ts'

/** One post of a place on its way: what is wanted, what the ledger knows, and the time it gets. */
export interface Pending {
  readonly op: PostOperation
  readonly state: 'new' | 'changed' | 'same'
  readonly known: LedgerEntry | undefined
  at: number
}
export interface Thread {
  readonly root: Pending
  /** In order of time. */
  readonly replies: Pending[]
  /** The root is a stand-in that we made up, because the source does not have it. */
  readonly standIn: boolean
}

export function pendingOf(stated: Exclude<Stated<Operation>, { readonly state: 'gone' }>, op: PostOperation): Pending {
  // Staged and not confirmed: it may or may not have arrived, and is sent again at the same time.
  if (stated.state === 'new') return { op, state: 'new', known: undefined, at: op.at }
  return { op, state: stated.known.state === 'staged' ? 'new' : stated.state, known: stated.known, at: op.at }
}

/**
 * Gives every post of a place a time no other post there has, in whole milliseconds, and hangs replies on their roots.
 * Times the ledger knows never change. New posts take their own, or the next free one; a reply is always later than its root.
 * `taken` holds the times of posts of this place that are not in `posts`; it is added to.
 */
export function assemble(posts: Pending[], taken: Set<number>): readonly Thread[] {
  for (const post of posts)
    if (post.known !== undefined) {
      post.at = timeOf(post.known, post.op)
      taken.add(post.at)
    }
  posts.sort((a, b) => inOrder(a.op, b.op))
  const threads = new Map<string, Thread>()
  const remembered = new Map<string, number>()
  for (const { op, known } of posts) {
    const at = known?.notes['root']
    if (op.root !== null && typeof at === 'number') remembered.set(op.root, at)
  }
  for (const post of posts) if (post.op.root === null) threads.set(post.op.key, { root: post, replies: [], standIn: false })
  const placed = new Set<Pending>()
  const place = (post: Pending, notBefore: number): void => {
    if (placed.has(post)) return
    placed.add(post)
    if (post.known !== undefined) return
    let at = Math.max(post.op.at, notBefore)
    while (taken.has(at)) at++
    taken.add(at)
    post.at = at
  }
  for (const post of posts) {
    const { root } = post.op
    if (root === null) {
      place(post, 1)
      continue
    }
    let thread = threads.get(root)
    if (thread === undefined) {
      const at = remembered.get(root)
      thread = { root: standInFor(post.op, root, at), replies: [], standIn: true }
      if (at !== undefined) {
        taken.add(at)
        placed.add(thread.root)
      }
      threads.set(root, thread)
    }
    place(thread.root, 1)
    place(post, thread.root.at + 1)
    thread.replies.push(post)
  }
  const all = [...threads.values()]
  for (const { replies } of all) if (replies.length > 1) replies.sort((a, b) => a.at - b.at)
  return all.sort((a, b) => a.root.at - b.root.at)
}

/** The time a post has on the server already. */
export const timeOf = (known: LedgerEntry, op: PostOperation): number => Number(known.notes['at'] ?? op.at)

/** A readable root for replies whose root the source does not have (any more). Its time is remembered with the replies. */
export function standInFor(reply: PostOperation, root: string, remembered: number | undefined): Pending {
  const at = remembered ?? reply.at - 1
  const standIn: PostOperation = {
    ...reply,
    revision: '',
    summary: 'a message that is not in the archive',
    key: idempotencyKey(`${root}/stand-in`),
    item: itemId(root.replace(/#\d+$/, '')),
    message: STAND_IN_TEXT,
    at,
    sentAt: '',
    part: 0,
    root: null,
    props: null,
    mark: null,
    reactions: [],
    files: [],
    pinned: false,
    editedAt: null,
    followers: [],
    links: [],
  }
  return { op: standIn, state: remembered === undefined ? 'new' : 'same', known: undefined, at }
}
export const STAND_IN_TEXT = '*(the message this thread hangs on is not in the archive)*'
