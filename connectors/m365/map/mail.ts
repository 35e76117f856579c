import { hash } from 'node:crypto'
import { type CollectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { RemoteBlob } from '../../../src/contract/item.ts'
import type { Mail } from '../../../src/model/mail.ts'
import { seg } from '../graph.ts'
import { filled, moment, text, texts, type Wire } from '../wire.ts'
import { degraded, itemOf, type Mapped, type Mapping } from './mapped.ts'
import { mailboxId } from './mailbox.ts'

/** What is asked of every mail in a listing. */
export const mailFields =
  'id,parentFolderId,isRead,isDraft,flag,categories,importance,changeKey,internetMessageId,receivedDateTime,createdDateTime,conversationId,subject,hasAttachments'
/** PidTagLastVerbExecuted. Read 2026-11-25: https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxomsg/ */
const lastVerb = 'Integer 0x1081'
export const mailExpand = `singleValueExtendedProperties($filter=id eq '${lastVerb}')`

export const mailId = (person: string, native: string): ItemId => itemId('mail', person, native)

export interface MailPlace {
  readonly person: string
  readonly folder: string
  readonly collection: CollectionId
  /** Its bytes could not be had and were put together by us. */
  readonly built: boolean
}

/** A mail as a listing gives it. Its bytes are behind a handle; nothing but a change of what it says changes their key. */
export function mail(raw: Wire, native: string, place: MailPlace, mapping: Mapping): Mapped<'mail'> {
  const { person, folder, collection, built } = place
  const id = mailId(person, native)
  const receivedAt = moment(raw['receivedDateTime']) ?? moment(raw['createdDateTime'])
  const verb = verbOf(raw)
  const draft = raw['isDraft'] === true
  const body: Mail = {
    owner: itemId('account', person),
    receivedAt: receivedAt ?? '1970-01-01T00:00:00.000000Z',
    mailboxes: [mailboxId(person, folder)],
    flags: {
      seen: raw['isRead'] === true,
      flagged: flagOf(raw) === 'flagged',
      answered: verb === 102 || verb === 103,
      forwarded: verb === 104,
      draft,
    },
    keywords: keywordsOf(raw),
    thread: filled(raw['conversationId']),
    rfc822: 0,
    form: built ? 'built' : 'regenerated',
  }
  const blob: RemoteBlob = {
    type: 'handle',
    mediaType: 'message/rfc822',
    name: `${filled(raw['subject']) ?? 'mail'}.eml`,
    key: `graph/${person}/${native}/${contentOf(raw, draft)}`,
    handle: handleOf(person, native),
  }
  const item = itemOf({ kind: 'mail', id, nativeId: native, collection, body, raw, blobs: [blob] }, mapping)
  const losses = receivedAt === undefined ? [degraded(id, 'receivedAt', 'invalid-at-source', 'Graph gave no time at which it arrived')] : []
  return { item, losses }
}

/**
 * What tells one content of a mail from another. `changeKey` does too, but it also changes with every flag, category and move, and Graph
 * writes the bytes anew at each reading: only of drafts, which people write at, is a new one read for each change. Of a mail that arrived,
 * an attachment taken out or a new subject shows.
 */
const contentOf = (raw: Wire, draft: boolean): string =>
  hash(
    'sha256',
    JSON.stringify([text(raw['subject']) ?? '', raw['hasAttachments'] === true, draft ? (text(raw['changeKey']) ?? '') : '']),
  ).slice(0, 8)

function flagOf(raw: Wire): string | undefined {
  const flag = raw['flag']
  return typeof flag === 'object' && flag !== null && 'flagStatus' in flag ? text(flag.flagStatus) : undefined
}

function keywordsOf(raw: Wire): string[] {
  const importance = text(raw['importance'])
  const more = [
    ...(flagOf(raw) === 'complete' ? ['flag-complete'] : []),
    ...(importance === 'high' || importance === 'low' ? [`importance-${importance}`] : []),
  ]
  return [...new Set([...texts(raw['categories']), ...more])].toSorted()
}

function verbOf(raw: Wire): number | undefined {
  const given = raw['singleValueExtendedProperties']
  if (!Array.isArray(given)) return undefined
  for (const property of given as readonly unknown[])
    if (typeof property === 'object' && property !== null && 'id' in property && 'value' in property && property.id === lastVerb)
      return Number(property.value)
  return undefined
}

const handleOf = (person: string, native: string): string => `mail:${seg(person)}/${seg(native)}`

/** Whose mail a handle without its prefix stands for. */
export function readHandle(handle: string): { readonly person: string; readonly native: string } | undefined {
  const [person, native, more] = handle.split('/')
  return person === undefined || native === undefined || more !== undefined
    ? undefined
    : { person: decodeURIComponent(person), native: decodeURIComponent(native) }
}
