import type { Loss } from '../contract/fidelity.ts'
import type { Cursor, ItemId } from '../contract/ids.ts'
import type { BlobRef, Item } from '../contract/item.ts'
import { monthOf } from '../model/time.ts'
import type { KnownItem } from './catalog.ts'
import type { Place } from './records.ts'
import { type Begun, LOSS, type Run } from './run.ts'

/** Losses have no revision. */
const ZERO = '0'.repeat(32)

/** A line to be written, and what the catalog shall know of it. `of`: for a loss, the item it is about. */
interface Put {
  readonly place: Place
  readonly ref: string
  readonly line: object
  readonly ver: string
  readonly blobs: readonly string[]
  readonly of: string | undefined
  readonly known: KnownItem | undefined
}

/** Items, deletions and losses of a run: what is new goes into the records, the refs and the catalog. Calls must not overlap. */
export class ItemWriter {
  readonly #run: Run
  constructor(run: Run) {
    this.#run = run
  }
  has(begun: Pick<Begun, 'id' | 'c' | 'reset'>, id: ItemId, revision: string): boolean {
    const { hashes, catalog } = this.#run.init
    const ref = hashes.item(begun.id, id)
    if (catalog.item(begun.c, ref)?.ver !== hashes.revision(revision)) return false
    if (begun.reset !== undefined) catalog.markSeen(begun.c, ref, begun.reset.generation)
    return true
  }
  async upsert(begun: Begun, item: Item): Promise<void> {
    const { hashes, catalog } = this.#run.init
    const ref = hashes.item(begun.id, item.id)
    const ver = hashes.revision(item.revision)
    const known = catalog.item(begun.c, ref)
    if (known?.ver === ver) {
      if (begun.reset !== undefined) catalog.markSeen(begun.c, ref, begun.reset.generation)
      return
    }
    const place = this.#place(begun, item.kind, monthOfItem(item))
    if (known !== undefined) {
      // What this run has said of the item already is about its new revision.
      for (const loss of catalog.lossesOf(begun.c, ref))
        if (loss.seen < this.#run.generation) await this.#remove(begun, loss.ref, loss, 'the item changed', undefined)
      if (known.part !== place.part)
        this.#run.record(begun, { ...place, part: known.part, kind: known.kind, month: undefined }, { ref, op: 'moved' }, true)
      this.#run.count(known.kind, -1)
    }
    const { kind, id, revision, body, raw, blobs, provenance } = item
    const line = { ref, op: 'put', kind, id, ver: revision, collection: begun.id, body, raw, blobs, provenance }
    await this.#put(begun, { place, ref, line, ver, blobs: blobHashes(blobs), of: undefined, known })
    this.#run.changed[known === undefined ? 'added' : 'updated'] += 1
  }
  async delete(begun: Begun, id: ItemId, evidence: string): Promise<void> {
    const { hashes, catalog } = this.#run.init
    const ref = hashes.item(begun.id, id)
    const known = catalog.item(begun.c, ref)
    if (known !== undefined) await this.#remove(begun, ref, known, evidence, id)
  }
  /** A loss that is known already is not stored twice, but counts as said again. */
  async loss(begun: Begun, loss: Loss): Promise<void> {
    const { hashes, catalog } = this.#run.init
    const ref = hashes.loss(begun.id, loss)
    if (catalog.item(begun.c, ref) !== undefined) return catalog.markSeen(begun.c, ref, this.#generation(begun))
    const line = { ref, op: 'put', kind: LOSS, collection: begun.id, loss }
    const of = hashes.item(begun.id, loss.item)
    await this.#put(begun, { place: this.#place(begun, LOSS, null), ref, line, ver: ZERO, blobs: [], of, known: undefined })
  }
  reset(begun: Begun, why: string): void {
    begun.reset = { generation: this.#run.nextGeneration(), why }
  }
  /** A cursor of a collection. After a reset, what was not named again is gone. */
  async checkpoint(begun: Begun, cursor: Cursor): Promise<void> {
    const { catalog } = this.#run.init
    const { reset } = begun
    if (reset !== undefined) {
      for (let gone = catalog.unseen(begun.c, reset.generation); gone.length > 0; gone = catalog.unseen(begun.c, reset.generation))
        for (const item of gone)
          // A loss may have gone with its item just before.
          if (catalog.item(begun.c, item.ref) !== undefined)
            await this.#remove(begun, item.ref, item, `not in the full listing after a reset: ${reset.why}`, undefined)
      begun.reset = undefined
    }
    this.#run.setCursor(begun.id, cursor)
  }

  async #put(begun: Begun, { place, ref, line, ver, blobs, of, known }: Put): Promise<void> {
    const serial = this.#run.record(begun, place, line, known !== undefined && known.part === place.part)
    this.#run.init.catalog.putItem(begun.c, ref, { ver, kind: place.kind, part: place.part }, this.#generation(begun), of)
    this.#run.count(place.kind, 1)
    await this.#run.batch.ref({
      o: 'put',
      c: begun.c,
      id: ref,
      ver,
      k: place.kind,
      p: place.part,
      e: serial,
      ...(blobs.length === 0 ? {} : { h: [...blobs] }),
      ...(of === undefined ? {} : { i: of }),
    })
    await this.#run.settle(place)
  }
  /** An item or a loss that is no more. `id`: as far as it is known here; the reader finds it in the item's own line. */
  async #remove(begun: Begun, ref: string, known: KnownItem, evidence: string, id: ItemId | undefined): Promise<void> {
    const { catalog } = this.#run.init
    if (known.kind !== LOSS)
      for (const loss of catalog.lossesOf(begun.c, ref)) await this.#remove(begun, loss.ref, loss, evidence, undefined)
    const seenAt = (await this.#run.now()).toISOString()
    const place: Place = { c: begun.c, folder: begun.folder, kind: known.kind, part: known.part, month: undefined }
    this.#run.record(begun, place, { ref, op: 'delete', ...(id === undefined ? {} : { id }), kind: known.kind, at: seenAt, evidence }, true)
    catalog.delItem(begun.c, ref)
    this.#run.count(known.kind, -1)
    if (known.kind !== LOSS) this.#run.changed.deleted += 1
    await this.#run.batch.ref({ o: 'del', c: begun.c, id: ref })
    await this.#run.settle(place)
  }
  #generation(begun: Begun): number {
    return begun.reset?.generation ?? this.#run.generation
  }
  #place(begun: Begun, kind: string, month: string | null): Place {
    return { c: begun.c, folder: begun.folder, kind, part: this.#run.init.hashes.part(begun.id, kind, month ?? ''), month }
  }
}

/** What comes without end stands by month; of the rest there is only so much. */
function monthOfItem(item: Item): string | null {
  switch (item.kind) {
    case 'message':
      return monthIn(item.body.sentAt)
    case 'mail':
      return monthIn(item.body.receivedAt)
    case 'issue':
    case 'change-request':
    case 'discussion':
    case 'comment':
      return monthIn(item.body.createdAt)
    case 'review':
      return monthIn(item.body.submittedAt)
    case 'timeline-event':
      return monthIn(item.body.at)
    default:
      return null
  }
}
const monthIn = (time: string): string => (/^\d{4}-\d{2}/.test(time) ? monthOf(time) : '0000-00')
const blobHashes = (blobs: readonly (BlobRef | null)[]): string[] => blobs.flatMap((blob) => (blob === null ? [] : [blob.sha256]))
