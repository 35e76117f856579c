import type { Contact, ContactFolder } from '@microsoft/microsoft-graph-types'
import { Feed } from './feed.ts'
import { changeKey, exchangeId } from './ids.ts'

export type StoredFolder = ContactFolder & { readonly id: string }
export type StoredContact = Contact & { readonly id: string; readonly parentFolderId: string }

/** Somebody's contact folders. The default one is in no list. */
export class ContactStore {
  readonly owner: string
  readonly folders = new Feed<StoredFolder>()
  readonly contacts = new Map<string, Feed<StoredContact>>()
  readonly photos = new Map<string, Uint8Array>()
  readonly standard: StoredFolder
  readonly #clock: () => Date
  readonly #root: string
  #serial = 0

  constructor(owner: string, clock: () => Date) {
    this.owner = owner
    this.#clock = clock
    this.#root = exchangeId(owner, 'root', 0)
    this.standard = { id: exchangeId(owner, 'contactfolder', 0), displayName: 'Kontakte', parentFolderId: this.#root }
    this.contacts.set(this.standard.id, new Feed())
  }
  addFolder(name: string, parent = this.standard.id): string {
    const id = exchangeId(this.owner, 'contactfolder', ++this.#serial)
    this.folders.put(id, { id, displayName: name, parentFolderId: parent })
    this.contacts.set(id, new Feed())
    return id
  }
  renameFolder(id: string, displayName: string): void {
    this.folders.put(id, { ...this.folders.things.get(id), id, displayName })
  }
  removeFolder(id: string): void {
    this.folders.remove(id)
    this.contacts.delete(id)
  }
  add(contact: Contact, folder = this.standard.id): string {
    const id = exchangeId(this.owner, 'contact', ++this.#serial)
    const now = this.#clock().toISOString()
    const empty: Contact = { emailAddresses: [], imAddresses: [], homePhones: [], businessPhones: [], children: [], categories: [] }
    this.feed(folder).put(id, {
      ...empty,
      createdDateTime: now,
      lastModifiedDateTime: now,
      changeKey: changeKey(this.#serial),
      ...contact,
      id,
      parentFolderId: folder,
    })
    return id
  }
  edit(id: string, change: Contact): void {
    const { contact, folder } = this.find(id)
    const touched = { changeKey: changeKey(++this.#serial), lastModifiedDateTime: this.#clock().toISOString() }
    this.feed(folder).put(id, { ...contact, ...change, ...touched, id, parentFolderId: folder })
  }
  move(id: string, to: string): void {
    const { contact, folder } = this.find(id)
    this.feed(folder).remove(id)
    this.feed(to).put(id, { ...contact, parentFolderId: to })
  }
  remove(id: string): void {
    this.feed(this.find(id).folder).remove(id)
  }
  setPhoto(id: string, bytes: Uint8Array): void {
    this.photos.set(id, bytes)
    this.edit(id, {})
  }
  find(id: string): { readonly contact: StoredContact; readonly folder: string } {
    for (const [folder, feed] of this.contacts) {
      const contact = feed.things.get(id)
      if (contact !== undefined) return { contact, folder }
    }
    throw new Error(`no contact ${id}`)
  }
  named(name: string): string {
    for (const feed of this.contacts.values()) for (const [id, { displayName }] of feed.things) if (displayName === name) return id
    throw new Error(`no contact ${name}`)
  }
  feed(folder: string): Feed<StoredContact> {
    const feed = this.contacts.get(folder)
    if (feed === undefined) throw new Error(`no folder ${folder}`)
    return feed
  }
}
