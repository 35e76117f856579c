import type { Loss } from '../../../src/contract/fidelity.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import type { Event } from '../../../src/model/event.ts'
import type { FileRef } from '../../../src/model/file.ts'
import type { Alarm } from '../../../src/standards/alarm.ts'
import { composeEvents, type EventParts } from '../../../src/standards/event.ts'
import { settled, startOf, type When } from '../../../src/standards/when.ts'
import { filled, flag, instant, type Json, object, objects, text, texts, whole } from '../json.ts'
import { attendees, organizer } from './attendee.ts'
import { colorOf, conferences, eventExtra } from './event-extra.ts'
import { eventId } from './event-id.ts'
import { whenOf, whenOfId } from './event-time.ts'
import { looksLikeHtml, textOfHtml } from './description.ts'
import { degraded, dropped } from './item.ts'

/** What an event must know of its calendar. */
export interface CalendarFacts {
  /** Native parts of the ids of the calendar and its events. */
  readonly place: readonly string[]
  readonly item: ItemId
  /** Whom reminders by mail reach. */
  readonly address: string
  readonly zone: string | null
  readonly reminders: readonly Json[]
}
export interface MappedEvent {
  readonly id: ItemId
  /** Undefined: nothing of it is left, or what is left cannot be read (then there is a loss). */
  readonly body: Event | undefined
  readonly losses: readonly Loss[]
}

export const isCancelled = (event: Json): boolean => text(event['status']) === 'cancelled'
export const isOccurrence = (event: Json): boolean => filled(event['recurringEventId']) !== null
export const isSeries = (event: Json): boolean => texts(event['recurrence']).length > 0

/**
 * One event, or a series with everything that was changed in or taken out of it: all that shares a UID in one calendar.
 * Cancelled occurrences become EXDATE; an occurrence whose series is not there stands alone with its RECURRENCE-ID.
 */
export function event(uid: string, given: readonly Json[], calendar: CalendarFacts): MappedEvent {
  const id = eventId(calendar.place, uid)
  const losses: Loss[] = []
  const live = given.filter((part) => !isCancelled(part))
  if (live.length === 0) return { id, body: undefined, losses }
  const master = live.find((part) => !isOccurrence(part))
  const excluded = given.flatMap((part) => (isCancelled(part) && isOccurrence(part) ? (originalOf(part, calendar) ?? []) : []))
  const parts = live.flatMap((part) => partsOf(part, uid, part === master ? excluded : [], { id, calendar, losses }) ?? [])
  const [first, ...more] = [
    ...new Map(parts.map((part) => [part.recurrenceId === undefined ? '' : JSON.stringify(part.recurrenceId), part])).values(),
  ]
  if (first === undefined) {
    losses.push(dropped(id, 'invalid-at-source', 'its start is no date or time'))
    return { id, body: undefined, losses }
  }
  const whole = [first, ...more]
  const main = whole.find((part) => part.recurrenceId === undefined)
  const starts = whole.map((part) => startOf(settled(part.start))).filter((start) => start !== null)
  const attachments = filesOf(live)
  if (attachments.length > 0)
    losses.push(
      degraded(
        id,
        'attachments',
        'withheld-by-source',
        `${attachments.length} attached files lie in Google Drive; their addresses are kept`,
      ),
    )
  const body: Event = {
    calendar: calendar.item,
    uid,
    ics: written(whole, id, losses),
    start: main === undefined ? (starts.toSorted()[0] ?? null) : startOf(settled(main.start)),
    recurring: main === undefined || main.recurrence.length > 0,
    attachments,
  }
  return { id, body, losses }
}

/** A rule that is no rule must not take the event with it. */
function written(parts: readonly EventParts[], id: ItemId, losses: Loss[]): string {
  try {
    return composeEvents(parts)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'corrupt') throw error
    losses.push(degraded(id, 'recurrence', 'invalid-at-source', 'a rule of repetition cannot be read; the event is kept without it'))
    return composeEvents(
      parts.map((part) => ({
        ...part,
        recurrence: [],
        extra: [...part.extra, ...part.recurrence.map((value) => ({ name: 'X-RECURRENCE', value }))],
      })),
    )
  }
}

