import { type Component, writeComponent } from './component.ts'
import { cardLines } from './card-lines.ts'
import type { Extra } from './extra.ts'

/** One of several values of a kind. `types` are the standard's own words in lower case (`home`, `work`, `cell`, `fax` ...); `label` is the person's. */
export interface Typed {
  readonly value: string
  readonly types: readonly string[]
  readonly label: string | null
  readonly preferred: boolean
}
export interface CardName {
  readonly family: string
  readonly given: string
  /** Middle names. */
  readonly additional: string
  readonly prefix: string
  readonly suffix: string
  readonly phoneticFamily: string
  readonly phoneticGiven: string
}
export interface Organization {
  readonly name: string
  /** From the largest unit to the smallest. */
  readonly units: readonly string[]
  readonly title: string
  readonly role: string
}
/** `formatted`: as it stands on an envelope, with line breaks. */
export interface Address extends Omit<Typed, 'value'> {
  readonly poBox: string
  readonly extended: string
  readonly street: string
  readonly locality: string
  readonly region: string
  readonly postalCode: string
  readonly country: string
  readonly formatted: string
}
/** A day whose year may be unknown, or words (`about 1900`). */
export type CardDate =
  | { readonly type: 'day'; readonly year: number | null; readonly month: number; readonly day: number }
  | { readonly type: 'text'; readonly text: string }

/** One contact in plain words. Texts are plain, not escaped; an empty one is none. */
export interface CardParts {
  readonly uid: string
  readonly kind: 'individual' | 'group' | 'org' | 'location'
  /** What a card must have. Empty: made of the name, the organization or an address. */
  readonly formattedName: string
  readonly name: CardName | null
  readonly nicknames: readonly string[]
  readonly organizations: readonly Organization[]
  readonly emails: readonly Typed[]
  readonly phones: readonly Typed[]
  readonly addresses: readonly Address[]
  readonly urls: readonly Typed[]
  /** `value`: a URI (`xmpp:a@b.example`), or a handle with its service. */
  readonly ims: readonly (Typed & { readonly service: string | null })[]
  /** `value`: a name. `types`: RFC 6350 6.6.6 (`spouse`, `child` ...); another word is the label. */
  readonly relations: readonly Typed[]
  readonly dates: readonly { readonly date: CardDate; readonly label: string }[]
  readonly birthday: CardDate | null
  readonly anniversary: CardDate | null
  readonly notes: readonly string[]
  readonly categories: readonly string[]
  /** Of a group: addresses (mailto:) or UIDs (urn:uuid:). */
  readonly members: readonly string[]
  /** Language tags, the best first. */
  readonly languages: readonly string[]
  readonly gender: { readonly sex: 'M' | 'F' | 'O' | 'N' | 'U' | null; readonly text: string } | null
  readonly calendars: readonly Typed[]
  readonly freeBusy: readonly Typed[]
  readonly sip: readonly Typed[]
  readonly extra: readonly Extra[]
  /** ISO 8601, UTC. */
  readonly updatedAt: string | null
}

/** One vCard 4.0 (RFC 6350; read 2026-11-25), without PHOTO. The same parts give the same text. Labels of people's own become X-ABLabel groups. */
export function composeCard(parts: CardParts): string {
  const card: Component = { name: 'VCARD', lines: cardLines(parts), components: [] }
  return writeComponent(card)
}
