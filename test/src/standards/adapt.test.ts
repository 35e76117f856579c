import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { withAttachments, withPhoto, withoutScheduling } from '../../../src/standards/adapt.ts'
import { canonicalCalendar, canonicalCard } from '../../../src/standards/canonical.ts'
import { cardAs3 } from '../../../src/standards/card-as-3.ts'
import { composeCard } from '../../../src/standards/card.ts'
import { composeEvents } from '../../../src/standards/event.ts'
import { attendee, card, event, linesOf, unfolded } from './made-up.ts'
import { anyCard } from './any.ts'

test('Nobody is mailed: everybody is marked, METHOD goes, an alarm keeps its address, and the event says the same', () => {
  const ics = composeEvents([
    { ...event, organizer: attendee, attendees: [attendee], alarms: [{ method: 'email', address: 'a@x', minutesBefore: 5 }] },
  ])
    .replace('CALSCALE', 'METHOD:REQUEST\r\nCALSCALE')
    .replace('ATTENDEE;CN', 'ATTENDEE;SCHEDULE-AGENT=SERVER;CN')
  const quiet = withoutScheduling(ics)
  expect([...linesOf(quiet, 'METHOD'), ...linesOf(quiet, 'ORGANIZER'), ...linesOf(quiet, 'ATTENDEE')]).toEqual([
    'ORGANIZER;CN=Ada;SCHEDULE-AGENT=NONE:mailto:ada@acme.example',
    'ATTENDEE;CN=Ada;PARTSTAT=ACCEPTED;SCHEDULE-AGENT=NONE:mailto:ada@acme.example',
    'ATTENDEE:mailto:a@x',
  ])
  expect(canonicalCalendar(quiet)).toEqual(canonicalCalendar(ics))
})

test('An attachment whose bytes are there comes inside under its name; others stay addresses', () => {
  const file = (url: string) => ({ url, name: 'a.pdf', mediaType: null })
  const ics = composeEvents([{ ...event, attachments: [file('https://x.example/1'), file('https://x.example/2')] }])
  const bytes = Uint8Array.from({ length: 300 }, (_, n) => n % 256)
  const inside = withAttachments(ics, (url) => (url.endsWith('1') ? { bytes: bytes.subarray(1), mediaType: 'application/pdf' } : undefined))
  expect(linesOf(inside, 'ATTACH')).toEqual([
    `ATTACH;FILENAME=a.pdf;FMTTYPE=application/pdf;ENCODING=BASE64;VALUE=BINARY:${Buffer.from(bytes.subarray(1)).toString('base64')}`,
    'ATTACH;FILENAME=a.pdf:https://x.example/2',
  ])
  expect(Math.max(...inside.split('\r\n').map((line) => line.length))).toBe(75)
})

test('A card has one picture, in the notation of its version, and both are the same picture', () => {
  const photo = { bytes: Uint8Array.of(1, 2, 255), mediaType: 'image/jpeg' }
  const four = withPhoto(withPhoto(composeCard(card), { ...photo, bytes: Uint8Array.of(9) }), photo)
  const three = withPhoto(cardAs3(composeCard(card)).vcf, photo)
  expect([...linesOf(four, 'PHOTO'), ...linesOf(three, 'PHOTO')]).toEqual([
    'PHOTO:data:image/jpeg;base64,AQL/',
    'PHOTO;ENCODING=b;TYPE=JPEG:AQL/',
  ])
  expect(canonicalCard(three)).toEqual(canonicalCard(four))
  expect(cardAs3(four).vcf).toBe(three)
})

test('A card in 3.0 has a name and the words of 3.0', () => {
  const lines = [
    'TEL;VALUE=uri;PREF=1;TYPE=cell:tel:+49-1',
    'EMAIL;TYPE=work:a@b',
    'BDAY:--0315',
    'BDAY:1987',
    'GENDER:F',
    'KIND:group',
    'GEO:geo:1.5,2',
    'ADR;LABEL=x;TYPE=home:;;s',
    'LANG;PREF=2:de',
    'MEMBER:mailto:a,b@x',
  ]
  const { vcf, lost } = cardAs3(['BEGIN:VCARD', 'VERSION:4.0', ...lines, 'END:VCARD', ''].join('\r\n'))
  expect(unfolded(vcf)).toEqual([
    'BEGIN:VCARD',
    'VERSION:3.0',
    'N:;;;;',
    'TEL;TYPE=pref;TYPE=cell:+49-1',
    'EMAIL;TYPE=INTERNET;TYPE=work:a@b',
    'BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-15',
    'X-BDAY:1987',
    'X-GENDER:F',
    'X-ADDRESSBOOKSERVER-KIND:group',
    'GEO:1.5;2',
    'label1.ADR;TYPE=home:;;s',
    'label1.LABEL;TYPE=home:x',
    'X-LANG;X-PREF=2:de',
    'X-ADDRESSBOOKSERVER-MEMBER:mailto:a%2Cb@x',
    'END:VCARD',
    '',
  ])
  expect(lost).toEqual([])
})

test('What 3.0 really loses is named', () => {
  const vcf = ['BEGIN:VCARD', 'VERSION:4.0', 'BDAY:16040315', 'ADR;LABEL=x:;;s', 'END:VCARD', ''].join('\r\n')
  expect(cardAs3(vcf).lost).toEqual([])
  expect(cardAs3(vcf.replace('ADR;LABEL=x:', 'a.ADR;LABEL=x;LABEL=y:')).lost).toEqual(['ADR'])
})

test('Any card in 3.0 says what it said, and nothing is called lost', () => {
  fc.assert(
    fc.property(anyCard, (parts) => {
      const vcf = composeCard(parts)
      const three = cardAs3(vcf)
      expect(canonicalCard(three.vcf)).toEqual(canonicalCard(vcf))
      expect(three.lost).toEqual([])
      expect(linesOf(three.vcf, 'VERSION')).toEqual(['VERSION:3.0'])
      expect(cardAs3(three.vcf)).toEqual(three)
    }),
    { numRuns: 300 },
  )
})
