import { type CanonicalValue, canonicalParams, hashOfBase64 } from './canonical-line.ts'
import type { Line } from './lines.ts'
import { splitUnescaped, unescapeText } from './text.ts'

/** Who wrote it and when is not what it says. */
const ignored = new Set(['DTSTAMP', 'PRODID', 'LAST-MODIFIED', 'CREATED', 'VERSION', 'METHOD'])
const caseless = new Set([
  'ROLE',
  'CUTYPE',
  'PARTSTAT',
  'RSVP',
  'VALUE',
  'RELATED',
  'FEATURE',
  'RELTYPE',
  'FBTYPE',
  'ENCODING',
  'FMTTYPE',
  'RANGE',
])
/** Orders to the server that takes it, and notations the value itself shows. */
const ignoredParams = new Set(['SCHEDULE-AGENT', 'SCHEDULE-STATUS', 'SCHEDULE-FORCE-SEND', 'VALUE', 'ENCODING'])
/** What a missing word means (RFC 5545; read 2026-11-25). */
const defaultParams: Readonly<Record<string, string>> = {
  ROLE: 'REQ-PARTICIPANT',
  CUTYPE: 'INDIVIDUAL',
  PARTSTAT: 'NEEDS-ACTION',
  RSVP: 'FALSE',
  RELATED: 'START',
  RELTYPE: 'PARENT',
}
const defaultValues: Readonly<Record<string, string>> = {
  SEQUENCE: '0',
  PRIORITY: '0',
  TRANSP: 'OPAQUE',
  CLASS: 'PUBLIC',
  CALSCALE: 'GREGORIAN',
}
const words = new Set(['STATUS', 'TRANSP', 'CLASS', 'ACTION', 'CALSCALE'])
const numbers = new Set(['SEQUENCE', 'PRIORITY', 'PERCENT-COMPLETE', 'REPEAT'])
const times = new Set(['DTSTART', 'DTEND', 'DUE', 'RECURRENCE-ID', 'EXDATE', 'RDATE', 'COMPLETED'])
const textLists = new Set(['CATEGORIES', 'RESOURCES'])
const addresses = new Set(['URL', 'ATTACH', 'CONFERENCE', 'IMAGE', 'SOURCE'])

/** The values of one line: several where the standard lists them in one. None: it says nothing. */
export function calendarValues(line: Line): readonly CanonicalValue[] {
  if (ignored.has(line.name)) return []
  const raw = canonicalParams(line, caseless)
  const values = valuesOf(line, raw).filter((value) => value !== defaultValues[line.name])
  const kept = Object.entries(raw).filter(
    ([name, [first]]) => !ignoredParams.has(name) && first !== undefined && first !== defaultParams[name],
  )
  return values.map((value) => ({ params: Object.fromEntries(kept), value }))
}

function valuesOf({ name, value }: Line, params: Readonly<Record<string, readonly string[]>>): readonly string[] {
  if (params['VALUE']?.[0] === 'BINARY') return [hashOfBase64(value)]
  if (times.has(name)) return value.split(',').map((one) => one.trim().toUpperCase())
  if (name === 'RRULE' || name === 'EXRULE') return [rule(value)]
  if (name === 'DURATION' || name === 'TRIGGER') return [duration(value)]
  if (textLists.has(name)) return splitUnescaped(value, ',').map(unescapeText)
  if (words.has(name)) return [value.trim().toUpperCase()]
  if (numbers.has(name)) return [String(Number(value))]
  if (name === 'ORGANIZER' || name === 'ATTENDEE') return [value.trim().toLowerCase()]
  if (addresses.has(name)) return [value.trim()]
  return [unescapeText(value)]
}

/** Parts in one order, without those that say what holds anyway. */
function rule(value: string): string {
  return value
    .toUpperCase()
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'INTERVAL=1' && part !== 'WKST=MO')
    .map((part) => {
      const [name = '', list = ''] = part.split('=')
      return `${name}=${list.split(',').toSorted().join(',')}`
    })
    .toSorted()
    .join(';')
}

/** Days and seconds: `-P0DT0H15M0S` and `-PT15M` are the same; a day is not 24 hours. */
function duration(value: string): string {
  const match = /^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/i.exec(value.trim())
  if (match === null) return value.trim().toUpperCase()
  const [, sign, weeks, days, hours, minutes, seconds] = match
  const number = (text: string | undefined): number => Number(text ?? 0)
  const whole = number(weeks) * 7 + number(days)
  const rest = number(hours) * 3600 + number(minutes) * 60 + number(seconds)
  return `${sign === '-' && whole + rest > 0 ? '-' : ''}${whole}d${rest}s`
}
