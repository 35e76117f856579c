import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { Fault } from '../../../src/fault.ts'
import type { Work } from '../apply.ts'
import type { Live } from '../bulk/compose-options.ts'
import type { MattermostClient } from '../client.ts'
import type { ChannelBookmark, ChannelOperation } from '../map/operations.ts'
import type { ServerPlaces } from '../places.ts'
import { Bookmark } from '../wire.ts'

/** How the ledger remembers a bookmark of ours: it holds no text. */
export const bookmarkMark = ({ title, link }: Pick<ChannelBookmark, 'title' | 'link'>): string =>
  hash('sha1', `${title}\0${link}`, 'base64url')

export const bookmarksIn = (client: MattermostClient, channel: string, signal: AbortSignal): Promise<readonly Bookmark[]> =>
  client.get(z.array(Bookmark), `/channels/${channel}/bookmarks`, {}, signal)

/**
 * Makes the bookmarks a channel has at the source and removes those of ours that it has no more; those of other people stay.
 * What the server refuses is a loss of that channel alone. Gives the losses by operation.
 */
export async function settleBookmarks(
  { client, features }: Work,
  world: ServerPlaces,
  channels: readonly Live<ChannelOperation>[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Loss[]>> {
  const losses = new Map<string, readonly Loss[]>()
  if (!features.bookmarks) return losses
  for (const stated of channels) {
    const { key, item, place, bookmarks } = stated.op
    const noted = stated.state === 'new' ? undefined : stated.known.notes['bookmarks']
    const before: readonly unknown[] = Array.isArray(noted) ? noted : []
    if (stated.state === 'same' || place.type === 'direct' || bookmarks.length + before.length === 0) continue
    const channel = await world.channel(place, signal)
    if (channel === undefined || channel.delete_at !== 0) continue
    const there = await bookmarksIn(client, channel.id, signal)
    const marks = new Map(there.map((one) => [bookmarkMark({ title: one.display_name, link: one.link_url }), one.id]))
    const wanted = new Set(bookmarks.map(bookmarkMark))
    const refused: string[] = []
    for (const bookmark of bookmarks) {
      if (marks.has(bookmarkMark(bookmark))) continue
      const { title: display_name, link: link_url, emoji } = bookmark
      try {
        await client.post(Bookmark, `/channels/${channel.id}/bookmarks`, { type: 'link', display_name, link_url, emoji }, signal)
      } catch (error) {
        if (!(error instanceof Fault) || ['auth', 'unavailable', 'throttled'].includes(error.code)) throw error
        refused.push(error.why ?? error.message)
      }
    }
    for (const [mark, id] of marks)
      if (before.includes(mark) && !wanted.has(mark)) await client.delete(`/channels/${channel.id}/bookmarks/${id}`, {}, signal)
    const [first] = refused
    if (first === undefined) continue
    const detail = `${refused.length} bookmarks were refused: ${first}`
    losses.set(key, [{ item, stage: 'apply', code: 'rejected-by-target', effect: { type: 'degraded', field: 'bookmarks' }, detail }])
  }
  return losses
}
