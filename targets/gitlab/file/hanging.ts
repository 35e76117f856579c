import type { Loss } from '../../../src/contract/fidelity.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { EventOperation, NoteOperation, NotePlace, ThreadOperation, VerdictOperation } from '../operations.ts'
import { eventRemote, noteRemote } from '../remote.ts'
import type { Anchors } from './anchors.ts'
import type { Composed } from './composed.ts'
import { inOrder, lost, standing, threadComposed, threadsOf } from './conversations.ts'
import { eventRecord, told, toldText } from './event-record.ts'
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
/** Turns everything that hangs on one issue or merge request into its nested records. Memory: that of one of them. */
export function hangingOf(all: readonly HangingOperation[], context: HangingContext): Hanging {
  const ops = inOrder(all)
  const { on, people, places } = context
  const threads = threadsOf(ops, context.anchors)
  const moments = new Moments()
  const begun = new Set<string>()
  const latest = new Map<string, string>()
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
    // An answer comes after what it answers, whatever milliseconds their ids gave them.
    const createdAt = moments.take(op.createdAt, thread === null ? undefined : latest.get(thread))
    if (thread !== null) latest.set(thread, createdAt)
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

export const activity = (action: string, author_id: number, at: string, target_type: string): JsonObject => ({
  project_id: PROJECT,
  author_id,
  action,
  target_type,
  created_at: at,
  updated_at: at,
})
