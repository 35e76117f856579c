import { hash } from 'node:crypto'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { RemoteBlob } from '../../../src/contract/item.ts'
import type { Contact } from '../../../src/model/contact.ts'
import { type CardDate, composeCard } from '../../../src/standards/card.ts'
import { filled, flag, instant, type Json, object, objects, text } from '../json.ts'
import { looksLikeHtml, textOfHtml } from './description.ts'
import { degraded } from './item.ts'
import { nicknames, personExtra } from './person-extra.ts'
import { addressesOf, best, dateOf, imsOf, nameOf, organizationsOf, relationsOf, typedList } from './person-fields.ts'

export interface MappedContact {
  readonly id: ItemId
  readonly body: Contact
  readonly blobs: readonly RemoteBlob[]
  readonly losses: readonly Loss[]
}

/** Names of contact groups by resource name; null for those everybody is in, which are no category. */
export type GroupNames = ReadonlyMap<string, string | null>

export const contactId = (person: string, resourceName: string): ItemId => itemId('contact', person, resourceName)

/** A person of the People API as a card. `resourceName` is not empty. */
export function contact(person: Json, owner: string, addressbook: ItemId, groups: GroupNames): MappedContact {
  const resourceName = text(person['resourceName'])
  const id = contactId(owner, resourceName)
  const losses: Loss[] = []
  const shown = best(objects(person['names']))
  const { organizations, extra } = organizationsOf(person)
  const birthdays = objects(person['birthdays'])
  const birthday = best(birthdays)
  const events = objects(person['events'])
  const anniversary = events.find((event) => text(event['type']) === 'anniversary')
  const gender = best(objects(person['genders']))
  const calendars = objects(person['calendarUrls'])
  const photo = photoOf(person, resourceName, owner)
  if (photo === 'unusable') losses.push(degraded(id, 'photo', 'invalid-at-source', 'the address of its picture is none'))
  const uid = resourceName.replaceAll('/', '-')
  const vcf = composeCard({
    uid,
    kind: 'individual',
    formattedName: filled(shown?.['displayName']) ?? text(shown?.['unstructuredName']),
    name: nameOf(shown),
    nicknames: objects(person['nicknames']).flatMap((entry) =>
      nicknames[text(entry['type'])] === undefined ? (filled(entry['value']) ?? []) : [],
    ),
    organizations,
    emails: typedList(objects(person['emailAddresses'])),
    phones: typedList(objects(person['phoneNumbers'])),
    addresses: addressesOf(objects(person['addresses'])),
    urls: typedList(objects(person['urls'])),
    ims: imsOf(objects(person['imClients'])),
    relations: relationsOf(objects(person['relations'])),
    dates: [
      ...labelled(events.filter((event) => event !== anniversary)),
      // One birthday is shown; a profile may know another.
      ...birthdays.flatMap((other) => {
        const date = other === birthday ? null : dateOf(other)
        return date === null || JSON.stringify(date) === JSON.stringify(dateOf(birthday)) ? [] : [{ date, label: 'birthday' }]
      }),
    ],
    birthday: dateOf(birthday),
    anniversary: dateOf(anniversary),
    notes: objects(person['biographies']).flatMap((entry) => {
      const note = filled(entry['value'])
      if (note === null) return []
      return [text(entry['contentType']) === 'TEXT_HTML' || looksLikeHtml(note) ? textOfHtml(note) : note]
    }),
    categories: categoriesOf(person, groups),
    members: [],
    languages: objects(person['locales']).flatMap((entry) => filled(entry['value']) ?? []),
    gender: gender === undefined ? null : genderOf(gender),
    calendars: typedList(
      calendars.filter((entry) => text(entry['type']) !== 'freeBusy'),
      'url',
    ),
    freeBusy: typedList(
      calendars.filter((entry) => text(entry['type']) === 'freeBusy'),
      'url',
    ).map((entry) => ({ ...entry, label: null })),
    sip: typedList(objects(person['sipAddresses'])),
    extra: [...extra, ...personExtra(person)],
    updatedAt: updatedOf(person),
  })
  const blobs = photo === undefined || photo === 'unusable' ? [] : [photo]
  return { id, body: { addressbook, uid, vcf, photo: blobs.length === 0 ? null : 0 }, blobs, losses }
}

const labelled = (events: readonly Json[]): readonly { date: CardDate; label: string }[] =>
  events.flatMap((event) => {
    const date = dateOf(event)
    return date === null ? [] : [{ date, label: text(event['type']) === 'other' ? '' : text(event['type']) }]
  })

function categoriesOf(person: Json, groups: GroupNames): readonly string[] {
  const names = objects(person['memberships']).flatMap((entry) => {
    const group = filled(object(entry['contactGroupMembership'])?.['contactGroupResourceName'])
    if (group === null) return []
    const name = groups.get(group)
    return name === undefined ? [group.replace('contactGroups/', '')] : (name ?? [])
  })
  return [...new Set(names)].toSorted()
}

function genderOf(entry: Json): { sex: 'M' | 'F' | 'O' | 'N' | 'U' | null; text: string } {
  const value = text(entry['value'])
  const said = filled(entry['addressMeAs']) ?? ''
  if (value === 'male') return { sex: 'M', text: said }
  if (value === 'female') return { sex: 'F', text: said }
  return value === 'unspecified' ? { sex: 'U', text: said } : { sex: 'O', text: said === '' ? value : said }
}

function updatedOf(person: Json): string | null {
  const sources = objects(object(person['metadata'])?.['sources'])
  const own = sources.filter((source) => /CONTACT/.test(text(source['type'])))
  const times = (own.length > 0 ? own : sources).flatMap((source) => instant(source['updateTime']) ?? [])
  return times.toSorted().at(-1) ?? null
}

/**
 * The picture somebody chose, in the size it was given in. The address changes when the picture does.
 * Read 2026-11-25: https://developers.google.com/people/api/rest/v1/people#Person.Photo
 */
function photoOf(person: Json, resourceName: string, owner: string): RemoteBlob | 'unusable' | undefined {
  const given = best(objects(person['photos']).filter((photo) => !flag(photo['default']) && filled(photo['url']) !== null))
  if (given === undefined) return undefined
  const url = text(given['url'])
    .replace(/=s\d+(?:-[a-z\d-]+)?$/, '=s0')
    .replace(/\/s\d+(?:-[a-z\d]+)*\/(?=[^/]*$)/, '/s0/')
  if (!URL.canParse(url)) return 'unusable'
  return {
    type: 'handle',
    mediaType: 'image/jpeg',
    name: `${resourceName.split('/').at(-1) ?? 'photo'}.jpg`,
    key: `contact-photo/${owner}/${resourceName}/${hash('sha256', url).slice(0, 16)}`,
    handle: `picture/${url}`,
  }
}
