import type { JsonObject, JsonValue } from '../contract/json.ts'
import { Fault } from '../fault.ts'
import { canonicalJson } from '../model/canonical.ts'
import { calendarValues } from './canonical-calendar.ts'
import { cardValues } from './canonical-card.ts'
import { type CanonicalValue, byName, sorted } from './canonical-line.ts'
import { type Component, readComponents } from './component.ts'
import type { Line } from './lines.ts'
import { unescapeText } from './text.ts'

/**
 * What a calendar says, for comparison: equal for texts that differ in order, folding, letter case of names and words, quotes, defaults
 * written out, lists in one line or several. A VTIMEZONE counts by its TZID. Left out: DTSTAMP, PRODID, CREATED, LAST-MODIFIED, METHOD
 * and orders to a scheduling server. Attached bytes are their SHA-256. Nothing is expanded.
 * @throws Fault `corrupt` naming the line
 */
export function canonicalCalendar(ics: string): JsonValue {
  const calendars = only('VCALENDAR', readComponents(ics))
  const inside = calendars.flatMap(({ components }) => components)
  const zones = inside
    .filter(({ name }) => name === 'VTIMEZONE')
    .map(({ lines }) => lines.find(({ name }) => name === 'TZID')?.value.trim() ?? '')
  return {
    properties: byName(calendars.flatMap(({ lines }) => calendarEntries(lines))),
    zones: [...new Set(zones)].toSorted(),
    components: sorted(inside.filter(({ name }) => name !== 'VTIMEZONE').map(calendarComponent)),
  }
}

function calendarComponent({ name, lines, components }: Component): JsonObject {
  return { component: name, properties: byName(calendarEntries(lines)), components: sorted(components.map(calendarComponent)) }
}

function calendarEntries(lines: readonly Line[]): readonly (readonly [string, CanonicalValue])[] {
  return lines.flatMap((line) => calendarValues(line).map((value) => [line.name, value] as const))
}

/**
 * What a card says, for comparison: as for calendars, and the same for a card of version 3.0 and one of 4.0 that say the same. REV, VERSION
 * and PRODID are left out, pictures are the SHA-256 of their bytes. Lines of one group stand together; how the group is called does not matter.
 * @throws Fault `corrupt` naming the line
 */
export function canonicalCard(vcf: string): JsonValue {
  const lines = only('VCARD', readComponents(vcf)).flatMap((card) => withLabels(card.lines))
  const groups = Map.groupBy(lines, ({ group }) => group?.toLowerCase() ?? null)
  const [alone, together] = [[...(groups.get(null) ?? [])], [] as JsonObject[]]
  for (const [group, members] of groups) {
    if (group === null) continue
    if (members.length === 1) alone.push(...members)
    else together.push(byName(cardEntries(members)))
  }
  return { properties: byName(cardEntries(alone)), groups: sorted(together) }
}

function cardEntries(lines: readonly Line[]): readonly (readonly [string, CanonicalValue])[] {
  return lines.flatMap((line) => {
    const { name, values } = cardValues(line)
    return values.map((value) => [name, value] as const)
  })
}

/** LABEL is a property of its own in 3.0, and a parameter of the address it belongs to in 4.0: the one in its group, or of its types. */
function withLabels(lines: readonly Line[]): readonly Line[] {
  const labels = Map.groupBy(
    lines.filter(({ name }) => name === 'LABEL'),
    place,
  )
  if (labels.size === 0) return lines
  const used = new Set<Line>()
  const addressed = lines.map((line) => {
    const label = line.name === 'ADR' ? labels.get(place(line))?.shift() : undefined
    if (label === undefined) return line
    used.add(label)
    return { ...line, params: [...line.params, { name: 'LABEL', values: [unescapeText(label.value)] }] }
  })
  return addressed.filter((line) => !used.has(line))
}

/** What a LABEL and its ADR have in common. */
function place(line: Line): string {
  if (line.group !== null) return `group ${line.group.toLowerCase()}`
  return canonicalJson(
    cardValues({ ...line, name: 'ADR', value: '-' }).values.map(({ params }) => [params['TYPE'] ?? [], params['PREF'] ?? []]),
  )
}

function only(name: string, components: readonly Component[]): readonly Component[] {
  const other = components.find((component) => component.name !== name)
  if (other === undefined && components.length > 0) return components
  const found = other === undefined ? 'there is none' : `there is a ${other.name.slice(0, 40)}`
  throw new Fault({ code: 'corrupt', what: `A ${name} was expected`, why: `${found} from line 1 on` })
}
