import { type Component, writeComponent } from './component.ts'
import { type Line, line, parameter, writeLine } from './lines.ts'
import { vtimezone } from './timezone.ts'

/** Components as one VCALENDAR, with a VTIMEZONE for each TZID that is named in them. */
export function calendarText(components: readonly Component[]): string {
  const zones = [...new Set(components.flatMap(zonesOf))].toSorted()
  const head: readonly Line[] = [line('VERSION', '2.0'), line('PRODID', '-//fallreep//fallreep//EN'), line('CALSCALE', 'GREGORIAN')]
  const parts = [...zones.map((zone) => vtimezone(zone) ?? ''), ...components.map(writeComponent)]
  return `BEGIN:VCALENDAR\r\n${head.map(writeLine).join('')}${parts.join('')}END:VCALENDAR\r\n`
}

function zonesOf({ lines, components }: Component): readonly string[] {
  return [...lines.flatMap((each) => parameter(each, 'TZID') ?? []), ...components.flatMap(zonesOf)]
}
