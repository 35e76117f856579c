import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import { type Mapping, degraded, mapObject } from '../../../src/dav/target/map.ts'
import type { Fill, ObjectOperation } from '../../../src/dav/target/operations.ts'
import { withoutScheduling } from '../../../src/standards/adapt.ts'
import { type Component, readComponents, writeComponent } from '../../../src/standards/component.ts'
import { parameter } from '../../../src/standards/lines.ts'
import { uriValue } from '../../../src/standards/text.ts'
import { vtimezone } from '../../../src/standards/timezone.ts'

export interface CalendarMapping extends Mapping {
  /** Bytes of attachments that go into one object. */
  readonly inlineUpTo: number
  /** Guests must be marked, or the server mails them. */
  readonly markGuests: boolean
}

/** An event or task, complete in itself: with its time zones, with the bytes of its attachments, and so that nobody is invited by it. */
export function mapCalendarObject(item: Item<'event' | 'task'>, mapping: CalendarMapping): Mapped<ObjectOperation> {
  const { directory } = mapping
  const place = item.kind === 'event' ? entryOf(item.body.calendar, directory.calendars) : entryOf(item.body.tasklist, directory.tasklists)
  return mapObject(
    item,
    place,
    () => {
      const { fills, losses } = attached(item, mapping.inlineUpTo)
      const plain = withoutMethod(withZones(item.body.ics))
      const guests = mapping.markGuests && /^ATTENDEE[;:]/im.test(plain)
      return { text: guests ? withoutScheduling(plain) : plain, fills, losses: guests ? [...losses, marked(item)] : losses }
    },
    mapping,
  )
}

function entryOf(id: string, all: ReadonlyMap<string, { readonly id: string; readonly body: { readonly owner: string } }>) {
  const entry = all.get(id)
  return entry === undefined ? undefined : { id, owner: entry.body.owner }
}

const marked = ({ id }: Item): Loss =>
  degraded(
    id,
    'excluded-by-policy',
    'scheduling',
    'its guests carry SCHEDULE-AGENT=NONE, so that nobody is invited anew: the server will not tell them of later changes either',
  )

/** Attachments whose bytes are in the vault, as long as they fit; the others keep their address. */
function attached(item: Item<'event' | 'task'>, inlineUpTo: number): { readonly fills: readonly Fill[]; readonly losses: readonly Loss[] } {
  const fills: Fill[] = []
  const losses: Loss[] = []
  let bytes = 0
  const named = new Set(readComponents(item.body.ics).flatMap(addressesIn))
  for (const { state, blob, url, name } of item.body.attachments) {
    const ref = blob === null ? null : (item.blobs[blob] ?? null)
    if (state === 'link') continue
    // An address stands in the text as text may hold it.
    const slot = [url ?? '', uriValue(url ?? '')].find((address) => named.has(address))
    if (ref === null) losses.push(degraded(item.id, 'withheld-by-source', 'ATTACH', `of "${name}" there are no bytes; its address stays`))
    else if (slot === undefined)
      losses.push(degraded(item.id, 'invalid-at-source', 'ATTACH', `"${name}" is not named in the text: left out`))
    else if (bytes + ref.bytes > inlineUpTo)
      losses.push(
        degraded(item.id, 'too-large', 'ATTACH', `"${name}" has ${ref.bytes} bytes, ${inlineUpTo} fit into an event; its address stays`),
      )
    else {
      bytes += ref.bytes
      fills.push({ slot, blob: ref })
    }
  }
  return { fills, losses }
}

const addressesIn = ({ lines, components }: Component): readonly string[] => [
  ...lines.flatMap((line) => (line.name === 'ATTACH' ? [line.value] : [])),
  ...components.flatMap(addressesIn),
]

/** A description of every time zone that is named and known. */
function withZones(ics: string): string {
  const calendars = readComponents(ics)
  const described = new Set(
    calendars
      .flatMap(({ components }) => components)
      .flatMap(({ name, lines }) => (name === 'VTIMEZONE' ? (lines.find((line) => line.name === 'TZID')?.value.trim() ?? []) : [])),
  )
  const missing = [...new Set(calendars.flatMap(zonesIn))].filter((zone) => !described.has(zone))
  const added = missing.flatMap((zone) => readComponents(vtimezone(zone) ?? ''))
  if (added.length === 0) return ics
  return calendars.map((calendar) => writeComponent({ ...calendar, components: [...added, ...calendar.components] })).join('')
}
const zonesIn = ({ name, lines, components }: Component): readonly string[] =>
  name === 'VTIMEZONE' ? [] : [...lines.flatMap((line) => parameter(line, 'TZID') ?? []), ...components.flatMap(zonesIn)]

/** What is stored must not be a message to somebody (RFC 4791 4.1). */
function withoutMethod(ics: string): string {
  if (!/^METHOD[;:]/im.test(ics)) return ics
  return readComponents(ics)
    .map((calendar) => writeComponent({ ...calendar, lines: calendar.lines.filter(({ name }) => name !== 'METHOD') }))
    .join('')
}
