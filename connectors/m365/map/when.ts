import { ianaOfWindows } from '../../../src/standards/timezone.ts'
import { asTypeOf, settled, type When } from '../../../src/standards/when.ts'
import type { DateTimeZone } from '../fields.ts'

const found = new Map<string, string | undefined>()
/** A tenant has a few dozen; what is beyond this is no time zone. */
const most = 500

/** IANA name of what Graph calls a zone; undefined for none, for `tzone://Microsoft/Custom` and for names nobody knows. */
export function zoneOf(name: string | null): string | undefined {
  if (name === null) return undefined
  if (!found.has(name)) {
    if (found.size >= most) found.clear()
    found.set(name, ianaOfWindows(name))
  }
  return found.get(name)
}

/**
 * A `dateTimeTimeZone` on the clock of `zone`. Graph gives times in UTC and says separately in which zone they were entered
 * (https://learn.microsoft.com/graph/api/resources/datetimetimezone, read 2026-11-25). Whole days are midnight in UTC or in their zone.
 * Undefined: no time.
 */
export function whenOf(stamp: DateTimeZone, zone: string | undefined, wholeDay: boolean): When | undefined {
  const given = stamp === null ? undefined : instantGiven(stamp)
  if (given === undefined) return undefined
  const local = given.type === 'utc' ? given.at.slice(0, 19) : given.type === 'zoned' ? given.local : ''
  if (wholeDay && local.endsWith('T00:00:00')) return { type: 'date', date: local.slice(0, 10) }
  const placed = zone === undefined ? given : settled(asTypeOf(given, { type: 'zoned', local: '', zone }))
  if (!wholeDay) return placed
  return asTypeOf(placed, { type: 'date', date: '' })
}

function instantGiven({ dateTime, timeZone }: NonNullable<DateTimeZone>): When | undefined {
  const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.exec(dateTime)?.[0]
  if (local === undefined || Number.isNaN(Date.parse(`${local}Z`))) return undefined
  // A time without a zone, or in one that nobody knows, is in UTC: that is what Graph gives unless asked otherwise.
  return settled({ type: 'zoned', local, zone: zoneOf(timeZone) ?? 'UTC' })
}

/** ISO 8601, UTC, to the second, of a DateTimeOffset; null for none and for Graph's way to write "never". */
export function stampOf(given: string | null): string | null {
  if (given === null || given.startsWith('0001-') || !/^\d{4}-\d\d-\d\dT/.test(given)) return null
  const ms = Date.parse(given)
  return Number.isNaN(ms) ? null : `${new Date(ms).toISOString().slice(0, 19)}Z`
}
