import ICAL from 'ical.js'
import { describe, expect, test } from 'vitest'
import { Recurrence } from '../../../../../connectors/m365/fields.ts'
import { ruleOf } from '../../../../../connectors/m365/map/recurrence.ts'
import { composeEvents } from '../../../../../src/standards/event.ts'
import type { When } from '../../../../../src/standards/when.ts'
import { bareEvent } from './bare-event.ts'

type Pattern = Record<string, unknown>
const noEnd = {
  type: 'noEnd',
  startDate: '2026-01-01',
  endDate: '0001-01-01',
  numberOfOccurrences: 0,
  recurrenceTimeZone: 'W. Europe Standard Time',
}
const recurrence = (pattern: Pattern, range: Pattern = noEnd): NonNullable<Recurrence> => {
  // Graph writes every field, also those that say nothing.
  const whole = { month: 0, dayOfMonth: 0, firstDayOfWeek: 'sunday', index: 'first', daysOfWeek: [], interval: 1, ...pattern }
  const read = Recurrence.parse({ pattern: whole, range })
  if (read === null) throw new Error('no recurrence')
  return read
}
const rule = (pattern: Pattern, range?: Pattern): string | undefined => ruleOf(recurrence(pattern, range)).rule

describe('a pattern', () => {
  const table: readonly (readonly [string, Pattern, string])[] = [
    ['every day', { type: 'daily' }, 'FREQ=DAILY'],
    ['every third day', { type: 'daily', interval: 3 }, 'FREQ=DAILY;INTERVAL=3'],
    ['every week', { type: 'weekly', daysOfWeek: ['tuesday'] }, 'FREQ=WEEKLY;BYDAY=TU;WKST=SU'],
    [
      'every other week on three days, weeks begin on Mondays',
      { type: 'weekly', interval: 2, daysOfWeek: ['friday', 'monday', 'sunday'], firstDayOfWeek: 'monday' },
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO,FR;WKST=MO',
    ],
    ['the same day twice', { type: 'weekly', daysOfWeek: ['monday', 'monday'] }, 'FREQ=WEEKLY;BYDAY=MO;WKST=SU'],
    ['the 15th of every month', { type: 'absoluteMonthly', dayOfMonth: 15 }, 'FREQ=MONTHLY;BYMONTHDAY=15'],
    ['the 28th, which every month has', { type: 'absoluteMonthly', dayOfMonth: 28 }, 'FREQ=MONTHLY;BYMONTHDAY=28'],
    ['the 31st, which is the last', { type: 'absoluteMonthly', dayOfMonth: 31 }, 'FREQ=MONTHLY;BYMONTHDAY=-1'],
    ['the first Monday', { type: 'relativeMonthly', daysOfWeek: ['monday'], index: 'first' }, 'FREQ=MONTHLY;BYDAY=1MO'],
    ['the second Tuesday', { type: 'relativeMonthly', daysOfWeek: ['tuesday'], index: 'second' }, 'FREQ=MONTHLY;BYDAY=2TU'],
    ['the third Wednesday', { type: 'relativeMonthly', daysOfWeek: ['wednesday'], index: 'third' }, 'FREQ=MONTHLY;BYDAY=3WE'],
    [
      'the fourth Thursday of every third month',
      { type: 'relativeMonthly', daysOfWeek: ['thursday'], index: 'fourth', interval: 3 },
      'FREQ=MONTHLY;INTERVAL=3;BYDAY=4TH',
    ],
    ['the last Friday', { type: 'relativeMonthly', daysOfWeek: ['friday'], index: 'last' }, 'FREQ=MONTHLY;BYDAY=-1FR'],
    [
      'the last working day',
      { type: 'relativeMonthly', daysOfWeek: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], index: 'last' },
      'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    ],
    ['without an index, the first', { type: 'relativeMonthly', daysOfWeek: ['monday'], index: null }, 'FREQ=MONTHLY;BYDAY=1MO'],
    ['the 15th of March', { type: 'absoluteYearly', dayOfMonth: 15, month: 3 }, 'FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=15'],
    ['the 31st of December', { type: 'absoluteYearly', dayOfMonth: 31, month: 12 }, 'FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31'],
    ['the 31st of April, which is the 30th', { type: 'absoluteYearly', dayOfMonth: 31, month: 4 }, 'FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1'],
    ['the 30th of April', { type: 'absoluteYearly', dayOfMonth: 30, month: 4 }, 'FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=30'],
    ['the 29th of February, or the 28th', { type: 'absoluteYearly', dayOfMonth: 29, month: 2 }, 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1'],
    [
      'the last Sunday of October, every second year',
      { type: 'relativeYearly', daysOfWeek: ['sunday'], index: 'last', month: 10, interval: 2 },
      'FREQ=YEARLY;INTERVAL=2;BYMONTH=10;BYDAY=-1SU',
    ],
    [
      'the second Thursday or Friday of November',
      { type: 'relativeYearly', daysOfWeek: ['thursday', 'friday'], index: 'second', month: 11 },
      'FREQ=YEARLY;BYMONTH=11;BYDAY=TH,FR;BYSETPOS=2',
    ],
  ]
  test.each(table)('%s', (_, pattern, expected) => {
    expect(ruleOf(recurrence(pattern))).toEqual({ rule: expected, problem: null })
  })

  test.each<readonly [string, Pattern]>([
    ['of no known type', { type: 'hourly' }],
    ['without a type', { type: null }],
    ['weekly on no day', { type: 'weekly' }],
    ['weekly on days that are none', { type: 'weekly', daysOfWeek: ['someday'] }],
    ['monthly on day 0', { type: 'absoluteMonthly', dayOfMonth: 0 }],
    ['monthly on day 32', { type: 'absoluteMonthly', dayOfMonth: 32 }],
    ['yearly in month 13', { type: 'absoluteYearly', dayOfMonth: 1, month: 13 }],
    ['relative without a day', { type: 'relativeMonthly' }],
    ['relative to the fifth', { type: 'relativeMonthly', daysOfWeek: ['monday'], index: 'fifth' }],
    ['relative in no month', { type: 'relativeYearly', daysOfWeek: ['monday'] }],
    ['every minus first day', { type: 'daily', interval: -1 }],
    ['every half day', { type: 'daily', interval: 0.5 }],
  ])('%s is no rule, and says why', (_, pattern) => {
    expect(ruleOf(recurrence(pattern))).toEqual({
      rule: undefined,
      problem: { code: 'invalid-at-source', detail: expect.stringMatching(/./) },
    })
  })
})

describe('a range', () => {
  test('without an end has none', () => {
    expect(rule({ type: 'daily' })).toBe('FREQ=DAILY')
  })
  test('ends after so many, or on a day', () => {
    expect(rule({ type: 'daily' }, { type: 'numbered', startDate: '2026-01-01', numberOfOccurrences: 10 })).toBe('FREQ=DAILY;COUNT=10')
    expect(rule({ type: 'daily' }, { type: 'endDate', startDate: '2026-01-01', endDate: '2026-03-31' })).toBe('FREQ=DAILY;UNTIL=20260331')
  })
  test.each([
    ['after none', { type: 'numbered', numberOfOccurrences: 0 }],
    ['before the time', { type: 'endDate', endDate: '0001-01-01' }],
    ['on no day', { type: 'endDate', endDate: 'soon' }],
    ['of no type', { type: null }],
  ])('that ends %s goes on, and says so', (_, range) => {
    expect(ruleOf(recurrence({ type: 'daily' }, range))).toEqual({
      rule: 'FREQ=DAILY',
      problem: { code: 'invalid-at-source', detail: expect.stringMatching(/./) },
    })
  })
})

/** What another program, which we did not write, makes of a series: its starts, at most so many. */
function starts(start: When, pattern: Pattern, range: Pattern, most = 50): readonly string[] {
  const text = composeEvents([{ ...bareEvent, uid: 'u', start, recurrence: [`RRULE:${rule(pattern, range)}`] }])
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[])
  for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(new ICAL.Timezone(zone))
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') ?? undefined)
  const iterator = event.iterator()
  const found: string[] = []
  for (let next = iterator.next(); next && found.length < most; next = iterator.next()) found.push(next.toString())
  return found
}

