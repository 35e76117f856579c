import type { RemoteBlob } from '../../../src/contract/item.ts'
import type { Account } from '../../../src/model/account.ts'
import { type Wire, filled, flag, text, whole, wire } from '../wire.ts'
import { encodeHandle } from './handle.ts'
import { accountId, clean, directory, dropped, itemOf, type Mapped, type Mapping } from './item.ts'
import { unescapeEntities } from './text.ts'

/** Labels of custom profile fields by their id (`team.profile.get`); an export names none of them. */
export type ProfileLabels = ReadonlyMap<string, string>

const shown = (value: unknown): string | null => {
  const said = filled(value)
  return said === null || said.trim() === '' ? null : unescapeEntities(said.trim())
}

/** A person or bot as `users.list` and `users.json` give them. */
export function account(given: Wire, labels: ProfileLabels, mapping: Mapping): Mapped<'account'> {
  const raw = clean(given, mapping)
  const native = text(raw['id'])
  if (native === undefined || !/^[A-Z\d]{2,}$/.test(native))
    return { item: undefined, losses: [dropped(accountId('unnamed'), 'invalid-at-source', 'an account without an id')] }
  const profile = wire(raw['profile']) ?? {}
  const handle = filled(raw['name']) ?? native.toLowerCase()
  const realName = shown(raw['real_name']) ?? shown(profile['real_name'])
  const avatar = avatarOf(profile, native)
  const body: Account = {
    handle,
    displayName: shown(profile['display_name']) ?? realName ?? handle,
    realName,
    firstName: shown(profile['first_name']),
    lastName: shown(profile['last_name']),
    email: emailOf(profile['email']),
    role: roleOf(raw, native),
    active: !flag(raw['deleted']),
    jobTitle: shown(profile['title']),
    phone: shown(profile['phone']),
    timezone: filled(raw['tz']),
    locale: filled(raw['locale']),
    status: statusOf(profile),
    pronouns: shown(profile['pronouns']),
    profile: fieldsOf(profile, labels),
    avatar: avatar === undefined ? null : 0,
  }
  const id = accountId(native)
  return {
    item: itemOf(
      { kind: 'account', id, nativeId: native, collection: directory, body, raw, blobs: avatar === undefined ? [] : [avatar] },
      mapping,
    ),
    losses: [],
  }
}

const emailOf = (value: unknown): string | null => {
  const email = filled(value)?.trim()
  return email !== undefined && /^[^\s@]+@[^\s@]+$/.test(email) ? email : null
}

function roleOf(raw: Wire, native: string): Account['role'] {
  if (flag(raw['is_bot']) || native === 'USLACKBOT' || flag(raw['is_workflow_bot'])) return 'bot'
  if (flag(raw['is_stranger']) || (flag(raw['is_external']) && !flag(raw['is_restricted']))) return 'external'
  if (flag(raw['is_ultra_restricted'])) return 'single-channel-guest'
  if (flag(raw['is_restricted'])) return 'guest'
  if (flag(raw['is_primary_owner']) || flag(raw['is_owner'])) return 'owner'
  if (flag(raw['is_admin'])) return 'admin'
  return 'member'
}

function statusOf(profile: Wire): Account['status'] {
  const said = shown(profile['status_text']) ?? ''
  const emoji = filled(profile['status_emoji'])?.replaceAll(/^:|:$/g, '') ?? null
  if (said === '' && emoji === null) return null
  const expires = whole(profile['status_expiration']) ?? 0
  return { text: said, emoji, expiresAt: expires > 0 && expires < 1e11 ? new Date(expires * 1000).toISOString() : null }
}

function fieldsOf(profile: Wire, labels: ProfileLabels): Account['profile'] {
  return Object.entries(wire(profile['fields']) ?? {})
    .flatMap(([id, entry]) => {
      const value = shown(wire(entry)?.['value'])
      return value === null ? [] : [{ label: shown(wire(entry)?.['label']) ?? labels.get(id) ?? id, value }]
    })
    .toSorted((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : 0))
}

const sizes = ['image_original', 'image_1024', 'image_512', 'image_192', 'image_72', 'image_48'] as const
const mediaTypes: { readonly [extension: string]: string } = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
}

/** The kind of picture an address names. */
export const imageType = (url: string): string =>
  mediaTypes[/\.([a-z]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream'

function avatarOf(profile: Wire, native: string): RemoteBlob | undefined {
  const url = sizes.map((size) => filled(profile[size])).find((found) => found !== null)
  if (url === undefined || url === null || !/^https?:\/\//.test(url)) return undefined
  const hash = filled(profile['avatar_hash']) ?? url.replace(/[?#].*$/, '').slice(-80)
  const mediaType = imageType(url)
  const name = `${native}.${mediaType.startsWith('image/') ? mediaType.slice(6).replace('jpeg', 'jpg') : 'img'}`
  return {
    type: 'handle',
    mediaType,
    name,
    key: `avatar/${native}/${hash}`,
    handle: encodeHandle({ type: 'url', url, html: false, auth: false, bytes: null }),
  }
}
