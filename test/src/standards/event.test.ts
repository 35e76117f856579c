import { describe, expect, test } from 'vitest'
import { type EventParts, composeEvents } from '../../../src/standards/event.ts'
import type { When } from '../../../src/standards/when.ts'
import { attendee, event, linesOf, unfolded } from './made-up.ts'

const of = (parts: Partial<EventParts>): string => composeEvents([{ ...event, ...parts }])
const zoned = (local: string, zone = 'Europe/Berlin'): When => ({ type: 'zoned', local, zone })
const date = (date: string): When => ({ type: 'date', date })
const utc = (at: string): When => ({ type: 'utc', at })

test('A small event is a whole calendar with the zone it names, CRLF, one VERSION, no METHOD', () => {
  const ics = of({})
  expect(unfolded(ics).filter((line) => !/^(BEGIN|END|TZ|RRULE|DTSTART:)/.test(line))).toEqual([
    'VERSION:2.0',
    'PRODID:-//fallreep//fallreep//EN',
    'CALSCALE:GREGORIAN',
    'UID:one@acme.example',
    'DTSTART;TZID=Europe/Berlin:20260302T120000',
    'DTEND;TZID=Europe/Berlin:20260302T130000',
    'DTSTAMP:20260201T083000Z',
    'LAST-MODIFIED:20260201T083000Z',
    'SUMMARY:Lunch',
    'STATUS:CONFIRMED',
    'TRANSP:OPAQUE',
    '',
  ])
  expect(linesOf(ics, 'TZID')).toEqual(['TZID:Europe/Berlin'])
  expect(ics.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
})

describe('A start and an end', () => {
  const starts: readonly (readonly [string, When, When | null, readonly string[]])[] = [
    ['whole day, end exclusive', date('2026-03-01'), date('2026-03-03'), ['DTSTART;VALUE=DATE:20260301', 'DTEND;VALUE=DATE:20260303']],
    ['whole day without an end', date('2026-03-01'), null, ['DTSTART;VALUE=DATE:20260301']],
    ['whole day with an end that is a time', date('2026-03-01'), utc('2026-03-02T00:00:00Z'), ['DTSTART;VALUE=DATE:20260301', 'DTEND;VALUE=DATE:20260302']],
    ['UTC with milliseconds', utc('2026-03-01T08:00:00.000Z'), null, ['DTSTART:20260301T080000Z']],
    ['UTC under another name', zoned('2026-03-01T08:00:00', 'Etc/UTC'), null, ['DTSTART:20260301T080000Z']],
    ['a Windows zone', zoned('2026-03-01T08:00:00', 'W. Europe Standard Time'), null, ['DTSTART;TZID=Europe/Berlin:20260301T080000']],
    ['two zones', zoned('2026-03-01T08:00:00'), zoned('2026-03-01T08:00:00', 'America/New_York'), ['DTSTART;TZID=Europe/Berlin:20260301T080000', 'DTEND;TZID=America/New_York:20260301T080000']],
    ['floating', { type: 'floating', local: '2026-03-01T08:00:00' }, null, ['DTSTART:20260301T080000']],
    ['a zone nobody knows', zoned('2026-03-01T08:00:00', 'Customized Time Zone'), null, ['DTSTART;X-TZID=Customized Time Zone:20260301T080000']],
    ['no length', zoned('2026-03-01T08:00:00'), zoned('2026-03-01T08:00:00'), ['DTSTART;TZID=Europe/Berlin:20260301T080000']],
    ['an end before the start', utc('2026-03-01T08:00:00Z'), utc('2026-03-01T07:00:00Z'), ['DTSTART:20260301T080000Z', 'X-DTEND-BEFORE-START:20260301T070000Z']],
    ['an end that is a day', zoned('2026-03-01T08:00:00'), date('2026-03-02'), ['DTSTART;TZID=Europe/Berlin:20260301T080000', 'DTEND;TZID=Europe/Berlin:20260302T000000']],
  ] // prettier-ignore
  test.each(starts)('%s', (_, start, end, lines) => {
    expect(unfolded(of({ start, end })).filter((line) => /^(X-)?DT(START[:;](?!.*T0[23]0000$)|END)/.test(line))).toEqual(lines)
  })

  test('Each zone that is named has its VTIMEZONE, once, aliases under their own name', () => {
    const ics = of({
      start: zoned('2026-03-01T08:00:00', 'US/Eastern'),
      end: zoned('2026-03-01T19:00:00', 'Europe/Kiev'),
      excluded: [date('2026-03-01')],
    })
    expect(linesOf(ics, 'TZID')).toEqual(['TZID:Europe/Kiev', 'TZID:US/Eastern'])
  })
})

describe('A series', () => {
  const untils: readonly (readonly [When, string, string])[] = [
    [zoned('2026-03-02T12:00:00'), '20260401', '20260401T215959Z'],
    [zoned('2026-03-02T12:00:00'), '20260401T120000', '20260401T100000Z'],
    [zoned('2026-03-02T12:00:00'), '20260401T100000Z', '20260401T100000Z'],
    [date('2026-03-02'), '20260401T100000Z', '20260401'],
    [date('2026-03-02'), '20260401', '20260401'],
    [utc('2026-03-02T12:00:00Z'), '20260401', '20260401T235959Z'],
    [{ type: 'floating', local: '2026-03-02T12:00:00' }, '20260401T100000Z', '20260401T100000'],
  ]
  test.each(untils)('that starts %j and ends %s ends %s', (start, until, written) => {
    const ics = of({ start, end: null, recurrence: [`RRULE:FREQ=DAILY;UNTIL=${until};INTERVAL=2`] })
    expect(linesOf(ics, 'RRULE').at(-1)).toBe(`RRULE:FREQ=DAILY;UNTIL=${written};INTERVAL=2`)
  })

  const excluded: readonly (readonly [When, readonly When[], readonly string[]])[] = [
    [zoned('2026-03-02T12:00:00'), [date('2026-03-09'), utc('2026-04-06T10:00:00Z'), zoned('2026-03-23T07:00:00', 'America/New_York')],
      ['EXDATE;TZID=Europe/Berlin:20260309T120000', 'EXDATE;TZID=Europe/Berlin:20260323T120000', 'EXDATE;TZID=Europe/Berlin:20260406T120000']],
    [date('2026-03-02'), [utc('2026-03-09T00:00:00Z'), date('2026-03-03')], ['EXDATE;VALUE=DATE:20260303', 'EXDATE;VALUE=DATE:20260309']],
    [utc('2026-03-02T12:00:00Z'), [date('2026-03-09'), zoned('2026-03-10T13:00:00')], ['EXDATE:20260309T120000Z', 'EXDATE:20260310T120000Z']],
  ] // prettier-ignore
  test.each(excluded)('that starts %j leaves out %j in the type and zone of its start', (start, gone, lines) => {
    expect(linesOf(of({ start, end: null, excluded: gone }), 'EXDATE')).toEqual(lines)
  })

  test('EXDATE lines of the vendor come into the type of the start, once with those known otherwise', () => {
    const ics = of({
      recurrence: ['EXDATE;TZID=W. Europe Standard Time:20260309T120000,20260316T120000', 'EXDATE:20260323T110000Z'],
      excluded: [date('2026-03-09')],
    })
    expect(linesOf(ics, 'EXDATE')).toEqual(['09', '16', '23'].map((day) => `EXDATE;TZID=Europe/Berlin:202603${day}T120000`))
  })

  test('RDATE keeps its periods and gets a zone that exists', () => {
    const ics = of({
      recurrence: ['RDATE;TZID=GMT Standard Time;VALUE=PERIOD:20260309T120000/PT1H', 'RDATE;TZID=UTC:20260310T120000', 'RDATE:20260311'],
    })
    expect(linesOf(ics, 'RDATE')).toEqual([
      'RDATE;VALUE=PERIOD;TZID=Europe/London:20260309T120000/PT1H',
      'RDATE:20260310T120000Z',
      'RDATE;VALUE=DATE:20260311',
    ])
    expect(linesOf(ics, 'TZID')).toEqual(['TZID:Europe/Berlin', 'TZID:Europe/London'])
  })

  test('stands before what was changed in it, in the order of the starts those had, in the type of its start', () => {
    const change = (recurrenceId: When, summary: string): EventParts => ({ ...event, recurrenceId, summary })
    const changes = [
      change(utc('2026-04-06T10:00:00Z'), 'third'),
      change(date('2026-03-16'), 'second'),
      change(zoned('2026-03-09T12:00:00'), 'first'),
    ]
    const series = { ...event, recurrence: ['RRULE:FREQ=WEEKLY'] }
    const ics = composeEvents([...changes, series])
    expect(linesOf(ics, 'SUMMARY')).toEqual(['SUMMARY:Lunch', 'SUMMARY:first', 'SUMMARY:second', 'SUMMARY:third'])
    expect(linesOf(ics, 'RECURRENCE-ID')).toEqual(
      ['0309', '0316', '0406'].map((day) => `RECURRENCE-ID;TZID=Europe/Berlin:2026${day}T120000`),
    )
    expect(composeEvents([series, ...changes.toReversed()])).toBe(ics)
  })
})

test('People keep role, kind, answer, comment and names with quotes; nobody without an address is lost', () => {
  const ics = of({
    organizer: { ...attendee, name: 'Ada "the Countess" Lovelace; Ltd' },
    attendees: [
      { ...attendee, address: 'room-1@acme.example', name: null, type: 'room', role: 'non-participant', status: 'needs-action' },
      {
        ...attendee,
        address: null,
        name: 'Grace',
        role: 'optional',
        status: 'declined',
        comment: 'On leave,\nsorry',
        params: { 'X-NUM-GUESTS': '2' },
      },
    ],
  })
  expect(linesOf(ics, 'ORGANIZER')).toEqual([`ORGANIZER;CN="Ada ^'the Countess^' Lovelace; Ltd":mailto:ada@acme.example`])
  expect(linesOf(ics, 'ATTENDEE')).toEqual([
    'ATTENDEE;CUTYPE=ROOM;ROLE=NON-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:room-1@acme.example',
    'ATTENDEE;CN=Grace;ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED;X-RESPONSE-COMMENT="On leave,^nsorry";X-NUM-GUESTS=2:invalid:nomail',
  ])
})

test('Meetings, files, colours, reminders and what has no name stand where calendars look for them', () => {
  const ics = of({
    visibility: 'private',
    conference: [
      { url: 'https://meet.google.com/abc', label: 'Meet', type: 'video', notes: null },
      { url: 'tel:+49-30-1', label: null, type: 'phone', notes: 'PIN: 12' },
      { url: 'https://teams.microsoft.com/l/x?context={"a":1}', label: null, type: 'more', notes: null },
    ],
    attachments: [{ url: 'https://drive.example/f', name: 'a;b.pdf', mediaType: 'application/pdf' }],
    color: '#ff0000',
    alarms: [
      { method: 'popup', minutesBefore: 1590 },
      { method: 'email', address: 'ada@acme.example', minutesBefore: 0 },
      { method: 'popup', minutesBefore: -5 },
      { method: 'popup', at: '2026-03-01T08:00:00Z' },
    ],
    extra: [
      { name: 'X-ALT-DESC', value: '<b>a, b</b>', params: { FMTTYPE: 'text/html' } },
      { name: 'x-google-private:key', value: 'v' },
      { name: 'X-BAD', value: 'a\rEND:VEVENT\n', params: { VALUE: 'URI', 'x:y\r\n': 'z' } },
      { name: 'X-AT', value: 'https://a.example/?a,b', params: { VALUE: 'URI' } },
      { name: 'VERSION', value: '1' },
    ],
  })
  const found = unfolded(ics).filter((line) => /^(CLASS|CONF|X-|ATTACH|COLOR|ACTION|TRIGGER|ATTENDEE|VERSION)/.test(line))
  expect(found).toEqual([
    'VERSION:2.0',
    'CLASS:PRIVATE',
    'CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=Meet:https://meet.google.com/abc',
    'CONFERENCE;VALUE=URI;FEATURE=PHONE;X-NOTES="PIN: 12":tel:+49-30-1',
    'CONFERENCE;VALUE=URI:https://teams.microsoft.com/l/x?context=%7B%22a%22:1%7D',
    'X-GOOGLE-CONFERENCE:https://meet.google.com/abc',
    'X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/x?context=%7B%22a%22:1%7D',
    'ATTACH;FMTTYPE=application/pdf;FILENAME="a;b.pdf":https://drive.example/f',
    'X-COLOR:#ff0000',
    'X-ALT-DESC;FMTTYPE=text/html:<b>a\\, b</b>',
    'X-GOOGLE-PRIVATE-KEY:v',
    'X-BAD;VALUE=URI;X-Y--=z:a END:VEVENT ',
    'X-AT;VALUE=URI:https://a.example/?a,b',
    'X-VERSION:1',
    'ACTION:DISPLAY',
    'TRIGGER:-P1DT2H30M',
    'ACTION:EMAIL',
    'TRIGGER:PT0S',
    'ATTENDEE:mailto:ada@acme.example',
    'ACTION:DISPLAY',
    'TRIGGER:PT5M',
    'ACTION:DISPLAY',
    'TRIGGER;VALUE=DATE-TIME:20260301T080000Z',
  ])
})

test('A long text is folded at 75 octets and no letter is cut', () => {
  const summary = 'a' + '🙂ü'.repeat(200)
  const ics = of({ summary })
  const lines = ics.split('\r\n')
  expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBeLessThanOrEqual(75)
  expect(Buffer.from(ics).toString().isWellFormed() && lines.every((line) => line.isWellFormed())).toBe(true)
  expect(linesOf(ics, 'SUMMARY')).toEqual([`SUMMARY:${summary}`])
})
