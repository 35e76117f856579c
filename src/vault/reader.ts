import { z } from 'zod'
import type { Collection } from '../contract/connector.ts'
import type { Loss } from '../contract/fidelity.ts'
import { collectionId, type CollectionId, type ItemId } from '../contract/ids.ts'
import type { BlobRef, Item, Kind } from '../contract/item.ts'
import type { JsonObject, JsonValue } from '../contract/json.ts'
import type { Manifest, SnapshotReader, Tombstone } from '../contract/vault.ts'
import { Fault } from '../fault.ts'
import { BlobSource } from './blob-source.ts'
import { type Commit, isKind } from './commit.ts'
import type { Driver } from './driver.ts'
import type { Locations } from './locations.ts'
import { type CollectionLine, type EntryLine, ManifestLine } from './manifest-line.ts'
import { allLines, lastLines, type Part, partsOf } from './merge.ts'
import { linesOf, unsealing } from './unsealed.ts'
import { LOSS } from './run.ts'

const Lost = z.object({
  collection: z.string(),
  loss: z.custom<Loss>((value) => typeof value === 'object' && value !== null && 'code' in value),
})
/** What a body and the vendor's JSON hold was looked at when they were stored: only that they are there is asked of every line. */
const Stored = z.object({
  kind: z.string().refine(isKind),
  id: z.string(),
  ver: z.string(),
  collection: z.string(),
  body: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value)),
  raw: z.custom<JsonValue>((value) => value !== undefined),
  blobs: z.array(z.strictObject({ sha256: z.string(), bytes: z.number(), mediaType: z.string() }).nullable()),
  provenance: z.object({ source: z.string(), nativeId: z.string(), fetchedAt: z.string(), endpoint: z.string() }),
})
/** How the line of a blob looks inside; in no text of a line do quotes stand as they are. */
const BLOB = '"kind":"blob"'
const Gone = z.object({ id: z.string().optional(), at: z.string(), evidence: z.string() })

export interface ReaderInit {
  readonly driver: Driver
  readonly manifest: Manifest
  /** The commits that make up the snapshot, oldest first. */
  readonly commits: readonly Commit[]
  readonly identity: string
  readonly locations: Locations
}

/** One snapshot: every manifest of its lane up to its commit, merged. */
export class LaneReader implements SnapshotReader {
  readonly manifest: Manifest
  readonly #init: ReaderInit
  readonly #blobs: BlobSource
  /** Manifests of each collection since its last base, in the order the collections first appeared. */
  readonly #manifests = new Map<string, string[]>()
  readonly #headers = new Map<string, CollectionLine>()
  #byCollection: ReadonlyMap<string, readonly string[]> | undefined
  constructor(init: ReaderInit) {
    this.#init = init
    this.manifest = init.manifest
    this.#blobs = new BlobSource(init.driver, init.locations, init.identity)
    for (const { roots } of init.commits)
      for (const { c, type, manifest } of roots) {
        const before = this.#manifests.get(c)
        if (before === undefined) this.#manifests.set(c, [manifest])
        else if (type === 'base') before.splice(0, before.length, manifest)
        else before.push(manifest)
      }
  }

