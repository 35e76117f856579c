import { Random } from '../../world/random.ts'
import type { Company, GoogleUser } from '../company.ts'
import { Mailbox } from './mailbox.ts'
import { BROKEN } from './mime.ts'

export interface MailOptions {
  /** Mails of each person beside the stories in Ada's mailbox. Default 12. */
  readonly mailsPerPerson?: number
  /** False: no broken mails, labels and settings in Ada's mailbox. Default true. */
  readonly stories?: boolean
}

/** Everybody's mail, made when it is first looked at: three hundred people cost nothing until then. */
export class Mailboxes {
  readonly #company: Company
  readonly #options: MailOptions
  readonly #seed: number
  readonly #made = new Map<string, Mailbox>()
  constructor(company: Company, options: MailOptions, seed: number) {
    this.#company = company
    this.#options = options
    this.#seed = seed
  }
  /** By name before the @, address or Google's number. */
  of(name: string): Mailbox {
    const user = this.#company.find(name) ?? this.#company.user(name)
    const known = this.#made.get(user.id)
    if (known !== undefined) return known
    const mailbox = this.#make(user)
    this.#made.set(user.id, mailbox)
    return mailbox
  }

  #make({ id, primaryEmail }: GoogleUser): Mailbox {
    const seed = (this.#seed * 7_919 + Number(BigInt(id) % 1_000_003n)) >>> 0
    const mailbox = new Mailbox(primaryEmail, seed)
    const random = new Random(seed)
    for (let n = 0; n < (this.#options.mailsPerPerson ?? 12); n++) {
      const labels = [random.pick(['INBOX', 'INBOX', 'SENT', 'TRASH', 'SPAM'])]
      if (random.chance(0.3)) labels.push('UNREAD')
      if (random.chance(0.1)) labels.push('STARRED')
      if (random.chance(0.2)) labels.push('IMPORTANT')
      if (labels[0] === 'INBOX') labels.push(random.pick(['CATEGORY_PERSONAL', 'CATEGORY_SOCIAL', 'CATEGORY_PROMOTIONS']))
      // Archived: in no place at all.
      mailbox.arrive({ labels: random.chance(0.1) ? [] : labels })
    }
    if (primaryEmail.startsWith('ada@') && this.#options.stories !== false) tellStories(mailbox)
    return mailbox
  }
}

/** Labels, settings and every kind of broken mail. */
function tellStories(mailbox: Mailbox): void {
  const clients = mailbox.addLabel('Clients', { color: { backgroundColor: '#16a765', textColor: '#ffffff' } })
  const acme = mailbox.addLabel('Clients/Acme')
  mailbox.addLabel('in/out')
  mailbox.addLabel('Verträge', { labelListVisibility: 'labelHide' })
  for (const bytes of Object.values(BROKEN)) mailbox.arrive({ bytes, labels: ['INBOX', 'UNREAD', acme] })
  const thread = mailbox.arrive({ labels: ['SENT', clients], subject: 'Rope' })
  mailbox.arrive({ labels: ['INBOX', clients], subject: 'Re: Rope', threadId: thread.threadId })
  mailbox.arrive({ labels: ['DRAFT'], subject: 'not yet' })
  mailbox.arrive({ labels: ['CHAT'] })
  const { settings, address } = mailbox
  settings.filters.push(
    {
      id: 'f2',
      criteria: { from: 'a@example.net OR b@example.net', hasAttachment: true },
      action: { addLabelIds: [acme], removeLabelIds: ['INBOX'] },
    },
    { id: 'f1', criteria: { query: 'list:(x@y) -urgent' }, action: { addLabelIds: ['TRASH'] } },
    {
      id: 'f3',
      criteria: { subject: 'invoice', size: 10_000, sizeComparison: 'larger' },
      action: { addLabelIds: ['STARRED', 'IMPORTANT'], removeLabelIds: ['UNREAD', 'SPAM'], forward: 'books@example.org' },
    },
  )
  settings.sendAs[0] = {
    ...settings.sendAs[0],
    displayName: 'Ada Weiß',
    signature: '<div dir="ltr">Ada<br>Head of Nearly Everything</div>',
  }
  settings.sendAs.push({
    sendAsEmail: 'boss@example.org',
    displayName: 'The Boss',
    replyToAddress: address,
    signature: '',
    isPrimary: false,
  })
  settings.vacation = {
    enableAutoReply: true,
    responseSubject: 'Away',
    responseBodyHtml: '<div>Back on <b>Monday</b> &amp; rested.</div><div><br></div><div>Gr&uuml;&szlig;e</div>',
    restrictToDomain: true,
    startTime: '1772000000000',
    endTime: '1773000000000',
  }
  settings.forwardingAddresses.push({ forwardingEmail: 'archive@example.org', verificationStatus: 'accepted' })
  settings.autoForwarding = { enabled: true, emailAddress: 'archive@example.org', disposition: 'leaveInInbox' }
  settings.delegates.push({ delegateEmail: 'erika@example.org', verificationStatus: 'accepted' })
}
