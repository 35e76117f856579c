import { type Line, line, parameter, readLines } from './lines.ts'
import { type When, asTypeOf, instantOf, settled, whenLine, writeWhen } from './when.ts'

/**
 * RRULE, RDATE, EXRULE and EXDATE as they must stand beside a DTSTART: UNTIL in UTC, or a date for whole days; EXDATE in the type and zone of the start.
 * Lines of other names are left out. Nothing is expanded.
 * @throws Fault `corrupt` for what is no content line
 */
export function recurrenceLines(recurrence: readonly string[], excluded: readonly When[], start: When): readonly Line[] {
  const lines = recurrence.flatMap((text) => [...readLines(text)])
  const out: Line[] = []
  const gone: When[] = [...excluded]
  for (const each of lines) {
    if (each.name === 'RRULE' || each.name === 'EXRULE') out.push(line(each.name, withUntil(each.value, start)))
    else if (each.name === 'RDATE') out.push(extraDates(each))
    else if (each.name === 'EXDATE') gone.push(...datesOf(each))
  }
  const dates = gone.map((when) => whenLine('EXDATE', asTypeOf(settled(when), start)))
  const once = new Map(dates.map((each) => [each.value, each]))
  return [...out, ...[...once.values()].toSorted((a, b) => (a.value < b.value ? -1 : 1))]
}

function withUntil(rule: string, start: When): string {
  return rule
    .split(';')
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [name = '', value = ''] = part.split('=')
      return name.trim().toUpperCase() === 'UNTIL' ? `UNTIL=${until(value.trim(), start)}` : part.trim()
    })
    .join(';')
}

function until(value: string, start: When): string {
  const when = dateOrTime(value, undefined)
  if (when === undefined) return value
  if (start.type === 'date') return writeWhen(when).slice(0, 8)
  if (start.type === 'floating') return when.type === 'date' ? `${writeWhen(when)}T235959` : writeWhen(when).replace('Z', '')
  // A date means that whole day, a time without a zone means the zone of the start.
  const local = when.type === 'date' ? `${when.date}T23:59:59` : when.type === 'floating' ? when.local : undefined
  if (local === undefined) return writeWhen(when)
  const at = start.type === 'zoned' ? instantOf({ type: 'zoned', local, zone: start.zone }) : `${local}Z`
  return writeWhen(at === undefined ? { type: 'floating', local } : { type: 'utc', at })
}

function extraDates(each: Line): Line {
  const zone = parameter(each, 'TZID')
  const value = parameter(each, 'VALUE')?.toUpperCase()
  const known = zone === undefined ? undefined : settled({ type: 'zoned', local: '', zone })
  const values = each.value.split(',').map((one) => one.trim())
  const utc = known?.type === 'utc'
  return line(each.name, values.map((one) => (utc && !one.includes('Z') ? `${one}Z` : one)).join(','), {
    VALUE: value === 'DATE' || value === 'PERIOD' ? value : /^\d{8}$/.test(values[0] ?? '') ? 'DATE' : null,
    TZID: known?.type === 'zoned' ? known.zone : null,
  })
}

function datesOf(each: Line): readonly When[] {
  const zone = parameter(each, 'TZID')
  return each.value.split(',').flatMap((value) => dateOrTime(value.trim(), zone) ?? [])
}

function dateOrTime(value: string, zone: string | undefined): When | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(value)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, utc] = match
  const date = `${year}-${month}-${day}`
  if (hour === undefined) return { type: 'date', date }
  const local = `${date}T${hour}:${minute}:${second}`
  if (utc !== undefined) return { type: 'utc', at: `${local}Z` }
  return zone === undefined ? { type: 'floating', local } : { type: 'zoned', local, zone }
}
