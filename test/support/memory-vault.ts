import { createHash } from 'node:crypto'
import type { Change, Collection } from '../../src/contract/connector.ts'
import type { Loss } from '../../src/contract/fidelity.ts'
import { snapshotId, type CollectionId, type Cursor, type ItemId } from '../../src/contract/ids.ts'
import type { BlobRef, Item, Kind } from '../../src/contract/item.ts'
import type { Manifest, SnapshotReader, SnapshotWriter, Tombstone, Vault } from '../../src/contract/vault.ts'
import { Fault } from '../../src/fault.ts'

interface State {
  readonly collections: Map<CollectionId, Collection>
  readonly items: Map<ItemId, Item>
  readonly losses: Map<string, { readonly of: CollectionId; readonly loss: Loss }>
  readonly tombstones: Map<ItemId, Tombstone>
  readonly cursors: Map<CollectionId, Cursor>
}
const copy = (state: State): State => ({
  collections: new Map(state.collections),
  items: new Map(state.items),
  losses: new Map(state.losses),
  tombstones: new Map(state.tombstones),
  cursors: new Map(state.cursors),
})
const empty = (): State => ({ collections: new Map(), items: new Map(), losses: new Map(), tombstones: new Map(), cursors: new Map() })

/** The vault's contract in memory, for tests of what stands around it: no files, no keys, nothing durable. */
export function memoryVault(): Vault & { readonly writes: number } {
  const blobs = new Map<string, Uint8Array>()
  const keys = new Map<string, BlobRef>()
  const durable = new Map<string, State>()
  const snapshots: { readonly manifest: Manifest; readonly state: State }[] = []
  let writes = 0

  const open = (ref: BlobRef): Promise<ReadableStream<Uint8Array>> => {
    const bytes = blobs.get(ref.sha256)
    if (bytes === undefined) return Promise.reject(new Fault({ code: 'corrupt', what: `No bytes named ${ref.sha256}` }))
    return Promise.resolve(new Blob([Uint8Array.from(bytes)]).stream())
  }
  return {
    get writes() {
      return writes
    },
    begin(source): Promise<SnapshotWriter> {
      const working = copy(durable.get(source) ?? empty())
      const startedAt = new Date().toISOString()
      const changed = { added: 0, updated: 0, deleted: 0 }
      const unseen = new Map<CollectionId, Set<ItemId>>()
      const remove = (id: ItemId, evidence: string): void => {
        const item = working.items.get(id)
        if (item === undefined) return
        working.items.delete(id)
        working.tombstones.set(id, { id, collection: item.collection, seenAt: startedAt, evidence })
        changed.deleted++
      }
      const write = (to: CollectionId, change: Change<Item>): void => {
        writes++
        switch (change.type) {
          case 'upsert': {
            unseen.get(to)?.delete(change.item.id)
            const before = working.items.get(change.item.id)
            if (before?.revision === change.item.revision) return
            if (before === undefined) changed.added++
            else changed.updated++
            working.items.set(change.item.id, change.item)
            working.tombstones.delete(change.item.id)
            return
          }
          case 'delete':
            return remove(change.id, change.evidence)
          case 'loss':
            return void working.losses.set(JSON.stringify([to, change.loss]), { of: to, loss: change.loss })
          case 'reset':
            return void unseen.set(to, new Set([...working.items.values()].filter((item) => item.collection === to).map((item) => item.id)))
          case 'checkpoint':
            for (const id of unseen.get(to) ?? []) remove(id, 'not in a full listing')
            unseen.delete(to)
            return void working.cursors.set(to, change.cursor)
        }
      }
      return Promise.resolve({
        resume: new Map(working.cursors),
        begin: (collection) => Promise.resolve(void working.collections.set(collection.id, collection)),
        has: (collection, id, revision) => {
          const same = working.items.get(id)?.revision === revision
          if (same) unseen.get(collection)?.delete(id)
          return same
        },
        knownBlob: (key) => keys.get(key),
        async putBlob(data, { mediaType, key }) {
          const bytes = new Uint8Array(await new Response(data).arrayBuffer())
          const ref = { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.byteLength, mediaType }
          blobs.set(ref.sha256, bytes)
          keys.set(key, ref)
          return ref
        },
        write: (to, change) => Promise.resolve(write(to, change)),
        checkpoint: () => Promise.resolve(void durable.set(source, copy(working))),
        commit(state) {
          durable.set(source, copy(working))
          const counts: Partial<Record<Kind, number>> = {}
          for (const { kind } of working.items.values()) counts[kind] = (counts[kind] ?? 0) + 1
          const id = snapshotId(`${source}-${snapshots.length + 1}`)
          const manifest: Manifest = {
            id,
            source,
            startedAt,
            finishedAt: new Date().toISOString(),
            state,
            counts,
            changed,
            losses: working.losses.size,
            root: createHash('sha256').update(id).digest('hex'),
          }
          snapshots.push({ manifest, state: copy(working) })
          return Promise.resolve(manifest)
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      })
    },
    read(id): Promise<SnapshotReader> {
      const found = snapshots.find(({ manifest }) => manifest.id === id)
      if (found === undefined) return Promise.reject(new Fault({ code: 'usage', what: `There is no snapshot ${id}` }))
      const { manifest, state } = found
      return Promise.resolve({
        manifest,
        async *collections() {
          yield* state.collections.values()
        },
        async *items({ collection, kinds, newestFirst = false }) {
          const receivedAt = (item: Item): string => (newestFirst && item.kind === 'mail' ? item.body.receivedAt : '')
          const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
          const order = (a: Item, b: Item): number => compare(a.collection, b.collection) || compare(receivedAt(b), receivedAt(a))
          for (const item of [...state.items.values()].toSorted(order))
            if ((collection === undefined || item.collection === collection) && (kinds === undefined || kinds.includes(item.kind)))
              yield item
        },
        async *tombstones() {
          yield* state.tombstones.values()
        },
        async *losses(wanted) {
          for (const { of, loss } of state.losses.values()) if (wanted === undefined || of === wanted) yield loss
        },
        open,
        [Symbol.asyncDispose]: () => Promise.resolve(),
      })
    },
    async *list(source) {
      for (const { manifest } of snapshots) if (source === undefined || manifest.source === source) yield manifest
    },
    async *verify() {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
