import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { ImapOperation } from './operations.ts'

/** Filters, absence notes and senders: IMAP has none of them. */
export function mapSettings({ id, body }: Item<'mail-settings'>): Mapped<ImapOperation> {
  const parts = [
    ...(body.filters.length === 0 ? [] : [`${body.filters.length} filters`]),
    ...(body.vacation === null ? [] : ['an absence note']),
    ...(body.senders.length === 0 ? [] : [`${body.senders.length} senders with signatures`]),
    ...(body.forwarding.length === 0 ? [] : [`${body.forwarding.length} forwarding addresses`]),
    ...(body.delegates.length === 0 ? [] : [`${body.delegates.length} delegates`]),
  ]
  const detail = parts.length === 0 ? 'language and time zone stand nowhere in IMAP' : `${parts.join(', ')}: IMAP has no place for them`
  return { ops: [], losses: [{ item: id, stage: 'map', code: 'no-such-concept', effect: { type: 'dropped' }, detail }] }
}
