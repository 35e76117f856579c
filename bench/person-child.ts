import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type CollectionId, collectionId, itemId } from '../src/contract/ids.ts'
import type { BlobRef, Item, Kind } from '../src/contract/item.ts'
import type { SnapshotWriter } from '../src/contract/vault.ts'
import { Secret } from '../src/config/secret.ts'
import { systemClock } from '../src/http/system-clock.ts'
import type { Mail } from '../src/model/mail.ts'
import type { Mailbox } from '../src/model/mailbox.ts'
import { revisionOf } from '../src/model/revision.ts'
import { openVault } from '../src/vault/open.ts'
import { card, event } from '../test/testbed/dav/bodies.ts'
import { Source } from '../test/testbed/dav/source.ts'
import { FOLDERS, type MadeMail, madeMail } from '../test/testbed/imap/mails.ts'

/*
 * `DIR MESSAGES DATES`: puts one person's mails, and so many events and contacts, into the vault in DIR, as nights would have done.
 */
const { signal } = new AbortController()
const [dir = '', messages = '0', dates = '0'] = process.argv.slice(2)
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined }
const owner = itemId('account', 'ada')
const mine = collectionId('mail/ada')

function itemOf(kind: 'mailbox' | 'mail', name: string, body: Mailbox | Mail, blobs: readonly BlobRef[] = []): Item {
  const revision = revisionOf(
    body,
    blobs.map(({ sha256 }) => sha256),
  )
  const provenance = { source: 'bench', nativeId: name, fetchedAt: '2026-11-01T00:00:00Z', endpoint: 'made' }
  return { kind, id: itemId(kind, name), collection: mine, revision, body, raw: {}, blobs, provenance } as Item
}

function dated(): readonly Item[] {
  const source = new Source()
  source.account('ada')
  const [calendar, book] = [source.calendar('ada', 'Work'), source.addressbook('ada', 'Contacts')]
  for (let at = 0; at < Number(dates); at++) {
    const day = `2026-${String((at % 12) + 1).padStart(2, '0')}-${String((at % 28) + 1).padStart(2, '0')}`
    const time = (hour: string) => ({ type: 'zoned', local: `${day}T${hour}:00:00`, zone: 'Europe/Berlin' }) as const
    source.event(calendar, String(at), event(`event-${at}@bench`, { summary: `Meeting ${at}`, start: time('09'), end: time('10') }))
    source.contact(book, String(at), card(`card-${at}`, { formattedName: `Somebody ${at}` }))
  }
  return source.ordered(['account', 'calendar', 'event', 'addressbook', 'contact'])
}

async function storeMail(writer: SnapshotWriter, { id, at, folder, seen, flagged, bytes }: MadeMail): Promise<void> {
  const init = { mediaType: 'message/rfc822', name: `${id}.eml`, key: id, kind: 'mail' as const, collection: mine }
  const blob = await writer.putBlob(new Blob([Uint8Array.from(bytes)]).stream(), init, signal)
  const flags = { seen, flagged, answered: false, forwarded: false, draft: false }
  const receivedAt = `${at.toISOString().slice(0, 23)}000Z`
  const mailboxes = [itemId('mailbox', `f${folder}`)]
  const body: Mail = { owner, receivedAt, mailboxes, flags, keywords: [], thread: null, rfc822: 0, form: 'original' }
  await writer.write(mine, { type: 'upsert', item: itemOf('mail', id, body, [blob]) })
}

await using vault = await openVault(
  {
    dir: join(dir, 'vault'),
    stateDir: join(dir, 'state'),
    host: 'bench',
    ports: { clock: systemClock, log: quiet },
    indexIdentity: new Secret(async () => (await readFile(join(dir, 'index-identity.key'), 'utf8')).trim()),
  },
  signal,
)
await using writer = await vault.begin('bench', signal)
const begin = (id: CollectionId, kinds: readonly Kind[]): Promise<void> =>
  writer.begin({ id, title: id, kinds, ...(id === 'directory' ? {} : { owner }) })
await begin(collectionId('directory'), ['account'])
await begin(collectionId('calendars/ada'), ['calendar', 'event'])
await begin(collectionId('contacts/ada'), ['addressbook', 'contact'])
await begin(mine, ['mailbox', 'mail'])
for (const item of dated()) await writer.write(item.collection, { type: 'upsert', item })
for (let at = 0; at < FOLDERS; at++) {
  const body: Mailbox = { owner, path: [`Folder ${at}`], type: 'folder', role: null, hidden: false, color: null }
  await writer.write(mine, { type: 'upsert', item: itemOf('mailbox', `f${at}`, body) })
}
for (let at = 0; at < Number(messages); at++) await storeMail(writer, madeMail(at))
await writer.commit('complete')
