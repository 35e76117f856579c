import * as fc from 'fast-check'
import ICAL from 'ical.js'
import { expect, test } from 'vitest'
import { canonicalCalendar } from '../../../src/standards/canonical.ts'
import { composeCard } from '../../../src/standards/card.ts'
import { unescapeText } from '../../../src/standards/text.ts'
import { composeEvents } from '../../../src/standards/event.ts'
import { composeTask } from '../../../src/standards/task.ts'
import { type When, asTypeOf, instantOf } from '../../../src/standards/when.ts'
import { anyCard, anyEvent } from './any.ts'
import { task } from './made-up.ts'

/** The first component inside, as ical.js reads it. */
function read(text: string, name: string): InstanceType<typeof ICAL.Component> {
  const root = new ICAL.Component(ICAL.parse(text) as unknown[])
  const found = root.getFirstSubcomponent(name)
  if (found === null) throw new Error(`no ${name}`)
  return found
}
const typeOf = (value: unknown): When['type'] => {
  if (!(value instanceof ICAL.Time)) throw new Error('no time')
  if (value.isDate) return 'date'
  return String(value).endsWith('Z') ? 'utc' : 'floating'
}

test('Any event means to another reader what went into it', () => {
  fc.assert(
    fc.property(anyEvent, (parts) => {
      const ics = composeEvents([parts])
      const vevent = read(ics, 'vevent')
      expect(vevent.getFirstPropertyValue('summary')).toBe(parts.summary)
      expect(vevent.getFirstPropertyValue('description') ?? '').toBe(parts.description)
      expect(vevent.getFirstPropertyValue('location') ?? '').toBe(parts.location)
      expect(vevent.getFirstProperty('categories')?.getValues() ?? []).toEqual(parts.categories)
      const names = vevent.getAllProperties('attendee').map((each) => each.getFirstParameter('cn') || null)
      expect(names).toEqual(parts.attendees.map(({ name }) => name))
      const comments = vevent.getAllProperties('attendee').map((each) => each.getFirstParameter('x-response-comment') || null)
      expect(comments).toEqual(parts.attendees.map(({ comment }) => comment))
      for (const name of ['X-ONE', 'X-TWO']) {
        const found = vevent
          .getAllProperties(name.toLowerCase())
          .map((each) => [unescapeText(String(each.getFirstValue())), each.getFirstParameter('x-p')])
        const given = parts.extra.filter((each) => each.name === name)
        expect(found).toEqual(given.map(({ value, params }) => [value, params?.['X-P']]))
      }
      const start = vevent.getFirstProperty('dtstart')
      const zone = start?.getFirstParameter('tzid')
      expect(typeOf(start?.getFirstValue())).toBe(parts.start.type === 'zoned' ? 'floating' : parts.start.type)
      expect(zone).toBe(parts.start.type === 'zoned' ? parts.start.zone : undefined)
      for (const gone of vevent.getAllProperties('exdate')) {
        expect([typeOf(gone.getFirstValue()), gone.getFirstParameter('tzid')]).toEqual([typeOf(start?.getFirstValue()), zone])
      }
    }),
    { numRuns: 300 },
  )
})

test('Any event read and written again by another program says the same', () => {
  fc.assert(
    fc.property(anyEvent, (parts) => {
      const ics = composeEvents([{ ...parts, attendees: [], organizer: null, extra: [] }])
      const again = new ICAL.Component(ICAL.parse(ics) as unknown[]).toString()
      expect(canonicalCalendar(again)).toEqual(canonicalCalendar(ics))
    }),
    { numRuns: 200 },
  )
})

test('A time put into the type of another is the same time, where it has one', () => {
  fc.assert(
    fc.property(anyEvent, ({ start, excluded }) => {
      const timed = excluded.filter(({ type }) => type === 'utc' || type === 'zoned')
      const there = timed.map((when) => asTypeOf(when, start))
      expect(there.map(({ type }) => type)).toEqual(timed.map(() => start.type))
      const back = there.map((when) => instantOf(asTypeOf(when, { type: 'utc', at: '2026-01-01T00:00:00Z' })))
      expect(start.type === 'utc' || start.type === 'zoned' ? back : []).toEqual(
        start.type === 'utc' || start.type === 'zoned' ? timed.map((when) => instantOf(when)) : [],
      )
    }),
  )
})

test('Any card means to another reader what went into it', () => {
  fc.assert(
    fc.property(anyCard, (parts) => {
      const vcard = new ICAL.Component(ICAL.parse(composeCard(parts)) as unknown[])
      const texts = (name: string): readonly unknown[] => vcard.getAllProperties(name).map((each) => each.getFirstValue())
      expect(vcard.getFirstPropertyValue('fn')).toBe(parts.formattedName)
      expect(texts('email')).toEqual(parts.emails.map(({ value }) => value))
      expect(texts('tel')).toEqual(parts.phones.map(({ value }) => value))
      expect(texts('note')).toEqual(parts.notes)
      expect(vcard.getFirstProperty('categories')?.getValues() ?? []).toEqual(parts.categories)
      expect(vcard.getAllProperties('tel').map((each) => [each.getParameter('type') ?? []].flat())).toEqual(
        parts.phones.map(({ types }) => types),
      )
      expect(vcard.getAllProperties('adr').map((each) => each.getFirstParameter('label') ?? '')).toEqual(
        parts.addresses.map(({ formatted }) => formatted),
      )
      const labelled = [...parts.emails, ...parts.phones].filter(({ label }) => label !== null)
      for (const { value, label } of labelled) {
        const groups = [...vcard.getAllProperties('email'), ...vcard.getAllProperties('tel')]
          .filter((each) => each.getFirstValue() === value)
          .map((each) => each.getFirstParameter('group'))
        const labels = vcard.getAllProperties('x-ablabel').filter((each) => groups.includes(each.getFirstParameter('group')))
        expect(labels.map((each) => unescapeText(String(each.getFirstValue())))).toContain(label)
      }
    }),
    { numRuns: 300 },
  )
})

test('A task keeps its place, its parent, what is done of it and when; repetition without a date is not dropped', () => {
  const full = composeTask({
    ...task,
    description: 'with; numbers',
    start: { type: 'date', date: '2026-03-01' },
    due: { type: 'utc', at: '2026-03-05T00:00:00Z' },
    completedAt: '2026-03-04T10:00:00Z',
    percent: 49.6,
    status: 'completed',
    priority: 1,
    parent: 'task,0',
    order: 7,
    alarms: [{ method: 'popup', minutesBefore: 60 }],
    recurrence: ['RRULE:FREQ=WEEKLY;UNTIL=20260501T000000Z'],
  })
  const vtodo = read(full, 'vtodo')
  const values = [
    'dtstart',
    'due',
    'rrule',
    'description',
    'status',
    'completed',
    'percent-complete',
    'priority',
    'related-to',
    'x-apple-sort-order',
  ]
  expect(values.map((name) => String(vtodo.getFirstPropertyValue(name)))).toEqual(
    ['2026-03-01', '2026-03-05', 'FREQ=WEEKLY;UNTIL=20260501', 'with; numbers', 'COMPLETED', '2026-03-04T10:00:00Z', '50', '1', 'task,0', '7'], // prettier-ignore
  )
  const dated = composeTask({ ...task, due: { type: 'date', date: '2026-03-05' }, alarms: [{ method: 'popup', minutesBefore: 60 }] })
  expect(dated).toContain('TRIGGER;RELATED=END:-PT1H')
  expect(composeTask({ ...task, recurrence: ['RRULE:FREQ=DAILY'] })).toContain('X-RECURRENCE:RRULE:FREQ=DAILY')
})
