import { tzlib_get_ical_block, tzlib_get_timezones } from 'timezones-ical-library'
import { findIana } from 'windows-iana'

const known = new Set(tzlib_get_timezones())

/** The VTIMEZONE of an IANA name (aliases too), CRLF; undefined when the name is unknown. */
export function vtimezone(tzid: string): string | undefined {
  if (!known.has(tzid)) return undefined
  const [block] = tzlib_get_ical_block(tzid)
  return block === undefined ? undefined : `${block.replace(/\r\nTZID:[^\r]*/, `\r\nTZID:${tzid}`)}\r\n`
}

/** The IANA name of a Windows time zone by CLDR (`W. Europe Standard Time`), of an IANA name itself, and of UTC; undefined when it is none of them. */
export function ianaOfWindows(name: string): string | undefined {
  const trimmed = name.trim()
  return canonicalZone(trimmed) ?? findIana(trimmed)[0]
}

/** An IANA name in its own letter case; undefined when it is unknown. */
function canonicalZone(name: string): string | undefined {
  if (known.has(name)) return name
  const folded = name.toLowerCase()
  return [...known].find((each) => each.toLowerCase() === folded)
}

const formats = new Map<string, Intl.DateTimeFormat | undefined>()
function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(zone)) formats.set(zone, newFormat(zone))
  return formats.get(zone)
}
function newFormat(zone: string): Intl.DateTimeFormat | undefined {
  if (!/^[A-Za-z]/.test(zone)) return undefined
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
  } catch {
    return undefined
  }
}

/** The wall clock of a zone at an instant, as if it were UTC: milliseconds since 1970; undefined when the zone is unknown. */
export function wallClock(zone: string, epochMs: number): number | undefined {
  const format = formatOf(zone)
  if (format === undefined || Number.isNaN(epochMs)) return undefined
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  for (const { type, value } of format.formatToParts(epochMs)) part[type] = Number(value)
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second)
}

/**
 * The instant at which the clock of a zone shows a time, in milliseconds since 1970; undefined when zone or time is none.
 * Shown twice (clocks go back): the first. Never shown (clocks go forward): by the offset from before, as RFC 5545 3.3.5 says.
 */
export function instantOfWall(zone: string, local: string): number | undefined {
  const wall = Date.parse(`${local}Z`)
  const before = wallClock(zone, wall - DAY_MS)
  const after = wallClock(zone, wall + DAY_MS)
  if (before === undefined || after === undefined) return undefined
  const early = wall - (before - (wall - DAY_MS))
  if (wallClock(zone, early) === wall) return early
  const late = wall - (after - (wall + DAY_MS))
  return wallClock(zone, late) === wall ? late : early
}
const DAY_MS = 86_400_000
