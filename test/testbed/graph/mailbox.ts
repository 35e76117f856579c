import { createHash } from 'node:crypto'
import type { MailboxSettings, MessageRule, OutlookCategory } from '@microsoft/microsoft-graph-types'

export interface StoredFolder {
  readonly id: string
  name: string
  /** Undefined: a root, which no listing shows. */
  parent: string | undefined
  readonly wellKnown: string | undefined
  readonly hidden: boolean
  readonly search: boolean
  /** Things in it that are no mails: they count and are never listed. */
  others: number
}
export interface StoredMail {
  readonly id: string
  folder: string
  /** When it came into being, in the order of the mailbox. */
  readonly bornAt: number
  /** When it came into the folder where it is. */
  enteredAt: number
  subject: string
  readonly from: string
  readonly to: string
  readonly receivedAt: Date
  readonly conversation: string
  isRead: boolean
  flagStatus: 'notFlagged' | 'flagged' | 'complete'
  categories: string[]
  importance: 'low' | 'normal' | 'high'
  isDraft: boolean
  changeKey: number
  /** Text is made from this. */
  seed: number
  attachments: { readonly name: string; readonly bytes: number }[]
  /** PidTagLastVerbExecuted: 102 answered, 103 answered to all, 104 forwarded. */
  lastVerb: number | undefined
  /** What `$value` is answered with instead of the mail. */
  broken: { readonly status: number; readonly code: string } | undefined
  /** Neither `$value` nor JSON can be had. */
  brokenJson: boolean
}
export type MailDraft = Partial<Omit<StoredMail, 'id' | 'folder' | 'bornAt' | 'enteredAt' | 'changeKey'>>

/** One thing that happened in one folder. `read`: nothing but the flag of having been read. */
export interface FolderEvent {
  readonly at: number
  readonly id: string
  readonly type: 'entered' | 'left' | 'changed' | 'read'
}

const WELL_KNOWN: readonly (readonly [string, string])[] = [
  ['inbox', 'Posteingang'],
  ['drafts', 'Entwürfe'],
  ['sentitems', 'Gesendete Elemente'],
  ['deleteditems', 'Gelöschte Elemente'],
  ['junkemail', 'Junk-E-Mail'],
  ['archive', 'Archiv'],
  ['outbox', 'Postausgang'],
]

/** One mailbox: folders, mails and what happened to them, in order. */
export class Mailbox {
  readonly owner: string
  readonly folders = new Map<string, StoredFolder>()
  readonly mails = new Map<string, StoredMail>()
  readonly events = new Map<string, FolderEvent[]>()
  readonly rules: MessageRule[] = []
  readonly categories: OutlookCategory[] = []
  settings: MailboxSettings
  /** So full that no delta query can write down its state. */
  full = false
  readonly #clock: () => Date
  #serial = 0

