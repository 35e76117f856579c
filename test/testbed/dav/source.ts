import { createHash } from 'node:crypto'
import { type CollectionId, type ItemId, collectionId, itemId } from '../../../src/contract/ids.ts'
import type { BlobRef, Item, Kind } from '../../../src/contract/item.ts'
import type { BlobReader, Directory, Entry, Person } from '../../../src/contract/target.ts'
import type { Account } from '../../../src/model/account.ts'
import type { Addressbook } from '../../../src/model/addressbook.ts'
import type { Calendar } from '../../../src/model/calendar.ts'
import type { FileRef } from '../../../src/model/file.ts'
import { revisionOf } from '../../../src/model/revision.ts'
import type { Tasklist } from '../../../src/model/tasklist.ts'
import { emptyDirectory } from '../../../src/model/empty-directory.ts'
import { personal } from './bodies.ts'

/** Kinds in the order in which the engine hands them over. */
const order: readonly Kind[] = ['account', 'calendar', 'addressbook', 'tasklist', 'event', 'contact', 'task']

/** Calendars, tasks and contacts in memory, as a vault would hand them to a target. */
export class Source {
  readonly items = new Map<ItemId, Item>()
  readonly people = new Map<ItemId, Person>()
  readonly #blobs = new Map<string, Uint8Array<ArrayBuffer>>()

  account(name: string, body: Partial<Account> = {}): ItemId {
    const id = itemId('account', name)
    this.#keep({ kind: 'account', id, body: { ...personal(name), ...body } }, collectionId('directory'))
    return id
  }
  calendar(owner: string, name: string, body: Partial<Calendar> = {}): ItemId {
    const id = itemId('calendar', owner, name)
    const full: Calendar = {
      owner: itemId('account', owner),
      name,
      description: '',
      color: '#0b8043',
      timezone: 'Europe/Berlin',
      primary: false,
      hidden: false,
      access: [],
      reminders: [],
      ...body,
    }
    this.#keep({ kind: 'calendar', id, body: full }, collectionId(`calendars/${owner}`))
    return id
  }
  event(
    calendar: ItemId,
    name: string,
    ics: string,
    attachments: readonly (FileRef & { readonly bytes_?: Uint8Array<ArrayBuffer> })[] = [],
  ): ItemId {
    const id = itemId('event', calendar.slice('calendar/'.length), name)
    const owner = calendar.split('/')[1] ?? ''
    const { files, blobs } = this.#attached(attachments)
    const uid = /^UID:(.*)\r?$/m.exec(ics)?.[1] ?? name
    const body = { calendar, uid, ics, start: null, recurring: ics.includes('RRULE'), attachments: files }
    this.#keep({ kind: 'event', id, body, blobs }, collectionId(`calendars/${owner}`))
    return id
  }
  tasklist(owner: string, name: string, body: Partial<Tasklist> = {}): ItemId {
    const id = itemId('tasklist', owner, name)
    const full: Tasklist = { owner: itemId('account', owner), name, color: null, primary: false, ...body }
    this.#keep({ kind: 'tasklist', id, body: full }, collectionId(`tasks/${owner}`))
    return id
  }
  task(tasklist: ItemId, name: string, ics: string): ItemId {
    const id = itemId('task', tasklist.slice('tasklist/'.length), name)
    const uid = /^UID:(.*)\r?$/m.exec(ics)?.[1] ?? name
    this.#keep(
      { kind: 'task', id, body: { tasklist, uid, ics, parent: null, attachments: [] } },
      collectionId(`tasks/${tasklist.split('/')[1] ?? ''}`),
    )
    return id
  }
  addressbook(owner: string, name: string, body: Partial<Addressbook> = {}): ItemId {
    const id = itemId('addressbook', owner, name)
    const full: Addressbook = { owner: itemId('account', owner), name, type: 'personal', primary: false, ...body }
    this.#keep({ kind: 'addressbook', id, body: full }, collectionId(`contacts/${owner}`))
    return id
  }
  contact(
    addressbook: ItemId,
    name: string,
    vcf: string,
    photo?: { readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string },
  ): ItemId {
    const id = itemId('contact', addressbook.slice('addressbook/'.length), name)
    const uid = /^UID:(.*)\r?$/m.exec(vcf)?.[1] ?? name
    const blobs = photo === undefined ? [] : [this.#blob(photo.bytes, photo.mediaType)]
    const body = { addressbook, uid, vcf, photo: photo === undefined ? null : 0 }
    this.#keep({ kind: 'contact', id, body, blobs }, collectionId(`contacts/${addressbook.split('/')[1] ?? ''}`))
    return id
  }
  /** An item with another body: what an edit at the source leads to. */
  edit<K extends Kind>(id: ItemId, change: (item: Item<K>) => Item<K>): void {
    const item = this.items.get(id)
    if (item === undefined) throw new Error(`there is no ${id}`)
    const changed = change(item as Item<K>) as Item
    this.items.set(id, { ...changed, revision: revisionOf(changed.body, []) })
  }
  ordered(kinds: readonly Kind[]): readonly Item[] {
    return order
      .filter((kind) => kinds.includes(kind))
      .flatMap((kind) => [...this.items.values()].filter((item) => item.kind === kind).toSorted((a, b) => (key(a) < key(b) ? -1 : 1)))
  }
  get directory(): Directory {
    const of = (kind: Kind): ReadonlyMap<ItemId, Entry<never>> =>
      new Map([...this.items].filter(([, item]) => item.kind === kind).map(([id, item]) => [id, item as unknown as Entry<never>]))
    return {
      ...emptyDirectory('acme', 'dav'),
      accounts: of('account'),
      calendars: of('calendar'),
      addressbooks: of('addressbook'),
      tasklists: of('tasklist'),
      person: (id) => this.people.get(id),
    }
  }
  readonly blobs: BlobReader = {
    open: (ref) => {
      const bytes = this.#blobs.get(ref.sha256)
      if (bytes === undefined) throw new Error(`there are no bytes of ${ref.sha256}`)
      return Promise.resolve(new Blob([bytes]).stream())
    },
  }

  #keep(part: { kind: Kind; id: ItemId; body: unknown; blobs?: readonly (BlobRef | null)[] }, collection: CollectionId): void {
    const { blobs = [], ...rest } = part
    const revision = revisionOf(rest.body as never, [])
    const provenance = { source: 'acme', nativeId: rest.id, fetchedAt: '2026-11-25T00:00:00.000Z', endpoint: 'test' }
    this.items.set(rest.id, { ...rest, collection, revision, raw: null, blobs, provenance } as Item)
  }
  #blob(bytes: Uint8Array<ArrayBuffer>, mediaType: string): BlobRef {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    this.#blobs.set(sha256, bytes)
    return { sha256, bytes: bytes.byteLength, mediaType }
  }
  #attached(attachments: readonly (FileRef & { readonly bytes_?: Uint8Array<ArrayBuffer> })[]) {
    const blobs: BlobRef[] = []
    const files = attachments.map(({ bytes_, ...file }): FileRef => {
      if (bytes_ === undefined) return file
      blobs.push(this.#blob(bytes_, file.mediaType))
      return { ...file, blob: blobs.length - 1 }
    })
    return { files, blobs }
  }
}
const key = ({ collection, id }: Item): string => `${collection} ${id}`
