import { describe, expect, test } from 'vitest'
import { WireAttachment } from '../../../../../connectors/m365/calendar/wire.ts'
import { linesOf } from '../reading.ts'
import { lines, map } from './given.ts'

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
        expect.stringMatching(/^CONFERENCE;.*LABEL=Microsoft Teams;.*X-NOTES="\+49 69 1, ID 123":https/),
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
      [String.raw`DESCRIPTION:Eins\n\nZwei & hier <https://x.example/y>`, expect.stringMatching(/^X-ALT-DESC;FMTTYPE=text\/html:<html>/)],
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
