import type { Loss } from '../../../src/contract/fidelity.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import { quoted } from '../map/quote.ts'
import type { EventOperation, NoteOperation, NotePlace, ThreadOperation, VerdictOperation } from '../operations.ts'
import { discussionRemote, eventRemote, noteRemote } from '../remote.ts'
import type { Anchors, Placed } from './anchors.ts'
import type { Composed } from './composed.ts'
import { eventFields, noteFields, positionFields } from './expect.ts'
import { Moments } from './moments.ts'
import { type NoteParts, discussionId, noteRecord } from './note-record.ts'
import type { FilePeople } from './people.ts'
import { PROJECT, type FilePlaces } from './places.ts'

export type HangingOperation = NoteOperation | ThreadOperation | VerdictOperation | EventOperation
/** What hangs on one issue or merge request, as the lines of it hold it. */
export interface Hanging {
  readonly notes: readonly JsonObject[]
  readonly labelEvents: readonly JsonObject[]
  readonly milestoneEvents: readonly JsonObject[]
  readonly stateEvents: readonly JsonObject[]
  readonly approvals: readonly JsonObject[]
  /** Usernames, sorted. */
  readonly approvedBy: readonly string[]
  /** In the order of the notes in the file, so that leaving out the last of them leaves out the last of these. */
  readonly composed: readonly Composed[]
}
export interface HangingContext {
  readonly on: Extract<NotePlace, { readonly iid: number }>
  readonly people: FilePeople
  readonly places: FilePlaces
  /** Undefined: there is no diff to stand in. */
  readonly anchors: Anchors | undefined
}
interface Thread {
  readonly state: ThreadOperation | undefined
  readonly placed: Placed | undefined
  /** When its last comment was written. */
  readonly last: string
}

/** Turns everything that hangs on one issue or merge request into its nested records. Memory: that of one of them. */
export function hangingOf(ops: readonly HangingOperation[], context: HangingContext): Hanging {
  const { on, people, places } = context
  const threads = threadsOf(ops, context)
  const moments = new Moments()
  const begun = new Set<string>()
  const notes: JsonObject[] = []
  const composed: Composed[] = []
  const events = { label: [] as JsonObject[], milestone: [] as JsonObject[], state: [] as JsonObject[] }
  const eventMoments = { label: new Moments(), milestone: new Moments(), state: new Moments() }
  const verdicts = new Map<number, VerdictOperation>()
  const noteable = on.type === 'issues' ? 'Issue' : 'MergeRequest'
  const write = (op: NoteOperation | VerdictOperation, text: string, thread: string | null, losses: readonly Loss[]): void => {
    const conversation = thread === null ? undefined : threads.get(thread)
    const { state, placed } = conversation ?? {}
    const resolver = state?.resolved === true ? state.resolvedBy : null
    const resolved =
      state?.resolved === true && conversation !== undefined ? { at: conversation.last, by: people.id(resolver ?? op.author) } : undefined
    const createdAt = moments.take(op.createdAt)
    const parts: NoteParts = { noteable, text, createdAt, thread, placed, resolved }
    notes.push(noteRecord(op, parts, people))
    const shape = {
      text,
      system: op.type === 'verdict' || op.system !== null,
      discussion: thread === null ? null : discussionId(thread),
      position: placed === undefined ? null : positionFields(placed.position),
      resolved: resolved !== undefined,
    }
    const expect = noteFields({ author: op.author, createdAt, awards: op.type === 'verdict' ? [] : op.awards }, shape, people)
    composed.push({ key: op.key, item: op.item, remote: noteRemote(op.project, on, createdAt), expect, losses })
  }
  for (const op of ops)
    switch (op.type) {
      case 'thread':
        break
      case 'verdict':
        if (op.author.username !== null) verdicts.set(people.id(op.author), op)
        write(op, op.text, null, [])
        break
      case 'event': {
        const record = eventRecord(op, people, places)
        if (record === undefined) {
          write(told(op), toldText(op), null, [
            lost(op.item, 'text-changed', 'kind', 'told in a note: the label or milestone is no longer there'),
          ])
          break
        }
        const createdAt = eventMoments[op.event.type].take(op.createdAt)
        events[op.event.type].push({ ...record, created_at: createdAt })
        const expect = eventFields({ ...op, createdAt }, people)
        composed.push({ key: op.key, item: op.item, remote: eventRemote(op.project, on, op.event.type, createdAt), expect, losses: [] })
        break
      }
      case 'note': {
        const { text, losses } = standing(op, threads, begun)
        write(op, text, op.thread, losses)
      }
    }
  for (const op of ops) if (op.type === 'thread') composed.push(threadComposed(op, threads, people))
  const approved = [...verdicts].filter(([, { verdict }]) => verdict === 'approved').toSorted(([a], [b]) => a - b)
  return {
    notes,
    labelEvents: events.label,
    milestoneEvents: events.milestone,
    stateEvents: events.state,
    approvals: approved.map(([user_id, { createdAt }]) => ({ user_id, created_at: createdAt, updated_at: createdAt })),
    approvedBy: approved.map(([, { author }]) => people.username(author)).toSorted(),
    composed,
  }
}

/** Conversations with the place of their first comment that is still there: of a deleted one, that of the first answer. */
function threadsOf(ops: readonly HangingOperation[], { anchors }: HangingContext): ReadonlyMap<string, Thread> {
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
function standing(
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

function threadComposed(op: ThreadOperation, threads: ReadonlyMap<string, Thread>, people: FilePeople): Composed {
  const { key, item } = op
  if (!threads.has(op.root)) return { key, item, remote: null, losses: [dropped(item, 'no comment of this conversation is left')] }
  const by = op.resolvedBy === null ? null : people.username(op.resolvedBy)
  const expect = { resolved: op.resolved, resolvedBy: by }
  return { key, item, remote: discussionRemote(op.project, op.iid, discussionId(op.root)), expect, losses: [] }
}

function eventRecord({ event, author }: EventOperation, people: FilePeople, places: FilePlaces): JsonObject | undefined {
  const user_id = people.id(author)
  if (event.type === 'state') return { user_id, state: event.state }
  if (event.type === 'label')
    return places.hasLabel(event.label) ? { user_id, action: event.action, label: places.label(event.label) } : undefined
  const milestone = places.milestoneNamed(event.milestone)
  return milestone === undefined ? undefined : { user_id, action: event.action, state: 'opened', milestone }
}

/** An event as the note that tells it. */
const told = (op: EventOperation): NoteOperation => ({
  ...op,
  type: 'note',
  text: toldText(op),
  uploads: [],
  awards: [],
  updatedAt: op.createdAt,
  system: { action: op.event.type === 'milestone' ? 'milestone' : 'label' },
  thread: null,
  anchor: null,
})
function toldText({ event }: EventOperation): string {
  if (event.type === 'state') return event.state
  const name = (event.type === 'label' ? event.label : event.milestone).replaceAll(/[`\n]/g, ' ')
  if (event.type === 'label') return `${event.action === 'add' ? 'added' : 'removed'} the label \`${name}\``
  return event.action === 'add' ? `changed milestone to \`${name}\`` : `removed milestone \`${name}\``
}

const lost = (item: Loss['item'], code: Loss['code'], field: string, detail: string): Loss => ({
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
export const activity = (action: string, author_id: number, at: string, target_type: string): JsonObject => ({
  project_id: PROJECT,
  author_id,
  action,
  target_type,
  created_at: at,
  updated_at: at,
})
