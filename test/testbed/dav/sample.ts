import { card, event, task } from './bodies.ts'
import { Source } from './source.ts'

const PNG = Uint8Array.from(
  Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64'),
)
const guest = (name: string, status: 'accepted' | 'needs-action' = 'needs-action') =>
  ({ address: `${name}@example.org`, name, role: 'required', type: 'person', status, comment: null }) as const
const zoned = (local: string) => ({ type: 'zoned', local, zone: 'Europe/Berlin' }) as const

/** Two people with at least one of everything that a DAV server has an opinion about. */
export function sample(): Source {
  const source = new Source()
  source.account('ada')
  source.account('ken')
  const adas = source.calendar('ada', 'ada@example.org', {
    primary: true,
    access: [{ scope: 'person', who: 'ken@example.org', role: 'reader' }],
  })
  const team = source.calendar('ada', 'Team & “friends” <ops>', {
    color: '#FF8800',
    timezone: 'America/New_York',
    description: 'Ünïcode, and\nlines',
  })
  const kens = source.calendar('ken', 'Ken', { timezone: null, color: null })
  source.event(adas, 'e1', event('plain-1@google.com', { location: 'Room 5', description: 'Line one\nLine two; with, signs\\' }))
  source.event(adas, 'e2', event('040000008200E00074C5B7101A82E008:weird/uid with spaces@x', { summary: '日本語 😀' }))
  source.event(
    adas,
    'e3',
    event(
      'series@google.com',
      {
        recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=10'],
        excluded: [{ type: 'date', date: '2026-03-09' }],
        alarms: [{ method: 'popup', minutesBefore: 10 }],
      },
      {
        recurrenceId: zoned('2026-03-16T09:00:00'),
        start: zoned('2026-03-16T11:00:00'),
        end: zoned('2026-03-16T12:00:00'),
        summary: 'moved',
      },
    ),
  )
  source.event(
    adas,
    'e4',
    event('meeting@google.com', { organizer: guest('ada'), attendees: [guest('ada', 'accepted'), guest('ken'), guest('stranger')] }),
  )
  source.event(
    adas,
    'e5',
    event('allday@google.com', { start: { type: 'date', date: '2026-05-01' }, end: { type: 'date', date: '2026-05-02' } }),
  )
  source.event(adas, 'e6-twin', event('plain-1@google.com', { location: 'Room 5', description: 'Line one\nLine two; with, signs\\' }))
  source.event(adas, 'e7-variant', event('plain-1@google.com', { location: 'Elsewhere' }))
  source.event(adas, 'e8-broken', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nthis is no line\r\n')
  const bytes_ = new TextEncoder().encode('minutes of the meeting')
  const file = { nativeId: 'f1', name: 'minutes.txt', title: null, mediaType: 'text/plain', form: 'upload', owner: null } as const
  source.event(
    team,
    'e9',
    event('attached@google.com', {
      attachments: [
        { url: 'https://drive.example/f1', name: 'minutes.txt', mediaType: 'text/plain' },
        { url: 'https://drive.example/f2', name: 'link', mediaType: null },
      ],
    }),
    [
      { ...file, bytes: bytes_.byteLength, state: 'stored', blob: 0, url: 'https://drive.example/f1', bytes_ },
      { ...file, nativeId: 'f2', bytes: null, state: 'link', blob: null, url: 'https://drive.example/f2' },
    ],
  )
  source.event(kens, 'k1', event('plain-1@google.com', { summary: 'Ken has the same UID' }))
  const list = source.tasklist('ada', 'Errands', { color: '#112233' })
  source.task(list, 't1', task('task-1', { due: { type: 'date', date: '2026-04-01' }, percent: 50, status: 'in-process', priority: 1 }))
  source.task(
    list,
    't2',
    task('task-2', { parent: 'task-1', order: 7, completedAt: '2026-03-01T10:00:00Z', percent: 100, status: 'completed' }),
  )
  const book = source.addressbook('ada', 'connections', { primary: true })
  const mail = (value: string, types: readonly string[] = []) => ({ value, types, label: null, preferred: false })
  source.contact(book, 'c1', card('c1', { name: { family: 'Groß', given: 'Jürgen', additional: '', prefix: 'Dr.', suffix: '', phoneticFamily: '', phoneticGiven: '' }, emails: [mail('j@example.org', ['work'])], phones: [{ ...mail('+49 30 1'), types: ['work', 'fax'] }], birthday: { type: 'day', year: null, month: 3, day: 15 }, categories: ['Friends', 'A, B'], notes: ['one\ntwo'] })) // prettier-ignore
  source.contact(book, 'c2', card('c2/with:strange uid', { urls: [{ ...mail('https://example.org'), label: 'Büro' }] }), {
    bytes: PNG,
    mediaType: 'image/png',
  })
  source.contact(book, 'c3', card('c3', { emails: [mail('x@example.org'), mail('y@example.org')] }))
  source.contact(book, 'c4-broken', 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:no end\r\n')
  source.contact(source.addressbook('ken', 'Kens'), 'k1', card('c1', { formattedName: 'The same UID' }))
  return source
}
