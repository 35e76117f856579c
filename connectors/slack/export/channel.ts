import type { Unzip, ZipEntry } from '../../../src/bundle/unzip.ts'
import type { Change } from '../../../src/contract/connector.ts'
import { type Cursor, cursor } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import { channel as mapChannel, documentIds, memberIds } from '../map/channel.ts'
import { channelId, dropped, type Mapping } from '../map/item.ts'
import { message } from '../map/message.ts'
import { stamp, text, type Wire, wires } from '../wire.ts'
import type { ExportedChannel } from './archive.ts'
import { type Element, elements, elementsOf } from './json.ts'

/** Where the reading of one channel stands: which archive, and how many of its day files are done. `null`: all of them. */
interface State {
  readonly zip: string
  readonly days: number | null
}
export const encodeState = (zip: string, days: number | null): Cursor => cursor(JSON.stringify({ v: 1, zip, days }))
export function decodeState(since: Cursor): State | undefined {
  try {
    const read = JSON.parse(since) as { readonly v: unknown; readonly zip: unknown; readonly days: unknown }
    return read.v === 1 && typeof read.zip === 'string'
      ? { zip: read.zip, days: typeof read.days === 'number' ? read.days : null }
      : undefined
  } catch {
    return undefined
  }
}

/** So many day files are read between two checkpoints. */
const daysPerCheckpoint = 64

export interface Road {
  mapping(endpoint: string): Mapping
  /** The message with facts about its files that the export does not have, if a token can get them. */
  complete(raw: Wire, signal: AbortSignal): Promise<Wire>
}

/**
 * A channel of an export, its days in order, many changes at a time. The same archive again is unchanged; another one is a full listing, so that
 * what it no longer has is known to be gone.
 */
export async function* exportChannelChanges(
  zip: Unzip,
  channel: ExportedChannel,
  since: Cursor | undefined,
  road: Road,
  signal: AbortSignal,
): AsyncGenerator<readonly Change[]> {
  const state = since === undefined ? undefined : decodeState(since)
  const resumed = state !== undefined && state.zip === zip.identity
  if (resumed && state.days === null) {
    yield [{ type: 'checkpoint', cursor: encodeState(zip.identity, null) }]
    return
  }
  const replaced = since !== undefined && !resumed
  if (replaced) yield [{ type: 'reset', why: 'another export file stands in the place of the last one' }]
  yield await channelItem(zip, channel, road, signal)
  const id = text(channel.object['id']) ?? ''
  const from = resumed ? (state.days ?? 0) : 0
  let seen: Seen | undefined
  for (const [at, file] of channel.days.entries()) {
    // Days at either side of a break hold no message twice; across days Slack repeats none.
    if (at < from) continue
    const date = dateOf(file)
    // The folders of two teams of a Grid have files for the same day.
    if (seen?.date !== date) seen = { date, stamps: new Set() }
    yield* dayOf(zip, file, id, seen, road, signal)
    if (!replaced && (at + 1) % daysPerCheckpoint === 0) yield [{ type: 'checkpoint', cursor: encodeState(zip.identity, at + 1) }]
  }
  yield [{ type: 'checkpoint', cursor: encodeState(zip.identity, null) }]
}

/** What was yielded of one day. */
interface Seen {
  readonly date: string
  /** Times of messages, which are their ids in a channel. */
  readonly stamps: Set<string>
}
const dateOf = (file: ZipEntry): string => file.name.slice(-15, -5)

async function* dayOf(
  zip: Unzip,
  file: ZipEntry,
  id: string,
  seen: Seen,
  road: Road,
  signal: AbortSignal,
): AsyncGenerator<readonly Change[]> {
  const mapping = road.mapping(file.name)
  let broken = 0
  try {
    for await (const batch of batchesOf(zip, file, signal)) {
      const changes: Change[] = []
      for (const raw of batch) {
        if (raw === undefined) {
          broken += 1
          continue
        }
        const whole = wires(raw['files']).some(isBare) ? await road.complete(raw, signal) : raw
        const { item, losses } = message(whole, id, mapping)
        if (item !== undefined) {
          const ts = stamp(whole['ts']) ?? ''
          if (seen.stamps.has(ts)) continue
          seen.stamps.add(ts)
          changes.push({ type: 'upsert', item })
        }
        for (const loss of losses) changes.push({ type: 'loss', loss })
      }
      yield changes
    }
  } catch (error) {
    // A damaged day costs that day.
    if (!(error instanceof Fault) || error.code !== 'corrupt') throw error
    yield [lossOf(id, `the file of ${dateOf(file)} is damaged`)]
  }
  if (broken > 0) yield [lossOf(id, `${broken} entries of the file of ${dateOf(file)} are no messages`)]
}
const lossOf = (id: string, detail: string): Change => ({ type: 'loss', loss: dropped(channelId(id), 'invalid-at-source', detail) })

const isBare = (file: Wire): boolean => file['file_access'] === 'check_file_info'
const inMemory = 4 * 2 ** 20
/** So many objects are handed on at a time. */
const atATime = 100
/** The objects of a file, many at a time: a small file at once, a large one as it is unpacked. */
async function* batchesOf(zip: Unzip, file: ZipEntry, signal: AbortSignal): AsyncGenerator<readonly Element[]> {
  if (file.bytes <= inMemory) {
    const all = await zip.using(file, elementsOf, signal)
    if (all.length <= atATime) yield all
    else for (let from = 0; from < all.length; from += atATime) yield all.slice(from, from + atATime)
  } else for await (const element of elements(zip.stream(file, signal))) yield [element]
}

async function channelItem(zip: Unzip, channel: ExportedChannel, road: Road, signal: AbortSignal): Promise<readonly Change[]> {
  const { object, type, from } = channel
  const pins = from === undefined ? undefined : wires(object['pins'])
  const documents = await documentsOf(zip, channel, signal)
  const parts = { type, members: memberIds(object), pins, bookmarks: undefined, documents }
  const { item, losses } = mapChannel(object, parts, road.mapping(from ?? 'a folder without an entry'))
  const told = losses.map((loss): Change => ({ type: 'loss', loss }))
  return item === undefined ? told : [{ type: 'upsert', item }, ...told]
}

/** File objects of the channel's own canvases, as far as the export has them. */
async function documentsOf(zip: Unzip, channel: ExportedChannel, signal: AbortSignal): Promise<readonly Wire[]> {
  const found = new Map<string, Wire>()
  for (const file of channel.documents)
    for await (const batch of batchesOf(zip, file, signal))
      for (const object of batch) {
        const id = text(object?.['id'])
        if (object !== undefined && id !== undefined) found.set(id, object)
      }
  const named = documentIds(channel.object).map((id) => found.get(id) ?? { id, mode: 'canvas' })
  return named.length > 0 ? named : [...found.values()]
}
