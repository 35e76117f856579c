import { type Line, line } from './lines.ts'
import { instantOfWall, knownZone, wallClock } from './clock.ts'
import { ianaOfWindows } from './timezone.ts'

/**
 * A day, or a time. `date` is `2026-03-01`; `local` is `2026-03-01T09:00:00`, what the clock shows; `at` is ISO 8601, UTC;
 * `zone` is an IANA name. `floating`: that time wherever one is.
 */
export type When =
  | { readonly type: 'date'; readonly date: string }
  | { readonly type: 'zoned'; readonly local: string; readonly zone: string }
  | { readonly type: 'utc'; readonly at: string }
  | { readonly type: 'floating'; readonly local: string }

/** The instant as ISO 8601, UTC, to the second (`2026-03-01T08:00:00Z`); undefined for a date, a floating time, an unknown zone or what is no time. */
export function instantOf(when: When): string | undefined {
  const ms = when.type === 'utc' ? Date.parse(when.at) : when.type === 'zoned' ? instantOfWall(when.zone, when.local) : undefined
  return ms === undefined || Number.isNaN(ms) ? undefined : isoSeconds(ms)
}

/** What `Event.start` of the model holds: the instant, a date for whole days, null when it cannot be told. */
export function startOf(when: When): string | null {
  return when.type === 'date' ? when.date : (instantOf(when) ?? null)
}

const isoSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
const basic = (iso: string): string => iso.replace(/\.\d+/, '').replaceAll(/[-:]/g, '')

/** A date or time in the notation of iCalendar: `20260301`, `20260301T090000`, `20260301T080000Z`. */
export function writeWhen(when: When): string {
  if (when.type === 'date') return basic(when.date)
  if (when.type === 'utc') return basic(instantOf(when) ?? when.at)
  return basic(when.local)
}

/**
 * A property that is a date or time, with its VALUE or TZID. A zone that nobody knows cannot be a TZID (it would need a VTIMEZONE):
 * the time is then floating, and the name stands in X-TZID.
 */
export function whenLine(name: string, when: When): Line {
  const zone = when.type === 'zoned' ? when.zone : null
  const tzid = zone !== null && knownZone(zone) === undefined ? 'X-TZID' : 'TZID'
  return line(name, writeWhen(when), { VALUE: when.type === 'date' ? 'DATE' : null, [tzid]: zone })
}

/** The same with UTC instead of a zone that means it, and a Windows name replaced by the IANA name; a zone nobody knows stays. */
export function settled(when: When): When {
  if (when.type !== 'zoned') return when
  const zone = ianaOfWindows(when.zone) ?? when.zone
  return utcNames.has(zone) ? { type: 'utc', at: `${when.local}Z` } : { ...when, zone }
}
const utcNames = new Set(['UTC', 'Etc/UTC', 'Etc/UCT', 'UCT', 'Zulu', 'Etc/Zulu', 'Universal', 'Etc/Universal'])

/**
 * A time in the type (and zone) of another, as EXDATE and RECURRENCE-ID must be in that of DTSTART.
 * A date becomes that day at the other's time of day. What cannot be told (unknown zone) stays as it is.
 */
export function asTypeOf(when: When, model: When): When {
  if (when.type === 'date') return model.type === 'date' ? when : withDate(model, when.date)
  if (model.type === 'utc') return { type: 'utc', at: instantOf(when) ?? (when.type === 'utc' ? when.at : `${when.local}Z`) }
  const local = localIn(when, model.type === 'zoned' ? model.zone : undefined)
  if (local === undefined) return when
  if (model.type === 'date') return { type: 'date', date: local.slice(0, 10) }
  return { ...model, local }
}

function withDate(model: When, date: string): When {
  if (model.type === 'date') return { type: 'date', date }
  if (model.type === 'utc') return { type: 'utc', at: `${date}${(instantOf(model) ?? model.at).slice(10)}` }
  return { ...model, local: `${date}${model.local.slice(10)}` }
}

/** What the clock of a zone shows; without a zone, what the time itself says; undefined when it cannot be told. */
function localIn(when: Exclude<When, { type: 'date' }>, zone: string | undefined): string | undefined {
  const own = when.type === 'utc' ? when.at.slice(0, 19) : when.local
  if (zone === undefined || when.type === 'floating' || (when.type === 'zoned' && when.zone === zone)) return own
  const instant = instantOf(when)
  const wall = instant === undefined ? undefined : wallClock(zone, Date.parse(instant))
  return wall === undefined ? undefined : isoSeconds(wall).slice(0, 19)
}
