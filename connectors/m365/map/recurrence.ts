import type { Recurrence } from '../fields.ts'

/** What became of a recurrence. `rule`: the value of RRULE, undefined when it cannot be told; `problem`: what had to be left out. */
export interface Rule {
  readonly rule: string | undefined
  readonly problem: string | null
}

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
/** Days that every year's month has; beyond it Outlook falls back to the month's last day, where RFC 5545 would skip the month. */
const shortest = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/**
 * A `patternedRecurrence` as RRULE. The last day is a date, which the composer makes the end of that day on the clock of the start, in UTC.
 * Pages: https://learn.microsoft.com/graph/api/resources/recurrencepattern and recurrencerange (read 2026-11-25).
 */
export function ruleOf({ pattern, range }: Recurrence): Rule {
  const parts = partsOf(pattern)
  if (typeof parts === 'string') return { rule: undefined, problem: parts }
  const interval = pattern.interval ?? 1
  if (!Number.isInteger(interval) || interval < 1) return { rule: undefined, problem: `an interval of ${interval}` }
  const end = endOf(range)
  const rule = [parts[0], ...(interval === 1 ? [] : [`INTERVAL=${interval}`]), ...end.parts, ...parts.slice(1)].join(';')
  return { rule, problem: end.problem }
}

/** The parts of a rule, its FREQ first; text says what is wrong. */
function partsOf(pattern: Recurrence['pattern']): string | readonly string[] {
  switch (pattern.type) {
    case 'daily':
      return ['FREQ=DAILY']
    case 'weekly': {
      const on = weekdays(pattern)
      const first = days[pattern.firstDayOfWeek?.toLowerCase() ?? ''] ?? 'SU'
      return on.length === 0 ? 'a weekly recurrence without a day' : ['FREQ=WEEKLY', `BYDAY=${on.join(',')}`, `WKST=${first}`]
    }
    case 'absoluteMonthly': {
      const on = dayOfMonth(pattern.dayOfMonth, 28)
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

/** `every`: the last day that is in each of the months in question. */
function dayOfMonth(day: number | null, every: number): readonly string[] | undefined {
  if (day === null || !Number.isInteger(day) || day < 1 || day > 31) return undefined
  if (day <= every) return [`BYMONTHDAY=${day}`]
  if (day === 31) return ['BYMONTHDAY=-1']
  const either = Array.from({ length: day - every + 1 }, (_, at) => every + at)
  return [`BYMONTHDAY=${either.join(',')}`, 'BYSETPOS=-1']
}

function nthDay(pattern: Recurrence['pattern']): readonly string[] | undefined {
  const on = weekdays(pattern)
  const position = positions[pattern.index ?? 'first']
  if (on.length === 0 || position === undefined) return undefined
  return on.length === 1 ? [`BYDAY=${position}${on[0]}`] : [`BYDAY=${on.join(',')}`, `BYSETPOS=${position}`]
}

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