const originalOf = (part: Json, calendar: CalendarFacts): When | undefined =>
  whenOf(object(part['originalStartTime']), calendar.zone) ?? whenOfId(text(part['id']))

interface Context {
  readonly id: ItemId
  readonly calendar: CalendarFacts
  readonly losses: Loss[]
}

function partsOf(part: Json, uid: string, excluded: readonly When[], { id, calendar, losses }: Context): EventParts | undefined {
  const recurrenceId = isOccurrence(part) ? originalOf(part, calendar) : undefined
  const start = whenOf(object(part['start']), calendar.zone) ?? recurrenceId
  if (start === undefined) {
    if (isOccurrence(part))
      losses.push(degraded(id, 'occurrence', 'invalid-at-source', 'the start of a changed occurrence is no date or time'))
    return undefined
  }
  if (isOccurrence(part) && recurrenceId === undefined)
    losses.push(degraded(id, 'occurrence', 'invalid-at-source', 'which occurrence was changed is not said; it stands alone'))
  const end = flag(part['endTimeUnspecified']) ? undefined : whenOf(object(part['end']), calendar.zone)
  if (end === undefined && object(part['end']) !== undefined && !flag(part['endTimeUnspecified']))
    losses.push(degraded(id, 'end', 'invalid-at-source', 'its end is no date or time'))
  if (flag(part['attendeesOmitted'])) losses.push(degraded(id, 'attendees', 'withheld-by-source', 'Google does not name everybody invited'))
  const description = text(part['description'])
  const html = looksLikeHtml(description)
  const status = text(part['status'])
  const visibility = text(part['visibility'])
  return {
    uid,
    ...(recurrenceId === undefined ? {} : { recurrenceId }),
    summary: text(part['summary']),
    description: html ? textOfHtml(description) : description,
    location: text(part['location']),
    start,
    end: end ?? null,
    status: status === 'tentative' ? 'tentative' : 'confirmed',
    transparency: text(part['transparency']) === 'transparent' ? 'transparent' : 'opaque',
    visibility: visibility === 'private' || visibility === 'confidential' ? visibility : 'public',
    organizer: organizer(part),
    attendees: attendees(part),
    recurrence: texts(part['recurrence']),
    excluded,
    alarms: alarmsOf(part, calendar),
    categories: [],
    url: filled(object(part['source'])?.['url']),
    conference: conferences(part),
    attachments: objects(part['attachments']).flatMap((file) => {
      const url = filled(file['fileUrl'])
      return url === null ? [] : [{ url, name: filled(file['title']), mediaType: filled(file['mimeType']) }]
    }),
    color: colorOf(part),
    createdAt: instant(part['created']),
    updatedAt: instant(part['updated']),
    sequence: whole(part['sequence']),
    extra: [...eventExtra(part), ...(html ? [{ name: 'X-ALT-DESC', value: description, params: { FMTTYPE: 'text/html' } }] : [])],
  }
}

/** Where an event says nothing itself, its calendar's reminders count. */
function alarmsOf(part: Json, calendar: CalendarFacts): readonly Alarm[] {
  const own = object(part['reminders'])
  const given = flag(own?.['useDefault']) ? calendar.reminders : objects(own?.['overrides'])
  return given.flatMap((reminder): readonly Alarm[] => {
    const minutesBefore = whole(reminder['minutes'])
    if (minutesBefore === null) return []
    return [
      text(reminder['method']) === 'email'
        ? { method: 'email', address: calendar.address, minutesBefore }
        : { method: 'popup', minutesBefore },
    ]
  })
}

function filesOf(parts: readonly Json[]): FileRef[] {
  const refs = parts
    .flatMap((part) => objects(part['attachments']))
    .flatMap((file): readonly FileRef[] => {
      const url = filled(file['fileUrl'])
      const nativeId = filled(file['fileId']) ?? url
      if (nativeId === null) return []
      return [
        {
          nativeId,
          name: filled(file['title']) ?? 'file',
          title: filled(file['title']),
          mediaType: filled(file['mimeType']) ?? 'application/octet-stream',
          bytes: null,
          form: 'external',
          state: 'link',
          blob: null,
          url,
          owner: null,
        },
      ]
    })
  return [...new Map(refs.map((ref) => [ref.nativeId, ref])).values()]
}
