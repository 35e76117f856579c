import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { EventOperation, NoteOperation } from '../operations.ts'
import { whoOf } from '../people.ts'
import { placeOn } from './comment.ts'
import type { MapContext } from './context.ts'
import { labelTitle } from './labels.ts'
import type { Place } from './places.ts'
import { sealed } from './sealed.ts'
import { carryText } from './text.ts'
import { timeOf } from './times.ts'
import { Told, nothing } from './told.ts'

type Event = EventOperation['event']
interface Sentence {
  readonly text: string
  /** One of `SystemNoteMetadata::ICON_TYPES` (read 2026-11-25). */
  readonly action: string | null
}

/** Something that happened: as a record of its own where GitLab has one, told in a note where it has none. */
export function mapEvent(item: Item<'timeline-event'>, place: Place, context: MapContext): Mapped<EventOperation | NoteOperation> {
  const { body } = item
  const on = placeOn(body.on)
  if (on === undefined || on.type === 'commits') return nothing(item.id, 'invalid-at-source', 'it happened to nothing that is known')
  if (silent.has(body.type)) return nothing(item.id, 'no-such-concept', `${body.type}: nothing that people see`)
  const told = new Told(item.id)
  const author = whoOf(context.people.who(body.actor))
  if (body.actor === null) told.substituted('author-replaced', 'actor', 'the account was deleted at the source')
  else if (author.username === null) told.substituted('author-replaced', 'actor', `${author.login} has no user there`)
  const createdAt = timeOf(body.at, item.id)
  const common = { item: item.id, collection: item.collection, repository: place.id, project: place.path, on, author, createdAt }
  const summary = `${body.type} on ${place.path}, ${body.on}`
  const event = recordOf(item, on.type === 'issues')
  if (event !== undefined) return { ops: [sealed<EventOperation>({ ...common, summary, type: 'event', event })], losses: told.losses }
  const { text, action } = sentenceOf(item, on.type === 'issues' ? 'issue' : 'merge request', place, context, told)
  const op = sealed<NoteOperation>({
    ...common,
    summary,
    type: 'note',
    text: author.username === null ? `\`${author.login}\` ${text}` : text,
    uploads: [],
    awards: [],
    updatedAt: createdAt,
    system: { action },
    thread: null,
    anchor: null,
  })
  return { ops: [op], losses: told.losses }
}
/** Subscriptions and mentions are bookkeeping of notifications. */
const silent = new Set(['subscribed', 'unsubscribed', 'mentioned'])

function recordOf({ body }: Item<'timeline-event'>, onIssue: boolean): Event | undefined {
  switch (body.type) {
    case 'labeled':
    case 'unlabeled':
      return body.label === null
        ? undefined
        : { type: 'label', action: body.type === 'labeled' ? 'add' : 'remove', label: labelTitle(body.label.name) }
    case 'milestoned':
    case 'demilestoned':
      return body.milestone === null
        ? undefined
        : { type: 'milestone', action: body.type === 'milestoned' ? 'add' : 'remove', milestone: body.milestone }
    case 'closed':
    case 'reopened':
      return { type: 'state', state: body.type }
    case 'merged':
      return onIssue ? undefined : { type: 'state', state: 'merged' }
    default:
      return undefined
  }
}

function sentenceOf(item: Item<'timeline-event'>, noun: string, place: Place, context: MapContext, told: Told): Sentence {
  const { body } = item
  const subject = body.subject === null ? 'somebody' : mention(body.subject.login, context)
  switch (body.type) {
    case 'assigned':
      return { text: `assigned to ${subject}`, action: 'assignee' }
    case 'unassigned':
      return { text: `unassigned ${subject}`, action: 'assignee' }
    case 'review_requested':
      return { text: `requested review from ${subject}`, action: 'reviewer' }
    case 'review_request_removed':
      return { text: `removed review request for ${subject}`, action: 'reviewer' }
    case 'renamed':
      return { text: `changed title from **{-${plain(body.rename?.from)}-}** to **{+${plain(body.rename?.to)}+}**`, action: 'title' }
    case 'locked':
      return { text: `locked the discussion in this ${noun}`, action: 'locked' }
    case 'unlocked':
      return { text: `unlocked the discussion in this ${noun}`, action: 'unlocked' }
    case 'head_ref_deleted':
      return { text: 'deleted the source branch', action: 'branch' }
    case 'head_ref_restored':
      return { text: 'restored the source branch', action: 'branch' }
    case 'head_ref_force_pushed':
      return { text: 'force-pushed the source branch', action: 'commit' }
    case 'ready_for_review':
      return { text: `marked this ${noun} as **ready**`, action: 'title' }
    case 'convert_to_draft':
      return { text: `marked this ${noun} as **draft**`, action: 'title' }
    case 'referenced':
      return { text: `mentioned in commit ${body.commit ?? 'that is not named'}`, action: 'cross_reference' }
    case 'cross-referenced':
    case 'cross_referenced':
      return { text: `mentioned in ${reference(body.reference, place, context, told)}`, action: 'cross_reference' }
    default:
      told.degraded('text-changed', 'type', `${body.type} is told in a note`)
      return { text: `*${body.type.replaceAll(/[^\w-]+/g, ' ').replaceAll(/[_-]+/g, ' ')}* (at the source)`, action: null }
  }
}
const plain = (title: string | undefined): string => (title ?? '').replaceAll('\0', '').toWellFormed().slice(0, 1000)
function mention(login: string, { people }: MapContext): string {
  const name = people.mentioned(login)
  return name === null ? `\`${login}\`` : `@${name}`
}
const reference = (url: string | null, place: Place, context: MapContext, told: Told): string =>
  url === null ? 'a place that is not named' : carryText({ text: url, attachments: [], blobs: [], place, most: 2000 }, context, told).text
