import { describe, expect, test } from 'vitest'
import { eventId, madeUid } from '../../../../connectors/google-workspace/map/event-id.ts'
import { event } from '../../../../connectors/google-workspace/map/event.ts'
import type { Json } from '../../../../connectors/google-workspace/json.ts'
import { Event } from '../../../../src/model/event.ts'
import { facts, given, linesOf } from './facts.ts'

/** Lines of the events in it, without the zones. */
function written(parts: readonly Json[], more: Parameters<typeof facts>[0] = {}): readonly string[] {
  const { body } = event('abc@google.com', parts, facts(more))
  if (body === undefined) throw new Error('nothing is left of this event')
  Event.parse(body)
  return linesOf(body.ics.replaceAll(/BEGIN:VTIMEZONE[\s\S]*?END:VTIMEZONE\r\n/g, ''))
}
const one = (more: Json = {}, where: Parameters<typeof facts>[0] = {}): readonly string[] => written([given(more)], where)

describe('one event', () => {
  test.each<[string, Json, readonly string[]]>([
    ['a time in a zone', {}, ['DTSTART;TZID=Europe/Berlin:20260302T120000', 'DTEND;TZID=Europe/Berlin:20260302T130000']],
    [
      'a time written with the offset of another zone than its own',
      { start: { dateTime: '2026-03-02T12:00:00+01:00', timeZone: 'America/New_York' } },
      ['DTSTART;TZID=America/New_York:20260302T060000'],
    ],
    ['a time without a zone', { start: { dateTime: '2026-03-02T12:00:00+01:00' } }, ['DTSTART:20260302T110000Z']],
    [
      'a time without offset and zone is of the calendar',
      { start: { dateTime: '2026-03-02T12:00:00' } },
      ['DTSTART;TZID=Europe/Berlin:20260302T120000'],
    ],
    [
      'whole days',
      { start: { date: '2026-03-02' }, end: { date: '2026-03-04' } },
      ['DTSTART;VALUE=DATE:20260302', 'DTEND;VALUE=DATE:20260304'],
    ],
    ['a day nobody knows the end of', { endTimeUnspecified: true }, ['X-GOOGLE-END-TIME-UNSPECIFIED:TRUE']],
    ['free time', { transparency: 'transparent' }, ['TRANSP:TRANSPARENT']],
    ['private', { visibility: 'private' }, ['CLASS:PRIVATE']],
    ['explicitly public', { visibility: 'public' }, ['CLASS:PUBLIC']],
    ['tentative', { status: 'tentative' }, ['STATUS:TENTATIVE']],
    ['a colour', { colorId: '11' }, ['COLOR:crimson', 'X-GOOGLE-COLOR-ID:11']],
    ['a colour that nobody knows', { colorId: '99' }, ['X-GOOGLE-COLOR-ID:99']],
    ['a label', { eventLabelId: 'a1b2' }, ['X-GOOGLE-EVENT-LABEL-ID:a1b2']],
    [
      'a page it came from',
      { source: { url: 'https://news.example/a', title: 'News; today' } },
      ['URL:https://news.example/a', 'X-GOOGLE-SOURCE;X-TITLE="News; today":https://news.example/a'],
    ],
    [
      'what guests may do, where it is not as usual',
      { guestsCanInviteOthers: false, guestsCanModify: true, guestsCanSeeOtherGuests: true },
      ['X-GOOGLE-GUESTS-CAN-INVITE-OTHERS:FALSE', 'X-GOOGLE-GUESTS-CAN-MODIFY:TRUE'],
    ],
    [
      'properties of other programs',
      { extendedProperties: { private: { crm: '1,2' }, shared: { x: 'y' } } },
      ['X-GOOGLE-EXTENDED-PROPERTY;X-SCOPE=private;X-KEY=crm:1\\,2', 'X-GOOGLE-EXTENDED-PROPERTY;X-SCOPE=shared;X-KEY=x:y'],
    ],
    [
      'focus time',
      { eventType: 'focusTime', focusTimeProperties: { chatStatus: 'doNotDisturb' } },
      ['X-GOOGLE-EVENT-TYPE:focusTime', 'X-GOOGLE-FOCUS-TIME-PROPERTIES:{"chatStatus":"doNotDisturb"}'],
    ],
    [
      'a birthday',
      { eventType: 'birthday', birthdayProperties: { type: 'birthday', contact: 'people/c1' } },
      ['X-GOOGLE-EVENT-TYPE:birthday', 'X-GOOGLE-BIRTHDAY-PROPERTIES:{"contact":"people/c1"\\,"type":"birthday"}'],
    ],
    [
      'where somebody works',
      { eventType: 'workingLocation', workingLocationProperties: { type: 'homeOffice' } },
      ['X-GOOGLE-EVENT-TYPE:workingLocation'],
    ],
    ['out of office', { eventType: 'outOfOffice' }, ['X-GOOGLE-EVENT-TYPE:outOfOffice']],
    ['from a mail', { eventType: 'fromGmail' }, ['X-GOOGLE-EVENT-TYPE:fromGmail']],
    ['control letters and NUL', { summary: 'a\u0000b\u0007c', description: 'x\r\ny' }, ['SUMMARY:abc', 'DESCRIPTION:x\\ny']],
    ['half a letter', { summary: 'a\ud800b' }, ['SUMMARY:a\ufffdb']],
    [
      'HTML, beside what one would read',
      { description: 'Hi <b>all</b><br>see <a href="https://x.example/?a=1&amp;b=2">the page</a>' },
      [
        'DESCRIPTION:Hi all\\nsee the page <https://x.example/?a=1&b=2>',
        'X-ALT-DESC;FMTTYPE=text/html:Hi <b>all</b><br>see <a href="https://x.example/?a=1&amp\\;b=2">the page</a>',
      ],
    ],
    ['text that only looks a little like HTML', { description: '1 < 2 && 3 > 2' }, ['DESCRIPTION:1 < 2 && 3 > 2']],
  ])('%s', (_, more, lines) => {
    expect(one(more)).toEqual(expect.arrayContaining([...lines]))
  })

  test('reminders: its own, those of the calendar where it says so, and none', () => {
    const triggers = (lines: readonly string[]): readonly string[] => lines.filter((line) => /^(TRIGGER|ACTION|ATTENDEE)/.test(line))
    expect(triggers(one({ reminders: { useDefault: true } }))).toEqual(['ACTION:DISPLAY', 'TRIGGER:-PT15M'])
    expect(triggers(one({ reminders: { useDefault: false, overrides: [{ method: 'email', minutes: 1440 }] } }))).toEqual([
      'ACTION:EMAIL',
      'TRIGGER:-P1D',
      'ATTENDEE:mailto:ada@example.org',
    ])
    expect(triggers(one({ reminders: { useDefault: false } }))).toEqual([])
  })

  test('everybody invited, with what they answered; the order Google has them in does not matter', () => {
    const people = [
      { email: 'ken@example.org', displayName: 'Ken', responseStatus: 'declined', comment: 'away', optional: true, additionalGuests: 2 },
      { email: 'ada@example.org', organizer: true, self: true, responseStatus: 'accepted' },
      { email: 'room@resource.calendar.google.com', resource: true, responseStatus: 'tentative' },
    ]
    const lines = one({ attendees: people })
    expect(lines.filter((line) => /^(ATTENDEE|ORGANIZER)/.test(line))).toEqual([
      'ORGANIZER:mailto:ada@example.org',
      'ATTENDEE;ROLE=CHAIR;PARTSTAT=ACCEPTED:mailto:ada@example.org',
      'ATTENDEE;CN=Ken;ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED;X-RESPONSE-COMMENT=away;X-NUM-GUESTS=2:mailto:ken@example.org',
      'ATTENDEE;CUTYPE=RESOURCE;PARTSTAT=TENTATIVE:mailto:room@resource.calendar.google.com',
    ])
    expect(one({ attendees: people.toReversed() })).toEqual(lines)
  })

  test('two thousand people are all there, and what Google leaves out is said', () => {
    const attendees = Array.from({ length: 2000 }, (_, at) => ({ email: `p${at}@example.org` }))
    expect(one({ attendees }).filter((line) => line.startsWith('ATTENDEE'))).toHaveLength(2000)
    const { losses } = event('abc@google.com', [given({ attendees: [], attendeesOmitted: true })], facts())
    expect(losses).toMatchObject([{ code: 'withheld-by-source', effect: { field: 'attendees' } }])
  })

  test('an event of one person alone is no invitation', () => {
    expect(one().filter((line) => line.startsWith('ORGANIZER'))).toEqual([])
  })

  test('ways into a meeting, codes and notes with them', () => {
    const conferenceData = {
      conferenceId: 'aaa-bbbb-ccc',
      conferenceSolution: { name: 'Google Meet' },
      notes: 'be on time',
      entryPoints: [
        { entryPointType: 'video', uri: 'https://meet.google.com/aaa-bbbb-ccc', label: 'meet.google.com/aaa-bbbb-ccc' },
        { entryPointType: 'phone', uri: 'tel:+49-30-300', pin: '12345', regionCode: 'DE' },
      ],
    }
    const lines = one({ conferenceData, hangoutLink: 'https://meet.google.com/aaa-bbbb-ccc' })
    expect(lines).toEqual(
      expect.arrayContaining([
        'X-GOOGLE-CONFERENCE:https://meet.google.com/aaa-bbbb-ccc',
        'X-GOOGLE-CONFERENCE-ID:aaa-bbbb-ccc',
        'X-GOOGLE-CONFERENCE-SOLUTION:Google Meet',
      ]),
    )
    const ways = lines.filter((line) => line.startsWith('CONFERENCE'))
    expect(ways).toHaveLength(2)
    expect(ways[0]).toContain('X-NOTES=be on time')
    expect(ways[1]).toContain('pin: 12345')
  })

  test('files are links, and that their bytes are not here is said', () => {
    const attachments = [{ fileId: 'F1', fileUrl: 'https://drive.google.com/open?id=F1', title: 'Plan', mimeType: 'application/pdf' }]
    const { body, losses } = event('abc@google.com', [given({ attachments })], facts())
    expect(body?.attachments).toEqual([
      expect.objectContaining({ nativeId: 'F1', state: 'link', url: 'https://drive.google.com/open?id=F1' }),
    ])
    expect(linesOf(body?.ics ?? '')).toContain('ATTACH;FMTTYPE=application/pdf;FILENAME=Plan:https://drive.google.com/open?id=F1')
    expect(losses).toMatchObject([{ code: 'withheld-by-source', effect: { field: 'attachments' } }])
  })

  test.each<[string, Json, string | undefined]>([
    ['a start that is no date', { start: { date: '2026-02-30' } }, 'dropped'],
    ['no start at all', { start: undefined }, 'dropped'],
    ['a start beyond all calendars', { start: { dateTime: '99999-01-01T00:00:00Z' } }, 'dropped'],
    ['an end that is no time', { end: { dateTime: 'soon' } }, 'degraded'],
  ])('%s is a loss, not an error', (_, more, type) => {
    const { body, losses } = event('abc@google.com', [given(more)], facts())
    expect(losses).toMatchObject([{ code: 'invalid-at-source', effect: { type } }])
    expect(body === undefined).toBe(type === 'dropped')
  })

  test('a UID that is no good as a name becomes one, always the same', () => {
    expect(eventId(['ada@example.org'], 'a@google.com')).toBe('event/ada@example.org/a@google.com')
    expect(eventId(['ada@example.org'], 'a/b c')).toMatch(/^event\/ada@example\.org\/sha256-[\da-f]{32}$/)
    expect(eventId(['ada@example.org'], 'x'.repeat(2000))).toMatch(/sha256-/)
  })
})

