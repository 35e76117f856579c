import type { Collection } from '../contract/connector.ts'
import type { CollectionId, Cursor } from '../contract/ids.ts'
import { Fault } from '../fault.ts'
import { Batch } from './batch.ts'
import type { Catalog } from './catalog.ts'
import { type Commit, type Committed, putCommit } from './commit.ts'
import type { Compartment } from './compartment.ts'
import type { Driver } from './driver.ts'
import type { FramePool } from './frame-pool.ts'
import type { KeyedHashes } from './hashes.ts'
import type { CollectionLine } from './manifest-line.ts'
import { safeSegment } from './names.ts'
import { type Place, Recorder } from './records.ts'
import { LinesWriter } from './sealed.ts'

const TOOL = 'fallreep/0.1.0'
/** Kind of the lines that hold losses. */
export const LOSS = 'loss'

export interface RunInit {
  readonly driver: Driver
  readonly pool: FramePool
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
  /** Larger files are split into parts of so many bytes. */
  readonly partSize: number
  readonly startedAt: Date
  readonly signal: AbortSignal
}

/** A collection that this run writes to. */
export interface Begun {
  readonly id: CollectionId
  readonly c: string
  readonly folder: string
  readonly header: CollectionLine
  /** Generation of a running reset, and why it began. */
  reset: { readonly generation: number; readonly why: string } | undefined
}

/**
 * What one run has open between two commits, and the commit itself. Items and blobs are put into `batch` and `recorder` by those who know
 * about them; `seal` makes all of it durable and names it. Calls must not overlap.
 */
export class Run {
  readonly init: RunInit
  /** What this run has seen counts as newer than what earlier ones have. */
  readonly generation: number
  readonly cursors: Map<CollectionId, Cursor>
  readonly counts: Record<string, number>
  changed: { added: number; updated: number; deleted: number }
  batch: Batch
  recorder: Recorder
  #head: Committed | undefined
  #cursorsDirty = false
  #seals = 0

  constructor(init: RunInit) {
    const { head, catalog } = init
    this.init = init
    this.cursors = new Map(init.cursors)
    this.#head = head
    this.counts = { ...head?.body.stats.counts, [LOSS]: head?.body.stats.losses ?? 0 }
    // What an interrupted run has made durable belongs to the snapshot that this one completes.
    this.changed = head?.body.kind === 'checkpoint' ? { ...head.body.stats.changed } : { added: 0, updated: 0, deleted: 0 }
    this.batch = this.#newBatch()
    this.recorder = this.#newRecorder()
    catalog.begin()
    this.generation = this.nextGeneration()
  }
  /** Everything open is in vain; what was committed stays. */
  discard(): Promise<void> {
    return this.batch.discard()
  }
  get isClean(): boolean {
    return this.batch.isEmpty && !this.#cursorsDirty
  }
  nextGeneration(): number {
    const generation = Number(this.init.catalog.meta('generation') ?? 0) + 1
    this.init.catalog.setMeta('generation', String(generation))
    return generation
  }
  now(): Promise<Date> {
    return this.init.driver.now()
  }
  count(kind: string, by: 1 | -1): void {
    this.counts[kind] = (this.counts[kind] ?? 0) + by
  }
  setCursor(of: CollectionId, cursor: Cursor): void {
    if (this.cursors.get(of) === cursor) return
    this.cursors.set(of, cursor)
    this.#cursorsDirty = true
  }
  /** Makes a collection known, and says so in the manifest when it is new or has changed. */
  async begin(collection: Collection): Promise<Begun> {
    const { hashes, catalog } = this.init
    const c = hashes.collection(collection.id)
    const header: CollectionLine = {
      op: 'collection',
      id: collection.id,
      c,
      title: collection.title,
      kinds: [...collection.kinds],
      ...(collection.estimate === undefined ? {} : { estimate: collection.estimate }),
      ...(collection.owner === undefined ? {} : { owner: collection.owner }),
    }
    // The estimate moves with every message; it alone is no reason for a new manifest.
    const title = hashes.title({ ...header, estimate: undefined })
    const known = catalog.title(c)
    if (known !== title) {
      this.batch.collection(header, known === undefined ? 'base' : 'delta')
      catalog.setTitle(c, title)
      await this.batch.ref({ o: 'col', c, t: title })
    }
    return { id: collection.id, c, folder: `${safeSegment(collection.title, 80)}_${c.slice(0, 6)}`, header, reset: undefined }
  }
  /** Puts a line of a record where those of its kind and month stand. Returns the number of the entry it will stand in. */
  record(begun: Begun, place: Place, line: object, again: boolean): number {
    this.batch.collection(begun.header, 'delta')
    return this.recorder.add(place, line, again)
  }
  /** After a line was recorded: entries that have grown large are written. */
  async settle(place: Place): Promise<void> {
    if (this.recorder.isDue(place)) await this.recorder.settle()
  }

