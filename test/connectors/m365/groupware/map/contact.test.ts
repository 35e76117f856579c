import { describe, expect, test } from 'vitest'
import { WireContact } from '../../../../../connectors/m365/contacts/wire.ts'
import { contact } from '../../../../../connectors/m365/map/contact.ts'
import { linesOf } from '../reading.ts'

const mapping = { source: 'acme', fetchedAt: '2026-11-25T03:00:00Z', endpoint: 'users/contacts' }
const lines = (wire: object): readonly string[] =>
  linesOf(contact({ id: 'P' }, 'F', WireContact.parse({ id: 'K1', displayName: 'Ada Weiß', ...wire }), undefined, {}, mapping).body.vcf)

describe('a contact', () => {
  test.each<readonly [string, object, readonly string[]]>([
    [
      'with a whole name',
      { title: 'Dr.', givenName: 'Ada', middleName: 'M.', surname: 'Weiß', generation: 'Jr.', nickName: 'Addi' },
      ['FN:Ada Weiß', 'N:Weiß;Ada;M.;Dr.;Jr.', 'NICKNAME:Addi'],
    ],
    [
      'with how it is read aloud',
      { givenName: '健', surname: '田中', yomiGivenName: 'ケン', yomiSurname: 'タナカ', yomiCompanyName: 'カイシャ' },
      ['X-PHONETIC-FIRST-NAME:ケン', 'X-PHONETIC-LAST-NAME:タナカ', 'X-PHONETIC-ORG:カイシャ'],
    ],
    [
      'at work',
      {
        companyName: 'Acme; Söhne',
        department: 'R&D',
        jobTitle: 'Leitung',
        profession: 'Physik',
        officeLocation: 'Haus 3',
        manager: 'Erika',
        assistantName: 'Ken',
      },
      [
        String.raw`ORG:Acme\; Söhne;R&D`,
        'TITLE:Leitung',
        'ROLE:Physik',
        'ADR;TYPE=work:;Haus 3;;;;;',
        expect.stringMatching(/RELATED;VALUE=text:Erika$/),
        expect.stringMatching(/RELATED;VALUE=text:Ken$/),
      ],
    ],
    [
      'with a family',
      { spouseName: 'Bo', children: ['Cy', 'Di'] },
      ['RELATED;VALUE=text;TYPE=spouse:Bo', 'RELATED;VALUE=text;TYPE=child:Cy', 'RELATED;VALUE=text;TYPE=child:Di'],
    ],
    [
      'with telephones by kind',
      { businessPhones: ['+49 30 1', '+49 30 2'], homePhones: ['+49 40 1'], mobilePhone: '+49 170 1' },
      ['TEL;TYPE=work,voice:+49 30 1', 'TEL;TYPE=work,voice:+49 30 2', 'TEL;TYPE=home,voice:+49 40 1', 'TEL;TYPE=cell:+49 170 1'],
    ],
    [
      'with addresses, of which a name that says more is kept',
      {
        emailAddresses: [
          { name: 'Ada Weiß', address: 'ada@example.org' },
          { name: 'Ada privat', address: 'ada@home.example' },
          { name: 'leer', address: '' },
        ],
      },
      ['EMAIL;PREF=1:ada@example.org', 'item1.EMAIL:ada@home.example', 'item1.X-ABLabel:Ada privat'],
    ],
    [
      'with postal addresses',
      {
        homeAddress: { street: 'Weg 1\r\nHinterhaus', city: 'Kiel', postalCode: '24103', countryOrRegion: 'Deutschland' },
        otherAddress: { city: 'Bonn' },
      },
      [String.raw`ADR;TYPE=home:;;Weg 1\nHinterhaus;Kiel;;24103;Deutschland`, 'item1.ADR:;;;Bonn;;;', 'item1.X-ABLabel:Other'],
    ],
    ['with a birthday at noon in UTC', { birthday: '1974-07-22T11:59:00Z' }, ['BDAY:19740722']],
    ['with a birthday without a year', { birthday: '1604-02-29T11:59:00Z' }, ['BDAY:--0229']],
    [
      'with messengers, a site, notes and categories',
      {
        imAddresses: ['sip:ada@example.org', 'ada_w'],
        businessHomePage: 'https://ada.example',
        personalNotes: 'a\r\nb',
        categories: ['Kunden', 'x,y'],
      },
      [
        'IMPP:sip:ada@example.org',
        'IMPP:x-unknown:ada_w',
        'URL;TYPE=work:https://ada.example',
        String.raw`NOTE:a\nb`,
        String.raw`CATEGORIES:Kunden,x\,y`,
      ],
    ],
    ['with letters no card may have', { displayName: 'A\u0000d\u0008a' }, ['FN:Ada']],
    ['filed under another name', { fileAs: 'Weiß, Ada', initials: 'AW' }, [String.raw`X-FILE-AS:Weiß\, Ada`, 'X-INITIALS:AW']],
    ['without a name, called by its company', { displayName: '', companyName: 'Acme' }, ['FN:Acme']],
    ['without a name, called by its address', { displayName: null, emailAddresses: [{ address: 'x@y.example' }] }, ['FN:x@y.example']],
    ['without anything', { displayName: null }, ['FN:Unnamed']],
    [
      'with fields of wrong types',
      { displayName: 7, children: 'none', emailAddresses: [null, { address: 'a@b.example' }], birthday: 3 },
      ['FN:a@b.example'],
    ],
  ])('%s', (_, wire, expected) => {
    expect(lines(wire)).toEqual(expect.arrayContaining([...expected]))
  })

  test('has the same UID for ever, and no year 1 for a birthday', () => {
    const uid = (wire: object): string | undefined => lines(wire).find((line) => line.startsWith('UID:'))
    expect(uid({})).toBe(uid({ displayName: 'anders' }))
    expect(lines({ birthday: '0001-01-01T00:00:00Z' }).some((line) => line.startsWith('BDAY'))).toBe(false)
  })
})