test.each([
  ['abc', 'abc@google.com'],
  ['abc_R20260301T080000', 'abc_R20260301T080000@google.com'],
  // What Outlook names its meetings, in base 32.
  ['_60q30c1g60o30e1i60o4ac1g60rj8gpl88rj2c1h84s34h9g60s30c1g60o30c1g', '040000008200E00074C5B7101A82E0080000000'],
  ['_not base 32', '_not base 32@google.com'],
])('the UID that Google makes of the id %s', (id, uid) => {
  expect(madeUid(id).startsWith(uid)).toBe(true)
})

describe('a series', () => {
  const start = { dateTime: '2026-03-02T09:00:00+01:00', timeZone: 'Europe/Berlin' }
  const end = { dateTime: '2026-03-02T09:30:00+01:00', timeZone: 'Europe/Berlin' }
  const master = given({ start, end, recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO', 'EXDATE;TZID=Europe/Berlin:20260309T090000'] })
  const moved = given({
    id: 'abc_20260316T080000Z',
    recurringEventId: 'abc',
    originalStartTime: { dateTime: '2026-03-16T09:00:00+01:00', timeZone: 'Europe/Berlin' },
    start: { dateTime: '2026-03-17T11:00:00+01:00', timeZone: 'Europe/Berlin' },
    summary: 'Lunch, later',
  })

  test('is one item: the rule as it came, what was taken out as EXDATE, what was changed with the start it had', () => {
    const gone = {
      id: 'abc_20260330T070000Z',
      status: 'cancelled',
      recurringEventId: 'abc',
      originalStartTime: { dateTime: '2026-03-30T09:00:00+02:00', timeZone: 'Europe/Berlin' },
    }
    const lines = written([master, moved, gone])
    expect(lines).toEqual(
      expect.arrayContaining([
        'RRULE:FREQ=WEEKLY;BYDAY=MO',
        'EXDATE;TZID=Europe/Berlin:20260309T090000',
        'EXDATE;TZID=Europe/Berlin:20260330T090000',
        'RECURRENCE-ID;TZID=Europe/Berlin:20260316T090000',
        'DTSTART;TZID=Europe/Berlin:20260317T110000',
      ]),
    )
    expect(written([gone, moved, master])).toEqual(lines)
    const { body } = event('abc@google.com', [master, moved, gone], facts())
    expect(body).toMatchObject({ recurring: true, start: '2026-03-02T08:00:00Z' })
  })

  test('an occurrence that was taken out and says nothing but its id', () => {
    expect(written([master, { id: 'abc_20260406T070000Z', status: 'cancelled', recurringEventId: 'abc' }])).toContain(
      'EXDATE;TZID=Europe/Berlin:20260406T090000',
    )
  })

  test('of whole days', () => {
    const days = given({ start: { date: '2026-03-02' }, end: { date: '2026-03-03' }, recurrence: ['RRULE:FREQ=YEARLY'] })
    const gone = { id: 'abc_20270302', status: 'cancelled', recurringEventId: 'abc', originalStartTime: { date: '2027-03-02' } }
    expect(written([days, gone])).toContain('EXDATE;VALUE=DATE:20270302')
  })

  test('an occurrence somebody was invited to alone stands alone, with the start it had', () => {
    const lines = written([moved])
    expect(lines.filter((line) => line.startsWith('BEGIN:VEVENT'))).toHaveLength(1)
    expect(lines).toContain('RECURRENCE-ID;TZID=Europe/Berlin:20260316T090000')
  })

  test('that never ends is not expanded, a rule that is none does not take the event with it', () => {
    expect(written([given({ recurrence: ['RRULE:FREQ=SECONDLY'] })])).toContain('RRULE:FREQ=SECONDLY')
    const { body, losses } = event('abc@google.com', [given({ recurrence: ['every other Tuesday'] })], facts())
    expect(linesOf(body?.ics ?? '')).toContain('X-RECURRENCE:every other Tuesday')
    expect(losses).toMatchObject([{ code: 'invalid-at-source', effect: { field: 'recurrence' } }])
  })

  test('nothing is left of one that was deleted, with its changes or without', () => {
    const deleted = { id: 'abc', status: 'cancelled' }
    expect(event('abc@google.com', [deleted], facts())).toMatchObject({ body: undefined, losses: [] })
    expect(written([deleted, moved])).toContain('RECURRENCE-ID;TZID=Europe/Berlin:20260316T090000')
  })
})
