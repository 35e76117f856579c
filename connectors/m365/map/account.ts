import { hash } from 'node:crypto'
import { collectionId, itemId } from '../../../src/contract/ids.ts'
import type { RemoteBlob } from '../../../src/contract/item.ts'
import type { Account } from '../../../src/model/account.ts'
import type { Photo } from '../directory/photos.ts'
import { seg } from '../graph.ts'
import { filled, text, texts, type Wire } from '../wire.ts'
import { degraded, itemOf, type Mapped, type Mapping } from './mapped.ts'

const labelled = [
  ['Department', 'department'],
  ['Company', 'companyName'],
  ['Office', 'officeLocation'],
  ['Employee number', 'employeeId'],
] as const

/** A user as `GET /users` gives him. Shared mailboxes and rooms are users who cannot sign in. */
export function account(id: string, raw: Wire, photo: Photo | undefined, mapping: Mapping): Mapped<'account'> {
  const signIn = filled(raw['userPrincipalName'])
  const handle = filled(raw['mailNickname']) ?? signIn?.split('@')[0] ?? id
  const name = filled(raw['displayName'])
  const email = filled(raw['mail'])
  const profile = labelled.flatMap(([label, field]) => {
    const value = filled(raw[field])
    return value === null ? [] : [{ label, value }]
  })
  const body: Account = {
    handle,
    displayName: name ?? handle,
    realName: name,
    firstName: filled(raw['givenName']),
    lastName: filled(raw['surname']),
    email,
    aliases: aliasesOf(raw, email),
    role: text(raw['userType']) === 'Guest' ? 'guest' : 'member',
    active: raw['accountEnabled'] !== false,
    jobTitle: filled(raw['jobTitle']),
    phone: filled(raw['mobilePhone']) ?? filled(texts(raw['businessPhones'])[0]),
    timezone: null,
    locale: filled(raw['preferredLanguage']),
    status: null,
    pronouns: null,
    profile,
    avatar: photo?.type === 'picture' ? 0 : null,
  }
  const own = itemId('account', id)
  const blobs = photo?.type === 'picture' ? [pictureOf(id, photo)] : []
  const losses =
    photo?.type === 'refused' && text(raw['userType']) !== 'Guest'
      ? [degraded(own, 'avatar', 'withheld-by-source', 'the app may not see the picture of this person')]
      : []
  const item = itemOf({ kind: 'account', id: own, nativeId: id, collection: collectionId('directory'), body, raw, blobs }, mapping)
  return { item, losses }
}

const pictureOf = (id: string, { etag, mediaType }: Extract<Photo, { type: 'picture' }>): RemoteBlob => ({
  type: 'handle',
  mediaType,
  name: `${id}.${mediaType === 'image/png' ? 'png' : 'jpg'}`,
  key: `photo/${id}/${hash('sha256', etag).slice(0, 16)}`,
  handle: `photo:${seg(id)}`,
})

/** `SMTP:` marks the address that is shown, `smtp:` all others; further words are no addresses of mail. */
function aliasesOf(raw: Wire, email: string | null): string[] {
  const addresses = texts(raw['proxyAddresses']).flatMap((entry) => (/^smtp:[^\s@]+@[^\s@]+$/i.test(entry) ? [entry.slice(5)] : []))
  const own = email?.toLowerCase()
  const byLetters = new Map(addresses.filter((address) => address.toLowerCase() !== own).map((address) => [address.toLowerCase(), address]))
  return [...byLetters.values()].toSorted()
}
