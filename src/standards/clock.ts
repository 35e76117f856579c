/** Offsets and clocks of IANA time zones, from the copy of the time zone database that comes with Node. */
const formats = new Map<string, Intl.DateTimeFormat | undefined>()

function formatOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!formats.has(zone)) {
    // Names come from outside: without a bound, a hostile calendar fills the memory with them.
    if (formats.size > 1000) formats.clear()
    formats.set(zone, newFormat(zone))
  }
  return formats.get(zone)
}

function newFormat(zone: string): Intl.DateTimeFormat | undefined {
  // Intl takes +01:00 as well; a TZID is a name.
  if (!/^[A-Za-z][\w+/-]*$/.test(zone)) return undefined
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
}

/** An IANA name (aliases too) in its usual letter case; undefined when it is unknown. */
export function knownZone(name: string): string | undefined {
  const resolved = formatOf(name)?.resolvedOptions().timeZone
  // An alias stays what it is: ICU's idea of the main name is often the old one.
  return resolved?.toLowerCase() === name.toLowerCase() ? resolved : resolved && name
}

/** The wall clock of a zone at an instant, as if it were UTC: milliseconds since 1970; undefined when the zone is unknown or the instant none. */
export function wallClock(zone: string, epochMs: number): number | undefined {
  const format = formatOf(zone)
  if (format === undefined || !(Math.abs(epochMs) < 8.64e15)) return undefined
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {}
  let before = false
  for (const { type, value } of format.formatToParts(epochMs)) {
    if (type === 'era') before = value.startsWith('B')
    else part[type] = Number(value)
  }
  const year = before ? 1 - (part.year ?? 1) : (part.year ?? 0)
  const clock = new Date(0)
  // Date.UTC takes years below 100 for those after 1900.
  clock.setUTCFullYear(year, (part.month ?? 1) - 1, part.day)
  return clock.setUTCHours(part.hour ?? 0, part.minute, part.second)
}

/**
 * The instant at which the clock of a zone shows a time, in milliseconds since 1970; undefined when zone or time is none.
 * Shown twice (clocks go back): the first. Never shown (clocks go forward): by the offset from before. RFC 5545 3.3.5 says so, read 2026-11-25.
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
