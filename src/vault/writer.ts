import type { Change, Collection } from '../contract/connector.ts'
import type { CollectionId, Cursor, ItemId } from '../contract/ids.ts'
import type { BlobRef, Item } from '../contract/item.ts'
import type { Log } from '../contract/ports.ts'
import type { BlobInit, Manifest, SnapshotWriter } from '../contract/vault.ts'
import { Fault } from '../fault.ts'
import { monthOf } from '../model/time.ts'
import { Batch, SMALL_BLOB } from './batch.ts'
import { packLarge, piecesOf, readSmall, Spool } from './blobs.ts'
import type { Catalog, KnownItem } from './catalog.ts'
import { type Commit, type Committed, putCommit } from './commit.ts'
import type { Compartment } from './compartment.ts'
import type { Driver } from './driver.ts'
import type { FramePool } from './frame-pool.ts'
import type { KeyedHashes } from './hashes.ts'
import { manifestOf } from './listing.ts'
import type { CollectionLine } from './manifest-line.ts'
import { safeSegment, taggedName } from './names.ts'
import { sha256Of } from './pack.ts'
import { type Place, Recorder } from './records.ts'
import { LinesWriter } from './sealed.ts'
import { Turn } from './turn.ts'

const ZERO = '0'.repeat(32)
export const TOOL = 'fallreep/0.1.0'
/** Kind of the lines that hold losses. */
export const LOSS = 'loss'

export interface WriterInit {
  readonly driver: Driver
  readonly pool: FramePool
  readonly log: Log
  readonly catalog: Catalog
  readonly hashes: KeyedHashes
  readonly compartment: Compartment
  readonly indexRecipient: string
  readonly vault: { readonly id: string; readonly sha256: string }
  readonly lane: string
  readonly source: string
  readonly session: string
  /** The newest commit of this lane. */
  readonly head: Committed | undefined
  readonly cursors: ReadonlyMap<CollectionId, Cursor>
  readonly spoolDir: string
  readonly startedAt: Date
  readonly signal: AbortSignal
  /** Catalog, session and lock, given back at the end in this order. */
  readonly held: AsyncDisposable
}
interface Begun {
  readonly c: string
  readonly folder: string
  readonly header: CollectionLine
  /** Generation of a running reset, and why it began. */
  reset: { readonly generation: number; readonly why: string } | undefined
}

/** Writes snapshots of one source into one lane. See `SnapshotWriter` for the promises. */
export class LaneWriter implements SnapshotWriter {
  readonly resume: ReadonlyMap<CollectionId, Cursor>
  readonly #init: WriterInit
  readonly #turn = new Turn()
  readonly #begun = new Map<CollectionId, Begun>()
  readonly #cursors: Map<CollectionId, Cursor>
  readonly #counts: Record<string, number>
  #changed: { added: number; updated: number; deleted: number }
  #head: Committed | undefined
  #cursorsDirty = false
  #batch: Batch
  #recorder: Recorder
  #seals = 0
  #spools = 0
  #failure: unknown
  #closed = false

  constructor(init: WriterInit) {
    this.#init = init
    this.resume = init.cursors
    this.#cursors = new Map(init.cursors)
    this.#head = init.head
    this.#counts = { ...init.head?.body.stats.counts, [LOSS]: init.head?.body.stats.losses ?? 0 }
    // What an interrupted run has made durable belongs to the snapshot that this one completes.
    this.#changed = init.head?.body.kind === 'checkpoint' ? { ...init.head.body.stats.changed } : { added: 0, updated: 0, deleted: 0 }
    this.#batch = this.#newBatch()
    this.#recorder = new Recorder(this.#batch, this.#tag())
    init.catalog.begin()
  }

