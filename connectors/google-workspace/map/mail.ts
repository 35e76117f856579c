import type { Loss } from '../../../src/contract/fidelity.ts'
import { type CollectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { Provenance, RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { Mail } from '../../../src/model/mail.ts'
import type { GooglePerson } from '../google.ts'
import type { Whole } from '../mail/fetch.ts'
import { degraded, itemOf, sorted } from './item.ts'
import { mailboxId } from './mailbox.ts'

export const mailId = (person: string, message: string): ItemId => itemId('mail', person, message)

/** Pseudo mails of Chat carry this label and have no RFC 822 form. */
export const isChat = (labelIds: readonly string[]): boolean => labelIds.includes('CHAT')
/** Labels of Gmail's own that became flags, and so are no keywords. */
const flags = new Set(['UNREAD', 'STARRED', 'CHAT'])
/** Names of Gmail's own labels; ids of people's look otherwise (`Label_12`). */
export const isSystem = (label: string): boolean => /^[A-Z][A-Z\d_]*$/.test(label)

export interface MailSurroundings {
  readonly person: GooglePerson
  readonly collection: CollectionId
  /** Which labels are mailboxes. */
  readonly mailboxes: ReadonlyMap<string, unknown>
  readonly provenance: Provenance
}

/**
 * A message as a mail. IMPORTANT and CATEGORY_… are keywords in Gmail's words; UNREAD and STARRED are flags; DRAFT is a flag and a place.
 * Labels that are none of these and unknown were deleted a moment ago.
 */
export function mail(whole: Whole, around: MailSurroundings): { readonly item: SourceItem<'mail'>; readonly losses: readonly Loss[] } {
  const { message, raw, bytes, how } = whole
  const { person, collection, mailboxes, provenance } = around
  const id = mailId(person.id, message.id)
  const losses: Loss[] = []
  const received = isoOf(message.internalDate)
  if (received === undefined) losses.push(degraded(id, 'receivedAt', 'invalid-at-source', 'Gmail gave no time that can be read'))
  const labels = message.labelIds
  const withheld = how === 'inline' && bytes === null
  if (withheld) losses.push(degraded(id, 'rfc822', 'withheld-by-source', 'Gmail gave no bytes of this mail'))
  const receivedAt = received ?? '1970-01-01T00:00:00.000000Z'
  const body: Mail = {
    owner: person.account,
    receivedAt,
    mailboxes: sorted(labels.filter((label) => mailboxes.has(label)).map((label) => mailboxId(person.id, label))),
    flags: {
      seen: !labels.includes('UNREAD'),
      flagged: labels.includes('STARRED'),
      answered: false,
      forwarded: false,
      draft: labels.includes('DRAFT'),
    },
    keywords: sorted(labels.filter((label) => isSystem(label) && !mailboxes.has(label) && !flags.has(label))),
    thread: message.threadId ?? null,
    rfc822: withheld ? null : 0,
    form: 'original',
  }
  const named = {
    mediaType: 'message/rfc822',
    name: `${receivedAt.slice(0, 10)}_${message.id}.eml`,
    key: `gmail/${person.id}/${message.id}`,
  }
  const blob: RemoteBlob | undefined =
    bytes !== null
      ? { ...named, type: 'inline', data: bytes }
      : withheld
        ? undefined
        : { ...named, type: 'handle', handle: `mail/${person.id}/${message.id}` }
  const blobs = blob === undefined ? [] : [blob]
  return { item: itemOf({ kind: 'mail', id, collection, body, raw, blobs, provenance }), losses }
}

/** ISO 8601 with six decimals of milliseconds since 1970 in text. */
function isoOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^-?\d{1,15}$/.test(text)) return undefined
  const date = new Date(Number(text))
  const year = date.getUTCFullYear()
  return year >= 1900 && year <= 9999 ? `${date.toISOString().slice(0, -1)}000Z` : undefined
}
