import type { Change, Collection } from './connector.ts'
import type { Loss } from './fidelity.ts'
import type { CollectionId, Cursor, ItemId, SnapshotId } from './ids.ts'
import type { BlobRef, Item, Kind } from './item.ts'
import type { Check } from './ports.ts'
import type { BlobReader } from './target.ts'

/** The summary of one snapshot. `root` is a hash over all commits that make it up. Times are ISO 8601, UTC. */
export interface Manifest {
  readonly id: SnapshotId
  readonly source: string
  readonly startedAt: string
  readonly finishedAt: string
  /** `partial`: some collections failed; what is there is whole, what is missing is named by losses. */
  readonly state: 'complete' | 'partial'
  /** Items alive in this snapshot. */
  readonly counts: Readonly<Partial<Record<Kind, number>>>
  readonly changed: { readonly added: number; readonly updated: number; readonly deleted: number }
  readonly losses: number
  readonly root: string
}
export interface BlobInit {
  readonly mediaType: string
  /** Human file name, for the readable path inside the pack. Hostile names are made safe by the vault. */
  readonly name: string
  /** The vendor's name for these bytes; see `RemoteBlob.key`. */
  readonly key: string
  /** Of the item they belong to: decides in which part of the tree they stand. Undefined: among the files. */
  readonly kind?: Kind
  readonly collection: CollectionId
  /** How many bytes will come, if the vendor says so: a large file then streams through; without it, it is held on disk first. Another number is a fault. */
  readonly bytes?: number
}

/** Writes one snapshot. Disposed without `commit`: what was checkpointed is kept and resumed, never shown as complete. Holds no content key. */
export interface SnapshotWriter extends AsyncDisposable {
  /** The last durable cursor of each collection of this source. */
  readonly resume: ReadonlyMap<CollectionId, Cursor>
  /** Announces a collection; needed once a run before anything is written to it. */
  begin(collection: Collection): Promise<void>
  /** True if exactly this revision is already stored and alive: nothing to write, no blob to fetch. */
  has(collection: CollectionId, id: ItemId, revision: string): boolean
  /** The bytes that an earlier run stored under this vendor key. */
  knownBlob(key: string): BlobRef | undefined
  putBlob(data: ReadableStream<Uint8Array>, init: BlobInit, signal: AbortSignal): Promise<BlobRef>
  /**
   * `upsert` of a known revision is a no-op. A `checkpoint` counts when the commit that covers it is durable, never before.
   * After `reset`, items of the collection that are not named again before its next checkpoint are recorded as deleted.
   * @throws Fault `unavailable` on a full disk (nothing durable is damaged)
   */
  write(to: CollectionId, change: Change<Item>): Promise<void>
  /** Makes everything so far durable (a commit of kind `checkpoint`). */
  checkpoint(): Promise<void>
  commit(state: 'complete' | 'partial'): Promise<Manifest>
}
/** An item that is gone at the source, and how we know. */
export interface Tombstone {
  readonly id: ItemId
  readonly collection: CollectionId
  readonly seenAt: string
  readonly evidence: string
}
export interface SnapshotReader extends BlobReader, AsyncDisposable {
  readonly manifest: Manifest
  collections(): AsyncIterable<Collection>
  /**
   * Items alive in this snapshot, those of one collection together, messages and mails by month ascending.
   * Order inside a month is the order of storing, not of time. Memory grows with one month of one collection's ids.
   * `newestFirst`: mails by the time they were received, descending; memory then grows with one month of one collection's mails.
   */
  items(
    only: { readonly collection?: CollectionId; readonly kinds?: readonly Kind[]; readonly newestFirst?: boolean },
    signal: AbortSignal,
  ): AsyncIterable<Item>
  tombstones(signal: AbortSignal): AsyncIterable<Tombstone>
  /** What was lost on the way into the vault; `of` one collection, or of all. */
  losses(of: CollectionId | undefined, signal: AbortSignal): AsyncIterable<Loss>
}
export type VerifyDepth = 'structure' | 'keyless' | 'every-byte'
export interface Vault extends AsyncDisposable {
  /** @throws Fault `locked` if another process writes this source. */
  begin(source: string, signal: AbortSignal): Promise<SnapshotWriter>
  /** Needs the content key. @throws Fault `permission` (code `wrong-key`) without it. */
  read(id: SnapshotId, signal: AbortSignal): Promise<SnapshotReader>
  /** Newest last. Needs no key. */
  list(source?: string): AsyncIterable<Manifest>
  /** Findings with stable names; `every-byte` needs the content key. */
  verify(depth: VerifyDepth, signal: AbortSignal): AsyncIterable<Check>
}
