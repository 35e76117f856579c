import { hash } from 'node:crypto'
import type { Change } from '../../../src/contract/connector.ts'
import { Fault } from '../../../src/fault.ts'
import { channel as mapChannel, documentIds, typeOf } from '../map/channel.ts'
import { SlackFault } from '../slack-fault.ts'
import { text, type Wire, wire, wires } from '../wire.ts'
import type { Reader } from './reader.ts'
import type { ChannelState } from './state.ts'
import { fileFacts } from './thread.ts'

/** What changes in a channel object without the channel changing. */
const restless = new Set([
  'last_read',
  'latest',
  'unread_count',
  'unread_count_display',
  'priority',
  'is_open',
  'is_member',
  'is_user_deleted',
  'is_moved',
  'is_starred',
  'display_counts',
])

/** A hash over what matters in a channel object. */
export const objectHash = (channel: Wire): string =>
  hash(
    'sha256',
    JSON.stringify(
      Object.entries(channel)
        .filter(([key]) => !restless.has(key))
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ),
  ).slice(0, 16)

/** Reads members, pins, bookmarks and documents of a channel, and yields its item if it is not what it was. */
export async function* details(reader: Reader, state: ChannelState, object: Wire, signal: AbortSignal): AsyncGenerator<Change> {
  const id = text(object['id']) ?? ''
  const members = await optional(() => collected(reader, id, signal))
  const pins = await optional(async () => wires((await reader.call('pins.list', { channel: id }, signal))['items']))
  const bookmarks = await optional(async () => wires((await reader.call('bookmarks.list', { channel_id: id }, signal))['bookmarks']))
  const documents: Wire[] = []
  for (const file of documentIds(object)) documents.push(await fileFacts(reader, file, { id: file }, signal))
  const brief = pins?.map((pin) => ({
    type: pin['type'],
    created: pin['created'],
    created_by: pin['created_by'],
    message: { ts: wire(pin['message'])?.['ts'] },
  }))
  const raw = {
    ...object,
    ...(members === undefined ? {} : { members }),
    ...(brief === undefined ? {} : { pins: brief }),
    ...(bookmarks === undefined ? {} : { bookmarks }),
  }
  const mapped = mapChannel(raw, { type: typeOf(object), members, pins, bookmarks, documents }, reader.mapping('conversations.list'))
  state.object = objectHash(object)
  const revision = mapped.item?.revision ?? ''
  if (revision === state.item) return
  state.item = revision
  if (mapped.item !== undefined) yield { type: 'upsert', item: mapped.item }
  for (const loss of mapped.losses) yield { type: 'loss', loss }
}

async function collected(reader: Reader, channel: string, signal: AbortSignal): Promise<readonly string[]> {
  const members: string[] = []
  const restarted = (): void => void (members.length = 0)
  for await (const page of reader.list('conversations.members', 'members', { channel, limit: 1000 }, signal, restarted)) {
    for (const member of page) if (typeof member === 'string') members.push(member)
  }
  return members
}

/** A part that this token may not read is left out, and the item says so; the channel's own end is not. */
async function optional<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof SlackFault && error.error === 'channel_not_found') throw error
    if (error instanceof Fault && (error.code === 'permission' || error.code === 'rejected' || error.code === 'gone')) return undefined
    throw error
  }
}
