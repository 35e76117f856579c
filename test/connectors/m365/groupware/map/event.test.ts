import { describe, expect, test } from 'vitest'
import { WireAttachment, WireEvent } from '../../../../../connectors/m365/calendar/wire.ts'
import { event, type EventGiven } from '../../../../../connectors/m365/map/event.ts'
import type { Mapped } from '../../../../../connectors/m365/map/mapped.ts'
import { linesOf } from '../reading.ts'

const mapping = { source: 'acme', fetchedAt: '2026-11-25T03:00:00Z', endpoint: 'users/events' }
const utc = (dateTime: string) => ({ dateTime: `${dateTime}.0000000`, timeZone: 'UTC' })
const weekly = {
  pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' },
  range: { type: 'noEnd', startDate: '2026-03-02', endDate: '0001-01-01', recurrenceTimeZone: 'W. Europe Standard Time' },
}
const wire = (more: object): WireEvent =>
  WireEvent.parse({
    id: 'E1',
    type: 'singleInstance',
    iCalUId: '040000008200E00074C5B7101A82E008AA',
    subject: 'Treffen',
    start: utc('2026-03-02T08:00:00'),
    end: utc('2026-03-02T09:00:00'),
    originalStartTimeZone: 'W. Europe Standard Time',
    originalEndTimeZone: 'W. Europe Standard Time',
    lastModifiedDateTime: '2026-02-01T10:00:00Z',
    showAs: 'busy',
    ...more,
  })
const map = (more: object, rest: Partial<EventGiven> = {}): Mapped<'event'> =>
  event(
    {
      person: { id: 'P', address: 'Ada@example.org' },
      calendar: 'C',
      event: wire(more),
      exceptions: [],
      cancelled: [],
      attached: [],
      raw: {},
      ...rest,
    },
    mapping,
  )
const lines = (more: object, rest?: Partial<EventGiven>): readonly string[] => linesOf(map(more, rest).item?.body.ics ?? '')

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

describe('words for what Outlook knows', () => {
  test.each<readonly [object, readonly string[]]>([
    [{ showAs: 'free' }, ['TRANSP:TRANSPARENT', 'X-MICROSOFT-CDO-BUSYSTATUS:FREE']],
    [{ showAs: 'tentative' }, ['TRANSP:OPAQUE', 'STATUS:TENTATIVE', 'X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE']],
    [{ showAs: 'busy' }, ['TRANSP:OPAQUE', 'STATUS:CONFIRMED', 'X-MICROSOFT-CDO-BUSYSTATUS:BUSY']],
    [{ showAs: 'oof' }, ['TRANSP:OPAQUE', 'X-MICROSOFT-CDO-BUSYSTATUS:OOF']],
    [{ showAs: 'workingElsewhere' }, ['TRANSP:OPAQUE', 'X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE']],
    [{ isCancelled: true }, ['STATUS:CANCELLED']],
    [{ sensitivity: 'private' }, ['CLASS:PRIVATE']],
    [{ sensitivity: 'personal' }, ['CLASS:PRIVATE', 'X-MICROSOFT-SENSITIVITY:PERSONAL']],
    [{ sensitivity: 'confidential' }, ['CLASS:CONFIDENTIAL']],
    [{ importance: 'high' }, ['X-MICROSOFT-CDO-IMPORTANCE:2']],
    [{ importance: 'low' }, ['X-MICROSOFT-CDO-IMPORTANCE:0']],
    [{ hideAttendees: true }, ['X-MICROSOFT-HIDE-ATTENDEES:TRUE']],
    [
      { allowNewTimeProposals: false, responseRequested: false },
      ['X-MICROSOFT-DISALLOW-COUNTER:TRUE', 'X-MICROSOFT-RESPONSE-REQUESTED:FALSE'],
    ],
    [{ categories: ['Rote Kategorie', 'a,b'] }, [String.raw`CATEGORIES:Rote Kategorie,a\,b`]],
    [{ isReminderOn: true, reminderMinutesBeforeStart: 90 }, ['TRIGGER:-PT1H30M', 'ACTION:DISPLAY']],
    [{ location: { displayName: 'Kiel' } }, ['LOCATION:Kiel']],
    [{ locations: [{ displayName: 'Kiel' }, { displayName: 'Köln', address: { city: 'Köln' } }] }, [String.raw`LOCATION:Kiel\; Köln`]],
    [
      {
        onlineMeeting: { joinUrl: 'https://teams.microsoft.com/l/x', conferenceId: '123', tollNumber: '+49 69 1' },
        onlineMeetingProvider: 'teamsForBusiness',
      },
      [
        'X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/x',
        expect.stringMatching(/^CONFERENCE;.*LABEL=Microsoft Teams;.*X-NOTES="\+49 69 1, ID 123":https/) as unknown as string,
      ],
    ],
    [{ body: { contentType: 'text', content: 'nur Text' } }, ['DESCRIPTION:nur Text']],
    [
      {
        body: {
          contentType: 'html',
          content:
            '<html><head><style>p{}</style></head><body><p>Eins</p><p>Zwei &amp; <a href="https://x.example/y">hier</a></p></body></html>',
        },
      },
      [
        String.raw`DESCRIPTION:Eins\n\nZwei & hier <https://x.example/y>`,
        expect.stringMatching(/^X-ALT-DESC;FMTTYPE=text\/html:<html>/) as unknown as string,
      ],
    ],
  ])('%j', (more, expected) => {
    expect(lines(more)).toEqual(expect.arrayContaining([...expected]))
  })
  test('the empty page of an empty body is no description', () => {
    const text = lines({ body: { contentType: 'html', content: '<html><head></head><body>\r\n<br></body></html>' } })
    expect(text.some((line) => /^(DESCRIPTION|X-ALT-DESC)/.test(line))).toBe(false)
  })
  test('no reminder where it is switched off, whatever its minutes', () => {
    expect(lines({ isReminderOn: false, reminderMinutesBeforeStart: 15 })).not.toContain('BEGIN:VALARM')
  })
})

