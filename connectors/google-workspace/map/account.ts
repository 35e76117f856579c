import type { Provenance, RemoteBlob } from '../../../src/contract/item.ts'
import type { Account } from '../../../src/model/account.ts'
import { User } from '../directory/wire.ts'
import { accountId, directory, dropped, itemOf, type Mapped, sorted } from './item.ts'

/**
 * A person as `users.list` gives it in full. Suspended, archived and not yet used are told apart in `raw` only: none of them is active,
 * except that a person who never signed in is.
 */
export function account(raw: object, provenance: Provenance): Mapped<'account'> {
  const parsed = User.safeParse(raw)
  if (!parsed.success)
    return { item: undefined, losses: [dropped(accountId('unnamed'), 'invalid-at-source', 'a person without an id or an address')] }
  const user = parsed.data
  const id = accountId(user.id)
  const handle = user.primaryEmail.replace(/@.*$/s, '')
  const realName = user.name?.fullName ?? null
  const photo = photoOf(user)
  const organisation = user.organizations.find(({ primary }) => primary === true) ?? user.organizations[0]
  const body: Account = {
    handle,
    displayName: user.name?.displayName ?? realName ?? handle,
    realName,
    firstName: user.name?.givenName ?? null,
    lastName: user.name?.familyName ?? null,
    email: user.primaryEmail,
    aliases: sorted([...user.aliases, ...user.nonEditableAliases]),
    role: user.isAdmin === true || user.isDelegatedAdmin === true ? 'admin' : user.isGuestUser === true ? 'guest' : 'member',
    active: user.suspended !== true && user.archived !== true,
    jobTitle: organisation?.title ?? null,
    phone: (user.phones.find(({ primary }) => primary === true) ?? user.phones[0])?.value ?? null,
    timezone: null,
    locale: (user.languages.find(({ preference }) => preference === 'preferred') ?? user.languages[0])?.languageCode ?? null,
    status: null,
    pronouns: null,
    profile: profileOf(user),
    avatar: photo === undefined ? null : 0,
  }
  const blobs = photo === undefined ? [] : [photo]
  return { item: itemOf({ kind: 'account', id, collection: directory, body, raw, blobs, provenance }), losses: [] }
}

function photoOf({ id, thumbnailPhotoEtag: etag }: User): RemoteBlob | undefined {
  if (etag === undefined) return undefined
  const version = etag.replaceAll(/["/]/g, '').slice(-64)
  return { type: 'handle', mediaType: 'image/jpeg', name: `${id}.jpg`, key: `avatar/${id}/${version}`, handle: `avatar/${id}` }
}

/** Fields of the organisation's own, and what an address list shows beside the title. */
function profileOf({ organizations, customSchemas }: User): Account['profile'] {
  const fields = organizations.flatMap(({ department, costCenter, location }) => [
    { label: 'Department', value: department },
    { label: 'Cost centre', value: costCenter },
    { label: 'Location', value: location },
  ])
  const custom = Object.entries(customSchemas).flatMap(([schema, values]) =>
    Object.entries(values).map(([field, value]) => ({ label: `${schema}.${field}`, value: shown(value) })),
  )
  return [...fields, ...custom]
    .flatMap(({ label, value }) => (value === undefined || value === '' ? [] : [{ label, value }]))
    .toSorted((a, b) => compare(a.label, b.label) || compare(a.value, b.value))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Custom fields hold text, numbers, flags, or lists of `{value}`. */
function shown(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value))
    return value
      .map(shown)
      .filter((text) => text !== '')
      .join(', ')
  return typeof value === 'object' && value !== null && 'value' in value ? shown(value.value) : ''
}

/** The one account of a source that is no organisation: what `userinfo` says of it. */
export function ownAccount(
  { id, email, name, givenName, familyName, locale }: OwnProfile,
  raw: object,
  provenance: Provenance,
): Mapped<'account'> {
  const handle = email.replace(/@.*$/s, '')
  const body: Account = {
    handle,
    displayName: name ?? handle,
    realName: name ?? null,
    firstName: givenName ?? null,
    lastName: familyName ?? null,
    email,
    aliases: [],
    role: 'unknown',
    active: true,
    jobTitle: null,
    phone: null,
    timezone: null,
    locale: locale ?? null,
    status: null,
    pronouns: null,
    profile: [],
    avatar: null,
  }
  return { item: itemOf({ kind: 'account', id: accountId(id), collection: directory, body, raw, blobs: [], provenance }), losses: [] }
}
export interface OwnProfile {
  readonly id: string
  readonly email: string
  readonly name: string | undefined
  readonly givenName: string | undefined
  readonly familyName: string | undefined
  readonly locale: string | undefined
}
