import { findIana } from 'windows-iana'
import { knownZone } from './clock.ts'
import { type Transition, lastYear, offsetAt, transitionsOf } from './transitions.ts'

/**
 * The VTIMEZONE of an IANA name (aliases too), CRLF; undefined when the name is unknown. It holds from a year's beginning on: what the clocks
 * did since then stands in it date by date, what they will do as a rule where there is one, else date by date to 2037.
 */
export function vtimezone(tzid: string, fromYear = 1970): string | undefined {
  if (knownZone(tzid) === undefined) return undefined
  const key = `${fromYear} ${tzid}`
  const text = written.get(key) ?? write(tzid, fromYear)
  if (written.size > 1000) written.clear()
  written.set(key, text)
  return text
}
const written = new Map<string, string>()

function write(tzid: string, fromYear: number): string {
  const start = Date.UTC(Math.min(Math.max(fromYear, 1900), lastYear), 0, 1)
  const all = transitionsOf(tzid, fromYear < 1970 ? 1900 : 1970)
  const first = all.findLast(({ at }) => at <= start)
  const offset = first?.to ?? offsetAt(tzid, start)
  const rest = all.filter((each) => each.at > start && local(each).getUTCFullYear() <= lastYear)
  const before = first === undefined ? observance('STANDARD', { at: start, from: offset, to: offset }, []) : ''
  const kinds = Map.groupBy(
    [...(first === undefined ? [] : [first]), ...rest],
    (each) => `${each.from} ${each.to} ${isDaylight(each, all)}`,
  )
  const parts = [...kinds.values()].flatMap((kind) =>
    observances(kind, kind.some((each) => isDaylight(each, all)) ? 'DAYLIGHT' : 'STANDARD'),
  )
  return `BEGIN:VTIMEZONE\r\nTZID:${tzid}\r\n${before}${parts.join('')}END:VTIMEZONE\r\n`
}

/** The IANA name of a Windows time zone by CLDR (`W. Europe Standard Time`), of an IANA name itself, and of UTC; undefined when it is none of them. */
export function ianaOfWindows(name: string): string | undefined {
  const trimmed = name.trim()
  if (trimmed.toLowerCase() === 'tzone://microsoft/utc') return 'UTC'
  return knownZone(trimmed) ?? findIana(trimmed)[0]
}

/** Clocks go forward and come back within the year. */
function isDaylight({ at, from, to }: Transition, all: readonly Transition[]): boolean {
  const next = all.find((each) => each.at > at)
  return to > from && next !== undefined && next.to < next.from && next.at - at < 300 * DAY_MS
}

/** Changes of one kind: those that follow one rule to the end as that, those before date by date. */
function observances(kind: readonly Transition[], name: 'STANDARD' | 'DAYLIGHT'): readonly string[] {
  const ruled = longestRule(kind)
  const single = kind.slice(0, kind.length - (ruled?.count ?? 0))
  // The first one as well: some readers (ical.js) forget DTSTART where there is an RDATE.
  const dates = single.length < 2 ? [] : single.map((each) => `RDATE:${localText(each)}`)
  const head = single[0] === undefined ? [] : [observance(name, single[0], dates)]
  const from = kind[single.length]
  return ruled === undefined || from === undefined ? head : [...head, observance(name, from, [`RRULE:FREQ=YEARLY;${ruled.rule}`])]
}

function observance(name: string, first: Transition, more: readonly string[]): string {
  const lines = [
    `BEGIN:${name}`,
    `DTSTART:${localText(first)}`,
    `TZOFFSETFROM:${offsetText(first.from)}`,
    `TZOFFSETTO:${offsetText(first.to)}`,
    ...more,
  ]
  return `${lines.join('\r\n')}\r\nEND:${name}\r\n`
}

/** The longest series of years up to the last one that has one change of this kind each, all by one rule. */
function longestRule(kind: readonly Transition[]): { readonly count: number; readonly rule: string } | undefined {
  let best: { readonly count: number; readonly rule: string } | undefined
  for (let count = 1; count <= kind.length; count++) {
    const each = kind[kind.length - count]
    if (each === undefined || local(each).getUTCFullYear() !== lastYear + 1 - count) break
    const rule = commonRule(kind.slice(-count).map(local))
    if (rule === undefined && best !== undefined) break
    if (rule !== undefined && count >= 3) best = { count, rule }
  }
  return best
}

/** The same month, weekday and time; the same one of its month, the last of it, or one of seven days. */
function commonRule(dates: readonly Date[]): string | undefined {
  const same = (of: (date: Date) => number): boolean => new Set(dates.map(of)).size === 1
  const [date] = dates
  if (
    date === undefined ||
    !same((each) => each.getUTCMonth()) ||
    !same((each) => each.getUTCDay()) ||
    !same((each) => each.getTime() % DAY_MS)
  )
    return undefined
  const month = `BYMONTH=${date.getUTCMonth() + 1}`
  const weekday = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'][date.getUTCDay()] ?? ''
  if (dates.every(isLastOfMonth)) return `${month};BYDAY=-1${weekday}`
  const days = dates.map((each) => each.getUTCDate())
  if (same((each) => Math.ceil(each.getUTCDate() / 7))) return `${month};BYDAY=${Math.ceil(date.getUTCDate() / 7)}${weekday}`
  const [low, high] = [Math.min(...days), Math.max(...days)]
  return high - low === 6 ? `${month};BYMONTHDAY=${[0, 1, 2, 3, 4, 5, 6].map((more) => low + more).join(',')};BYDAY=${weekday}` : undefined
}

const isLastOfMonth = (date: Date): boolean => new Date(date.getTime() + 7 * DAY_MS).getUTCMonth() !== date.getUTCMonth()
/** What the clock showed when it was changed, as if it were UTC. */
const local = ({ at, from }: Transition): Date => new Date(at + from * 1000)
const localText = (each: Transition): string => local(each).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')

function offsetText(seconds: number): string {
  const total = Math.abs(seconds)
  const two = (number: number): string => String(Math.floor(number)).padStart(2, '0')
  const rest = total % 60 === 0 ? '' : two(total % 60)
  return `${seconds < 0 ? '-' : '+'}${two(total / 3600)}${two((total % 3600) / 60)}${rest}`
}
const DAY_MS = 86_400_000