  constructor(owner: string, clock: () => Date, settings: MailboxSettings = {}) {
    this.owner = owner
    this.#clock = clock
    this.settings = settings
    this.#put('msgfolderroot', 'Top of Information Store', undefined, { wellKnown: 'msgfolderroot' })
    this.#put('recoverableitemsroot', 'Recoverable Items', undefined, { wellKnown: 'recoverableitemsroot' })
    for (const [word, name] of WELL_KNOWN) this.#put(word, name, this.folder('msgfolderroot').id, { wellKnown: word })
    this.#put('recoverableitemsdeletions', 'Deletions', this.folder('recoverableitemsroot').id, { wellKnown: 'recoverableitemsdeletions' })
    this.#put('purges', 'Purges', this.folder('recoverableitemsroot').id, {})
  }
  get serial(): number {
    return this.#serial
  }
  tick(): number {
    return ++this.#serial
  }
  /** By id, well-known word or displayed name. */
  folder(name: string): StoredFolder {
    const found = this.find(name) ?? [...this.folders.values()].find((folder) => folder.name === name)
    if (found === undefined) throw new Error(`no folder ${name} in this mailbox`)
    return found
  }
  /** As the API looks for it: an id, or a well-known word whatever its case. */
  find(idOrWord: string): StoredFolder | undefined {
    return this.folders.get(idOrWord) ?? [...this.folders.values()].find(({ wellKnown }) => wellKnown === idOrWord.toLowerCase())
  }
  mail(id: string): StoredMail {
    const found = this.mails.get(id)
    if (found === undefined) throw new Error(`no mail ${id} in this mailbox`)
    return found
  }
  in(folder: string): readonly StoredMail[] {
    const { id } = this.folder(folder)
    return [...this.mails.values()].filter((mail) => mail.folder === id)
  }
  addFolder(name: string, parent = 'msgfolderroot', more: Partial<Pick<StoredFolder, 'hidden' | 'search'>> = {}): StoredFolder {
    return this.#put(`${name}/${this.tick()}`, name, this.folder(parent).id, more)
  }
  renameFolder(folder: string, name: string): void {
    this.folder(folder).name = name
  }
  /** For good, with everything in it: what emptying the bin does. */
  purgeFolder(folder: string): void {
    const { id } = this.folder(folder)
    for (const mail of this.in(id)) this.purge(mail.id)
    this.folders.delete(id)
  }
  deliver(folder: string, draft: MailDraft = {}): StoredMail {
    const at = this.tick()
    const into = this.folder(folder).id
    const mail: StoredMail = {
      id: immutableId(this.owner, at),
      folder: into,
      bornAt: at,
      enteredAt: at,
      subject: `Mail ${at}`,
      from: 'pat@other.example',
      to: 'ada@example.org',
      receivedAt: this.#clock(),
      conversation: `CONV${at}`,
      isRead: false,
      flagStatus: 'notFlagged',
      categories: [],
      importance: 'normal',
      isDraft: false,
      changeKey: 1,
      seed: at,
      attachments: [],
      lastVerb: undefined,
      broken: undefined,
      brokenJson: false,
      ...draft,
    }
    this.mails.set(mail.id, mail)
    this.#note(into, mail.id, 'entered', at)
    return mail
  }
  move(id: string, folder: string): void {
    const mail = this.mail(id)
    const to = this.folder(folder).id
    this.#note(mail.folder, id, 'left', this.tick())
    mail.folder = to
    mail.changeKey += 1
    mail.enteredAt = this.tick()
    this.#note(to, id, 'entered', mail.enteredAt)
  }
  /** What a person does: into what Exchange keeps for some weeks, out of sight. */
  delete(id: string): void {
    this.move(id, 'recoverableitemsdeletions')
  }
  purge(id: string): void {
    this.#note(this.mail(id).folder, id, 'left', this.tick())
    this.mails.delete(id)
  }
  markRead(id: string, isRead = true): void {
    const mail = this.mail(id)
    mail.isRead = isRead
    mail.changeKey += 1
    this.#note(mail.folder, id, 'read', this.tick())
  }
  change(
    id: string,
    change: Partial<Pick<StoredMail, 'subject' | 'categories' | 'flagStatus' | 'importance' | 'lastVerb' | 'seed' | 'isDraft'>>,
  ): void {
    const mail = this.mail(id)
    Object.assign(mail, change)
    mail.changeKey += 1
    this.#note(mail.folder, id, 'changed', this.tick())
  }

  #put(
    key: string,
    name: string,
    parent: string | undefined,
    more: Partial<Pick<StoredFolder, 'wellKnown' | 'hidden' | 'search'>>,
  ): StoredFolder {
    const id = `AQMk${createHash('sha256').update(`${this.owner} ${key}`).digest('base64url').slice(0, 40)}AAA=`
    const folder = { id, name, parent, wellKnown: undefined, hidden: false, search: false, others: 0, ...more }
    this.folders.set(id, folder)
    return folder
  }
  #note(folder: string, id: string, type: FolderEvent['type'], at: number): void {
    const events = this.events.get(folder) ?? []
    events.push({ at, id, type })
    this.events.set(folder, events)
  }
}

/** Case matters in it, as in Exchange's own. */
const immutableId = (owner: string, serial: number): string =>
  `AAkALgAA${createHash('sha256').update(`${owner} mail ${serial}`).digest('base64url').slice(0, 36)}AAA=`
