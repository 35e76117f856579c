import * as fc from 'fast-check'
import type { CardDate, CardParts } from '../../../src/standards/card.ts'
import type { EventParts } from '../../../src/standards/event.ts'
import type { When } from '../../../src/standards/when.ts'
import { event } from './made-up.ts'

/** Text with all that has a meaning in the notation, without what may not stand in it. */
export const text = fc
  .array(fc.oneof(fc.constantFrom(',', ';', ':', '\\', '"', '^', '\n', '^n', '\\n', '=', ' ', 'ü', '🙂', '\t'), fc.string({ unit: 'grapheme', maxLength: 40 })), { maxLength: 6 })
  .map((parts) => parts.join('').toWellFormed().replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')) // prettier-ignore
export const words = text.map((value) => value.replaceAll(/\s+/g, ' ').trim() || 'x')

/** ical.js undoes backslashes in parameters, where they mean nothing (RFC 5545 3.2), and then loses count of the letters. */
const plain = words.map((value) => value.replaceAll('\\', '/'))
/** ical.js takes the comma behind an escaped backslash for an escaped comma. */
const category = words.map((value) => value.replace(/\\+$/, '') || 'x')

const day = fc
  .date({ min: new Date('1971-01-01'), max: new Date('2037-12-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 19))
export const when: fc.Arbitrary<When> = fc.oneof(
  day.map((at): When => ({ type: 'utc', at: `${at}Z` })),
  day.map((at): When => ({ type: 'date', date: at.slice(0, 10) })),
  day.map((local): When => ({ type: 'floating', local })),
  fc
    .tuple(day, fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kolkata'))
    .map(([local, zone]): When => ({ type: 'zoned', local, zone })),
)
const attendee = fc.record({
  address: fc.oneof(fc.constant(null), fc.emailAddress()),
  name: fc.oneof(fc.constant(null), plain),
  role: fc.constantFrom('required', 'optional', 'non-participant', 'chair'),
  type: fc.constantFrom('person', 'group', 'room', 'resource'),
  status: fc.constantFrom('needs-action', 'accepted', 'declined', 'tentative', 'delegated'),
  comment: fc.oneof(fc.constant(null), plain),
} as const)

export const anyEvent: fc.Arbitrary<EventParts> = fc
  .record({
    summary: words,
    description: text,
    location: text,
    start: when,
    organizer: fc.oneof(fc.constant(null), attendee),
    attendees: fc.array(attendee, { maxLength: 3 }),
    categories: fc.array(category, { maxLength: 3 }),
    excluded: fc.array(when, { maxLength: 3 }),
    extra: fc.array(fc.record({ name: fc.constantFrom('X-ONE', 'X-TWO'), value: text, params: fc.record({ 'X-P': plain }) }), {
      maxLength: 2,
    }),
  })
  .map((parts) => ({ ...event, end: null, ...parts }))

const typed = fc.record({
  value: words,
  types: fc.subarray(['home', 'work', 'cell', 'fax']),
  label: fc.oneof(fc.constant(null), words),
  preferred: fc.boolean(),
})
const date: fc.Arbitrary<CardDate> = fc.oneof(
  fc.record({ type: fc.constant('day' as const), year: fc.oneof(fc.constant(null), fc.integer({ min: 1000, max: 9999 })), month: fc.integer({ min: 1, max: 12 }), day: fc.integer({ min: 1, max: 28 }) }),
  words.map((text) => ({ type: 'text' as const, text: `about ${text}` })),
) // prettier-ignore
const nameParts = { family: text, given: text, additional: text, prefix: text, suffix: text, phoneticFamily: text, phoneticGiven: text }
const places = {
  poBox: text,
  extended: text,
  street: text,
  locality: text,
  region: text,
  postalCode: text,
  country: text,
  formatted: text.map((value) => value.replaceAll('\\', '/')),
}
const few = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(of, { maxLength: 2 })

export const anyCard: fc.Arbitrary<CardParts> = fc.record({
  uid: words,
  kind: fc.constantFrom('individual', 'group', 'org', 'location'),
  formattedName: words,
  name: fc.oneof(fc.constant(null), fc.record(nameParts)),
  nicknames: few(words),
  organizations: few(fc.record({ name: text, units: few(words), title: text, role: text })),
  emails: few(typed),
  phones: few(typed),
  addresses: few(typed.chain((one) => fc.record(places).map((place) => ({ ...one, ...place })))),
  urls: few(typed),
  ims: few(typed.chain((one) => fc.oneof(fc.constant(null), words).map((service) => ({ ...one, service })))),
  relations: few(typed),
  dates: few(fc.record({ date, label: words })),
  birthday: fc.oneof(fc.constant(null), date),
  anniversary: fc.oneof(fc.constant(null), date),
  notes: few(text),
  categories: few(category),
  members: few(words),
  languages: few(fc.constantFrom('de', 'en-GB')),
  gender: fc.oneof(fc.constant(null), fc.record({ sex: fc.constantFrom('M', 'F', 'O', null), text })),
  calendars: few(typed),
  freeBusy: few(typed),
  sip: few(typed),
  extra: few(fc.record({ name: fc.constantFrom('X-ONE', 'X-TWO'), value: text })),
  updatedAt: fc.constant(null),
})