describe('a whole series, as ical.js unrolls it', () => {
  const berlin = (local: string): When => ({ type: 'zoned', local, zone: 'Europe/Berlin' })

  test('has its last day in it, late in the evening and across the change of the clocks', () => {
    const until = { type: 'endDate', startDate: '2026-03-27', endDate: '2026-03-30' }
    expect(starts(berlin('2026-03-27T23:30:00'), { type: 'daily' }, until)).toEqual([
      '2026-03-27T23:30:00',
      '2026-03-28T23:30:00',
      '2026-03-29T23:30:00',
      '2026-03-30T23:30:00',
    ])
  })
  test('has its last day in it where that day is another one in UTC', () => {
    const until = { type: 'endDate', startDate: '2026-06-01', endDate: '2026-06-03' }
    expect(starts({ type: 'zoned', local: '2026-06-01T08:00:00', zone: 'Asia/Tokyo' }, { type: 'daily' }, until)).toHaveLength(3)
    expect(starts({ type: 'zoned', local: '2026-06-01T20:00:00', zone: 'America/Los_Angeles' }, { type: 'daily' }, until)).toHaveLength(3)
  })
  test('of whole days has its last day in it', () => {
    const until = { type: 'endDate', startDate: '2026-03-01', endDate: '2026-03-04' }
    expect(starts({ type: 'date', date: '2026-03-01' }, { type: 'daily' }, until).at(-1)).toBe('2026-03-04')
  })
  test('on the 31st falls on the last of shorter months', () => {
    const five = { type: 'numbered', startDate: '2026-01-31', numberOfOccurrences: 5 }
    expect(starts({ type: 'date', date: '2026-01-31' }, { type: 'absoluteMonthly', dayOfMonth: 31 }, five)).toEqual([
      '2026-01-31',
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ])
  })
  test('on the 30th leaves February out, and says so', () => {
    const three = { type: 'numbered', startDate: '2026-01-30', numberOfOccurrences: 3 }
    const pattern = { type: 'absoluteMonthly', dayOfMonth: 30 }
    expect(starts({ type: 'date', date: '2026-01-30' }, pattern, three)).toEqual(['2026-01-30', '2026-03-30', '2026-04-30'])
    expect(ruleOf(recurrence(pattern)).problem).toMatchObject({ code: 'no-such-concept' })
  })
  test('on the 29th of February falls on the 28th in other years', () => {
    const four = { type: 'numbered', startDate: '2024-02-29', numberOfOccurrences: 5 }
    expect(starts({ type: 'date', date: '2024-02-29' }, { type: 'absoluteYearly', dayOfMonth: 29, month: 2 }, four)).toEqual([
      '2024-02-29',
      '2025-02-28',
      '2026-02-28',
      '2027-02-28',
      '2028-02-29',
    ])
  })
  test('on the last working day of the month', () => {
    const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday']
    const four = { type: 'numbered', startDate: '2026-01-30', numberOfOccurrences: 4 }
    expect(starts({ type: 'date', date: '2026-01-30' }, { type: 'relativeMonthly', daysOfWeek: days, index: 'last' }, four)).toEqual([
      '2026-01-30',
      '2026-02-27',
      '2026-03-31',
      '2026-04-30',
    ])
  })
  test('every other week, where it matters on which day weeks begin', () => {
    const four = { type: 'numbered', startDate: '2026-03-03', numberOfOccurrences: 4 }
    const pattern = { type: 'weekly', interval: 2, daysOfWeek: ['tuesday', 'sunday'] }
    const from: When = { type: 'date', date: '2026-03-03' }
    expect(starts(from, { ...pattern, firstDayOfWeek: 'monday' }, four)).toEqual(['2026-03-03', '2026-03-08', '2026-03-17', '2026-03-22'])
    expect(starts(from, { ...pattern, firstDayOfWeek: 'sunday' }, four)).toEqual(['2026-03-03', '2026-03-15', '2026-03-17', '2026-03-29'])
  })
  test('that never ends goes on', () => {
    expect(starts(berlin('2026-03-02T09:00:00'), { type: 'daily' }, noEnd, 400)).toHaveLength(400)
  })
})
