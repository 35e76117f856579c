import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Json } from '../../../../connectors/google-workspace/json.ts'
import { calendar } from '../../../../connectors/google-workspace/map/calendar.ts'
import { contact } from '../../../../connectors/google-workspace/map/contact.ts'
import { event } from '../../../../connectors/google-workspace/map/event.ts'
import { task } from '../../../../connectors/google-workspace/map/task.ts'
import { itemId } from '../../../../src/contract/ids.ts'
import { Calendar } from '../../../../src/model/calendar.ts'
import { Contact } from '../../../../src/model/contact.ts'
import { Event } from '../../../../src/model/event.ts'
import { Task } from '../../../../src/model/task.ts'
import { canonicalCalendar, canonicalCard } from '../../../../src/standards/canonical.ts'
import { facts, given } from './facts.ts'

/** JSON that Google might send on its worst day: a field of the right shape, of the wrong one, or of nonsense. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('', '\u0000', 'a\r\nBEGIN:VEVENT', '";:,\\', '\ud800', 'x'.repeat(300), '<b>', 'mailto:'),
)
const when = fc.oneof(
  fc.record({ date: fc.oneof(fc.constant('2026-02-28'), text) }),
  fc.record({
    dateTime: fc.oneof(fc.constant('2026-03-02T12:00:00+01:00'), text),
    timeZone: fc.oneof(fc.constantFrom('Europe/Berlin', 'Mars/Olympus'), text),
  }),
)
const entry = fc.dictionary(
  fc.constantFrom(
    'value',
    'type',
    'email',
    'displayName',
    'url',
    'uri',
    'date',
    'metadata',
    'key',
    'person',
    'minutes',
    'method',
    'role',
    'scope',
    'fileUrl',
    'title',
  ),
  fc.oneof(
    text,
    fc.integer(),
    fc.constant(null),
    fc.record({ year: fc.integer(), month: fc.integer(), day: fc.integer(), primary: fc.boolean(), value: text }),
  ),
)
const value = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.constant(null),
  entry,
  fc.array(fc.oneof(entry, text, fc.constant(null)), { maxLength: 4 }),
  when,
  fc.jsonValue(),
)
const of = (fields: readonly string[]): fc.Arbitrary<Json> => fc.dictionary(fc.constantFrom(...fields), value)

const eventFields = [
  'summary',
  'description',
  'location',
  'start',
  'end',
  'attendees',
  'organizer',
  'creator',
  'recurrence',
  'reminders',
  'attachments',
  'conferenceData',
  'hangoutLink',
  'extendedProperties',
  'source',
  'colorId',
  'eventType',
  'status',
  'visibility',
  'created',
  'updated',
  'sequence',
  'originalStartTime',
  'recurringEventId',
  'workingLocationProperties',
  'iCalUID',
  'id',
] as const
const personFields = [
  'names',
  'nicknames',
  'organizations',
  'occupations',
  'emailAddresses',
  'phoneNumbers',
  'addresses',
  'urls',
  'imClients',
  'relations',
  'events',
  'birthdays',
  'biographies',
  'memberships',
  'locales',
  'genders',
  'calendarUrls',
  'sipAddresses',
  'userDefined',
  'interests',
  'photos',
  'metadata',
  'moods',
  'locations',
] as const

test('whatever an event says, it becomes an object that can be read, or a loss', () => {
  fc.assert(
    fc.property(fc.array(of(eventFields), { minLength: 1, maxLength: 3 }), text, (parts, uid) => {
      const { body, losses } = event(
        uid,
        parts.map((part) => given(part)),
        facts(),
      )
      const gone = parts.every((part) => part['status'] === 'cancelled')
      expect(body !== undefined || losses.length > 0 || gone).toBe(true)
      if (body !== undefined) canonicalCalendar(Event.parse(body).ics)
    }),
    { numRuns: 400 },
  )
})

test('whatever a contact says, it becomes a card that can be read', () => {
  fc.assert(
    fc.property(of(personFields), (person) => {
      const { body } = contact({ resourceName: 'people/c1', ...person }, '100', itemId('addressbook', '100', 'other'), new Map())
      expect(canonicalCard(Contact.parse(body).vcf)).toBeDefined()
    }),
    { numRuns: 400 },
  )
})

test('whatever a task or a calendar says, it becomes an item', () => {
  fc.assert(
    fc.property(
      of(['title', 'notes', 'due', 'completed', 'status', 'parent', 'position', 'links', 'assignmentInfo', 'updated']),
      (given) => {
        const { body } = task({ id: 't', ...given }, '100', 'l', itemId('tasklist', '100', 'l'))
        expect(canonicalCalendar(Task.parse(body).ics)).toBeDefined()
      },
    ),
    { numRuns: 300 },
  )
  fc.assert(
    fc.property(
      of(['summary', 'description', 'timeZone', 'defaultReminders', 'backgroundColor', 'primary']),
      fc.array(entry),
      (given, acl) => {
        Calendar.parse(calendar({ id: 'c', ...given }, acl, itemId('account', '100'), itemId('calendar', 'c')).body)
      },
    ),
  )
})
