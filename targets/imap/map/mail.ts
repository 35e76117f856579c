import type { Loss } from '../../../src/contract/fidelity.ts'
import { idempotencyKey } from '../../../src/contract/ids.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { Settings } from '../settings.ts'
import { choose } from './choose.ts'
import { keywordOf } from './keywords.ts'
import { type ImapOperation, type MailOperation, revisionOver } from './operations.ts'
import { type Plan, dropped } from './plan.ts'

/** A mail in one folder, or in several with `labels: copies`. */
export function mapMail(item: Item<'mail'>, { login, places, found }: Plan, settings: Settings): Mapped<ImapOperation> {
  const { body } = item
  const blob = body.rfc822 === null ? null : (item.blobs[body.rfc822] ?? null)
  if (blob === null) return dropped(item, 'withheld-by-source', 'the source did not give what it says')
  if (Number.isNaN(Date.parse(body.receivedAt))) return dropped(item, 'invalid-at-source', 'it has no readable time')
  const limit = found?.appendLimit ?? settings.maxMessageBytes
  if (limit !== undefined && blob.bytes > limit) return dropped(item, 'too-large', `${blob.bytes} bytes; the server takes ${limit}`)
  const choice = choose(body.mailboxes, places, settings.labels)
  if (choice === undefined) return dropped(item, 'excluded-by-policy', '`skip` leaves out the folder it stands in')
  const losses: Loss[] = []
  const lose = (code: Loss['code'], effect: 'degraded' | 'substituted', field: string, detail: string): void =>
    void losses.push({ item: item.id, stage: 'map', code, effect: { type: effect, field }, detail })
  const named = body.keywords.map(keywordOf)
  const changed = named.filter((keyword, at) => keyword !== body.keywords[at])
  if (changed.length > 0) lose('name-changed', 'substituted', 'keywords', `stand as ${changed.join(', ')}`)
  if (choice.reduced > 0)
    lose('no-such-concept', 'degraded', 'mailboxes', `in one folder; ${choice.reduced} further labels stand as keywords`)
  if (choice.unknown > 0)
    lose('invalid-at-source', 'degraded', 'mailboxes', `${choice.unknown} of its folders are not among those that the source has named`)
  const flags = [
    ...(body.flags.seen ? [String.raw`\Seen`] : []),
    ...(body.flags.flagged || choice.flagged ? [String.raw`\Flagged`] : []),
    ...(body.flags.answered ? [String.raw`\Answered`] : []),
    ...(body.flags.draft ? [String.raw`\Draft`] : []),
    ...(body.flags.forwarded ? ['$Forwarded'] : []),
    ...distinct([...named, ...choice.keywords]),
  ]
  const date = `${body.receivedAt.slice(0, 19)}Z`
  const copies = settings.labels === 'copies'
  const first = idempotencyKey(copies ? `${item.id}#${choice.folders[0]?.id ?? ''}` : item.id)
  const ops = choice.folders.map(({ id, folder }, at): MailOperation => ({
    type: 'mail',
    key: copies ? idempotencyKey(`${item.id}#${id}`) : first,
    item: item.id,
    collection: item.collection,
    revision: revisionOver([login, folder, flags, date, blob.sha256]),
    summary: `mail of ${blob.bytes} bytes into "${folder}" of ${login}`,
    login,
    folder,
    flags,
    date,
    blob,
    copyOf: at === 0 ? null : first,
  }))
  return { ops, losses }
}

/** Keywords are the same whatever the case of their letters. */
const distinct = (keywords: readonly string[]): readonly string[] =>
  keywords.length === 0
    ? keywords
    : [...new Map(keywords.toReversed().map((keyword) => [keyword.toLowerCase(), keyword])).values()].toSorted()