  async *collections(): AsyncGenerator<Collection> {
    const { signal } = new AbortController()
    for (const names of this.#manifests.values()) yield collectionOf(await this.#header(names.at(-1) ?? '', signal))
  }

  async *items(only: Parameters<SnapshotReader['items']>[0], signal: AbortSignal): AsyncGenerator<Item> {
    const wanted = new Set<string>(only.kinds)
    for await (const { part } of this.#partsOfAll(
      { ...only, wanted: (kind) => kind !== LOSS && (only.kinds === undefined || wanted.has(kind)) },
      signal,
    ))
      if (only.newestFirst === true && part.kind === 'mail') yield* await newestFirst(this.#itemsIn(part, signal))
      else yield* this.#itemsIn(part, signal)
  }
  async *#itemsIn(part: Part, signal: AbortSignal): AsyncGenerator<Item> {
    for await (const line of lastLines(this.#blobs, part, signal)) if (line.op === 'put') yield itemOf(line.text)
  }

  async *tombstones(signal: AbortSignal): AsyncGenerator<Tombstone> {
    for await (const { part, collection } of this.#partsOfAll({ wanted: (kind) => kind !== LOSS }, signal)) {
      if (!part.entries.some((entry) => entry.again === true)) continue
      const gone = new Map<string, string>()
      for await (const { ref, op, text } of allLines(this.#blobs, part, signal)) {
        if (op === 'delete') gone.set(ref, text)
        else gone.delete(ref)
      }
      if (gone.size === 0) continue
      const ids = new Map<string, ItemId>()
      for await (const { ref, op, text } of allLines(this.#blobs, part, signal))
        if (op === 'put' && gone.has(ref)) ids.set(ref, itemOf(text).id)
      for (const [ref, text] of gone) {
        const line = Gone.parse(JSON.parse(text))
        const id = ids.get(ref) ?? (line.id as ItemId | undefined)
        if (id !== undefined) yield { id, collection, seenAt: line.at, evidence: line.evidence }
      }
    }
  }

  async *losses(of: CollectionId | undefined, signal: AbortSignal): AsyncGenerator<Loss> {
    const which = of === undefined ? {} : { collection: of }
    for await (const { part } of this.#partsOfAll({ ...which, wanted: (kind) => kind === LOSS }, signal))
      for await (const line of lastLines(this.#blobs, part, signal)) if (line.op === 'put') yield Lost.parse(JSON.parse(line.text)).loss
  }

  async open(ref: BlobRef, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return ReadableStream.from(this.#blobs.read(ref.sha256, signal))
  }
  whole(ref: BlobRef, signal: AbortSignal): Promise<Uint8Array> {
    return this.#blobs.whole(ref.sha256, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#init.locations[Symbol.dispose]()
  }

  async *#partsOfAll(
    which: {
      readonly collection?: CollectionId
      readonly kinds?: readonly Kind[]
      readonly newestFirst?: boolean
      wanted(kind: string): boolean
    },
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly part: Part; readonly collection: CollectionId }> {
    for (const names of which.collection === undefined ? this.#manifests.values() : await this.#manifestsOf(which.collection, signal)) {
      const entries: EntryLine[] = []
      // With thousands of collections, those that cannot hold what is asked for are not opened.
      if (which.kinds !== undefined && !(await this.#header(names.at(-1) ?? '', signal)).kinds.some((kind) => which.wanted(kind))) continue
      let collection = collectionId('')
      for (const name of names)
        for await (const text of linesOf(unsealing(this.#init.driver, name, [this.#init.identity], signal))) {
          // Most lines name a blob, and no part is made of those.
          if (text.includes(BLOB)) continue
          const line = ManifestLine.parse(JSON.parse(text))
          if (line.op === 'collection') collection = collectionId(line.id)
          else if (line.kind !== 'blob' && which.wanted(line.kind)) entries.push(line)
        }
      const parts = partsOf(entries)
      for (const part of which.newestFirst === true ? parts.toReversed() : parts) yield { part, collection }
    }
  }
  /** Commits name collections by a hash; which is which stands in the manifests, and is read once for all of them. */
  async #manifestsOf(only: CollectionId, signal: AbortSignal): Promise<readonly (readonly string[])[]> {
    if (this.#byCollection === undefined) {
      const found = new Map<string, readonly string[]>()
      for (const names of this.#manifests.values()) found.set((await this.#header(names.at(-1) ?? '', signal)).id, names)
      this.#byCollection = found
    }
    const names = this.#byCollection.get(only)
    return names === undefined ? [] : [names]
  }
  /** What a collection is, by the name of its newest manifest; asked for once. */
  async #header(name: string, signal: AbortSignal): Promise<CollectionLine> {
    const known = this.#headers.get(name) ?? (await this.#readHeader(name, signal))
    this.#headers.set(name, known)
    return known
  }
  async #readHeader(name: string, signal: AbortSignal): Promise<CollectionLine> {
    for await (const text of linesOf(unsealing(this.#init.driver, name, [this.#init.identity], signal))) {
      const line = ManifestLine.parse(JSON.parse(text))
      if (line.op === 'collection') return line
      break
    }
    throw new Fault({
      code: 'corrupt',
      what: `The manifest ${name} does not say what it is about`,
      remedy: 'Restore it from a second copy of the vault',
    })
  }
}

function collectionOf({ id, title, kinds, estimate, owner }: CollectionLine): Collection {
  return {
    id: collectionId(id),
    title,
    kinds: kinds.filter(isKind),
    ...(estimate === undefined ? {} : { estimate }),
    ...(owner === undefined ? {} : { owner: owner as ItemId }),
  }
}

/** Mails by the time they were received, the newest first. */
async function newestFirst(items: AsyncIterable<Item>): Promise<readonly Item[]> {
  const receivedAt = (item: Item): string => (item.kind === 'mail' ? item.body.receivedAt : '')
  const all = await Array.fromAsync(items)
  return all.sort((a, b) => (receivedAt(a) < receivedAt(b) ? 1 : receivedAt(a) > receivedAt(b) ? -1 : 0))
}

function itemOf(text: string): Item {
  const parsed = Stored.safeParse(JSON.parse(text))
  if (!parsed.success)
    throw new Fault({
      code: 'corrupt',
      what: 'A line of the vault is no item',
      why: z.prettifyError(parsed.error),
      remedy: 'Run verify, or read it with a newer version',
    })
  const { kind, id, ver, collection, body, raw, blobs, provenance } = parsed.data
  return { kind, id, collection, revision: ver, body, raw, blobs, provenance } as unknown as Item
}
