import type { Loss } from '../../../src/contract/fidelity.ts'
import { collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { Event } from '../../../src/model/event.ts'
import { type EventParts, composeEvents } from '../../../src/standards/event.ts'
import { startOf, type When } from '../../../src/standards/when.ts'
import type { WireEvent } from '../calendar/wire.ts'
import { filled } from '../fields.ts'
import { type Attached, attachmentsOf } from './attachment.ts'
import { attendee, organizer } from './attendee.ts'
import { extrasOf } from './event-extra.ts'
import { describe, locationOf, meetingsOf } from './event-text.ts'
import { degraded, dropped, itemOf, type Mapped, type Mapping } from './mapped.ts'
import { ruleOf } from './recurrence.ts'
import { uidOf } from './uid.ts'
import { stampOf, whenOf, zoneOf } from './when.ts'

/** One event, or a series with its exceptions and what was taken out of it, as several answers gave it. */
export interface EventGiven {
  readonly person: { readonly id: string; readonly address: string }
  /** Native id of the calendar. */
  readonly calendar: string
  readonly event: WireEvent
  readonly exceptions: readonly (WireEvent | null)[]
  /** `OID.<master>.<date>` of occurrences that were deleted. */
  readonly cancelled: readonly string[]
  readonly attached: readonly Attached[]
  readonly raw: unknown
}

export const eventId = (person: string, native: string): ItemId => itemId('event', person, native)

/** An event resource as one item. Pages: https://learn.microsoft.com/graph/api/resources/event, event-get (read 2026-11-25). */
export function event(given: EventGiven, mapping: Mapping): Mapped<'event'> {
  const { person, calendar, event: main } = given
  const id = eventId(person.id, main.id)
  const losses: Loss[] = []
  const lose = (field: string, detail: string): void => void losses.push(degraded(id, field, 'invalid-at-source', detail))
  const wholeDay = main.isAllDay === true
  const zone = zoneOf(main.originalStartTimeZone) ?? zoneOf(main.recurrence?.range.recurrenceTimeZone ?? null)
  const start = whenOf(main.start, zone, wholeDay)
  if (start === undefined) return { item: undefined, losses: [dropped(id, 'invalid-at-source', 'an event without a start')] }
  if (zone === undefined && main.recurrence !== null && !wholeDay)
    lose('timezone', 'a series in a time zone that has no name; it is kept in UTC, and will not follow the clocks when they change')
  const uid = filled(main.iCalUId) ?? uidOf(main.id)
  if (filled(main.iCalUId) === null) lose('uid', 'an event without an iCalUId; it was given one')
  const files = attachmentsOf(given.attached, person.id, id)
  losses.push(...files.losses)

  const rule = main.recurrence === null ? undefined : ruleOf(main.recurrence)
  if (rule?.problem != null) losses.push(degraded(id, 'recurrence', rule.problem.code, rule.problem.detail))
  const series: EventParts[] = [
    {
      ...partsOf(main, uid, start, zone, given, files.lines),
      ...alone(main),
      recurrence: rule?.rule === undefined ? [] : [`RRULE:${rule.rule}`],
      excluded: given.cancelled.flatMap((oid) => dateOf(oid) ?? []),
    },
  ]
  for (const exception of given.exceptions) {
    const own = exception === null ? undefined : exceptionParts(exception, uid, zone, wholeDay, given, files.lines)
    if (own === undefined) lose('exceptions', 'a changed occurrence of which cannot be read which one it is')
    else series.push(own)
  }
  const body: Event = {
    calendar: itemId('calendar', person.id, calendar),
    uid,
    ics: composeEvents(series),
    start: startOf(start),
    recurring: rule?.rule !== undefined,
    attachments: [...files.refs],
  }
  const collection = collectionId(`calendars/${person.id}`)
  return { item: itemOf({ kind: 'event', id, nativeId: main.id, collection, body, raw: given.raw, blobs: files.blobs }, mapping), losses }
}

/** Somebody invited to one occurrence only has no series: the occurrence says which one it is. */
function alone(event: WireEvent): { readonly recurrenceId?: When } {
  const original = event.type === 'exception' || event.type === 'occurrence' ? stampOf(event.originalStart) : null
  return original === null ? {} : { recurrenceId: { type: 'utc', at: original } }
}

function exceptionParts(
  exception: WireEvent,
  uid: string,
  zone: string | undefined,
  wholeDay: boolean,
  given: EventGiven,
  files: Parameters<typeof partsOf>[5],
): EventParts | undefined {
  const own = zoneOf(exception.originalStartTimeZone) ?? zone
  const start = whenOf(exception.start, own, exception.isAllDay === true)
  const recurrenceId = originalOf(exception, wholeDay, zone)
  return start === undefined || recurrenceId === undefined
    ? undefined
    : { ...partsOf(exception, uid, start, own, given, files), recurrenceId, recurrence: [], excluded: [] }
}

/** The start that an occurrence had. Of whole days only the date counts, and `occurrenceId` says it without a zone. */
function originalOf({ occurrenceId, originalStart }: WireEvent, wholeDay: boolean, zone: string | undefined): When | undefined {
  const date = occurrenceId === null ? undefined : dateOf(occurrenceId)
  const at = stampOf(originalStart)
  if (at === null || (wholeDay && date !== undefined)) return date
  return wholeDay ? whenOf({ dateTime: at, timeZone: 'UTC' }, zone, true) : { type: 'utc', at }
}

const dateOf = (oid: string): When | undefined => {
  const date = /\.(\d{4}-\d\d-\d\d)$/.exec(oid)?.[1]
  return date === undefined ? undefined : { type: 'date', date }
}

function partsOf(
  event: WireEvent,
  uid: string,
  start: When,
  zone: string | undefined,
  { person }: EventGiven,
  files: ReadonlyMap<string, EventParts['attachments']>,
): EventParts {
  const wholeDay = event.isAllDay === true
  const tentative = event.showAs === 'tentative'
  return {
    uid,
    summary: event.subject ?? '',
    description: describe(event.body),
    location: locationOf(event),
    start,
    end: whenOf(event.end, zoneOf(event.originalEndTimeZone) ?? zone, wholeDay) ?? null,
    status: event.isCancelled === true ? 'cancelled' : tentative ? 'tentative' : 'confirmed',
    transparency: event.showAs === 'free' ? 'transparent' : 'opaque',
    visibility:
      event.sensitivity === 'confidential'
        ? 'confidential'
        : event.sensitivity === 'private' || event.sensitivity === 'personal'
          ? 'private'
          : 'public',
    organizer: organizer(event),
    attendees: event.attendees.map((each) => attendee(each, event, person.address)),
    recurrence: [],
    excluded: [],
    alarms:
      event.isReminderOn === true && event.reminderMinutesBeforeStart !== null
        ? [{ method: 'popup', minutesBefore: event.reminderMinutesBeforeStart }]
        : [],
    categories: event.categories,
    url: null,
    conference: meetingsOf(event),
    attachments: files.get(event.id) ?? [],
    color: null,
    createdAt: stampOf(event.createdDateTime),
    updatedAt: stampOf(event.lastModifiedDateTime),
    sequence: null,
    extra: extrasOf(event),
  }
}
