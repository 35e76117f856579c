import { expect, test } from 'vitest'
import { type CardParts, composeCard } from '../../../src/standards/card.ts'
import { card, linesOf, typed, unfolded } from './made-up.ts'

const of = (parts: Partial<CardParts>): readonly string[] => unfolded(composeCard({ ...card, ...parts })).slice(4, -2)
const name = { family: '', given: '', additional: '', prefix: '', suffix: '', phoneticFamily: '', phoneticGiven: '' }
const organization = { name: '', units: [], title: '', role: '' }
const address = { poBox: '', extended: '', street: '', locality: '', region: '', postalCode: '', country: '', formatted: '', types: [], label: null, preferred: false } // prettier-ignore

test('A small card has VERSION first and once, and what the standard wants', () => {
  expect(unfolded(composeCard(card))).toEqual(
    ['BEGIN:VCARD', 'VERSION:4.0', 'PRODID:-//fallreep//fallreep//EN', 'UID:c1', 'FN:Ada Lovelace', 'END:VCARD', ''], // prettier-ignore
  )
})

const made: readonly (readonly [string, Partial<CardParts>, string])[] = [
  ['the name', { name: { ...name, given: 'Ada', family: 'King, Lovelace', prefix: 'Lady' } }, 'FN:Lady Ada King\\, Lovelace'],
  ['the organization', { name, organizations: [{ ...organization, name: 'Acme; Ltd' }] }, 'FN:Acme; Ltd'],
  ['an address', { emails: [typed('ada@acme.example')] }, 'FN:ada@acme.example'],
  ['nothing', { emails: [typed(' ')] }, 'FN:Unnamed'],
]
test.each(made)('A card without a shown name is called by %s', (_, parts, line) => {
  expect(linesOf(composeCard({ ...card, formattedName: ' ', ...parts }), 'FN')).toEqual([line])
})

test('Everything a contact holds has its line', () => {
  const lines = of({
    name: {
      family: 'Lovelace;',
      given: 'Ada',
      additional: 'A, B',
      prefix: 'Dr.',
      suffix: '',
      phoneticFamily: 'Lavlis',
      phoneticGiven: 'Eda',
    },
    nicknames: ['Ada, the first', 'Countess'],
    organizations: [
      { name: 'Acme', units: ['R&D', 'Looms; Cards'], title: 'Analyst', role: 'Lead' },
      { ...organization, name: 'Royal Society', title: 'Guest' },
    ],
    emails: [typed('ada@acme.example', ['WORK'], null, true), typed('a@x.example', [], 'Castle, summer')],
    phones: [typed('+49 30 1', ['cell', 'home']), typed('030;5', ['work', 'fax'])],
    addresses: [
      { ...address, street: 'St James\n12', locality: 'London', country: 'UK', types: ['home'], formatted: 'St "James" 12\nLondon' },
    ],
    urls: [typed('https://ada.example/?a,b;c')],
    ims: [
      { ...typed('xmpp:ada@x.example'), service: null },
      { ...typed('ada.l', ['work']), service: 'Skype' },
    ],
    sip: [typed('ada@sip.example')],
    relations: [typed('Lord Byron', ['parent']), typed('Anne', [], 'Nanny')],
    birthday: { type: 'day', year: null, month: 3, day: 5 },
    anniversary: { type: 'day', year: 1835, month: 7, day: 8 },
    dates: [{ date: { type: 'text', text: 'about 1843' }, label: 'First program' }],
    notes: ['One\r\ntwo', 'three\\'],
    categories: ['Friends', 'Math, logic'],
    languages: ['en-GB', 'fr'],
    gender: { sex: 'F', text: 'she; her' },
    calendars: [typed('https://cal.example/a')],
    freeBusy: [typed('https://fb.example/a')],
    extra: [{ name: 'X-GOOGLE-FILE-AS', value: 'Lovelace, Ada' }],
    updatedAt: '2026-02-01T08:30:00Z',
  })
  expect(lines).toEqual([
    'FN:Ada Lovelace',
    'N:Lovelace\\;;Ada;A\\, B;Dr.;',
    'X-PHONETIC-LAST-NAME:Lavlis',
    'X-PHONETIC-FIRST-NAME:Eda',
    'NICKNAME:Ada\\, the first',
    'NICKNAME:Countess',
    'ORG:Acme;R&D;Looms\\; Cards',
    'TITLE:Analyst',
    'ROLE:Lead',
    'item1.ORG:Royal Society',
    'item1.TITLE:Guest',
    'EMAIL;TYPE=work;PREF=1:ada@acme.example',
    'item2.EMAIL:a@x.example',
    'item2.X-ABLabel:Castle\\, summer',
    'TEL;TYPE=cell,home:+49 30 1',
    'TEL;TYPE=work,fax:030;5',
    `ADR;LABEL=St ^'James^' 12^nLondon;TYPE=home:;;St James\\n12;London;;;UK`,
    'URL:https://ada.example/?a,b;c',
    'IMPP:xmpp:ada@x.example',
    'IMPP;X-SERVICE-TYPE=Skype;TYPE=work:skype:ada.l',
    'IMPP:sip:ada@sip.example',
    'RELATED;VALUE=text;TYPE=parent:Lord Byron',
    'item3.RELATED;VALUE=text:Anne',
    'item3.X-ABLabel:Nanny',
    'BDAY:--0305',
    'ANNIVERSARY:18350708',
    'item4.X-ABDATE;VALUE=text:about 1843',
    'item4.X-ABLabel:First program',
    'NOTE:One\\ntwo',
    'NOTE:three\\\\',
    'CATEGORIES:Friends,Math\\, logic',
    'LANG;PREF=1:en-GB',
    'LANG;PREF=2:fr',
    'GENDER:F;she\\; her',
    'CALURI:https://cal.example/a',
    'FBURL:https://fb.example/a',
    'X-GOOGLE-FILE-AS:Lovelace\\, Ada',
    'REV:20260201T083000Z',
  ])
})

test('A group names its members', () => {
  expect(of({ kind: 'group', members: ['mailto:a@x.example', 'urn:uuid:1'] })).toEqual([
    'KIND:group',
    'FN:Ada Lovelace',
    'MEMBER:mailto:a@x.example',
    'MEMBER:urn:uuid:1',
  ])
})

test('Control letters, lines and halves of letters cannot break out of a value', () => {
  const vcf = composeCard({
    ...card,
    formattedName: 'a\u0000\u001bb\r\nTEL:1\rEND:VCARD\ud83d',
    categories: ['x\ny'],
    emails: [typed('a@b\r\nTEL:2', [';:"'], 'l"\n')],
  })
  expect(unfolded(vcf).slice(4, -2)).toEqual(
    ['FN:ab\\nTEL:1\\nEND:VCARD\ufffd', 'item1.EMAIL;TYPE=---:a@b\\nTEL:2', 'item1.X-ABLabel:l"\\n', 'CATEGORIES:x\\ny'], // prettier-ignore
  )
})
