import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import { type Mapping, degraded, mapPlace } from '../../../src/dav/target/map.ts'
import type { PlaceOperation } from '../../../src/dav/target/operations.ts'
import { cleanText } from '../../../src/standards/text.ts'
import { vtimezone } from '../../../src/standards/timezone.ts'

/** A calendar with its colour and time zone. Who else may see it is set on the server, never imported. */
export function mapCalendar(item: Item<'calendar'>, mapping: Mapping): Mapped<PlaceOperation> {
  const { access, color, description, hidden, reminders, timezone } = item.body
  const losses: Loss[] = []
  const others = access.filter(({ role }) => role !== 'owner')
  if (others.length > 0)
    losses.push(
      degraded(
        item.id,
        'access-narrowed',
        'access',
        `shared with ${others.length} at the source, with nobody there: CalDAV has no word for it, share it again`,
      ),
    )
  if (reminders.length > 0)
    losses.push(
      degraded(item.id, 'no-such-concept', 'reminders', 'a calendar has no reminders of its own; those that stand in events are carried'),
    )
  if (hidden) losses.push(degraded(item.id, 'no-such-concept', 'hidden', 'it was hidden in the list of calendars, and is shown'))
  const zone = timezone === null ? undefined : vtimezone(timezone)
  if (timezone !== null && zone === undefined)
    losses.push(degraded(item.id, 'no-such-concept', 'timezone', `${timezone} is no time zone that is known here`))
  const properties = {
    description: description === '' ? null : cleanText(description),
    color: colorOf(color),
    timezone: zone === undefined ? null : `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//fallreep//fallreep//EN\r\n${zone}END:VCALENDAR\r\n`,
    components: ['VEVENT'],
  }
  return mapPlace(item, properties, losses, mapping)
}

/** A list of tasks is a calendar that takes nothing else. */
export function mapTasklist(item: Item<'tasklist'>, mapping: Mapping): Mapped<PlaceOperation> {
  return mapPlace(item, { description: null, color: colorOf(item.body.color), timezone: null, components: ['VTODO'] }, [], mapping)
}

function colorOf(color: string | null): string | null {
  const match = /^#?([0-9a-f]{6})([0-9a-f]{2})?$/i.exec(color?.trim() ?? '')
  return match === null ? null : `#${match[1]?.toLowerCase() ?? ''}`
}
