import { collectionId, itemId, type CollectionId } from '../../src/contract/ids.ts'
import type { BlobRef, Item, ItemWith, Kind } from '../../src/contract/item.ts'
import { revisionOf } from '../../src/model/revision.ts'

const provenance = { source: 'acme', nativeId: '1', fetchedAt: '2026-11-23T01:00:00Z', endpoint: 'test' }

/** An item of any kind, as a vault holds it. */
export function itemOf<K extends Kind>(
  kind: K,
  id: string,
  collection: CollectionId,
  body: ItemWith<BlobRef, K>['body'],
  blobs: readonly (BlobRef | null)[] = [],
): Item<K> {
  const revision = revisionOf(
    body,
    blobs.map((blob) => blob?.sha256 ?? ''),
  )
  const item = { kind, id: itemId(kind, ...id.split('/')), collection, revision, body, raw: null, blobs, provenance }
  return item as unknown as Item<K>
}

export const accountOf = (person: string, address: string, aliases: readonly string[] = []): Item<'account'> =>
  itemOf('account', person, collectionId('directory'), {
    handle: address.split('@')[0] ?? address,
    displayName: person,
    realName: null,
    firstName: null,
    lastName: null,
    email: address,
    ...(aliases.length === 0 ? {} : { aliases: [...aliases] }),
    role: 'member',
    active: true,
    jobTitle: null,
    phone: null,
    timezone: null,
    locale: null,
    status: null,
    pronouns: null,
    profile: [],
    avatar: null,
  })

export const mailOf = (person: string, id: string, receivedAt: string, blob: BlobRef | null = null): Item<'mail'> =>
  itemOf(
    'mail',
    `${person}/${id}`,
    collectionId(`mail/${person}`),
    {
      owner: `account/${person}`,
      receivedAt,
      mailboxes: [`mailbox/${person}/INBOX`],
      flags: { seen: false, flagged: false, answered: false, forwarded: false, draft: false },
      keywords: [],
      thread: null,
      rfc822: blob === null ? null : 0,
      form: 'original',
    },
    blob === null ? [] : [blob],
  )

export const inboxOf = (person: string): Item<'mailbox'> =>
  itemOf('mailbox', `${person}/INBOX`, collectionId(`mail/${person}`), {
    owner: `account/${person}`,
    path: ['INBOX'],
    type: 'folder',
    role: 'inbox',
    hidden: false,
    color: null,
  })

export const calendarOf = (person: string, name: string): Item<'calendar'> =>
  itemOf('calendar', `${person}-${name}`, collectionId(`calendars/${person}`), {
    owner: `account/${person}`,
    name,
    description: '',
    color: null,
    timezone: 'Europe/Berlin',
    primary: true,
    hidden: false,
    access: [],
    reminders: [],
  })
