import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalCalendar, canonicalCard } from '../../../src/standards/canonical.ts'
import { composeEvents } from '../../../src/standards/event.ts'
import { composeTask } from '../../../src/standards/task.ts'
import { attendee, event, task, unfolded } from './made-up.ts'

const vevent = (...lines: readonly string[]): string =>
  ['BEGIN:VCALENDAR', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR', ''].join('\r\n')
const vcard = (...lines: readonly string[]): string => ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n')

describe('In calendars', () => {
  const same: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['order', ['A:1', 'B:2'], ['B:2', 'A:1']],
    ['folding', ['A:12'], ['A:1\r\n 2']],
    ['letter case of names and words', ['ATTENDEE;PARTSTAT=ACCEPTED:mailto:A@x'], ['attendee;partstat=accepted:MAILTO:a@x']],
    ['quotes', ['ATTENDEE;CN="Ada":mailto:a@x'], ['ATTENDEE;CN=Ada:mailto:a@x']],
    ['the order of parameters', ['A;B=1;C=2:x'], ['A;C=2;B=1:x']],
    ['what holds anyway', ['UID:1'], ['UID:1', 'SEQUENCE:0', 'PRIORITY:0', 'TRANSP:OPAQUE', 'CLASS:PUBLIC']],
    ['what holds anyway about people', ['ATTENDEE:mailto:a@x'], ['ATTENDEE;ROLE=REQ-PARTICIPANT;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:a@x']], // prettier-ignore
    ['who wrote it when', ['UID:1'], ['UID:1', 'DTSTAMP:20260101T000000Z', 'CREATED:20260101T000000Z', 'LAST-MODIFIED:20260101T000000Z']],
    ['orders to the server', ['ATTENDEE:mailto:a@x'], ['ATTENDEE;SCHEDULE-AGENT=NONE;SCHEDULE-STATUS="1.1":mailto:a@x']],
    ['lists in one line or several', ['EXDATE:20260301T000000Z,20260302T000000Z', 'CATEGORIES:a,b'], ['CATEGORIES:b', 'EXDATE:20260302T000000Z', 'EXDATE:20260301T000000Z', 'CATEGORIES:a']], // prettier-ignore
    ['parts of a rule', ['RRULE:FREQ=WEEKLY;BYDAY=MO,TU'], ['RRULE:INTERVAL=1;BYDAY=TU,MO;FREQ=WEEKLY;WKST=MO']],
    ['lengths of time', ['DURATION:-PT15M'], ['DURATION:-P0DT0H15M0S']],
    ['a type the value shows', ['DTSTART;VALUE=DATE:20260301'], ['DTSTART:20260301']],
    ['needless escapes', ['X-A:a\\,b'], ['X-A:a,b']],
  ]
  test.each(same)('%s does not matter', (_, one, other) => {
    expect(canonicalCalendar(vevent(...other))).toEqual(canonicalCalendar(vevent(...one)))
  })

  const different: readonly (readonly [string, string])[] = [
    ['SUMMARY:a', 'SUMMARY:A'],
    ['DTSTART;TZID=Europe/Berlin:20260301T090000', 'DTSTART;TZID=Europe/Paris:20260301T090000'],
    ['DTSTART:20260301T090000Z', 'DTSTART:20260301T090000'],
    ['ATTENDEE;CN=a:mailto:a@x', 'ATTENDEE;CN=A:mailto:a@x'],
    ['TRIGGER:-PT15M', 'TRIGGER:PT15M'],
    ['DURATION:P1D', 'DURATION:PT24H'],
    ['CLASS:PRIVATE', 'CLASS:CONFIDENTIAL'],
    ['CATEGORIES:a\\,b', 'CATEGORIES:a,b'],
    ['X-A:1', 'X-A;Y=2:1'],
    ['RRULE:FREQ=WEEKLY;WKST=SU', 'RRULE:FREQ=WEEKLY'],
    ['ATTACH;ENCODING=BASE64;VALUE=BINARY:YWI=', 'ATTACH;ENCODING=BASE64;VALUE=BINARY:YWM='],
  ]
  test.each(different)('%s is not %s', (one, other) => {
    expect(canonicalCalendar(vevent(one))).not.toEqual(canonicalCalendar(vevent(other)))
  })

  test('A time zone counts by its name; a component lost or doubled shows', () => {
    const ics = composeEvents([event])
    const other = ics.replace(/(TZID:Europe\/Berlin\r\n)[^]*(END:VTIMEZONE)/, '$1X-LIC-LOCATION:Europe/Berlin\r\n$2')
    expect(other).not.toBe(ics)
    expect(canonicalCalendar(other)).toEqual(canonicalCalendar(ics))
    const double = ics.replace(/BEGIN:VEVENT[^]*END:VEVENT\r\n/, '$&$&')
    expect(canonicalCalendar(double)).not.toEqual(canonicalCalendar(ics))
    expect(canonicalCalendar(composeTask(task))).not.toEqual(canonicalCalendar(composeTask({ ...task, priority: 1 })))
  })

  test('What is no calendar is a fault', () => {
    expect(() => canonicalCalendar(vcard('VERSION:4.0'))).toThrow('A VCALENDAR was expected')
    expect(() => canonicalCalendar('')).toThrow('A VCALENDAR was expected')
    expect(() => canonicalCard('')).toThrow('A VCARD was expected')
  })

  test('Any order of lines, folded anywhere between letters, says the same', () => {
    const ics = composeEvents([
      {
        ...event,
        summary: 'Grüße 🙂',
        attendees: [attendee, { ...attendee, address: 'b@x' }],
        categories: ['a', 'b'],
        recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
      },
    ])
    const [before = '', inside = '', after = ''] = ics.split(/(?<=BEGIN:VEVENT\r\n)|(?=END:VEVENT)/)
    const lines = unfolded(inside).filter((line) => line !== '')
    const shuffled = fc.shuffledSubarray([...lines], { minLength: lines.length })
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 1, max: 80 }), fc.constantFrom('\r\n', '\n'), (order, width, end) => {
        const folded = order.map((line) =>
          Array.from(line).reduce((text, letter, at) => text + (at > 0 && at % width === 0 ? `${end}\t` : '') + letter, ''),
        )
        expect(canonicalCalendar(`${before}${folded.join(end)}${end}${after}`)).toEqual(canonicalCalendar(ics))
      }),
      { numRuns: 100 },
    )
  })
})

