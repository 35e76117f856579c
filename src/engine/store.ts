import type { Change, Collection, Connector } from '../contract/connector.ts'
import type { Loss } from '../contract/fidelity.ts'
import type { Cursor } from '../contract/ids.ts'
import type { BlobRef, Item, Kind, RemoteBlob, SourceItem } from '../contract/item.ts'
import type { SnapshotWriter } from '../contract/vault.ts'
import { Fault, faultIn } from '../fault.ts'

/** How many items' bytes are fetched at once within one collection. */
const inFlight = 4

export interface StoreSink {
  /** One item stored, or found to be stored already. */
  item(item: SourceItem): void
  loss(loss: Loss): void
  /** Bytes that may come another time; the collection's cursor stays where it is, so that the next run asks again. */
  failed(item: SourceItem, why: unknown): void
  /** The cursor moved: a good moment to make things durable. */
  checkpoint(cursor: Cursor): Promise<void>
}

/**
 * Brings the changes of one collection into the snapshot, bytes first, and moves the cursor behind them.
 * Bytes that the source will never give become a loss; bytes that fail for now hold the cursor back and the neighbours go on.
 * @returns whether everything was stored
 */
export async function storeCollection(
  from: {
    readonly connector: Connector
    readonly collection: Collection
    readonly since: Cursor | undefined
    readonly writer: SnapshotWriter
    /** Read everything again: what is not named any more is gone. */
    readonly relist: boolean
  },
  sink: StoreSink,
  signal: AbortSignal,
): Promise<'complete' | 'partial'> {
  const { connector, collection, since, writer } = from
  await writer.begin(collection)
  let complete = true
  const pending = new Set<Promise<void>>()
  const store = async (item: SourceItem): Promise<void> => {
    const whole = await storeItem(item, connector, writer, sink, signal)
    if (!whole) complete = false
  }
  // The first error waits here until the loop looks: a rejected promise nobody awaits would end the program.
  let broken: { readonly error: unknown } | undefined
  const settle = async (below: number): Promise<void> => {
    while (pending.size > below) await Promise.race(pending)
    if (broken !== undefined) throw broken.error
  }
  // A full listing ends with the stream: a cursor in its middle would make the vault take the rest for deleted.
  let relisting = from.relist
  let last: Extract<Change, { type: 'checkpoint' }> | undefined
  const moveTo = async (checkpoint: Extract<Change, { type: 'checkpoint' }>): Promise<void> => {
    if (!complete) return
    await writer.write(collection.id, checkpoint)
    await sink.checkpoint(checkpoint.cursor)
  }
  try {
    if (relisting) await writer.write(collection.id, { type: 'reset', why: 'a full reading was asked for' })
    for await (const change of connector.changes(collection, since, signal)) {
      switch (change.type) {
        case 'upsert': {
          sink.item(change.item)
          const task = store(change.item)
            .catch((error: unknown) => {
              broken ??= { error }
            })
            .finally(() => pending.delete(task))
          pending.add(task)
          await settle(inFlight - 1)
          break
        }
        case 'loss':
          sink.loss(change.loss)
          await writer.write(collection.id, change)
          break
        case 'checkpoint':
          await settle(0)
          if (relisting) last = change
          else await moveTo(change)
          break
        case 'reset':
          relisting = true
          await settle(0)
          await writer.write(collection.id, change)
          break
        case 'delete':
          await settle(0)
          await writer.write(collection.id, change)
          break
      }
    }
  } finally {
    await Promise.allSettled(pending)
  }
  await settle(0)
  if (last !== undefined) await moveTo(last)
  return complete ? 'complete' : 'partial'
}

/** True if the item and all its bytes are stored. */
async function storeItem(
  item: SourceItem,
  connector: Connector,
  writer: SnapshotWriter,
  sink: StoreSink,
  signal: AbortSignal,
): Promise<boolean> {
  if (writer.has(item.collection, item.id, item.revision)) return true
  let whole = true
  const refs: (BlobRef | null)[] = []
  for (const blob of item.blobs) {
    try {
      refs.push(await storeBlob(blob, item, connector, writer, signal))
    } catch (error) {
      if (signal.aborted) throw error
      const fault = faultIn(error)
      if (fault === undefined || fault.code === 'auth') throw error
      refs.push(null)
      if (isForEver(fault)) {
        const loss = withheld(item, blob, fault)
        sink.loss(loss)
        await writer.write(item.collection, { type: 'loss', loss })
      } else {
        whole = false
        sink.failed(item, error)
      }
    }
  }
  // An item that lacks bytes is stored under a revision of its own, so that the next run does not take it for done.
  const revision = whole ? item.revision : `${item.revision}-incomplete`
  const upsert: Change<Item> = { type: 'upsert', item: { ...item, revision, blobs: refs } as Item }
  await writer.write(item.collection, upsert)
  return whole
}

const isForEver = ({ code }: Fault): boolean => code === 'gone' || code === 'permission' || code === 'rejected'

async function storeBlob(
  blob: RemoteBlob,
  item: SourceItem,
  connector: Connector,
  writer: SnapshotWriter,
  signal: AbortSignal,
): Promise<BlobRef> {
  const known = writer.knownBlob(blob.key)
  if (known !== undefined) return known
  const bytes = blob.type === 'inline' ? new Blob([Uint8Array.from(blob.data)]).stream() : await connector.blob(blob.handle, signal)
  const published = blob.type === 'handle' ? blob.bytes : blob.data.byteLength
  const { mediaType, name, key } = blob
  const init = {
    mediaType,
    name,
    key,
    kind: item.kind,
    collection: item.collection,
    ...(published === undefined ? {} : { bytes: published }),
  }
  return writer.putBlob(published === undefined ? bytes : bytes.pipeThrough(exactly(published, blob.key)), init, signal)
}

/** Lets bytes through and breaks the stream if they are not as many as published: a short file must never be stored under its full name. */
function exactly(published: number, name: string): TransformStream<Uint8Array, Uint8Array> {
  let arrived = 0
  return new TransformStream({
    transform(chunk, controller) {
      arrived += chunk.byteLength
      controller.enqueue(chunk)
    },
    flush() {
      if (arrived === published) return
      throw new Fault({
        code: 'unavailable',
        what: `${name} arrived with ${arrived} bytes`,
        why: `the source publishes ${published}`,
        remedy: 'It is fetched again by the next run',
        retry: { type: 'backoff' },
      })
    },
  })
}

const withheld = (item: SourceItem, blob: RemoteBlob, fault: Fault): Loss => ({
  item: item.id,
  stage: 'export',
  code: 'withheld-by-source',
  effect: { type: 'degraded', field: fieldOf(item.kind) },
  detail: `${blob.key}: ${fault.message}`,
})

/** What an item lacks when bytes of it do not come. */
function fieldOf(kind: Kind): string {
  if (kind === 'mail') return 'bytes'
  return kind === 'account' || kind === 'group' || kind === 'emoji' || kind === 'contact' ? 'image' : 'files'
}
