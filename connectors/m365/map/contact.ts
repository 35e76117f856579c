import { collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { Contact } from '../../../src/model/contact.ts'
import { type Address, type CardDate, type CardParts, composeCard, type Typed } from '../../../src/standards/card.ts'
import type { Extra } from '../../../src/standards/extra.ts'
import type { WireContact } from '../contacts/wire.ts'
import { filled, type PostalAddress } from '../fields.ts'
import { addressbookId } from './addressbook.ts'
import { itemOf, type Mapping } from './mapped.ts'
import { uidOf } from './uid.ts'
import { stampOf } from './when.ts'

export const contactId = (person: string, native: string): ItemId => itemId('contact', person, native)

/** A contact resource as a card. Page: https://learn.microsoft.com/graph/api/resources/contact (read 2026-11-25). */
export function contact(
  person: { readonly id: string },
  folder: string,
  given: WireContact,
  photo: RemoteBlob | undefined,
  raw: unknown,
  mapping: Mapping,
): SourceItem<'contact'> {
  const uid = uidOf(given.id)
  const body: Contact = {
    addressbook: addressbookId(person.id, folder),
    uid,
    vcf: composeCard(cardOf(uid, given)),
    photo: photo === undefined ? null : 0,
  }
  const id = contactId(person.id, given.id)
  const collection = collectionId(`contacts/${person.id}`)
  return itemOf({ kind: 'contact', id, nativeId: given.id, collection, body, raw, blobs: photo === undefined ? [] : [photo] }, mapping)
}

function cardOf(uid: string, given: WireContact): CardParts {
  const said = (value: string | null): string => value ?? ''
  const work = postal(given.businessAddress, 'work', said(filled(given.officeLocation)))
  return {
    uid,
    kind: 'individual',
    formattedName: filled(given.displayName) ?? filled(given.fileAs) ?? '',
    name: {
      family: said(given.surname),
      given: said(given.givenName),
      additional: said(given.middleName),
      prefix: said(given.title),
      suffix: said(given.generation),
      phoneticFamily: said(given.yomiSurname),
      phoneticGiven: said(given.yomiGivenName),
    },
    nicknames: some(given.nickName),
    organizations: [
      { name: said(given.companyName), units: some(given.department), title: said(given.jobTitle), role: said(given.profession) },
    ],
    emails: emailsOf(given),
    phones: [
      ...given.businessPhones.flatMap((phone) => typed(phone, 'work', 'voice')),
      ...given.homePhones.flatMap((phone) => typed(phone, 'home', 'voice')),
      ...typed(given.mobilePhone, 'cell'),
    ],
    addresses: [...work, ...postal(given.homeAddress, 'home'), ...postal(given.otherAddress, null)],
    urls: typed(given.businessHomePage, 'work'),
    ims: given.imAddresses.flatMap((im) => typed(im)).map((im) => ({ ...im, service: null })),
    relations: [
      ...typed(given.spouseName, 'spouse'),
      ...given.children.flatMap((child) => typed(child, 'child')),
      ...typed(given.manager).map((each) => ({ ...each, label: 'Manager' })),
      ...typed(given.assistantName).map((each) => ({ ...each, label: 'Assistant' })),
    ],
    dates: [],
    birthday: dayOf(given.birthday),
    anniversary: null,
    notes: some(given.personalNotes),
    categories: given.categories,
    members: [],
    languages: [],
    gender: null,
    calendars: [],
    freeBusy: [],
    sip: [],
    extra: extrasOf(given),
    updatedAt: stampOf(given.lastModifiedDateTime),
  }
}

const some = (value: string | null): readonly string[] => (filled(value) === null ? [] : [value ?? ''])
const typed = (value: string | null, ...types: readonly string[]): readonly Typed[] =>
  filled(value) === null ? [] : [{ value: value ?? '', types, label: null, preferred: false }]

/** Outlook shows an address under a name of its own, usually made of the contact's name: only another one is worth keeping. */
function emailsOf({ emailAddresses, displayName }: WireContact): readonly Typed[] {
  const known = emailAddresses.flatMap(({ name, address }) => (filled(address) === null ? [] : [{ name, address: address?.trim() ?? '' }]))
  return known.map(({ name, address }, at) => ({
    value: address,
    types: [],
    label: [null, '', address, displayName, `${displayName} (${address})`].includes(name) ? null : name,
    preferred: at === 0 && known.length > 1,
  }))
}

function postal(given: PostalAddress, type: string | null, extended = ''): readonly Address[] {
  const { street = '', city = '', state = '', postalCode = '', countryOrRegion = '' } = given ?? {}
  if (![street, city, state, postalCode, countryOrRegion, extended].some((part) => filled(part) !== null)) return []
  return [
    {
      types: type === null ? [] : [type],
      label: type === null ? 'Other' : null,
      preferred: false,
      poBox: '',
      extended,
      street: street ?? '',
      locality: city ?? '',
      region: state ?? '',
      postalCode: postalCode ?? '',
      country: countryOrRegion ?? '',
      formatted: '',
    },
  ]
}

/** A birthday is a day, written as some time of it in UTC. 1604 stands for a year that nobody gave. */
function dayOf(given: string | null): CardDate | null {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)/.exec(given ?? '') ?? []
  if (year === '' || year === '0001') return null
  return { type: 'day', year: year === '1604' ? null : Number(year), month: Number(month), day: Number(day) }
}

function extrasOf({ yomiCompanyName, initials, fileAs, displayName }: WireContact): readonly Extra[] {
  const extra = (name: string, value: string | null): readonly Extra[] => (filled(value) === null ? [] : [{ name, value: value ?? '' }])
  return [
    ...extra('X-PHONETIC-ORG', yomiCompanyName),
    ...extra('X-INITIALS', initials),
    ...extra('X-FILE-AS', fileAs === displayName ? null : fileAs),
  ]
}