describe('In cards', () => {
  const same: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['version and revision', ['VERSION:4.0', 'FN:a'], ['FN:a', 'VERSION:3.0', 'REV:20260101T000000Z', 'PRODID:x']],
    ['types', ['TEL;TYPE=home,cell:1'], ['TEL;TYPE=CELL;TYPE=HOME:1']],
    ['types in quotes', ['TEL;TYPE=home,cell:1'], ['TEL;TYPE="cell,home":1']],
    ['types of version 2.1', ['TEL;TYPE=home:1'], ['TEL;HOME;VOICE:1']],
    ['types every address has', ['EMAIL;TYPE=work:a@b'], ['EMAIL;TYPE=INTERNET,WORK:a@b']],
    ['how preferred is said', ['EMAIL;PREF=1:a@b'], ['EMAIL;TYPE=INTERNET;TYPE=pref:a@b']],
    ['how groups are called', ['item1.EMAIL:a@b', 'item1.X-ABLabel:x'], ['A.X-ABLABEL:x', 'a.EMAIL:a@b']],
    ['a group of one', ['item1.EMAIL:a@b'], ['EMAIL:a@b']],
    ['kind and members', ['KIND:group', 'MEMBER:urn:uuid:1'], ['X-ADDRESSBOOKSERVER-KIND:GROUP', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1']],
    ['the kind all have', ['FN:a'], ['FN:a', 'KIND:individual']],
    ['hyphens in a birthday', ['BDAY:19870315'], ['BDAY;VALUE=date:1987-03-15']],
    ['a birthday without a year', ['BDAY:--0315'], ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-15']],
    ['a number as an address', ['TEL:+49-30-1'], ['TEL;VALUE=uri:tel:+49-30-1']],
    ['notation of a picture', ['PHOTO:data:image/jpeg;base64,YWI='], ['PHOTO;ENCODING=b;TYPE=JPEG:YW\r\n I=']],
    ['where the label stands', ['ADR;TYPE=home;LABEL="a, b":;;s'], ['ADR;TYPE=HOME:;;s;;;;', 'LABEL;TYPE=HOME:a\\, b']],
    ['a name of nothing', ['FN:a'], ['FN:a', 'N:;;;;']],
    ['empty ends', ['N:a;b', 'ORG:x'], ['N:a;b;;;', 'ORG:x;']],
    ['escaped addresses', ['URL:https://x/?a;b,c'], ['URL:https\\://x/?a\\;b%2Cc']],
    ['lists', ['CATEGORIES:a,b'], ['CATEGORIES:b', 'CATEGORIES:a']],
  ]
  test.each(same)('%s do not matter', (_, one, other) => {
    expect(canonicalCard(vcard(...other))).toEqual(canonicalCard(vcard(...one)))
  })

  const different: readonly (readonly [string, string])[] = [
    ['TEL;TYPE=home:1', 'TEL;TYPE=work:1'],
    ['EMAIL;PREF=1:a@b', 'EMAIL:a@b'],
    ['BDAY:--0315', 'BDAY:16040315'],
    ['N:a;b', 'N:b;a'],
    ['ORG:a;b', 'ORG:a\\;b'],
    ['item1.EMAIL:a@b\r\nitem1.X-ABLabel:x', 'item1.EMAIL:a@b\r\nitem2.X-ABLabel:x'],
    ['PHOTO:data:image/jpeg;base64,YWI=', 'PHOTO:data:image/jpeg;base64,YWM='],
    ['GENDER:F', 'GENDER:M'],
    ['LANG;PREF=1:de\r\nLANG;PREF=2:fr', 'LANG;PREF=2:de\r\nLANG;PREF=1:fr'],
  ]
  test.each(different)('%s is not %s', (one, other) => {
    expect(canonicalCard(vcard(one))).not.toEqual(canonicalCard(vcard(other)))
  })
})
