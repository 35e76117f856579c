import type { Fields } from '../../src/contract/target.ts'
import type { JsonObject, JsonValue } from '../../src/contract/json.ts'
import type { Format } from '../../src/dav/target/format.ts'
import { Fault } from '../../src/fault.ts'
import { withAttachments } from '../../src/standards/adapt.ts'
import { canonicalCalendar } from '../../src/standards/canonical.ts'
import { type Component, readComponents, writeComponent } from '../../src/standards/component.ts'
import { parameter } from '../../src/standards/lines.ts'
import { escapeText, unescapeText } from '../../src/standards/text.ts'

/** Calendars on the wire. One object is a VCALENDAR with everything that has one UID. */
export const calendarFormat: Format = {
  kind: 'calendar',
  extension: 'ics',
  mediaType: 'text/calendar; charset=utf-8',
  fieldsOf,
  uidOf,
  componentOf: (text) => things(readComponents(text))[0]?.name ?? 'VEVENT',
  withUid: (text, uid) =>
    rewritten(text, (thing) => ({
      ...thing,
      lines: thing.lines.map((line) => (line.name === 'UID' ? { ...line, value: escapeText(uid) } : line)),
    })),
  filled: (text, fillings) => withAttachments(text, (url) => fillings.get(url)),
  // Radicale 3.1.8 makes up the time zones of the parts of a whole anew, wrong by an hour, and takes 70 ms for each (vobject 0.9.6 settzinfo).
  fitsWhole: (text) => !/TZID/i.test(text),
  whole,
}

const kinds = new Set(['VEVENT', 'VTODO', 'VJOURNAL'])
const things = (calendars: readonly Component[]): readonly Component[] =>
  calendars.flatMap(({ components }) => components).filter(({ name }) => kinds.has(name))

function uidOf(text: string): string {
  const calendars = readComponents(text)
  const uids = new Set(things(calendars).map(({ lines }) => unescapeText(lines.find(({ name }) => name === 'UID')?.value.trim() ?? '')))
  const [uid] = uids
  if (uid === undefined || uid === '' || uids.size !== 1 || calendars.length !== 1)
    throw new Fault({
      code: 'corrupt',
      what: 'A calendar object must be one event or task with one UID',
      why: uid === undefined ? 'there is none in it' : uid === '' ? 'it has no UID' : `there are ${uids.size} in it`,
    })
  return uid
}

interface CanonicalThing {
  readonly component: string
  readonly properties: JsonObject
  readonly components: readonly JsonValue[]
}
/**
 * Property by property of the event or task itself, its exceptions by their time, and the time zones that are named and not described. What stands
 * around it (name of the file, time zones nobody uses) is not its own: servers that file it anew leave that out (Radicale 3.1.8).
 */
function fieldsOf(text: string): Fields {
  const { components, zones } = canonicalCalendar(text) as {
    readonly components: readonly (CanonicalThing & JsonObject)[]
    readonly zones: readonly string[]
  }
  const fields: Record<string, JsonValue> = {}
  for (const { component, properties, components: inside } of components) {
    const [recurrence] = Array.isArray(properties['RECURRENCE-ID']) ? (properties['RECURRENCE-ID'] as readonly JsonValue[]) : []
    const all = { ...properties, ...(inside.length === 0 ? {} : { alarms: inside }), component }
    if (recurrence === undefined) Object.assign(fields, all)
    else fields[`exception ${timeIn(recurrence)}`] = all
  }
  const described = new Set(zones)
  const named = new Set(things(readComponents(text)).flatMap(zonesIn))
  return { ...fields, 'time zones missing': [...named].filter((zone) => !described.has(zone)).toSorted() }
}
/** A canonical value is bare, or stands beside its parameters. */
const timeIn = (value: JsonValue): string =>
  typeof value === 'object' && value !== null && 'value' in value ? JSON.stringify(value['value']) : JSON.stringify(value)
const zonesIn = ({ lines, components }: Component): readonly string[] => [
  ...lines.flatMap((line) => parameter(line, 'TZID') ?? []),
  ...components.flatMap(zonesIn),
]

function rewritten(text: string, change: (thing: Component) => Component): string {
  return readComponents(text)
    .map((calendar) =>
      writeComponent({ ...calendar, components: calendar.components.map((one) => (kinds.has(one.name) ? change(one) : one)) }),
    )
    .join('')
}

/** One calendar with everything. */
function whole(texts: readonly string[]): string {
  const calendars = texts.flatMap(readComponents)
  const lines = calendars[0]?.lines.filter(({ name }) => name === 'VERSION' || name === 'PRODID' || name === 'CALSCALE') ?? []
  return writeComponent({ name: 'VCALENDAR', lines, components: calendars.flatMap(({ components }) => components) })
}
