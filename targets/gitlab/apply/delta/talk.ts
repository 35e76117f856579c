import type { EventOperation, NoteOperation, NotePlace, ThreadOperation, VerdictOperation } from '../../operations.ts'
import type { HangingOperation } from '../../file/hanging.ts'
import { noteRemote } from '../../remote.ts'
import { dropped } from '../work.ts'
import type { Authors } from './authors.ts'
import { type Delta, isPending, keepAsItIs } from './delta.ts'
import { bringNote } from './note.ts'
import { Standing } from './standing.ts'
import { bringThread } from './thread.ts'

export type Room = 'issues' | 'merge_requests'
const PARTS = [
  ['on-issue', 'issues'],
  ['on-merge-request', 'merge_requests'],
] as const

/** What was said on issues and merge requests that stand, place by place; those that are new have theirs already. */
export async function bringTalk(delta: Delta, authors: Authors, signal: AbortSignal): Promise<void> {
  const { work, project } = delta
  for (const [part, room] of PARTS)
    for (const ops of places(work.spool.part<HangingOperation>(project.project, part))) {
      signal.throwIfAborted()
      await bringPlace(delta, authors, room, ops, signal)
    }
  for (const op of work.spool.part<NoteOperation>(project.project, 'on-commit')) {
    if (!isPending(work.stock.of(op.key))) keepAsItIs(delta, op)
    else
      work.stock.keep({
        key: op.key,
        outcome: 'failed',
        remote: noteRemote(project.project, op.on, op.createdAt),
        expect: {},
        losses: [dropped(op.item, 'no-such-concept', 'comments on commits that came after the import are not brought')],
      })
  }
}

/** Everything at one place after the other. */
function* places(ops: Iterable<HangingOperation>): Generator<readonly HangingOperation[]> {
  let group: HangingOperation[] = []
  let at: number | undefined
  for (const op of ops) {
    const iid = iidOf(op)
    if (iid !== at && group.length > 0) {
      yield group
      group = []
    }
    at = iid
    group.push(op)
  }
  if (group.length > 0) yield group
}
const iidOf = (op: HangingOperation): number =>
  op.type === 'thread' || op.type === 'verdict' ? op.iid : op.on.type === 'commits' ? 0 : op.on.iid

async function bringPlace(
  delta: Delta,
  authors: Authors,
  room: Room,
  ops: readonly HangingOperation[],
  signal: AbortSignal,
): Promise<void> {
  const { stock, context } = delta.work
  const threads = new Map(ops.filter((op): op is ThreadOperation => op.type === 'thread').map((op) => [op.root, op]))
  const [first] = ops
  if (first === undefined) return
  const on: Extract<NotePlace, { readonly iid: number }> = { type: room, iid: iidOf(first) }
  const standing = new Standing(delta, on)
  const waiting: HangingOperation[] = []
  for (const op of ops) {
    if (stock.result(op.key) !== undefined) continue
    if (isPending(stock.of(op.key))) waiting.push(op)
    // Its conversation may have been resolved since.
    else
      keepAsItIs(delta, op, op.type === 'note' && op.thread !== null && room === 'merge_requests' ? resolvedIn(threads.get(op.thread)) : {})
  }
  // Comments before what is said of their conversations.
  for (const op of waiting)
    if (op.type === 'note' || op.type === 'verdict') {
      await bringNote(delta, authors, standing, op, signal)
      context.progress('comments', 0, undefined)
    } else if (op.type === 'event') leaveEvent(delta, op)
  // What is said in a resolved conversation opens it again.
  const opened = new Set(waiting.map((op) => (op.type === 'note' ? op.thread : null)))
  for (const op of threads.values())
    if (waiting.includes(op) || (op.resolved && opened.has(op.root))) await bringThread(delta, standing, op, signal)
}
const resolvedIn = (thread: ThreadOperation | undefined): { readonly resolved?: boolean } =>
  thread === undefined ? {} : { resolved: thread.resolved }

/** GitLab keeps a history of its own of what is changed through its API, by the clock and user of today; no call adds to it. */
function leaveEvent({ work, project }: Delta, op: EventOperation | VerdictOperation): void {
  const detail = `it happened at ${op.createdAt}, after the import: GitLab's history tells it by its own clock`
  work.stock.keep({
    key: op.key,
    outcome: 'failed',
    remote: noteRemote(project.project, { type: 'issues', iid: 0 }, op.createdAt),
    expect: {},
    losses: [dropped(op.item, 'no-such-concept', detail)],
  })
}