describe('what is broken', () => {
  test('control letters and halves of letters do not reach the calendar', () => {
    const text = map({ subject: 'a\u0000b\u0007c\ud800', location: { displayName: 'x\u001f' } }).item?.body.ics ?? ''
    expect(text).toContain('SUMMARY:abc')
    // oxlint-disable-next-line no-control-regex
    expect(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)).toBe(false)
  })
  test('without an iCalUId it gets one, always the same, and says so', () => {
    const one = map({ iCalUId: null })
    expect(one.item?.body.uid).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/)
    expect(one.item?.body.uid).toBe(map({ iCalUId: '' }).item?.body.uid)
    expect(one.losses).toMatchObject([{ code: 'invalid-at-source', effect: { field: 'uid' } }])
  })
  test('fields of wrong types count as not given, and cost no other field', () => {
    const text = lines({
      attendees: 'none',
      categories: [1, 'ok'],
      recurrence: 7,
      location: [],
      body: 'x',
      reminderMinutesBeforeStart: '15',
      isReminderOn: true,
    })
    expect(text).toContain('CATEGORIES:ok')
    expect(text).toContain('SUMMARY:Treffen')
  })
})

describe('attachments', () => {
  const attached = [
    {
      '@odata.type': '#microsoft.graph.fileAttachment',
      id: 'A1',
      name: 'Größe.pdf',
      contentType: 'application/pdf',
      size: 900,
      lastModifiedDateTime: 't1',
    },
    {
      '@odata.type': '#microsoft.graph.fileAttachment',
      id: 'A2',
      name: 'bild.png',
      contentType: 'image/png',
      isInline: true,
      lastModifiedDateTime: 't1',
    },
    { '@odata.type': '#microsoft.graph.itemAttachment', id: 'A3', name: 'Fwd: alt', contentType: null, lastModifiedDateTime: 't1' },
    {
      '@odata.type': '#microsoft.graph.referenceAttachment',
      id: 'A4',
      name: 'Plan.xlsx',
      sourceUrl: 'https://acme.sharepoint.com/Plan.xlsx',
    },
    { '@odata.type': '#microsoft.graph.referenceAttachment', id: 'A5', name: 'Fern.docx' },
  ].map((each) => ({ event: 'E1', attachment: WireAttachment.parse(each) }))

  test('are bytes, mails or links, and ATTACH names the same addresses', () => {
    const { item, losses } = map({ hasAttachments: true }, { attached })
    expect(item?.body.attachments.map(({ name, form, state, blob }) => [name, form, state, blob])).toEqual([
      ['Größe.pdf', 'file', 'stored', 0],
      ['bild.png', 'inline', 'stored', 1],
      ['Fwd: alt.eml', 'item', 'stored', 2],
      ['Plan.xlsx', 'reference', 'link', null],
      ['Fern.docx', 'reference', 'withheld', null],
    ])
    expect(item?.blobs.map(({ mediaType, key }) => [mediaType, key])).toEqual([
      ['application/pdf', 'attachment/A1/t1'],
      ['image/png', 'attachment/A2/t1'],
      ['message/rfc822', 'attachment/A3/t1'],
    ])
    const urls = linesOf(item?.body.ics ?? '').flatMap((line) => /^ATTACH.*?:(https:.*)$/.exec(line)?.[1] ?? [])
    expect(urls).toEqual(item?.body.attachments.flatMap(({ url }) => url ?? []))
    expect(losses).toMatchObject([{ code: 'withheld-by-source', effect: { field: 'attachments' } }])
  })
})