  async begin(collection: Collection): Promise<void> {
    const { hashes, catalog } = this.#init
    const c = hashes.collection(collection.id)
    const header: CollectionLine = {
      op: 'collection',
      id: collection.id,
      c,
      title: collection.title,
      kinds: [...collection.kinds],
      ...(collection.estimate === undefined ? {} : { estimate: collection.estimate }),
    }
    await this.#exclusive(async () => {
      if (this.#begun.has(collection.id)) return
      this.#begun.set(collection.id, { c, folder: `${safeSegment(collection.title, 80)}_${c.slice(0, 6)}`, header, reset: undefined })
      // The estimate moves with every message; it alone is no reason for a new manifest.
      const title = hashes.title({ ...header, estimate: undefined })
      const known = catalog.title(c)
      if (known === title) return
      this.#batch.collection(header, known === undefined ? 'base' : 'delta')
      catalog.setTitle(c, title)
      await this.#batch.ref({ o: 'col', c, t: title })
    })
  }

  has(collection: CollectionId, id: ItemId, revision: string): boolean {
    const { hashes, catalog } = this.#init
    const c = this.#begun.get(collection)?.c ?? hashes.collection(collection)
    const ref = hashes.item(collection, id)
    if (catalog.item(c, ref)?.ver !== hashes.revision(revision)) return false
    const reset = this.#begun.get(collection)?.reset
    if (reset !== undefined) catalog.markSeen(c, ref, reset.generation)
    return true
  }

  knownBlob(key: string): BlobRef | undefined {
    return this.#init.catalog.named(this.#init.hashes.blobKey(key))
  }

  async putBlob(data: ReadableStream<Uint8Array>, init: BlobInit, signal: AbortSignal): Promise<BlobRef> {
    const source = piecesOf(data, [signal, this.#init.signal])
    try {
      const to = this.#of(init.collection)
      const { held, size, ended } = await readSmall(source)
      if (ended) return await this.#exclusive(() => this.#putSmall(to, size === held[0]?.length ? held[0] : Buffer.concat(held), init))
      async function* all() {
        yield* held
        yield* source
      }
      return await this.#putLarge(to, all(), init)
    } finally {
      await source.return(undefined)
    }
  }

  async write(to: CollectionId, change: Change<Item>): Promise<void> {
    await this.#exclusive(async () => {
      const begun = this.#of(to)
      switch (change.type) {
        case 'upsert':
          return this.#upsert(to, begun, change.item)
        case 'delete': {
          const ref = this.#init.hashes.item(to, change.id)
          const known = this.#init.catalog.item(begun.c, ref)
          return known === undefined ? undefined : this.#remove(begun, ref, known, change.evidence, change.id)
        }
        case 'loss': {
          const ref = this.#init.hashes.loss(to, change.loss)
          const known = this.#init.catalog.item(begun.c, ref)
          if (known !== undefined)
            return begun.reset === undefined ? undefined : this.#init.catalog.markSeen(begun.c, ref, begun.reset.generation)
          const place = this.#place(to, begun, LOSS, null)
          return this.#put(
            begun,
            place,
            ref,
            { ref, op: 'put', kind: LOSS, collection: to, loss: change.loss },
            ZERO,
            undefined,
            this.#init.hashes.item(to, change.loss.item),
          )
        }
        case 'reset': {
          const generation = Number(this.#init.catalog.meta('generation') ?? 0) + 1
          this.#init.catalog.setMeta('generation', String(generation))
          begun.reset = { generation, why: change.why }
          return undefined
        }
        case 'checkpoint':
          return this.#collectionCheckpoint(to, begun, change.cursor)
      }
    })
  }

  async checkpoint(): Promise<void> {
    await this.#exclusive(async () => {
      if (!this.#batch.isEmpty || this.#cursorsDirty) await this.#seal('checkpoint', null)
    })
  }

  async commit(state: 'complete' | 'partial'): Promise<Manifest> {
    return this.#exclusive(async () => manifestOf(await this.#seal('snapshot', state)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return
    await this.#turn.take(async () => {
      this.#closed = true
      await using _held = this.#init.held
      await this.#batch.discard()
    })
  }

  /** One at a time; after an error nothing more is written, because what reached the open pack is not known. */
  #exclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#turn.take(async () => {
      if (this.#closed) throw new Fault({ code: 'usage', what: 'This snapshot is closed' })
      if (this.#failure !== undefined) throw this.#failure
      this.#init.signal.throwIfAborted()
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

  async #upsert(to: CollectionId, begun: Begun, item: Item): Promise<void> {
    const { hashes, catalog } = this.#init
    const ref = hashes.item(to, item.id)
    const ver = hashes.revision(item.revision)
    const known = catalog.item(begun.c, ref)
    if (known?.ver === ver) {
      if (begun.reset !== undefined) catalog.markSeen(begun.c, ref, begun.reset.generation)
      return
    }
    const place = this.#place(to, begun, item.kind, item.kind === 'message' ? monthIn(item.body.sentAt) : null)
    if (known !== undefined) {
      for (const loss of catalog.lossesOf(begun.c, ref)) await this.#remove(begun, loss.ref, loss, 'the item changed', undefined)
      if (known.part !== place.part)
        this.#record(begun, { ...place, part: known.part, kind: known.kind, month: undefined }, { ref, op: 'moved' }, true)
      this.#counts[known.kind] = (this.#counts[known.kind] ?? 0) - 1
    }
    const { kind, id, revision, body, raw, blobs, provenance } = item
    await this.#put(
      begun,
      place,
      ref,
      { ref, op: 'put', kind, id, ver: revision, collection: to, body, raw, blobs, provenance },
      ver,
      blobHashes(blobs),
      undefined,
      known,
    )
  }

  async #put(
    begun: Begun,
    place: Place,
    ref: string,
    line: object,
    ver: string,
    blobs: readonly string[] | undefined,
    of: string | undefined,
    known?: KnownItem,
  ): Promise<void> {
    const serial = this.#record(begun, place, line, known !== undefined && known.part === place.part)
    this.#init.catalog.putItem(begun.c, ref, { ver, kind: place.kind, part: place.part }, begun.reset?.generation ?? 0, of)
    this.#counts[place.kind] = (this.#counts[place.kind] ?? 0) + 1
    if (of === undefined) this.#changed[known === undefined ? 'added' : 'updated'] += 1
    await this.#batch.ref({
      o: 'put',
      c: begun.c,
      id: ref,
      ver,
      k: place.kind,
      p: place.part,
      e: serial,
      ...(blobs === undefined || blobs.length === 0 ? {} : { h: [...blobs] }),
      ...(of === undefined ? {} : { i: of }),
    })
    if (this.#recorder.isDue(place)) await this.#recorder.settle(await this.#now())
  }

  /** An item or a loss that is no more. `id`: as far as it is known here; the reader finds it in the item's own line. */
  async #remove(begun: Begun, ref: string, known: KnownItem, evidence: string, id: ItemId | undefined): Promise<void> {
    const { catalog } = this.#init
    if (known.kind !== LOSS)
      for (const loss of catalog.lossesOf(begun.c, ref)) await this.#remove(begun, loss.ref, loss, evidence, undefined)
    const seenAt = (await this.#now()).toISOString()
    const place: Place = { c: begun.c, folder: begun.folder, kind: known.kind, part: known.part, month: undefined }
    this.#record(begun, place, { ref, op: 'delete', ...(id === undefined ? {} : { id }), kind: known.kind, at: seenAt, evidence }, true)
    catalog.delItem(begun.c, ref)
    this.#counts[known.kind] = (this.#counts[known.kind] ?? 0) - 1
    if (known.kind !== LOSS) this.#changed.deleted += 1
    await this.#batch.ref({ o: 'del', c: begun.c, id: ref })
    if (this.#recorder.isDue(place)) await this.#recorder.settle(await this.#now())
  }

  #record(begun: Begun, place: Place, line: object, again: boolean): number {
    this.#batch.collection(begun.header, 'delta')
    return this.#recorder.add(place, line, again)
  }

  #place(to: CollectionId, begun: Begun, kind: string, month: string | null): Place {
    return { c: begun.c, folder: begun.folder, kind, part: this.#init.hashes.part(to, kind, month ?? ''), month }
  }

  async #collectionCheckpoint(to: CollectionId, begun: Begun, cursor: Cursor): Promise<void> {
    const { reset } = begun
    if (reset !== undefined) {
      for (
        let gone = this.#init.catalog.unseen(begun.c, reset.generation);
        gone.length > 0;
        gone = this.#init.catalog.unseen(begun.c, reset.generation)
      )
        for (const item of gone)
          if (this.#init.catalog.item(begun.c, item.ref) !== undefined)
            await this.#remove(begun, item.ref, item, `not in the full listing after a reset: ${reset.why}`, undefined)
      begun.reset = undefined
    }
    if (this.#cursors.get(to) === cursor) return
    this.#cursors.set(to, cursor)
    this.#cursorsDirty = true
  }

  async #putSmall(to: Begun, bytes: Uint8Array, init: BlobInit): Promise<BlobRef> {
    const sha256 = sha256Of(bytes)
    if (this.#init.catalog.blobBytes(sha256) === undefined) {
      this.#batch.collection(to.header, 'delta')
      const path = `files/${to.folder}/${taggedName(init.name, sha256.slice(0, 10))}`
      await this.#batch.entry(
        to.c,
        { op: 'put', path, kind: 'blob', mediaType: init.mediaType, size: bytes.length, sha256 },
        bytes,
        await this.#now(),
      )
      this.#init.catalog.putBlob(sha256, bytes.length)
    }
    return this.#name(init, sha256, bytes.length)
  }

  async #putLarge(to: Begun, source: AsyncIterable<Uint8Array>, init: BlobInit): Promise<BlobRef> {
    const path = `files/${to.folder}/${taggedName(init.name, this.#init.hashes.blobKey(init.key).slice(0, 10))}`
    await using spool =
      init.bytes === undefined || init.bytes <= SMALL_BLOB
        ? await Spool.fill(`${this.#init.spoolDir}/${this.#init.session}-${this.#spools++}`, source)
        : undefined
    const batch = this.#batch
    const large = await packLarge(batch, spool?.read() ?? source, spool?.size ?? init.bytes ?? 0, path, init.mediaType, await this.#now())
    return this.#exclusive(async () => {
      if (this.#init.catalog.blobBytes(large.sha256) === undefined) {
        this.#batch.collection(to.header, 'delta')
        for (const [at, { pack, line }] of large.packs.entries())
          await this.#batch.adopt(pack, to.c, [line], at === large.packs.length - 1 ? large.parts : undefined)
        for (const { line } of large.packs) this.#init.catalog.putBlob(line.sha256, line.size)
        this.#init.catalog.putBlob(large.sha256, large.bytes)
      }
      return this.#name(init, large.sha256, large.bytes)
    })
  }

  async #name(init: BlobInit, sha256: string, bytes: number): Promise<BlobRef> {
    const ref: BlobRef = { sha256, bytes, mediaType: init.mediaType }
    const key = this.#init.hashes.blobKey(init.key)
    const known = this.#init.catalog.named(key)
    if (known?.sha256 !== sha256 || known.mediaType !== init.mediaType) {
      this.#init.catalog.putNamed(key, ref)
      await this.#batch.ref({ o: 'blob', b: key, h: sha256, n: bytes, t: init.mediaType })
    }
    return ref
  }

  async #seal(kind: 'snapshot' | 'checkpoint', state: 'complete' | 'partial' | null): Promise<Committed> {
    const { driver, catalog, compartment, vault, lane, source, session, signal } = this.#init
    await this.#recorder.flush(await this.#now())
    const sealed = await this.#batch.seal()
    const cursors = this.#cursorsDirty ? await this.#writeCursors() : undefined
    const files = cursors === undefined ? sealed.files : [...sealed.files, { rel: cursors.name, size: cursors.size }]
    for (const { rel, size } of files)
      if ((await driver.head(rel))?.size !== size)
        throw new Fault({
          code: 'unavailable',
          what: `The storage lost ${rel} just after it was written`,
          remedy: 'Check the storage, then run again',
          retry: { type: 'backoff' },
        })
    await refuseCollected(driver, signal)
    const { [LOSS]: losses = 0, ...counts } = this.#counts
    const body: Commit = {
      v: 1,
      vault: vault.id,
      vaultFile: vault.sha256,
      lane,
      seq: (this.#head?.body.seq ?? 0) + 1,
      prev: this.#head?.sha256 ?? null,
      time: (await this.#now()).toISOString(),
      startedAt: this.#init.startedAt.toISOString(),
      kind,
      source,
      state,
      compartment,
      roots: [...sealed.roots],
      refs: [...sealed.refs],
      index: [...sealed.index],
      files: [...files],
      cursors: cursors?.name ?? this.#head?.body.cursors ?? null,
      stats: { counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)), changed: this.#changed, losses },
      tool: TOOL,
    }
    this.#head = await putCommit(driver, body, session, signal)
    catalog.setMeta('seq', String(body.seq))
    catalog.setMeta('sha256', this.#head.sha256)
    catalog.commit()
    catalog.begin()
    this.#cursorsDirty = false
    if (kind === 'snapshot') this.#changed = { added: 0, updated: 0, deleted: 0 }
    this.#seals += 1
    this.#batch = this.#newBatch()
    this.#recorder = new Recorder(this.#batch, this.#tag())
    return this.#head
  }

  async #writeCursors(): Promise<{ readonly name: string; readonly size: number }> {
    const { driver, session, pool, indexRecipient, compartment } = this.#init
    const lines = await LinesWriter.create(driver, session, pool, [indexRecipient, compartment.recipient])
    for (const [c, cursor] of [...this.#cursors].toSorted(([a], [b]) => (a < b ? -1 : 1))) await lines.add({ c, cursor })
    return lines.finish('refs')
  }

  #newBatch(): Batch {
    const { driver, session, pool, compartment, indexRecipient } = this.#init
    return new Batch({ driver, session, pool, recipient: compartment.recipient, indexRecipient })
  }
  #tag(): string {
    return `${this.#init.session.slice(0, 18)}${this.#seals}`
  }
  #now(): Promise<Date> {
    return this.#init.driver.now()
  }
}

const monthIn = (sentAt: string): string => (/^\d{4}-\d{2}/.test(sentAt) ? monthOf(sentAt) : '0000-00')
const blobHashes = (blobs: readonly (BlobRef | null)[]): string[] => blobs.flatMap((blob) => (blob === null ? [] : [blob.sha256]))

/** This version never removes packs; in a vault where a newer one does, it would not know which of them are condemned. */
export async function refuseCollected(driver: Driver, signal: AbortSignal): Promise<void> {
  for await (const { name } of driver.list('gc/', signal))
    throw new Fault({
      code: 'conflict',
      what: 'A newer version of this program tidies up this vault',
      why: `it holds ${name}`,
      remedy: 'Use that version for writing, too',
    })
}
