import { type Alarm, alarmComponent } from './alarm.ts'
import { calendarText } from './calendar.ts'
import { type Extra, extraLines } from './extra.ts'
import { type Line, line } from './lines.ts'
import { type Attachment, attachmentLine, textLine, timeLines } from './properties.ts'
import { recurrenceLines } from './recurrence.ts'
import { escapeText, uriValue } from './text.ts'
import { type When, asTypeOf, settled, whenLine, writeWhen } from './when.ts'

/** One task in plain words. Texts are plain, not escaped; an empty one is none. */
export interface TaskParts {
  readonly uid: string
  readonly summary: string
  readonly description: string
  readonly start: When | null
  readonly due: When | null
  /** ISO 8601, UTC. */
  readonly completedAt: string | null
  /** 0 to 100; null: not said. */
  readonly percent: number | null
  readonly status: 'needs-action' | 'in-process' | 'completed' | 'cancelled'
  /** 1 is the highest, 9 the lowest, null is none. */
  readonly priority: number | null
  /** UID of the task it is part of. */
  readonly parent: string | null
  /** Place among its neighbours: X-APPLE-SORT-ORDER. */
  readonly order: number | null
  readonly categories: readonly string[]
  readonly alarms: readonly Alarm[]
  readonly recurrence: readonly string[]
  readonly attachments: readonly Attachment[]
  readonly url: string | null
  readonly extra: readonly Extra[]
  /** ISO 8601, UTC. */
  readonly createdAt: string | null
  readonly updatedAt: string | null
}

/** One iCalendar object with one VTODO (RFC 5545 3.6.2). The same parts give the same text. */
export function composeTask(parts: TaskParts): string {
  const start = parts.start === null ? null : settled(parts.start)
  const given = parts.due === null ? null : settled(parts.due)
  // DUE must be a date where DTSTART is one, and the other way round.
  const due = given !== null && start !== null && (given.type === 'date') !== (start.type === 'date') ? asTypeOf(given, start) : given
  const lines: (Line | null | readonly Line[])[] = [
    line('UID', escapeText(parts.uid)),
    start === null ? null : whenLine('DTSTART', start),
    due === null ? null : whenLine('DUE', due),
    recurring(parts.recurrence, start ?? due),
    timeLines(parts),
    textLine('SUMMARY', parts.summary),
    textLine('DESCRIPTION', parts.description),
    line('STATUS', parts.status.toUpperCase()),
    parts.completedAt === null ? null : line('COMPLETED', writeWhen({ type: 'utc', at: parts.completedAt })),
    parts.percent === null ? null : line('PERCENT-COMPLETE', String(Math.round(parts.percent))),
    parts.priority === null ? null : line('PRIORITY', String(parts.priority)),
    parts.parent === null ? null : line('RELATED-TO', escapeText(parts.parent)),
    parts.order === null ? null : line('X-APPLE-SORT-ORDER', String(parts.order)),
    parts.categories.length === 0 ? null : line('CATEGORIES', parts.categories.map(escapeText).join(',')),
    parts.url === null ? null : line('URL', uriValue(parts.url)),
    parts.attachments.map(attachmentLine),
    extraLines(parts.extra),
  ]
  const alarms = parts.alarms.map((alarm) => alarmComponent(alarm, parts.summary, start === null ? 'END' : 'START'))
  return calendarText([{ name: 'VTODO', lines: lines.flat().filter((each) => each !== null), components: alarms }])
}

/** The standard knows no repetition without a first date. */
function recurring(recurrence: readonly string[], start: When | null): readonly Line[] {
  return start === null ? recurrence.map((rule) => line('X-RECURRENCE', escapeText(rule))) : recurrenceLines(recurrence, [], start)
}
