import { describe, expect, test } from 'vitest'
import type { WireEvent } from '../../../../../connectors/m365/calendar/wire.ts'
import { lines, map, utc, weekly, wire } from './given.ts'

describe('times', () => {
  test.each<readonly [string, object, readonly string[]]>([
    [
      'stand on the clock of the zone they were entered in',
      {},
      ['DTSTART;TZID=Europe/Berlin:20260302T090000', 'DTEND;TZID=Europe/Berlin:20260302T100000'],
    ],
    [
      'in summer too',
      { start: utc('2026-07-06T08:00:00'), end: utc('2026-07-06T09:00:00') },
      ['DTSTART;TZID=Europe/Berlin:20260706T100000'],
    ],
    ['end in another zone than they begin', { originalEndTimeZone: 'Tokyo Standard Time' }, ['DTEND;TZID=Asia/Tokyo:20260302T180000']],
    ['in a zone called by its IANA name', { originalStartTimeZone: 'America/New_York' }, ['DTSTART;TZID=America/New_York:20260302T030000']],
    ['in UTC', { originalStartTimeZone: 'UTC' }, ['DTSTART:20260302T080000Z']],
    [
      'in a zone without a name',
      { originalStartTimeZone: 'tzone://Microsoft/Custom', originalEndTimeZone: 'tzone://Microsoft/Custom' },
      ['DTSTART:20260302T080000Z', 'DTEND:20260302T090000Z'],
    ],
    ['in a zone nobody knows', { originalStartTimeZone: 'Customized Time Zone' }, ['DTSTART:20260302T080000Z']],
    [
      'given in a zone themselves',
      { start: { dateTime: '2026-03-02T09:00:00.0000000', timeZone: 'W. Europe Standard Time' } },
      ['DTSTART;TZID=Europe/Berlin:20260302T090000'],
    ],
    [
      'of whole days are midnight in UTC',
      { isAllDay: true, start: utc('2026-03-05T00:00:00'), end: utc('2026-03-07T00:00:00') },
      ['DTSTART;VALUE=DATE:20260305', 'DTEND;VALUE=DATE:20260307'],
    ],
    [
      'of whole days are midnight in their zone',
      { isAllDay: true, start: utc('2026-07-04T22:00:00'), end: utc('2026-07-05T22:00:00') },
      ['DTSTART;VALUE=DATE:20260705', 'DTEND;VALUE=DATE:20260706'],
    ],
  ])('%s', (_, more, expected) => {
    expect(lines(more)).toEqual(expect.arrayContaining([...expected]))
    expect(map(more).losses).toEqual([])
  })

  test('of an event name every zone they use', () => {
    const text = lines({ originalEndTimeZone: 'Tokyo Standard Time' })
    expect(text.filter((line) => line.startsWith('TZID:'))).toEqual(['TZID:Asia/Tokyo', 'TZID:Europe/Berlin'])
  })
  test('that are none leave the event out, and say so', () => {
    for (const start of [null, { dateTime: 'morgen', timeZone: 'UTC' }, { dateTime: '2026-13-01T00:00:00', timeZone: 'UTC' }]) {
      const { item, losses } = map({ start })
      expect({ item, losses }).toMatchObject({ item: undefined, losses: [{ code: 'invalid-at-source', effect: { type: 'dropped' } }] })
    }
  })
  test('of a series in a zone without a name are told as a loss, and its recurrence zone is used where it has one', () => {
    const custom = { type: 'seriesMaster', originalStartTimeZone: 'tzone://Microsoft/Custom' }
    expect(lines({ ...custom, recurrence: weekly })).toContain('DTSTART;TZID=Europe/Berlin:20260302T090000')
    const lost = map({ ...custom, recurrence: { ...weekly, range: { ...weekly.range, recurrenceTimeZone: 'tzone://Microsoft/Custom' } } })
    expect(lost.losses).toMatchObject([{ code: 'invalid-at-source', effect: { type: 'degraded', field: 'timezone' } }])
  })
})

