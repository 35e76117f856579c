import type { Change } from '../../../src/contract/connector.ts'
import { Fault } from '../../../src/fault.ts'
import { channelId, degraded, messageId } from '../map/item.ts'
import { message } from '../map/message.ts'
import { microseconds, stamp, stampOf, text, texts, whole, type Wire } from '../wire.ts'
import type { Page, Reader } from './reader.ts'
import { briefHash, type ChannelState, type Listing } from './state.ts'
import { readThread, withFileFacts } from './thread.ts'

export interface Scan {
  readonly reader: Reader
  readonly state: ChannelState
  readonly channel: string
  readonly listing: Listing
  /** Threads with a reply after this moment are read again in a sweep: their replies may have been edited. */
  readonly warm: number
  /** Set when something was said that changes who is in the channel or what is pinned. */
  readonly noticed: { details: boolean }
}

const membership = new Set([
  'channel_join',
  'group_join',
  'channel_leave',
  'group_leave',
  'pinned_item',
  'unpinned_item',
  'channel_topic',
  'channel_purpose',
  'channel_name',
  'group_topic',
  'group_purpose',
  'group_name',
])

/**
 * Lists a channel from the newest message to `listing.oldest` and compares it with what was seen before: news, edits, threads that moved,
 * and, page by page, what is no longer there. Yields a checkpoint's moment as `undefined`.
 */
export async function* scan(run: Scan, signal: AbortSignal): AsyncGenerator<Change | undefined> {
  const { reader, state, channel, listing } = run
  const known = state.newestFirst(listing.before)
  const orphans = new Set<number>()
  let upper = listing.before
  let cursor: string | undefined
  let next = 0
  for (;;) {
    const page = await reader.history(channel, stampOf(Math.max(0, listing.oldest - 1)), stampOf(upper), cursor, signal)
    const seen = new Set<number>()
    for (const raw of page.messages) yield* one(run, raw, seen, orphans, signal)
    const lowest = page.messages.reduce((low, { ts }) => Math.min(low, microseconds(stamp(ts) ?? stampOf(low))), upper)
    cursor = lowest < upper ? undefined : following(page, channel)
    // What the plan hides is not gone.
    const floor = page.more || page.limited ? lowest : listing.oldest
    if (page.limited && listing.sweep !== null)
      yield {
        type: 'loss',
        loss: degraded(channelId(channel), 'messages', 'withheld-by-source', 'older messages are hidden by the limits of the plan'),
      }
    for (; next < known.length && (known[next] as number) >= floor; next += 1) {
      const at = known[next] as number
      if (!seen.has(at)) yield* gone(run, at, `absent-from-history ${stampOf(floor)}..${stampOf(upper)}`, signal)
    }
    if (!page.more) break
    upper = lowest
    state.listing = { ...listing, before: upper }
    yield undefined
  }
  for (const root of orphans)
    if (root < listing.oldest || !state.top.has(root)) yield* (await readThread(reader, state, channel, root, 1, signal)).changes
  state.listing = undefined
}

/** A page without a readable message still has a way on. */
function following(page: Page, channel: string): string | undefined {
  if (!page.more) return undefined
  if (page.cursor !== undefined) return page.cursor
  throw new Fault({
    code: 'unavailable',
    what: `Slack says that channel ${channel} goes on and does not say where`,
    remedy: 'Run again',
    retry: { type: 'backoff' },
  })
}

async function* one(run: Scan, raw: Wire, seen: Set<number>, orphans: Set<number>, signal: AbortSignal): AsyncGenerator<Change> {
  const { reader, state, channel, listing } = run
  const mapping = reader.mapping('conversations.history')
  const plain = message(raw, channel, mapping)
  const ts = stamp(raw['ts'])
  if (plain.item === undefined || ts === undefined) {
    for (const loss of plain.losses) yield { type: 'loss', loss }
    return
  }
  const at = microseconds(ts)
  if (seen.has(at)) return
  seen.add(at)
  notice(run, raw, at)
  const root = stamp(raw['thread_ts'])
  if (root !== undefined && root !== ts) {
    // A reply that is shown in the channel as well: it belongs to its thread, and one that is new says that the thread moved.
    const thread = state.threads.get(microseconds(root)) ?? new Map<number, number>()
    const brief = briefHash(plain.item.revision)
    if (thread.get(at) === brief) return
    thread.set(at, brief)
    state.threads.set(microseconds(root), thread)
    orphans.add(microseconds(root))
    yield* upserts(message(await withFileFacts(reader, raw, signal), channel, mapping))
    return
  }
  const replies = whole(raw['reply_count']) ?? 0
  const brief = briefHash(plain.item.revision, replies === 0 ? '' : `${replies} ${text(raw['latest_reply'])}`)
  const changed = state.top.get(at) !== brief
  const latest = stamp(raw['latest_reply'])
  const warm = listing.sweep !== null && latest !== undefined && microseconds(latest) >= run.warm
  if (changed && subtypeMoves(raw)) run.noticed.details = true
  if (!changed && !warm) return
  const hasThread = replies > 0 || state.threads.has(at)
  const thread = hasThread ? await readThread(reader, state, channel, at, replies, signal) : undefined
  if (changed) yield* upserts(message(await withFileFacts(reader, withWriters(raw, thread?.writers), signal), channel, mapping))
  yield* thread?.changes ?? []
  state.top.set(at, brief)
}

function* upserts(mapped: ReturnType<typeof message>): Generator<Change> {
  if (mapped.item !== undefined) yield { type: 'upsert', item: mapped.item }
  for (const loss of mapped.losses) yield { type: 'loss', loss }
}

/** Slack names only the first few who wrote in a thread; whoever read it knows them all. */
function withWriters(raw: Wire, writers: readonly string[] | undefined): Wire {
  const named = texts(raw['reply_users'])
  return writers === undefined || (whole(raw['reply_users_count']) ?? 0) <= named.length
    ? raw
    : { ...raw, reply_users: [...new Set([...named, ...writers])] }
}

const subtypeMoves = (raw: Wire): boolean => membership.has(text(raw['subtype']) ?? '')

function notice(run: Scan, raw: Wire, at: number): void {
  const pinned = texts(raw['pinned_to']).includes(run.channel)
  if (pinned === run.state.pinned.has(at)) return
  if (pinned) run.state.pinned.add(at)
  else run.state.pinned.delete(at)
  run.noticed.details = true
}

async function* gone(run: Scan, at: number, evidence: string, signal: AbortSignal): AsyncGenerator<Change> {
  const { reader, state, channel } = run
  yield { type: 'delete', id: messageId(channel, stampOf(at)), evidence }
  state.top.delete(at)
  if (state.pinned.delete(at)) run.noticed.details = true
  if (state.threads.has(at)) yield* (await readThread(reader, state, channel, at, 0, signal)).changes
}
