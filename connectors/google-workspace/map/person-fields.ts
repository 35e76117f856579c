import type { JsonValue } from '../../../src/contract/json.ts'
import { canonicalJson } from '../../../src/model/canonical.ts'
import type { Address, CardDate, CardName, CardParts, Organization, Typed } from '../../../src/standards/card.ts'
import type { Extra } from '../../../src/standards/extra.ts'
import { filled, flag, type Json, object, objects, text, whole } from '../json.ts'

/** The entry that is shown where only one can be: the primary one, one of the contact's own before one of a profile. */
export function best(entries: readonly Json[]): Json | undefined {
  const rank = (entry: Json): number => {
    const metadata = object(entry['metadata'])
    return (flag(metadata?.['primary']) ? 0 : 2) + (text(object(metadata?.['source'])?.['type']) === 'CONTACT' ? 0 : 1)
  }
  return entries.toSorted((a, b) => rank(a) - rank(b))[0]
}

const known: { readonly [type: string]: readonly string[] } = {
  home: ['home'],
  work: ['work'],
  mobile: ['cell'],
  workMobile: ['work', 'cell'],
  homeFax: ['home', 'fax'],
  workFax: ['work', 'fax'],
  otherFax: ['fax'],
  pager: ['pager'],
  workPager: ['work', 'pager'],
  other: [],
}

/** Google's types in the words of the standard; any other is the person's own label. */
function typed(entry: Json, value: string): Typed {
  const type = text(entry['type'])
  const types = Object.hasOwn(known, type) ? known[type] : undefined
  return {
    value,
    types: types ?? [],
    label: types === undefined && type !== '' ? type : null,
    preferred: flag(object(entry['metadata'])?.['primary']),
  }
}

/** Entries with a value, each value once: a profile repeats what the contact says. */
export function typedList(entries: readonly Json[], field = 'value'): readonly Typed[] {
  const found = new Map<string, Typed>()
  for (const entry of entries) {
    const value = filled(entry[field])
    if (value === null) continue
    const one = typed(entry, value)
    const key = `${value.toLowerCase()} ${one.types.join()} ${one.label ?? ''}`
    if (!found.has(key)) found.set(key, one)
  }
  return [...found.values()].map((one, at, all) => ({
    ...one,
    preferred: one.preferred && all.length > 1 && all.findIndex((other) => other.preferred) === at,
  }))
}

export function nameOf(entry: Json | undefined): CardName | null {
  if (entry === undefined) return null
  const name = {
    family: text(entry['familyName']),
    given: text(entry['givenName']),
    additional: text(entry['middleName']),
    prefix: text(entry['honorificPrefix']),
    suffix: text(entry['honorificSuffix']),
    phoneticFamily: text(entry['phoneticFamilyName']),
    phoneticGiven: text(entry['phoneticGivenName']),
  }
  return Object.values(name).every((part) => part === '') ? null : name
}

export function addressesOf(entries: readonly Json[]): readonly Address[] {
  return entries.map((entry) => {
    const { value: _value, ...type } = typed(entry, '')
    return {
      ...type,
      preferred: type.preferred && entries.length > 1,
      poBox: text(entry['poBox']),
      extended: text(entry['extendedAddress']),
      street: text(entry['streetAddress']),
      locality: text(entry['city']),
      region: text(entry['region']),
      postalCode: text(entry['postalCode']),
      country: filled(entry['country']) ?? text(entry['countryCode']),
      formatted: text(entry['formattedValue']),
    }
  })
}

/** Where somebody works, and what the standard has no word for as JSON of Google's. */
export function organizationsOf(person: Json): { readonly organizations: readonly Organization[]; readonly extra: readonly Extra[] } {
  const entries = objects(person['organizations'])
  const organizations = entries.map((entry) => {
    const department = filled(entry['department'])
    return { name: text(entry['name']), units: department === null ? [] : [department], title: text(entry['title']), role: '' }
  })
  const occupations = objects(person['occupations']).flatMap((entry) => {
    const role = filled(entry['value'])
    return role === null ? [] : [{ name: '', units: [], title: '', role }]
  })
  const carried = new Set(['name', 'department', 'title', 'metadata', 'formattedType'])
  const extra = entries.flatMap((entry, at) => {
    const rest = Object.entries(entry).filter(([key]) => !carried.has(key))
    return rest.length === 0
      ? []
      : [{ name: 'X-GOOGLE-ORGANIZATION', value: json(Object.fromEntries(rest)), params: { 'X-INDEX': String(at + 1) } }]
  })
  return {
    organizations: [...organizations, ...occupations].filter(
      (one) => one.name !== '' || one.units.length > 0 || one.title !== '' || one.role !== '',
    ),
    extra,
  }
}

const relatives: { readonly [type: string]: readonly [type: string, label: string | null] } = {
  spouse: ['spouse', null],
  child: ['child', null],
  parent: ['parent', null],
  mother: ['parent', 'mother'],
  father: ['parent', 'father'],
  brother: ['sibling', 'brother'],
  sister: ['sibling', 'sister'],
  friend: ['friend', null],
  relative: ['kin', null],
}

export function relationsOf(entries: readonly Json[]): readonly Typed[] {
  return entries.flatMap((entry) => {
    const value = filled(entry['person'])
    const type = text(entry['type'])
    const [standard, label] = relatives[type] ?? [undefined, filled(type)]
    return value === null ? [] : [{ value, types: standard === undefined ? [] : [standard], label, preferred: false }]
  })
}

export function imsOf(entries: readonly Json[]): CardParts['ims'] {
  return entries.flatMap((entry) => {
    const value = filled(entry['username'])
    return value === null ? [] : [{ ...typed(entry, value), preferred: false, service: filled(entry['protocol']) }]
  })
}

/** A day, whose year may be unknown; where month or day are missing, what is known in words. */
export function dateOf(entry: Json | undefined): CardDate | null {
  const date = object(entry?.['date'])
  const [year, month, day] = [whole(date?.['year']), whole(date?.['month']), whole(date?.['day'])]
  if (month !== null && day !== null && month >= 1 && month <= 12 && day >= 1 && day <= 31)
    return { type: 'day', year: year === null || year < 1 || year > 9999 ? null : year, month, day }
  const said = filled(entry?.['text']) ?? [year, month, day].filter((part) => part !== null && part > 0).join('-')
  return said === '' ? null : { type: 'text', text: said }
}

export const json = (value: unknown): string => canonicalJson(value as JsonValue)