describe('a series', () => {
  const master = { type: 'seriesMaster', recurrence: weekly }
  const exception = (more: object): WireEvent =>
    wire({
      id: 'X1',
      type: 'exception',
      seriesMasterId: 'E1',
      subject: 'Verlegt',
      originalStart: '2026-03-09T08:00:00Z',
      occurrenceId: 'OID.E1.2026-03-09',
      start: utc('2026-03-09T13:00:00'),
      end: utc('2026-03-09T14:00:00'),
      ...more,
    })

  test('is one object: the rule, what was taken out, what was changed', () => {
    const all = lines(master, { exceptions: [exception({})], cancelled: ['OID.E1.2026-03-16', 'OID.E1.2026-07-06'] })
    const text = all.slice(all.indexOf('BEGIN:VEVENT'))
    expect(text.filter((line) => /^(UID|RRULE|EXDATE|RECURRENCE-ID|SUMMARY|DTSTART;TZID)/.test(line))).toEqual([
      'UID:040000008200E00074C5B7101A82E008AA',
      'DTSTART;TZID=Europe/Berlin:20260302T090000',
      'RRULE:FREQ=WEEKLY;BYDAY=MO;WKST=MO',
      'EXDATE;TZID=Europe/Berlin:20260316T090000',
      'EXDATE;TZID=Europe/Berlin:20260706T090000',
      'SUMMARY:Treffen',
      'UID:040000008200E00074C5B7101A82E008AA',
      'RECURRENCE-ID;TZID=Europe/Berlin:20260309T090000',
      'DTSTART;TZID=Europe/Berlin:20260309T140000',
      'SUMMARY:Verlegt',
    ])
    expect(map(master).item?.body).toMatchObject({ recurring: true, start: '2026-03-02T08:00:00Z', calendar: 'calendar/P/C' })
  })
  test('of whole days names its exceptions and what was taken out by date', () => {
    const day = { ...master, isAllDay: true, start: utc('2026-03-02T00:00:00'), end: utc('2026-03-03T00:00:00') }
    const moved = exception({
      isAllDay: true,
      start: utc('2026-03-10T00:00:00'),
      end: utc('2026-03-11T00:00:00'),
      originalStart: '2026-03-08T23:00:00Z',
    })
    const text = lines(day, { exceptions: [moved], cancelled: ['OID.E1.2026-03-16'] })
    expect(text).toEqual(
      expect.arrayContaining(['RECURRENCE-ID;VALUE=DATE:20260309', 'EXDATE;VALUE=DATE:20260316', 'DTSTART;VALUE=DATE:20260310']),
    )
    const without = lines(day, {
      exceptions: [
        exception({ isAllDay: true, start: utc('2026-03-10T00:00:00'), occurrenceId: null, originalStart: '2026-03-08T23:00:00Z' }),
      ],
    })
    expect(without).toContain('RECURRENCE-ID;VALUE=DATE:20260309')
  })
  test('knows an occurrence by its date where its old start was not given', () => {
    expect(lines(master, { exceptions: [exception({ originalStart: null })] })).toContain(
      'RECURRENCE-ID;TZID=Europe/Berlin:20260309T090000',
    )
  })
  test('tells what it could not place', () => {
    const { item, losses } = map(master, { exceptions: [exception({ originalStart: null, occurrenceId: null }), null] })
    expect(item?.body.ics).not.toContain('Verlegt')
    expect(losses.map(({ effect }) => effect)).toEqual(Array.from({ length: 2 }, () => ({ type: 'degraded', field: 'exceptions' })))
  })
  test('whose rule is none stays a single event, and says so', () => {
    const { item, losses } = map({ ...master, recurrence: { ...weekly, pattern: { type: 'hourly' } } })
    expect(item?.body.recurring).toBe(false)
    expect(losses).toMatchObject([{ code: 'invalid-at-source', effect: { field: 'recurrence' } }])
  })
  test('that this person is invited to once has no series: the occurrence says which one it is', () => {
    const text = lines({ type: 'exception', seriesMasterId: 'gone', originalStart: '2026-03-02T07:30:00Z' })
    expect(text).toContain('RECURRENCE-ID:20260302T073000Z')
    expect(text.filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1)
  })
})

describe('people', () => {
  const who = (address: string, type: string, response: string) => ({
    type,
    status: { response, time: '2026-01-01T00:00:00Z' },
    emailAddress: { name: address.split('@')[0], address },
  })
  const meeting = {
    isOrganizer: false,
    organizer: { emailAddress: { name: 'Erika', address: 'erika@example.org' } },
    responseStatus: { response: 'tentativelyAccepted' },
    attendees: [
      who('ada@example.org', 'required', 'none'),
      who('ken@example.org', 'optional', 'declined'),
      who('olena@example.org', 'required', 'notResponded'),
      who('saal@example.org', 'resource', 'accepted'),
      who('beamer@example.org', 'resource', 'none'),
      { type: 'required', emailAddress: { name: 'Ohne Adresse' } },
    ],
    locations: [{ displayName: 'Saal', locationType: 'conferenceRoom', locationEmailAddress: 'Saal@example.org' }],
  }
  test('who was asked, and what each answered; of this mailbox, its own answer', () => {
    expect(lines(meeting).filter((line) => /^(ATTENDEE|ORGANIZER)/.test(line))).toEqual([
      'ORGANIZER;CN=Erika:mailto:erika@example.org',
      'ATTENDEE;CN=ada;PARTSTAT=TENTATIVE:mailto:ada@example.org',
      'ATTENDEE;CN=ken;ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED:mailto:ken@example.org',
      'ATTENDEE;CN=olena;PARTSTAT=NEEDS-ACTION:mailto:olena@example.org',
      'ATTENDEE;CN=saal;CUTYPE=ROOM;ROLE=NON-PARTICIPANT;PARTSTAT=ACCEPTED:mailto:saal@example.org',
      'ATTENDEE;CN=beamer;CUTYPE=RESOURCE;ROLE=NON-PARTICIPANT;PARTSTAT=NEEDS-ACTION:mailto:beamer@example.org',
      'ATTENDEE;CN=Ohne Adresse;PARTSTAT=NEEDS-ACTION:invalid:nomail',
    ])
  })
  test('an appointment without guests has no organizer', () => {
    expect(
      lines({ isOrganizer: true, organizer: { emailAddress: { address: 'ada@example.org' } }, attendees: [] }).some((line) =>
        line.startsWith('ORGANIZER'),
      ),
    ).toBe(false)
  })
})
