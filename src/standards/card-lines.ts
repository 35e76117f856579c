import type { Address, CardDate, CardName, CardParts, Organization, Typed } from './card.ts'
import { extraLines } from './extra.ts'
import { type Line, line } from './lines.ts'
import { escapeCardText, escapeText, uriValue } from './text.ts'
import { writeWhen } from './when.ts'

type Params = Parameters<typeof line>[2]

export function cardLines(parts: CardParts): readonly Line[] {
  const grouped = groups()
  const uris = (name: string, values: readonly Typed[]): readonly Line[] =>
    values.flatMap((typed) => grouped(typed.label, [line(name, uriValue(typed.value), typeOf(typed))]))
  const texts = (name: string, values: readonly Typed[], more?: Params): readonly Line[] =>
    values.flatMap((typed) => grouped(typed.label, [line(name, escapeCardText(typed.value), { ...more, ...typeOf(typed) })]))
  return [
    line('VERSION', '4.0'),
    line('PRODID', '-//fallreep//fallreep//EN'),
    line('UID', escapeCardText(parts.uid)),
    ...(parts.kind === 'individual' ? [] : [line('KIND', parts.kind)]),
    line('FN', escapeCardText(formattedName(parts))),
    ...(parts.name === null ? [] : nameLines(parts.name)),
    ...parts.nicknames.map((nickname) => line('NICKNAME', escapeCardText(nickname))),
    ...parts.organizations.flatMap((each, index) => organizationLines(each, index === 0 ? null : grouped.next())),
    ...texts('EMAIL', parts.emails),
    ...texts('TEL', parts.phones),
    ...parts.addresses.flatMap((each) => grouped(each.label, [addressLine(each)])),
    ...uris('URL', parts.urls),
    ...parts.ims.flatMap((each) => grouped(each.label, [imLine(each)])),
    ...uris(
      'IMPP',
      parts.sip.map((each) => ({ ...each, value: withScheme('sip', each.value) })),
    ),
    ...texts('RELATED', parts.relations, { VALUE: 'text' }),
    ...dateLine('BDAY', parts.birthday),
    ...dateLine('ANNIVERSARY', parts.anniversary),
    ...parts.dates.flatMap(({ date, label }) => grouped(label === '' ? 'date' : label, dateLine('X-ABDATE', date))),
    ...parts.notes.map((note) => line('NOTE', escapeCardText(note))),
    ...(parts.categories.length === 0 ? [] : [line('CATEGORIES', parts.categories.map(escapeCardText).join(','))]),
    ...parts.members.map((member) => line('MEMBER', uriValue(member))),
    ...parts.languages.map((tag, index) =>
      line('LANG', escapeCardText(tag), { PREF: parts.languages.length > 1 ? String(Math.min(index + 1, 100)) : null }),
    ),
    ...(parts.gender === null ? [] : [line('GENDER', genderValue(parts.gender))]),
    ...uris('CALURI', parts.calendars),
    ...uris('FBURL', parts.freeBusy),
    ...extraLines(parts.extra, escapeCardText),
    ...(parts.updatedAt === null ? [] : [line('REV', writeWhen({ type: 'utc', at: parts.updatedAt }))]),
  ]
}

/** Puts lines into a group of their own with a label, as Apple, Google and Nextcloud show it; without a label they stay as they are. */
function groups(): { (label: string | null, lines: readonly Line[]): readonly Line[]; next(): string } {
  let count = 0
  const next = (): string => `item${++count}`
  const labelled = (label: string | null, lines: readonly Line[]): readonly Line[] => {
    if (label === null || label === '' || lines.length === 0) return lines
    const group = next()
    return [...lines.map((each) => ({ ...each, group })), line('X-ABLabel', escapeCardText(label), {}, group)]
  }
  return Object.assign(labelled, { next })
}

function typeOf({ types, preferred }: Pick<Typed, 'types' | 'preferred'>): Params {
  return { TYPE: types.map((type) => type.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')), PREF: preferred ? '1' : null }
}

function nameLines(name: CardName): readonly Line[] {
  const parts = [name.family, name.given, name.additional, name.prefix, name.suffix]
  return [
    ...(parts.every((part) => part === '') ? [] : [line('N', parts.map(escapeText).join(';'))]),
    ...(name.phoneticFamily === '' ? [] : [line('X-PHONETIC-LAST-NAME', escapeCardText(name.phoneticFamily))]),
    ...(name.phoneticGiven === '' ? [] : [line('X-PHONETIC-FIRST-NAME', escapeCardText(name.phoneticGiven))]),
  ]
}

function formattedName({ formattedName, name, organizations, nicknames, emails, phones }: CardParts): string {
  const made =
    name === null ? '' : [name.prefix, name.given, name.additional, name.family, name.suffix].filter((part) => part !== '').join(' ')
  const all = [formattedName, made, organizations[0]?.name, nicknames[0], emails[0]?.value, phones[0]?.value]
  return all.find((text) => text !== undefined && text.trim() !== '') ?? 'Unnamed'
}

function organizationLines({ name, units, title, role }: Organization, group: string | null): readonly Line[] {
  return [
    ...(name === '' && units.length === 0 ? [] : [line('ORG', [name, ...units].map(escapeText).join(';'), {}, group)]),
    ...(title === '' ? [] : [line('TITLE', escapeCardText(title), {}, group)]),
    ...(role === '' ? [] : [line('ROLE', escapeCardText(role), {}, group)]),
  ]
}

function addressLine(address: Address): Line {
  const { poBox, extended, street, locality, region, postalCode, country, formatted } = address
  const parts = [poBox, extended, street, locality, region, postalCode, country]
  return line('ADR', parts.map(escapeText).join(';'), { LABEL: formatted, ...typeOf(address) })
}

function imLine(im: Typed & { readonly service: string | null }): Line {
  const service = im.service?.toLowerCase().replaceAll(/[^a-z0-9+.-]/g, '') ?? ''
  return line('IMPP', uriValue(withScheme(service === '' ? 'x-unknown' : service, im.value)), {
    'X-SERVICE-TYPE': im.service,
    ...typeOf(im),
  })
}

const withScheme = (scheme: string, value: string): string => (/^[a-z][a-z0-9+.-]*:/i.test(value) ? value : `${scheme}:${value}`)

/** A year may be missing: `--0315` (RFC 6350 4.3.1). */
function dateLine(name: string, date: CardDate | null): readonly Line[] {
  if (date === null) return []
  if (date.type === 'text') return [line(name, escapeCardText(date.text), { VALUE: 'text' })]
  const year = date.year === null ? '--' : String(date.year).padStart(4, '0')
  return [line(name, `${year}${String(date.month).padStart(2, '0')}${String(date.day).padStart(2, '0')}`)]
}

function genderValue({ sex, text }: NonNullable<CardParts['gender']>): string {
  return text === '' ? (sex ?? '') : `${sex ?? ''};${escapeText(text)}`
}
