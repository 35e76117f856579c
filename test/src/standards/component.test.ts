import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fault } from '../../../src/fault.ts'
import { withAttachments, withoutScheduling } from '../../../src/standards/adapt.ts'
import { canonicalCalendar, canonicalCard } from '../../../src/standards/canonical.ts'
import { cardAs3 } from '../../../src/standards/card-as-3.ts'
import { composeCard } from '../../../src/standards/card.ts'
import { readComponents, writeComponent } from '../../../src/standards/component.ts'
import { composeEvents } from '../../../src/standards/event.ts'
import { attendee, card, event, typed } from './made-up.ts'

const calendar = (...lines: readonly string[]): string => ['BEGIN:VCALENDAR', ...lines, 'END:VCALENDAR'].join('\r\n')

test('What nobody knows stays as it is: names, parameters, values, order', () => {
  const lines = [
    'X-ODD;X-P="a:b;c,d";X-Q=1,"2,3",4:raw\\x\\;value;a=b:c',
    "X-ESC;CN=^'q^' ^n ^^ ^x:",
    'CONFERENCE;VALUE=URI;LANGUAGE=de;LABEL="Raum; 1":https://x.example/?a:b',
    'IANA-THING:äöü🙂',
  ]
  const text = calendar('BEGIN:VEVENT', ...lines, 'BEGIN:X-INSIDE', 'A:1', 'END:X-INSIDE', 'END:VEVENT')
  expect(readComponents(text).map(writeComponent).join('')).toBe(`${text.replace('^x:', '^^x:')}\r\n`)
})

test.each([
  ['LF only', calendar('A:1', 'B:2').replaceAll('\r', '')],
  ['a byte order mark', `\ufeff${calendar('A:1', 'B:2')}`],
  ['empty lines and blanks at the end', `${calendar('A:1', '', 'B:2')}\r\n  \r\n\r\n`],
  ['folding inside of a name', calendar('A\r\n :1', 'B:\r\n\t2')],
  ['lower case', calendar('a:1', 'b:2').replace('BEGIN', 'begin').replace('END:VCALENDAR', 'end:vcalendar')],
])('Reads %s', (_, text) => {
  expect(readComponents(text).map(writeComponent).join('')).toBe(`${calendar('A:1', 'B:2')}\r\n`)
})

test('A quote that does not end is a letter like others', () => {
  expect(readComponents(calendar('A;B="c:1'))[0]?.lines[0]).toEqual({
    group: null,
    name: 'A',
    params: [{ name: 'B', values: ['"c'] }],
    value: '1',
  })
})

test.each([
  ['no line at all', 'hello', 1],
  ['a line without a colon', calendar('A:1', 'no colon here'), 3],
  ['an end of something else', calendar('BEGIN:VEVENT', 'END:VTODO'), 3],
  ['an end too many', `${calendar()}\r\nEND:VCALENDAR`, 3],
  ['a beginning that does not end', calendar('BEGIN:VEVENT'), 3],
  ['a line outside', `A:1\r\n${calendar()}`, 1],
  ['components inside each other without end', 'BEGIN:A\n'.repeat(100_000), 9],
])('%s is a fault that names the line', (_, text, line) => {
  const read = (): unknown => readComponents(text)
  expect(read).toThrow(Fault)
  expect(read).toThrow(new RegExp(`^Line ${line} `))
})

/** Everything that reads, on one text: what is thrown that is no Fault. */
function surprises(text: string): readonly unknown[] {
  const found: unknown[] = []
  for (const read of [
    canonicalCalendar,
    canonicalCard,
    cardAs3,
    withoutScheduling,
    (ics: string) => withAttachments(ics, () => undefined),
  ]) {
    try {
      read(text)
    } catch (error) {
      if (!(error instanceof Fault && error.code === 'corrupt')) found.push(error)
    }
  }
  return found
}

const samples = [
  composeEvents([
    {
      ...event,
      organizer: attendee,
      attendees: [attendee],
      recurrence: ['RRULE:FREQ=DAILY'],
      alarms: [{ method: 'popup', minutesBefore: 5 }],
    },
  ]),
  composeCard({
    ...card,
    emails: [typed('a@b', ['work'], 'x')],
    phones: [typed('1', [], null, true)],
    birthday: { type: 'day', year: null, month: 3, day: 5 },
  }),
]

test('Random bytes and broken files are answered or refused, never anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(surprises(Buffer.from(bytes).toString('utf8'))).toEqual([])
    }),
    { numRuns: 300 },
  )
  const piece = fc.oneof(
    fc.constantFrom(
      '"',
      ':',
      ';',
      ',',
      '=',
      '\\',
      '^',
      '\r',
      '\n',
      ' ',
      '\t',
      'BEGIN:',
      'END:',
      'BEGIN:VEVENT\n',
      ';VALUE=',
      ';TYPE',
      'item1.',
      '__proto__:',
      ';__proto__=',
      'constructor:',
    ),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  fc.assert(
    fc.property(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(), fc.nat(30), piece), { maxLength: 6 }), (sample, edits) => {
      let text = sample
      for (const [at, cut, put] of edits) text = text.slice(0, at % text.length) + put + text.slice((at % text.length) + cut)
      expect(surprises(text)).toEqual([])
    }),
    { numRuns: 1500 },
  )
})

test('Long and many lines take time in proportion to their length', () => {
  const long = 'x'.repeat(10_000)
  const hostile = [
    calendar('BEGIN:VEVENT', `SUMMARY;${'A=b;'.repeat(20_000)}C="${long}":${long}`, 'END:VEVENT'),
    calendar(
      'BEGIN:VEVENT',
      `CATEGORIES:${'\\,'.repeat(100_000)},a`,
      ...Array.from({ length: 20_000 }, (_, n) => `X-A;B=${n}:${n}`),
      'END:VEVENT',
    ),
    calendar('BEGIN:VEVENT', 'RRULE:FREQ=SECONDLY', `RRULE:FREQ=SECONDLY;COUNT=999999999999;BYSECOND=${'1,'.repeat(50_000)}`, 'END:VEVENT'),
    `BEGIN:VCARD\nVERSION:4.0\n${'ADR;LABEL=x:;;a;;;;\n'.repeat(10_000)}${'LABEL:x\n'.repeat(10_000)}END:VCARD\n`,
    `BEGIN:VCARD\nX:${'a\n '.repeat(200_000)}\nEND:VCARD`,
    `${';'.repeat(200_000)}\n${'='.repeat(200_000)}`,
    `BEGIN:VCARD\nTEL;${'a'.repeat(100_000)}${';b'.repeat(50_000)}:1\nEND:VCARD`,
  ]
  const started = performance.now()
  expect(hostile.flatMap(surprises)).toEqual([])
  expect(performance.now() - started).toBeLessThan(20_000)
})
