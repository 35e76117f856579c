import { asTypeOf, type When } from '../../../src/standards/when.ts'
import { filled, instant, type Json } from '../json.ts'

/**
 * Start, end or original start of an event. A time is written with the offset of the *calendar's* zone, whatever zone the event is in,
 * so it goes through the instant. `zone`: of the calendar, for times that say neither offset nor zone.
 * Read 2026-11-25: https://developers.google.com/workspace/calendar/api/v3/reference/events
 */
export function whenOf(given: Json | undefined, zone: string | null): When | undefined {
  const date = filled(given?.['date'])
  if (date !== null) return realDate(date) ? { type: 'date', date } : undefined
  const time = filled(given?.['dateTime'])
  if (time === null) return undefined
  const own = filled(given?.['timeZone'])
  const [, local, fraction, offset] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/i.exec(time) ?? []
  if (local === undefined || !realDate(local.slice(0, 10)) || Number.isNaN(Date.parse(`${local}Z`))) return undefined
  if (offset === undefined) {
    const known = own ?? zone
    return known === null ? { type: 'floating', local } : { type: 'zoned', local, zone: known }
  }
  const at = instant(`${local}${fraction ?? ''}${offset}`)
  if (at === null) return undefined
  const utc: When = { type: 'utc', at: `${at.slice(0, 19)}Z` }
  return own === null ? utc : asTypeOf(utc, { type: 'zoned', local, zone: own })
}

/** The start an occurrence had, from the end of its id (`…_20260302T080000Z`), where Google says nothing else of it. */
export function whenOfId(id: string): When | undefined {
  const [, year, month, day, hour, minute, second] = /_(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?$/.exec(id) ?? []
  const date = `${year}-${month}-${day}`
  if (year === undefined || !realDate(date)) return undefined
  return hour === undefined ? { type: 'date', date } : { type: 'utc', at: `${date}T${hour}:${minute}:${second}Z` }
}

/** Dates that no calendar has (the 30th of February) are none. */
function realDate(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`)
  return /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date)
}
