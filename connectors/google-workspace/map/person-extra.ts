import type { Extra } from '../../../src/standards/extra.ts'
import { filled, flag, type Json, objects, text } from '../json.ts'
import { best, json } from './person-fields.ts'

/** Fields of a person that have a place of their own in a card, or none anywhere. Everything else is kept as it came. */
const placed = new Set([
  'resourceName',
  'etag',
  'metadata',
  'ageRange',
  'ageRanges',
  'photos',
  'names',
  'nicknames',
  'organizations',
  'occupations',
  'emailAddresses',
  'phoneNumbers',
  'addresses',
  'urls',
  'imClients',
  'relations',
  'events',
  'birthdays',
  'biographies',
  'memberships',
  'locales',
  'genders',
  'calendarUrls',
  'sipAddresses',
  'userDefined',
  'interests',
  'skills',
  'coverPhotos',
])

/** What the standard has no word for. Nothing that Google says of a person is left out: what is not known here comes as JSON. */
export function personExtra(person: Json): readonly Extra[] {
  const extra: Extra[] = []
  const add = (name: string, value: string | null, params?: Extra['params']): void =>
    void (value === null || extra.push({ name, value, ...(params === undefined ? {} : { params }) }))
  const names = objects(person['names'])
  const shown = best(names)
  for (const [field, name] of phonetic) add(name, filled(shown?.[field]))
  for (const other of names)
    if (other !== shown && text(other['displayName']) !== text(shown?.['displayName']))
      add('X-GOOGLE-OTHER-NAME', filled(other['displayName']))
  for (const nick of objects(person['nicknames'])) {
    const name = nicknames[text(nick['type'])]
    if (name !== undefined) add(name, filled(nick['value']))
  }
  for (const entry of objects(person['userDefined'])) add('X-GOOGLE-USER-DEFINED', filled(entry['value']), { 'X-KEY': text(entry['key']) })
  for (const entry of objects(person['interests'])) add('INTEREST', filled(entry['value']))
  for (const entry of objects(person['skills'])) add('EXPERTISE', filled(entry['value']))
  for (const entry of objects(person['emailAddresses']))
    add('X-GOOGLE-EMAIL-NAME', filled(entry['displayName']), { 'X-ADDRESS': text(entry['value']) })
  for (const entry of objects(person['coverPhotos']))
    if (!flag(entry['default'])) add('X-GOOGLE-COVER-PHOTO', filled(entry['url']), { VALUE: 'uri' })
  for (const entry of objects(person['biographies']))
    if (text(entry['contentType']) === 'TEXT_HTML') add('X-GOOGLE-BIOGRAPHY', filled(entry['value']), { FMTTYPE: 'text/html' })
  for (const [field, value] of Object.entries(person).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (placed.has(field)) continue
    for (const entry of Array.isArray(value) ? objects(value) : [value])
      add('X-GOOGLE-FIELD', json(withoutMetadata(entry)), { 'X-NAME': field })
  }
  return extra
}

const withoutMetadata = (entry: unknown): unknown =>
  typeof entry === 'object' && entry !== null
    ? Object.fromEntries(Object.entries(entry).filter(([key]) => key !== 'metadata' && key !== 'formattedType'))
    : entry

const phonetic = [
  ['phoneticMiddleName', 'X-PHONETIC-MIDDLE-NAME'],
  ['phoneticFullName', 'X-GOOGLE-PHONETIC-FULL-NAME'],
  ['phoneticHonorificPrefix', 'X-GOOGLE-PHONETIC-PREFIX'],
  ['phoneticHonorificSuffix', 'X-GOOGLE-PHONETIC-SUFFIX'],
] as const

/** Nicknames that are something else. */
export const nicknames: { readonly [type: string]: string } = {
  MAIDEN_NAME: 'X-MAIDENNAME',
  INITIALS: 'X-INITIALS',
  SHORT_NAME: 'X-SHORT-NAME',
}
