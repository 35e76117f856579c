import { type Alarm, alarmComponent } from './alarm.ts'
import { type Attendee, attendeeLine, organizerLine } from './attendee.ts'
import { calendarText } from './calendar.ts'
import type { Component } from './component.ts'
import { type Extra, extraLines } from './extra.ts'
import { type Line, line } from './lines.ts'
import { type Attachment, attachmentLine, textLine, timeLines } from './properties.ts'
import { type Conference, conferenceLines } from './conference.ts'
import { recurrenceLines } from './recurrence.ts'
import { escapeText, uriValue } from './text.ts'
import { type When, asTypeOf, settled, startOf, whenLine, writeWhen } from './when.ts'

/**
 * One event in plain words, or what one occurrence of a series was changed to (then with `recurrenceId`, the start it had).
 * Texts are plain, not escaped; an empty one is none.
 */
export interface EventParts {
  readonly uid: string
  readonly recurrenceId?: When
  readonly summary: string
  readonly description: string
  readonly location: string
  readonly start: When
  /** Exclusive: of a whole day, the day after the last. Null: the same day, or no time at all. */
  readonly end: When | null
  readonly status: 'confirmed' | 'tentative' | 'cancelled'
  readonly transparency: 'opaque' | 'transparent'
  readonly visibility: 'public' | 'private' | 'confidential'
  readonly organizer: Attendee | null
  readonly attendees: readonly Attendee[]
  /** RRULE, RDATE and EXDATE lines, not folded: `RRULE:FREQ=DAILY`. */
  readonly recurrence: readonly string[]
  /** Starts of occurrences that do not happen, in whatever type is known (a date is enough). */
  readonly excluded: readonly When[]
  readonly alarms: readonly Alarm[]
  readonly categories: readonly string[]
  readonly url: string | null
  readonly conference: readonly Conference[]
  readonly attachments: readonly Attachment[]
  /** Name of a CSS colour (RFC 7986 5.9); anything else is written as X-COLOR. */
  readonly color: string | null
  /** ISO 8601, UTC. */
  readonly createdAt: string | null
  readonly updatedAt: string | null
  readonly sequence: number | null
  readonly extra: readonly Extra[]
}

/**
 * One iCalendar object (RFC 5545, 7986; read 2026-11-25) of an event, or of a series with what was changed in it: a VTIMEZONE for each zone
 * that is named, the series itself, then its exceptions in the order of the starts they had. No METHOD. The same parts give the same text.
 */
export function composeEvents(series: readonly EventParts[]): string {
  const master = series.find((parts) => parts.recurrenceId === undefined)
  const model = master === undefined ? undefined : settled(master.start)
  const ordered = series
    .map((parts) => ({ ...parts, ...(parts.recurrenceId && { recurrenceId: replaced(parts.recurrenceId, model) }) }))
    .map((parts) => ({
      parts,
      order: parts.recurrenceId === undefined ? '' : (startOf(parts.recurrenceId) ?? writeWhen(parts.recurrenceId)),
    }))
    .toSorted((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : 0))
  return calendarText(ordered.map(({ parts }) => eventComponent(parts)))
}

function replaced(recurrenceId: When, model: When | undefined): When {
  return model === undefined ? settled(recurrenceId) : asTypeOf(settled(recurrenceId), model)
}

function eventComponent(parts: EventParts): Component {
  const start = settled(parts.start)
  const lines: (Line | null | readonly Line[])[] = [
    line('UID', escapeText(parts.uid)),
    parts.recurrenceId === undefined ? null : whenLine('RECURRENCE-ID', parts.recurrenceId),
    whenLine('DTSTART', start),
    endLine(start, parts.end),
    recurrenceLines(parts.recurrence, parts.excluded, start),
    timeLines(parts),
    parts.sequence === null ? null : line('SEQUENCE', String(parts.sequence)),
    textLine('SUMMARY', parts.summary),
    textLine('DESCRIPTION', parts.description),
    textLine('LOCATION', parts.location),
    line('STATUS', parts.status.toUpperCase()),
    line('TRANSP', parts.transparency.toUpperCase()),
    parts.visibility === 'public' ? null : line('CLASS', parts.visibility.toUpperCase()),
    parts.organizer === null ? null : organizerLine(parts.organizer),
    parts.attendees.map(attendeeLine),
    parts.categories.length === 0 ? null : line('CATEGORIES', parts.categories.map(escapeText).join(',')),
    parts.url === null ? null : line('URL', uriValue(parts.url)),
    conferenceLines(parts.conference),
    parts.attachments.map(attachmentLine),
    colorLine(parts.color),
    extraLines(parts.extra),
  ]
  return {
    name: 'VEVENT',
    lines: lines.flat().filter((each) => each !== null),
    components: parts.alarms.map((alarm) => alarmComponent(alarm, parts.summary, 'START')),
  }
}

/** An end of another type than the start is none by the standard: it is made one. One that is not after the start says nothing. */
function endLine(start: When, end: When | null): Line | null {
  if (end === null) return null
  const known = settled(end)
  const fitting = (start.type === 'date') === (known.type === 'date') && (start.type === 'floating') === (known.type === 'floating')
  const same = fitting ? known : known.type === 'date' ? midnight(known.date, start) : asTypeOf(known, start)
  const [from, to] = [startOf(start) ?? writeWhen(start), startOf(same) ?? writeWhen(same)]
  if (to > from) return whenLine('DTEND', same)
  return to === from ? null : whenLine('X-DTEND-BEFORE-START', same)
}

function midnight(date: string, start: When): When {
  const local = `${date}T00:00:00`
  if (start.type === 'utc') return { type: 'utc', at: `${local}Z` }
  return start.type === 'zoned' ? { type: 'zoned', local, zone: start.zone } : { type: 'floating', local }
}

function colorLine(color: string | null): Line | null {
  if (color === null || color === '') return null
  return /^[a-z]{3,20}$/i.test(color) ? line('COLOR', color.toLowerCase()) : line('X-COLOR', escapeText(color))
}
