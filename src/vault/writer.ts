import type { Change, Collection } from '../contract/connector.ts'
import type { CollectionId, Cursor, ItemId } from '../contract/ids.ts'
import type { BlobRef, Item } from '../contract/item.ts'
import type { BlobInit, Manifest, SnapshotWriter } from '../contract/vault.ts'
import { Fault } from '../fault.ts'
import { BlobWriter } from './blob-writer.ts'
import { piecesOf, readSmall } from './blobs.ts'
import { ItemWriter } from './item-writer.ts'
import { manifestOf } from './listing.ts'
import { type Begun, Run, type RunInit } from './run.ts'
import { Turn } from './turn.ts'

/** Writes snapshots of one source into one lane. See `SnapshotWriter` for the promises. */
export class LaneWriter implements SnapshotWriter {
  readonly resume: ReadonlyMap<CollectionId, Cursor>
  readonly #run: Run
  readonly #items: ItemWriter
  readonly #blobs: BlobWriter
  readonly #held: AsyncDisposable
  readonly #turn = new Turn()
  readonly #begun = new Map<CollectionId, Begun>()
  #failure: unknown
  #closed = false

  /** `held`: catalog, session and lock, given back at the end. */
  constructor(init: RunInit, held: AsyncDisposable) {
    this.resume = init.cursors
    this.#run = new Run(init)
    this.#items = new ItemWriter(this.#run)
    this.#blobs = new BlobWriter(this.#run)
    this.#held = held
  }

  async begin(collection: Collection): Promise<void> {
    await this.#exclusive(async () => {
      if (!this.#begun.has(collection.id)) this.#begun.set(collection.id, await this.#run.begin(collection))
    })
  }

  has(collection: CollectionId, id: ItemId, revision: string): boolean {
    const begun = this.#begun.get(collection)
    const { hashes } = this.#run.init
    return this.#items.has(begun ?? { id: collection, c: hashes.collection(collection), reset: undefined }, id, revision)
  }

  knownBlob(key: string): BlobRef | undefined {
    return this.#blobs.known(key)
  }

  async putBlob(data: ReadableStream<Uint8Array>, init: BlobInit, signal: AbortSignal): Promise<BlobRef> {
    const source = piecesOf(data, [signal, this.#run.init.signal])
    try {
      const to = this.#of(init.collection)
      const { held, size, ended } = await readSmall(source)
      if (ended) {
        const bytes = size === held[0]?.length ? held[0] : Buffer.concat(held)
        return await this.#exclusive(() => this.#blobs.small(to, bytes, init))
      }
      async function* all() {
        yield* held
        yield* source
      }
      const adopt = await this.#blobs.large(to, all(), init)
      return await this.#exclusive(adopt)
    } finally {
      await source.return(undefined)
    }
  }

  async write(to: CollectionId, change: Change<Item>): Promise<void> {
    await this.#exclusive(async () => {
      const begun = this.#of(to)
      switch (change.type) {
        case 'upsert':
          return this.#items.upsert(begun, change.item)
        case 'delete':
          return this.#items.delete(begun, change.id, change.evidence)
        case 'loss':
          return this.#items.loss(begun, change.loss)
        case 'reset':
          return this.#items.reset(begun, change.why)
        case 'checkpoint':
          return this.#items.checkpoint(begun, change.cursor)
      }
    })
  }

  async checkpoint(): Promise<void> {
    await this.#exclusive(async () => {
      if (!this.#run.isClean) await this.#run.seal('checkpoint', null)
    })
  }

  async commit(state: 'complete' | 'partial'): Promise<Manifest> {
    return this.#exclusive(async () => manifestOf(await this.#run.seal('snapshot', state)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    await this.#turn.take(async () => {
      this.#closed = true
      await using _held = this.#held
      await this.#run.discard()
    })
  }

  /** One at a time; after an error nothing more is written, because what reached the open pack is not known. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#turn.take(async () => {
      if (this.#closed) throw new Fault({ code: 'usage', what: 'This snapshot is closed' })
      if (this.#failure !== undefined) throw this.#failure
      this.#run.init.signal.throwIfAborted()
      try {
        return await work()
      } catch (error) {
        this.#failure = error
        throw error
      }
    })
  }

  #of(collection: CollectionId): Begun {
    const begun = this.#begun.get(collection)
    if (begun === undefined) throw new Fault({ code: 'usage', what: `Collection ${collection} was not begun` })
    return begun
  }
}
