import type { Loss } from '../../../src/contract/fidelity.ts'
import { quoted } from '../map/quote.ts'
import type { NoteOperation, ThreadOperation } from '../operations.ts'
import { discussionRemote } from '../remote.ts'
import type { Anchors, Placed } from './anchors.ts'
import type { Composed } from './composed.ts'
import type { HangingOperation } from './hanging.ts'
import { discussionId } from './note-record.ts'
import type { FilePeople } from './people.ts'

export interface Thread {
  readonly state: ThreadOperation | undefined
  readonly placed: Placed | undefined
  /** When its last comment was written. */
  readonly last: string
}

/** By the time of the source, which has whole seconds; within one of them by the ids, which only count up. */
export function inOrder(ops: readonly HangingOperation[]): readonly HangingOperation[] {
  const second = (op: HangingOperation): string => (op.type === 'thread' ? '' : op.createdAt.slice(0, 19))
  const id = (op: HangingOperation): number => Number(op.item.slice(op.item.lastIndexOf('/') + 1)) || 0
  return ops.toSorted((a, b) => {
    const [at, bt] = [second(a), second(b)]
    if (at !== bt) return at < bt ? -1 : 1
    return id(a) - id(b) || (a.key < b.key ? -1 : 1)
  })
}

/** Conversations with the place of their first comment that is still there: of a deleted one, that of the first answer. */
export function threadsOf(ops: readonly HangingOperation[], anchors: Anchors | undefined): ReadonlyMap<string, Thread> {
  const states = new Map(ops.filter((op) => op.type === 'thread').map((op) => [op.root, op]))
  const threads = new Map<string, Thread>()
  for (const op of ops) {
    if (op.type !== 'note' || op.thread === null) continue
    const known = threads.get(op.thread)
    const placed = known === undefined ? (op.anchor === null ? undefined : anchors?.place(op.anchor)) : known.placed
    threads.set(op.thread, { state: states.get(op.thread), placed, last: op.createdAt })
  }
  return threads
}

/** The text of a note where it stands, with the line it was written at if that is gone. */
export function standing(
  op: NoteOperation,
  threads: ReadonlyMap<string, Thread>,
  begun: Set<string>,
): { readonly text: string; readonly losses: readonly Loss[] } {
  if (op.thread === null || begun.has(op.thread)) return { text: op.text, losses: [] }
  begun.add(op.thread)
  const losses: Loss[] = []
  if (op.thread !== op.item) losses.push(lost(op.item, 'withheld-by-source', 'replyTo', 'the first comment of its conversation is gone'))
  if (op.anchor === null || threads.get(op.thread)?.placed !== undefined) return { text: op.text, losses }
  losses.push(lost(op.item, 'text-changed', 'anchor', 'the line it stands on is not in the present change and is quoted'))
  return { text: quoted(op.anchor) + op.text, losses }
}

export function threadComposed(op: ThreadOperation, threads: ReadonlyMap<string, Thread>, people: FilePeople): Composed {
  const { key, item } = op
  if (!threads.has(op.root)) return { key, item, remote: null, losses: [dropped(item, 'no comment of this conversation is left')] }
  const by = op.resolvedBy === null ? null : people.username(op.resolvedBy)
  const expect = { resolved: op.resolved, resolvedBy: by }
  return { key, item, remote: discussionRemote(op.project, op.iid, discussionId(op.root)), expect, losses: [] }
}

export const lost = (item: Loss['item'], code: Loss['code'], field: string, detail: string): Loss => ({
  item,
  stage: 'apply',
  code,
  effect: { type: 'degraded', field },
  detail,
})
const dropped = (item: Loss['item'], detail: string): Loss => ({
  item,
  stage: 'apply',
  code: 'invalid-at-source',
  effect: { type: 'dropped' },
  detail,
})
