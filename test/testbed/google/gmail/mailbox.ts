import type { gmail_v1 } from 'googleapis/build/src/apis/gmail/index.js'
import { Random } from '../../world/random.ts'
import { mime } from './mime.ts'
import { newSettings, type MailSettings } from './settings.ts'

export interface StoredMail {
  readonly id: string
  readonly threadId: string
  readonly labels: Set<string>
  /** Milliseconds since 1970. */
  readonly internalDate: number
  /** Undefined: a pseudo mail of Chat. Made up anew each time. */
  readonly bytes: (() => Uint8Array) | undefined
}
export interface MailDraft {
  readonly labels?: readonly string[]
  readonly internalDate?: number
  readonly bytes?: () => Uint8Array
  readonly threadId?: string
  readonly subject?: string
  /** About so many bytes of text. */
  readonly size?: number
}

const SYSTEM = 'INBOX SENT DRAFT TRASH SPAM UNREAD STARRED IMPORTANT CHAT CATEGORY_PERSONAL CATEGORY_SOCIAL CATEGORY_PROMOTIONS'.split(' ')
const START = Date.parse('2026-01-05T08:00:00Z')

/** One person's mail, as Gmail's servers would hold it. Every mutator is told of in the history. */
export class Mailbox {
  readonly address: string
  readonly labels = new Map<string, gmail_v1.Schema$Label & { id: string; name: string }>()
  readonly settings: MailSettings
  readonly #mails = new Map<string, StoredMail>()
  /** Ids, oldest first. */
  readonly #order: string[] = []
  readonly #history: gmail_v1.Schema$History[] = []
  readonly #seed: number
  #historyId: number
  #oldest = 0
  #serial = 0

  constructor(address: string, seed: number) {
    this.address = address
    this.#seed = seed
    this.#historyId = 10_000 + (seed % 997)
    this.settings = newSettings(address)
    for (const id of SYSTEM)
      this.labels.set(id, { id, name: id, type: 'system', messageListVisibility: 'hide', labelListVisibility: 'labelShow' })
  }
  get size(): number {
    return this.#mails.size
  }
  get historyId(): number {
    return this.#historyId
  }
  /** Newest first, as Gmail lists them. */
  get ids(): readonly string[] {
    return this.#order.toReversed()
  }
  find(id: string): StoredMail | undefined {
    return this.#mails.get(id)
  }
  mail(id: string): StoredMail {
    const found = this.#mails.get(id)
    if (found === undefined) throw new Error(`no mail ${id} of ${this.address}`)
    return found
  }

  arrive(draft: MailDraft = {}): StoredMail {
    const n = this.#serial++
    const seed = this.#seed * 1_000_003 + n
    const internalDate = draft.internalDate ?? START + n * 977_000
    const random = new Random(seed)
    const id = ((BigInt(START + n * 1000) << 20n) | BigInt(random.below(2 ** 20))).toString(16)
    const subject = draft.subject ?? `Nr. ${n}`
    const options = {
      from: `Someone <someone${n % 7}@example.net>`,
      to: this.address,
      subject,
      date: new Date(internalDate),
      messageId: `${n}.${this.#seed}@example.net`,
      bytes: draft.size ?? Math.round(200 * 2 ** (random.below(5) + random.below(4))),
    }
    const labels = new Set(draft.labels ?? ['INBOX', 'UNREAD', 'CATEGORY_PERSONAL'])
    const bytes = labels.has('CHAT') ? undefined : (draft.bytes ?? (() => mime(seed, options)))
    const mail: StoredMail = { id, threadId: draft.threadId ?? id, labels, internalDate, bytes }
    this.#mails.set(id, mail)
    this.#order.push(id)
    this.#tell({ messages: [brief(mail)], messagesAdded: [{ message: labelled(mail) }] })
    return mail
  }
  mark(id: string, { add = [], remove = [] }: { readonly add?: readonly string[]; readonly remove?: readonly string[] }): StoredMail {
    const mail = this.mail(id)
    const added = add.filter((label) => !mail.labels.has(label))
    const removed = remove.filter((label) => mail.labels.has(label))
    for (const label of added) mail.labels.add(label)
    for (const label of removed) mail.labels.delete(label)
    const messages = [brief(mail)]
    if (added.length > 0) this.#tell({ messages, labelsAdded: [{ message: labelled(mail), labelIds: added }] })
    if (removed.length > 0) this.#tell({ messages, labelsRemoved: [{ message: labelled(mail), labelIds: removed }] })
    return mail
  }
  remove(id: string): void {
    const mail = this.mail(id)
    this.#mails.delete(id)
    this.#order.splice(this.#order.indexOf(id), 1)
    this.#tell({ messages: [brief(mail)], messagesDeleted: [{ message: brief(mail) }] })
  }
  addLabel(name: string, more: Pick<gmail_v1.Schema$Label, 'color' | 'labelListVisibility'> = {}): string {
    const id = `Label_${this.labels.size + 7_000}`
    this.labels.set(id, { id, name, type: 'user', messageListVisibility: 'show', labelListVisibility: 'labelShow', ...more })
    return id
  }
  /** Nothing of it is in the history. */
  renameLabel(id: string, name: string): void {
    const label = this.labels.get(id)
    if (label === undefined) throw new Error(`no label ${id}`)
    label.name = name
  }
  /** The mails lose it. `told`: whether the history says so of each of them. */
  removeLabel(id: string, told = true): void {
    this.labels.delete(id)
    for (const mail of this.#mails.values()) {
      if (told) this.mark(mail.id, { remove: [id] })
      else mail.labels.delete(id)
    }
  }
  /** No point of history that was given out until now is known any longer. */
  forgetHistory(): void {
    this.#historyId += 3
    this.#oldest = this.#historyId
  }
  /** Records after a point; undefined: it is forgotten. */
  since(start: number): readonly gmail_v1.Schema$History[] | undefined {
    if (start < this.#oldest || start > this.#historyId) return undefined
    return this.#history.filter(({ id }) => Number(id) > start)
  }

  #tell(record: gmail_v1.Schema$History): void {
    this.#historyId += 1 + (this.#historyId % 3)
    this.#history.push({ id: String(this.#historyId), ...record })
  }
}

const brief = ({ id, threadId }: StoredMail): gmail_v1.Schema$Message => ({ id, threadId })
const labelled = (mail: StoredMail): gmail_v1.Schema$Message => ({ ...brief(mail), labelIds: [...mail.labels] })
