import { describe, expect, test } from 'vitest'
import type { Json } from '../../../../connectors/google-workspace/json.ts'
import { contact } from '../../../../connectors/google-workspace/map/contact.ts'
import { itemId } from '../../../../src/contract/ids.ts'
import { Contact } from '../../../../src/model/contact.ts'
import { linesOf } from './facts.ts'

const groups = new Map<string, string | null>([
  ['contactGroups/myContacts', null],
  ['contactGroups/starred', 'Starred'],
  ['contactGroups/g1', 'Sailing, friends'],
])
const mapped = (person: Json) =>
  contact({ resourceName: 'people/c1', ...person }, '100', itemId('addressbook', '100', 'connections'), groups)
const written = (person: Json): readonly string[] => linesOf(Contact.parse(mapped(person).body).vcf)
const own = { primary: true, source: { type: 'CONTACT', id: '1' } }
const profile = { source: { type: 'PROFILE', id: '2' } }

describe('a contact', () => {
  test.each<[string, Json, readonly string[]]>([
    ['nothing at all', {}, ['FN:Unnamed', 'UID:people-c1']],
    [
      'a name with all its parts',
      {
        names: [
          {
            metadata: own,
            displayName: 'Dr. Ada M. Weiß Jr.',
            familyName: 'Weiß',
            givenName: 'Ada',
            middleName: 'M.',
            honorificPrefix: 'Dr.',
            honorificSuffix: 'Jr.',
            phoneticFamilyName: 'VYS',
            phoneticGivenName: 'AH-da',
            phoneticMiddleName: 'EM',
          },
        ],
      },
      [
        'FN:Dr. Ada M. Weiß Jr.',
        'N:Weiß;Ada;M.;Dr.;Jr.',
        'X-PHONETIC-LAST-NAME:VYS',
        'X-PHONETIC-FIRST-NAME:AH-da',
        'X-PHONETIC-MIDDLE-NAME:EM',
      ],
    ],
    [
      'a name of its own before that of a profile',
      {
        names: [
          { metadata: profile, displayName: 'Profile' },
          { metadata: own, displayName: 'Own' },
        ],
      },
      ['FN:Own', 'X-GOOGLE-OTHER-NAME:Profile'],
    ],
    [
      'nicknames and what is kept beside them',
      { nicknames: [{ value: 'Addi' }, { value: 'Schwarz', type: 'MAIDEN_NAME' }, { value: 'AW', type: 'INITIALS' }] },
      ['NICKNAME:Addi', 'X-MAIDENNAME:Schwarz', 'X-INITIALS:AW'],
    ],
    [
      'where somebody works, and what the standard has no word for',
      {
        organizations: [
          { name: 'Acme; Ltd', department: 'R&D', title: 'Chief', jobDescription: 'everything', startDate: { year: 2020 }, metadata: own },
        ],
        occupations: [{ value: 'carpenter' }],
      },
      [
        String.raw`ORG:Acme\; Ltd;R&D`,
        'TITLE:Chief',
        'item1.ROLE:carpenter',
        'X-GOOGLE-ORGANIZATION;X-INDEX=1:{"jobDescription":"everything"\\,"startDate":{"year":2020}}',
      ],
    ],
    [
      'addresses of all kinds, a label of the person’s own among them, each once',
      {
        emailAddresses: [
          { value: 'a@x.example', type: 'home', metadata: own },
          { value: 'b@x.example', type: 'work', displayName: 'Bee' },
          { value: 'c@x.example', type: 'Boat' },
          { value: 'A@x.example', type: 'home', metadata: profile },
        ],
      },
      [
        'EMAIL;TYPE=home;PREF=1:a@x.example',
        'EMAIL;TYPE=work:b@x.example',
        'item1.EMAIL:c@x.example',
        'item1.X-ABLabel:Boat',
        'X-GOOGLE-EMAIL-NAME;X-ADDRESS=b@x.example:Bee',
      ],
    ],
    [
      'numbers',
      {
        phoneNumbers: [
          { value: '+1', type: 'mobile' },
          { value: '+2', type: 'workFax' },
          { value: '+3', type: 'googleVoice' },
        ],
      },
      ['TEL;TYPE=cell:+1', 'TEL;TYPE=work,fax:+2', 'item1.TEL:+3', 'item1.X-ABLabel:googleVoice'],
    ],
    [
      'a place to live',
      {
        addresses: [
          {
            type: 'home',
            poBox: '1',
            streetAddress: 'Street 1',
            city: 'Kiel',
            region: 'SH',
            postalCode: '24103',
            countryCode: 'DE',
            formattedValue: 'Street 1\n24103 Kiel',
          },
        ],
      },
      ['ADR;LABEL=Street 1^n24103 Kiel;TYPE=home:1;;Street 1;Kiel;SH;24103;DE'],
    ],
    ['a birthday without a year', { birthdays: [{ date: { month: 2, day: 29 } }] }, ['BDAY:--0229']],
    ['a birthday in words', { birthdays: [{ text: 'around 1900' }] }, ['BDAY;VALUE=text:around 1900']],
    ['a birthday of which only the year is known', { birthdays: [{ date: { year: 1900 } }] }, ['BDAY;VALUE=text:1900']],
    ['a birthday that no calendar has', { birthdays: [{ date: { year: 2000, month: 13, day: 40 } }] }, ['BDAY;VALUE=text:2000-13-40']],
    [
      'days to remember',
      {
        events: [
          { type: 'anniversary', date: { year: 2010, month: 5, day: 1 } },
          { type: 'Launch', date: { month: 6, day: 2 } },
        ],
      },
      ['ANNIVERSARY:20100501', 'item1.X-ABDATE:--0602', 'item1.X-ABLabel:Launch'],
    ],
    [
      'a note of HTML as one reads it',
      { biographies: [{ value: '<p>one</p>two', contentType: 'TEXT_HTML' }] },
      [String.raw`NOTE:one\n\ntwo`],
    ],
    [
      'people it is related to',
      {
        relations: [
          { person: 'Bob', type: 'spouse' },
          { person: 'Eve', type: 'mother' },
          { person: 'Max', type: 'assistant' },
        ],
      },
      [
        'RELATED;VALUE=text;TYPE=spouse:Bob',
        'item1.RELATED;VALUE=text;TYPE=parent:Eve',
        'item1.X-ABLabel:mother',
        'item2.X-ABLabel:assistant',
      ],
    ],
    [
      'ways to talk',
      { imClients: [{ username: 'ada', protocol: 'jabber', type: 'home' }] },
      ['IMPP;X-SERVICE-TYPE=jabber;TYPE=home:jabber:ada'],
    ],
    ['SIP', { sipAddresses: [{ value: 'sip:ada@x.example', type: 'work' }] }, ['IMPP;TYPE=work:sip:ada@x.example']],
    [
      'calendars',
      {
        calendarUrls: [
          { url: 'https://c.example/a', type: 'home' },
          { url: 'https://c.example/f', type: 'freeBusy' },
        ],
      },
      ['CALURI;TYPE=home:https://c.example/a', 'FBURL:https://c.example/f'],
    ],
    ['pages', { urls: [{ value: 'https://x.example', type: 'blog' }] }, ['item1.URL:https://x.example', 'item1.X-ABLabel:blog']],
    [
      'groups it is in; the one that everybody is in says nothing',
      {
        memberships: ['myContacts', 'starred', 'g1', 'unknown'].map((id) => ({
          contactGroupMembership: { contactGroupResourceName: `contactGroups/${id}` },
        })),
      },
      [String.raw`CATEGORIES:Sailing\, friends,Starred,unknown`],
    ],
    ['fields of somebody’s own', { userDefined: [{ key: 'Shoe size', value: '38' }] }, ['X-GOOGLE-USER-DEFINED;X-KEY=Shoe size:38']],
    [
      'interests, skills, languages, gender',
      {
        interests: [{ value: 'sailing' }],
        skills: [{ value: 'knots' }],
        locales: [{ value: 'de' }],
        genders: [{ value: 'female', addressMeAs: 'she' }],
      },
      ['INTEREST:sailing', 'EXPERTISE:knots', 'LANG:de', 'GENDER:F;she'],
    ],
    [
      'what nobody here has heard of yet',
      { moods: [{ value: 'good', metadata: own }], externalIds: [{ value: '7', type: 'account' }] },
      ['X-GOOGLE-FIELD;X-NAME=externalIds:{"type":"account"\\,"value":"7"}', 'X-GOOGLE-FIELD;X-NAME=moods:{"value":"good"}'],
    ],
    ['control letters and NUL', { names: [{ displayName: 'A\u0000d\u0007a' }], biographies: [{ value: 'x\u0000' }] }, ['FN:Ada', 'NOTE:x']],
    ['fields of a wrong type', { names: 'Ada', emailAddresses: [null, 7, { value: 8 }], birthdays: {} }, ['FN:Unnamed']],
  ])('%s', (_, person, lines) => {
    expect(written(person)).toEqual(expect.arrayContaining([...lines]))
  })
})

describe('a picture', () => {
  const url = (photo: Json): string | undefined => {
    const [blob] = mapped({ photos: [photo] }).blobs
    return blob?.type === 'handle' ? blob.handle : undefined
  }
  test('is asked for in its own size, whichever way its address says one', () => {
    expect(url({ url: 'https://lh3.googleusercontent.com/contacts/abc=s100' })).toBe(
      'picture/https://lh3.googleusercontent.com/contacts/abc=s0',
    )
    expect(url({ url: 'https://lh3.googleusercontent.com/a/b/c/s100-c/photo.jpg' })).toBe(
      'picture/https://lh3.googleusercontent.com/a/b/c/s0/photo.jpg',
    )
  })
  test('that Google made up is none', () => {
    expect(url({ url: 'https://lh3.googleusercontent.com/cm/x=s100', default: true })).toBeUndefined()
  })
  test('without a usable address is a loss', () => {
    const { body, losses } = mapped({ photos: [{ url: 'nowhere' }] })
    expect(body.photo).toBeNull()
    expect(losses).toMatchObject([{ code: 'invalid-at-source', effect: { field: 'photo' } }])
  })
})
