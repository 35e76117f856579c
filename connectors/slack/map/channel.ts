import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Channel } from '../../../src/model/channel.ts'
import { type Wire, filled, flag, stamp, text, texts, whole, wire, wires } from '../wire.ts'
import { files } from './file.ts'
import { accountId, channelCollection, channelId, clean, degraded, dropped, itemOf, type Mapped, type Mapping, messageId } from './item.ts'
import { plainText } from './message.ts'

/** A channel and what other methods say of it. `undefined`: it was not given, which is not the same as none. */
export interface ChannelParts {
  readonly type: Channel['type']
  /** Native ids of accounts. */
  readonly members: readonly string[] | undefined
  readonly pins: readonly Wire[] | undefined
  readonly bookmarks: readonly Wire[] | undefined
  /** Canvases and lists in the channel's own tabs, as file objects. */
  readonly documents: readonly Wire[]
}

/** What sort of place a channel object of the API is. */
export function typeOf(channel: Wire): Channel['type'] {
  if (flag(channel['is_im'])) return 'direct'
  if (flag(channel['is_mpim'])) return 'group-direct'
  // Only what says of itself that it is open counts as open.
  return flag(channel['is_private']) || (flag(channel['is_group']) && !flag(channel['is_channel'])) || !flag(channel['is_channel'])
    ? 'private'
    : 'public'
}

export function channel(given: Wire, parts: ChannelParts, mapping: Mapping): Mapped<'channel'> {
  const raw = clean(given, mapping)
  const native = text(raw['id'])
  if (native === undefined || native === '')
    return { item: undefined, losses: [dropped(channelId('unnamed'), 'invalid-at-source', 'a channel without an id')] }
  const id = channelId(native)
  const losses: Loss[] = []
  const members = parts.members === undefined ? null : [...new Set(parts.members)].toSorted().map(accountId)
  if (members === null) losses.push(degraded(id, 'members', 'withheld-by-source', 'the members of this channel were not given'))
  const documents = files(
    parts.documents.map((file) => clean(file, mapping)),
    id,
  )
  losses.push(...documents.losses)
  if (parts.bookmarks === undefined)
    losses.push(degraded(id, 'bookmarks', 'withheld-by-source', 'the bookmarks of this channel were not given'))
  if (parts.pins === undefined) losses.push(degraded(id, 'pins', 'withheld-by-source', 'the pins of this channel were not given'))
  if (raw['is_shared'] === undefined && (parts.type === 'public' || parts.type === 'private'))
    losses.push(degraded(id, 'shared', 'withheld-by-source', 'whether other organisations are in this channel was not said'))
  const created = whole(raw['created'])
  const body: Channel = {
    name: filled(raw['name']) ?? native,
    type: parts.type,
    topic: plainText(wire(raw['topic'])?.['value']),
    purpose: plainText(wire(raw['purpose'])?.['value']),
    members,
    archived: flag(raw['is_archived']),
    general: flag(raw['is_general']),
    shared: flag(raw['is_shared']) || flag(raw['is_ext_shared']),
    // Of a direct message only some roads name one, and it means nothing there.
    creator: parts.type === 'direct' || filled(raw['creator']) === null ? null : accountId(text(raw['creator']) ?? ''),
    createdAt: created === null || created <= 0 || created > 1e11 ? null : new Date(created * 1000).toISOString(),
    pins: pinsOf(native, parts.pins ?? []),
    bookmarks: (parts.bookmarks ?? []).map((mark) => ({
      title: plainText(mark['title']),
      link: filled(mark['link']),
      emoji: filled(mark['emoji'])?.replaceAll(/^:|:$/g, '') ?? null,
      type: filled(mark['type']) ?? 'link',
    })),
    documents: [...documents.refs],
  }
  const item = itemOf(
    { kind: 'channel', id, nativeId: native, collection: channelCollection(native), body, raw, blobs: documents.blobs },
    mapping,
  )
  return { item, losses }
}

/** Pins of messages in the order of the source; `pins.list` gives the newest first, an export has `pins` in the channel. */
function pinsOf(native: string, pins: readonly Wire[]): string[] {
  const stamped = pins.flatMap((pin) => {
    const ts = stamp(wire(pin['message'])?.['ts']) ?? (/^\d{1,11}\.\d{1,6}$/.test(text(pin['id']) ?? '') ? text(pin['id']) : undefined)
    return ts === undefined ? [] : [{ ts, created: whole(pin['created']) ?? 0 }]
  })
  const ordered = stamped.toSorted((a, b) => b.created - a.created || (a.ts < b.ts ? 1 : -1))
  return [...new Set(ordered.map(({ ts }) => messageId(native, ts)))]
}

/** Ids of the files in a channel's tabs (`properties`): its canvas, further canvases, lists. */
export function documentIds(channel: Wire): readonly string[] {
  const properties = wire(channel['properties'])
  const own = text(wire(properties?.['canvas'])?.['file_id'])
  const meeting = text(wire(properties?.['meeting_notes'])?.['file_id'])
  const tabs = [...wires(properties?.['tabs']), ...wires(properties?.['tabz'])].flatMap((tab) => text(wire(tab['data'])?.['file_id']) ?? [])
  const ids = [own, meeting, ...tabs].filter((id) => id !== undefined && id !== '')
  return [...new Set(ids as string[])]
}

export const memberIds = (channel: Wire): readonly string[] | undefined =>
  Array.isArray(channel['members']) ? texts(channel['members']) : undefined
