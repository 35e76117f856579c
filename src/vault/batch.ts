import type { Driver } from './driver.ts'
import { FRAME_LIMIT, type FramePool } from './frame-pool.ts'
import type { CollectionLine, EntryLine } from './manifest-line.ts'
import { type FinishedPack, type IndexLine, PackWriter } from './pack.ts'
import type { RefLine } from './refs.ts'
import { LinesWriter, type Sealed } from './sealed.ts'

/** A pack closes at the first entry boundary after so many raw bytes. */
const PACK_GOAL = 64 << 20
/** So many manifest lines of one collection wait in memory before they go to the storage. */
const LINES_HELD = 4096

export type UnplacedLine = Omit<EntryLine, 'pack'>
export interface Root {
  readonly c: string
  readonly type: 'base' | 'delta'
  readonly manifest: string
}
/** Everything new that a commit will name. */
export interface SealedBatch {
  readonly files: readonly { readonly rel: string; readonly size: number }[]
  readonly roots: readonly Root[]
  readonly refs: readonly string[]
  readonly index: readonly string[]
}
interface ManifestInProgress {
  readonly type: 'base' | 'delta'
  readonly header: CollectionLine
  readonly lines: EntryLine[]
  writer: LinesWriter | undefined
}
export interface BatchOptions {
  readonly driver: Driver
  readonly session: string
  readonly pool: FramePool
  /** Of the compartment. */
  readonly recipient: string
  readonly indexRecipient: string
}

/** A line of an index file that puts a large blob together from its parts. */
export interface PartsLine {
  readonly h: string
  readonly parts: readonly string[]
  readonly n: number
}

/** What is written between two commits: open pack, index, refs and manifests. Calls must not overlap; any error poisons it. */
export class Batch {
  readonly #options: BatchOptions
  readonly #files: { rel: string; size: number }[] = []
  readonly #manifests = new Map<string, ManifestInProgress>()
  #pack: PackWriter | undefined
  #waiting: { readonly c: string; readonly line: UnplacedLine }[] = []
  #index: LinesWriter | undefined
  #refs: LinesWriter | undefined
  constructor(options: BatchOptions) {
    this.#options = options
  }
  get isEmpty(): boolean {
    return this.#pack === undefined && this.#refs === undefined && this.#index === undefined && this.#manifests.size === 0
  }
  /** Says what a collection is; its manifest of this commit begins with it. */
  collection(header: CollectionLine, type: 'base' | 'delta'): void {
    if (!this.#manifests.has(header.c)) this.#manifests.set(header.c, { type, header, lines: [], writer: undefined })
  }
  hasCollection(c: string): boolean {
    return this.#manifests.has(c)
  }
  /** A whole entry into the open pack. */
  async entry(c: string, line: UnplacedLine, bytes: Uint8Array): Promise<void> {
    this.#pack ??= await this.newPack()
    await this.#pack.add(line.path, line.sha256, bytes)
    this.#waiting.push({ c, line })
    if (this.#pack.raw >= PACK_GOAL) await this.#closePack()
  }
  async newPack(): Promise<PackWriter> {
    const { driver, session, pool, recipient } = this.#options
    return PackWriter.create(driver, session, pool, recipient, await driver.now())
  }
  /** Takes over a pack that was written beside the open one. */
  async adopt(pack: FinishedPack, c: string, lines: readonly UnplacedLine[], parts: PartsLine | undefined): Promise<void> {
    this.#files.push({ rel: pack.sealed.name, size: pack.sealed.size })
    for (const line of pack.index) await this.#addIndex(line)
    if (parts !== undefined) await this.#addIndex(parts)
    for (const line of lines) await this.#place(c, { ...line, pack: pack.sealed.sha256 })
  }
  async ref(line: RefLine): Promise<void> {
    this.#refs ??= await this.#lines([this.#options.indexRecipient, this.#options.recipient])
    await this.#refs.add(line)
  }
  /** Closes everything; all of it is durable when this returns, and nothing refers to it yet. */
  async seal(): Promise<SealedBatch> {
    if (this.#pack !== undefined) await this.#closePack()
    const index = this.#index === undefined ? [] : [this.#keep(await this.#index.finish('index'))]
    const roots: Root[] = []
    for (const [c, manifest] of this.#manifests) {
      const writer = await this.#flush(manifest)
      roots.push({ c, type: manifest.type, manifest: this.#keep(await writer.finish('manifests')) })
    }
    const refs = this.#refs === undefined ? [] : [this.#keep(await this.#refs.finish('refs'))]
    return { files: this.#files, roots, refs, index }
  }
  async discard(): Promise<void> {
    await this.#pack?.discard()
    await this.#index?.discard()
    await this.#refs?.discard()
    for (const { writer } of this.#manifests.values()) await writer?.discard()
  }

  #keep({ name, size }: Sealed): string {
    this.#files.push({ rel: name, size })
    return name
  }
  #lines(recipients: readonly string[]): Promise<LinesWriter> {
    const { driver, session, pool } = this.#options
    return LinesWriter.create(driver, session, pool, recipients)
  }
  async #addIndex(line: IndexLine | PartsLine): Promise<void> {
    this.#index ??= await this.#lines([this.#options.recipient, this.#options.indexRecipient])
    await this.#index.add(line)
  }
  async #closePack(): Promise<void> {
    const pack = this.#pack
    if (pack === undefined) return
    const finished = await pack.finish()
    this.#pack = undefined
    const waiting = this.#waiting
    this.#waiting = []
    this.#files.push({ rel: finished.sealed.name, size: finished.sealed.size })
    for (const line of finished.index) await this.#addIndex(line)
    for (const { c, line } of waiting) await this.#place(c, { ...line, pack: finished.sealed.sha256 })
  }
  async #place(c: string, line: EntryLine): Promise<void> {
    const manifest = this.#manifests.get(c)
    if (manifest === undefined) throw new Error(`collection ${c} has no manifest`)
    manifest.lines.push(line)
    if (manifest.lines.length >= LINES_HELD) await this.#flush(manifest)
  }
  async #flush(manifest: ManifestInProgress): Promise<LinesWriter> {
    if (manifest.writer === undefined) {
      manifest.writer = await this.#lines([this.#options.recipient])
      await manifest.writer.add(manifest.header)
    }
    for (const line of manifest.lines.splice(0)) await manifest.writer.add(line)
    return manifest.writer
  }
}

/** Blobs up to this size are held whole before they are written. */
export const SMALL_BLOB = FRAME_LIMIT
