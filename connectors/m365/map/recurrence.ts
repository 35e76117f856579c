import type { Recurrence } from '../fields.ts'

/** What became of a recurrence. `rule`: the value of RRULE, undefined when it cannot be told; `problem`: what had to be left out, and why. */
export interface Rule {
  readonly rule: string | undefined
  readonly problem: { readonly code: 'invalid-at-source' | 'no-such-concept'; readonly detail: string } | null
}
const unreadable = (what: string): Rule['problem'] => ({ code: 'invalid-at-source', detail: `${what} cannot be written as a rule` })

const days: Readonly<Record<string, string>> = {
  sunday: 'SU',
  monday: 'MO',
  tuesday: 'TU',
  wednesday: 'WE',
  thursday: 'TH',
  friday: 'FR',
  saturday: 'SA',
}
const order = Object.values(days)
const positions: Readonly<Record<string, number>> = { first: 1, second: 2, third: 3, fourth: 4, last: -1 }
/** Days that a month has in every year. Beyond them Outlook takes the month's last day, where RFC 5545 skips the month. */
const shortest = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * A `patternedRecurrence` as RRULE. The last day is a date, which the composer makes the end of that day on the clock of the start, in UTC.
 * Pages: https://learn.microsoft.com/graph/api/resources/recurrencepattern and recurrencerange (read 2026-11-25).
 */
export function ruleOf({ pattern, range }: Recurrence): Rule {
  const parts = partsOf(pattern)
  if (typeof parts === 'string') return { rule: undefined, problem: unreadable(parts) }
  const interval = pattern.interval ?? 1
  if (!Number.isInteger(interval) || interval < 1) return { rule: undefined, problem: unreadable(`an interval of ${interval}`) }
  const end = endOf(range)
  const rule = [parts[0], ...(interval === 1 ? [] : [`INTERVAL=${interval}`]), ...end.parts, ...parts.slice(1)].join(';')
  return { rule, problem: end.problem === null ? (missing(pattern) ?? null) : unreadable(end.problem) }
}

/** The parts of a rule, its FREQ first; text says what is wrong. */
function partsOf(pattern: Recurrence['pattern']): string | readonly string[] {
  switch (pattern.type ?? '') {
    case 'daily':
      return ['FREQ=DAILY']
    case 'weekly': {
      const on = weekdays(pattern)
      const first = days[pattern.firstDayOfWeek?.toLowerCase() ?? ''] ?? 'SU'
      return on.length === 0 ? 'a weekly recurrence without a day' : ['FREQ=WEEKLY', `BYDAY=${on.join(',')}`, `WKST=${first}`]
    }
    case 'absoluteMonthly': {
      const on = dayOfMonth(pattern.dayOfMonth, 30)
      return on === undefined ? 'a monthly recurrence without a day' : ['FREQ=MONTHLY', ...on]
    }
    case 'relativeMonthly': {
      const on = nthDay(pattern)
      return on === undefined ? 'a monthly recurrence without a day of the week' : ['FREQ=MONTHLY', ...on]
    }
    case 'absoluteYearly': {
      const least = shortest[(pattern.month ?? 0) - 1]
      const on = least === undefined ? undefined : dayOfMonth(pattern.dayOfMonth, least)
      return on === undefined ? 'a yearly recurrence without a day' : ['FREQ=YEARLY', `BYMONTH=${pattern.month}`, ...on]
    }
    case 'relativeYearly': {
      const on = shortest[(pattern.month ?? 0) - 1] === undefined ? undefined : nthDay(pattern)
      return on === undefined ? 'a yearly recurrence without a day of the week' : ['FREQ=YEARLY', `BYMONTH=${pattern.month}`, ...on]
    }
    default:
      return `a recurrence of the type ${pattern.type ?? 'none'}`
  }
}

const weekdays = (pattern: Recurrence['pattern']): readonly string[] =>
  [...new Set(pattern.daysOfWeek.flatMap((day) => days[day.toLowerCase()] ?? []))].toSorted((a, b) => order.indexOf(a) - order.indexOf(b))

/** `every`: the last day that is in each of the months in question. The last day of the month is minus one, in every calendar there is. */
function dayOfMonth(day: number | null, every: number): readonly string[] | undefined {
  if (day === null || !Number.isInteger(day) || day < 1 || day > 31) return undefined
  return [`BYMONTHDAY=${day > every ? -1 : day}`]
}

function nthDay(pattern: Recurrence['pattern']): readonly string[] | undefined {
  const on = weekdays(pattern)
  const position = positions[pattern.index ?? 'first']
  if (on.length === 0 || position === undefined) return undefined
  return on.length === 1 ? [`BYDAY=${position}${on[0]}`] : [`BYDAY=${on.join(',')}`, `BYSETPOS=${position}`]
}

/**
 * The 29th or the last of February is a rule by the standard (BYMONTHDAY=28,29;BYSETPOS=-1), but ical.js, and so Thunderbird and Nextcloud,
 * shows both days: a missing day is the smaller evil (tried with ical.js 2.2.1).
 */
const missing = ({ type, dayOfMonth: day }: Recurrence['pattern']): Rule['problem'] | undefined =>
  type === 'absoluteMonthly' && (day === 29 || day === 30)
    ? {
        code: 'no-such-concept',
        detail: `a series on day ${day} of every month falls on the last day of February in Outlook; here it leaves February out`,
      }
    : undefined

function endOf(range: Recurrence['range']): { readonly parts: readonly string[]; readonly problem: string | null } {
  if (range.type === 'noEnd') return { parts: [], problem: null }
  if (range.type === 'numbered') {
    const count = range.numberOfOccurrences ?? 0
    return Number.isInteger(count) && count > 0
      ? { parts: [`COUNT=${count}`], problem: null }
      : { parts: [], problem: `an end after ${count} occurrences` }
  }
  const end = range.endDate ?? ''
  if (range.type !== 'endDate' || !/^\d{4}-\d\d-\d\d/.test(end) || end.startsWith('0001'))
    return { parts: [], problem: 'an end that cannot be read' }
  return { parts: [`UNTIL=${end.slice(0, 10).replaceAll('-', '')}`], problem: null }
}