  /** The commit: objects first, each asked for again, then the file that names them, then the catalog. */
  async seal(kind: 'snapshot' | 'checkpoint', state: 'complete' | 'partial' | null): Promise<Committed> {
    const { driver, catalog, compartment, vault, lane, source, session, signal } = this.init
    await this.recorder.flush()
    const sealed = await this.batch.seal()
    const cursors = this.#cursorsDirty ? await this.#writeCursors() : undefined
    const files = cursors === undefined ? sealed.files : [...sealed.files, { rel: cursors.name, size: cursors.size }]
    await mustBeThere(driver, files)
    await refuseCollected(driver, signal)
    const { [LOSS]: losses = 0, ...counts } = this.counts
    const body: Commit = {
      v: 1,
      vault: vault.id,
      vaultFile: vault.sha256,
      lane,
      seq: (this.#head?.body.seq ?? 0) + 1,
      prev: this.#head?.sha256 ?? null,
      time: (await this.now()).toISOString(),
      startedAt: this.init.startedAt.toISOString(),
      kind,
      source,
      state,
      compartment,
      roots: [...sealed.roots],
      refs: [...sealed.refs],
      index: [...sealed.index],
      files: [...files],
      cursors: cursors?.name ?? this.#head?.body.cursors ?? null,
      stats: { counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)), changed: this.changed, losses },
      tool: TOOL,
    }
    this.#head = await putCommit(driver, body, session, signal)
    catalog.setMeta('seq', String(body.seq))
    catalog.setMeta('sha256', this.#head.sha256)
    catalog.commit()
    catalog.begin()
    this.#cursorsDirty = false
    if (kind === 'snapshot') this.changed = { added: 0, updated: 0, deleted: 0 }
    this.#seals += 1
    this.batch = this.#newBatch()
    this.recorder = this.#newRecorder()
    return this.#head
  }

  async #writeCursors(): Promise<{ readonly name: string; readonly size: number }> {
    const { driver, session, pool, indexRecipient, compartment } = this.init
    const lines = await LinesWriter.create(driver, session, pool, [indexRecipient, compartment.recipient])
    for (const [c, cursor] of [...this.cursors].toSorted(([a], [b]) => (a < b ? -1 : 1))) await lines.add({ c, cursor })
    return lines.finish('refs')
  }
  #newBatch(): Batch {
    const { driver, session, pool, compartment, indexRecipient } = this.init
    return new Batch({ driver, session, pool, recipient: compartment.recipient, indexRecipient })
  }
  #newRecorder(): Recorder {
    return new Recorder(this.batch, `${this.init.session.slice(0, 18)}${this.#seals}`)
  }
}

async function mustBeThere(driver: Driver, files: readonly { readonly rel: string; readonly size: number }[]): Promise<void> {
  for (const { rel, size } of files)
    if ((await driver.head(rel))?.size !== size)
      throw new Fault({
        code: 'unavailable',
        what: `The storage lost ${rel} just after it was written`,
        remedy: 'Check the storage, then run again',
        retry: { type: 'backoff' },
      })
}

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
