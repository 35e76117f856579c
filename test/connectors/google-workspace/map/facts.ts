import type { CalendarFacts } from '../../../../connectors/google-workspace/map/event.ts'
import type { Json } from '../../../../connectors/google-workspace/json.ts'
import { itemId } from '../../../../src/contract/ids.ts'

export const facts = (more: Partial<CalendarFacts> = {}): CalendarFacts => ({
  place: ['ada@example.org'],
  item: itemId('calendar', 'ada@example.org'),
  address: 'ada@example.org',
  zone: 'Europe/Berlin',
  reminders: [{ method: 'popup', minutes: 15 }],
  ...more,
})

/** An event as Google gives one, with what a test says differently. */
export const given = (more: Json = {}): Json => ({
  kind: 'calendar#event',
  id: 'abc',
  status: 'confirmed',
  created: '2026-01-01T10:00:00.000Z',
  updated: '2026-01-02T10:00:00.123Z',
  summary: 'Lunch',
  creator: { email: 'ada@example.org', self: true },
  organizer: { email: 'ada@example.org', self: true },
  start: { dateTime: '2026-03-02T12:00:00+01:00', timeZone: 'Europe/Berlin' },
  end: { dateTime: '2026-03-02T13:00:00+01:00', timeZone: 'Europe/Berlin' },
  iCalUID: 'abc@google.com',
  sequence: 0,
  reminders: { useDefault: false },
  eventType: 'default',
  ...more,
})

/** Unfolded lines of a text in one of the two formats. */
export const linesOf = (text: string): readonly string[] =>
  text
    .replaceAll(/\r\n[ \t]/g, '')
    .split('\r\n')
    .filter((line) => line !== '')
