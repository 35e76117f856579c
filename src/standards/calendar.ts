import { type Component, writeComponent } from './component.ts'
import { type Line, line, parameter, writeLine } from './lines.ts'
import { vtimezone } from './timezone.ts'
import { lastYear } from './transitions.ts'

/** Components as one VCALENDAR, with a VTIMEZONE for each TZID that is named in them, which reaches back as far as they do. */
export function calendarText(components: readonly Component[]): string {
  const timed = components.flatMap(timedLines)
  const zones = [...new Set(timed.map(({ zone }) => zone))].toSorted()
  const year = timed.reduce((least, each) => Math.min(least, each.year), lastYear)
  const head: readonly Line[] = [line('VERSION', '2.0'), line('PRODID', '-//fallreep//fallreep//EN'), line('CALSCALE', 'GREGORIAN')]
  const parts = [...zones.map((zone) => vtimezone(zone, year) ?? ''), ...components.map(writeComponent)]
  return `BEGIN:VCALENDAR\r\n${head.map(writeLine).join('')}${parts.join('')}END:VCALENDAR\r\n`
}

function timedLines({ lines, components }: Component): readonly { readonly zone: string; readonly year: number }[] {
  const own = lines.flatMap((each) => {
    const zone = parameter(each, 'TZID')
    const years = each.value.split(',').map((value) => Number(/^\d{4}/.exec(value.trim())?.[0] ?? lastYear))
    return zone === undefined ? [] : [{ zone, year: Math.min(...years) }]
  })
  return [...own, ...components.flatMap(timedLines)]
}
