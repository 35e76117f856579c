import { createHash, hash, type Hash } from 'node:crypto'
import { faultIn } from '../../fault.ts'
import { TarReader } from '../tar.ts'
import type { FoundEntry } from './inventory.ts'
import type { ObjectReading } from './reading.ts'
import { RecordLines } from './record-lines.ts'

/** Stable names of what can be wrong with the bytes of an object. */
export type ObjectCode = 'object-unreadable' | 'object-damaged' | 'pack-damaged' | 'bag-manifest' | 'item-damaged'
export interface ObjectFinding {
  readonly code: ObjectCode
  readonly detail: string
}
/** Who hears what stands in a pack while it is read. */
export interface PackListener {
  entry(entry: FoundEntry): void
  /** A frame begins at `start` of the compressed stream and at `raw` of the content. */
  frame(start: number, raw: number): void
  /** A record names a blob. */
  named(blob: string, path: string): void
  /** The parts of a file so far, and the hash over all of them. */
  joined(parts: readonly string[], sha256: string): void
}
const reason = (error: unknown): string => faultIn(error)?.message ?? (error instanceof Error ? error.message : String(error))

/** Compares the bytes of an object with the hash that is its name. Needs no key. */
export async function checkHash(
  reading: ObjectReading,
  name: string,
  sha256: string,
  signal: AbortSignal,
): Promise<readonly ObjectFinding[]> {
  try {
    for await (const _ of reading.frames()) void _
  } catch (error) {
    if (signal.aborted) throw error
    return [{ code: 'object-unreadable', detail: `${name}: ${reason(error)}` }]
  }
  return reading.sha256() === sha256 ? [] : [{ code: 'object-damaged', detail: name }]
}

/** A file in parts: its path, the hashes of the parts so far, and all their bytes hashed. Parts follow each other in the packs of one commit. */
interface Joining {
  readonly path: string
  readonly parts: string[]
  readonly hash: Hash
}

/** Checks every byte of packs that are read one after the other: name, encryption, frames, tar, bag, each item. */
export class PackChecker {
  readonly #listener: PackListener
  #joining: Joining | undefined
  constructor(listener: PackListener) {
    this.#listener = listener
  }
  async check(reading: ObjectReading, name: string, sha256: string, signal: AbortSignal): Promise<readonly ObjectFinding[]> {
    const pack = new OnePack(this.#listener, this.#joining)
    const findings: ObjectFinding[] = []
    let start = 0
    let raw = 0
    try {
      for await (const frame of reading.frames()) {
        this.#listener.frame(start, raw)
        start += frame.length
        raw += frame.raw.length
        pack.push(frame.raw)
      }
      pack.finish()
      findings.push(...pack.findings(name))
      if (reading.sha256() !== sha256) findings.push({ code: 'object-damaged', detail: name })
    } catch (error) {
      if (signal.aborted) throw error
      findings.push({ code: 'pack-damaged', detail: `${name}: ${reason(error)}` })
    }
    this.#joining = pack.joining
    return findings
  }
}

class OnePack {
  joining: Joining | undefined
  readonly #listener: PackListener
  readonly #tar = new TarReader()
  /** What this pack holds, to compare with the list at its end: as many as fit into one pack. */
  readonly #entries: { readonly h: string; readonly path: string }[] = []
  #file = { path: '', size: 0, at: 0 }
  #inside: string | undefined
  #hash: Hash | undefined
  #digest: string | undefined
  #records: RecordLines | undefined
  #files = 0
  #listed: Buffer[] = []
  #wrong: string | undefined
  constructor(listener: PackListener, joining: Joining | undefined) {
    this.#listener = listener
    this.joining = joining
  }
  push(piece: Buffer): void {
    for (const event of this.#tar.push(piece)) {
      if (event.type === 'file') this.#begin(event)
      else if (event.type === 'bytes') this.#bytes(event.bytes)
      else this.#end()
    }
  }
  finish(): void {
    this.#tar.finish()
  }
  findings(name: string): ObjectFinding[] {
    const listed = new Map<string, string>()
    for (const line of Buffer.concat(this.#listed).toString('utf8').split('\n'))
      if (line !== '') listed.set(line.slice(66), line.slice(0, 64))
    const found: ObjectFinding[] = []
    for (const { h, path } of this.#entries) {
      const promised = listed.get(`data/${path}`)
      if (promised === undefined) found.push({ code: 'bag-manifest', detail: `${name}: ${path} is not listed` })
      else if (promised !== h) found.push({ code: 'item-damaged', detail: `${name}: ${path}` })
    }
    if (listed.size !== this.#entries.length)
      found.push({ code: 'bag-manifest', detail: `${name}: ${listed.size} entries listed, ${this.#entries.length} there` })
    if (this.#wrong !== undefined) found.push({ code: 'bag-manifest', detail: `${name}: ${this.#wrong}` })
    return found
  }

  #begin(file: { readonly path: string; readonly size: number; readonly at: number }): void {
    this.#file = file
    const [, tag, inside] = /^bag-[0-9a-f]{12}\/(?:(bagit\.txt|manifest-sha256\.txt)|data\/(.+))$/s.exec(file.path) ?? []
    if ((tag === 'bagit.txt') !== (this.#files === 0)) this.#wrong = 'bagit.txt is not its first file'
    this.#files += 1
    if (inside === undefined && tag === undefined) this.#wrong = `${file.path} does not belong there`
    this.#inside = inside
    this.#hash = undefined
    this.#digest = undefined
    this.#records = inside?.startsWith('chat/') === true ? new RecordLines((blob) => this.#listener.named(blob, inside)) : undefined
    const [, whole = '', part = ''] = /^(.*)\.part(\d{4})$/s.exec(inside ?? '') ?? []
    if (part === '0001') this.joining = { path: whole, parts: [], hash: createHash('sha256') }
    else if (inside !== undefined && (part === '' || this.joining?.path !== whole || this.joining.parts.length !== Number(part) - 1))
      this.joining = undefined
  }
  #bytes(bytes: Buffer): void {
    if (this.#inside === undefined) {
      if (this.#file.path.endsWith('/manifest-sha256.txt')) this.#listed.push(Buffer.from(bytes))
      return
    }
    this.joining?.hash.update(bytes)
    // Up to the end of the first part, the hash of the whole is its hash.
    if (this.joining?.parts.length !== 0) {
      if (bytes.length === this.#file.size) this.#digest = hash('sha256', bytes)
      else (this.#hash ??= createHash('sha256')).update(bytes)
    }
    this.#records?.push(bytes)
  }
  #end(): void {
    const { size, at } = this.#file
    if (this.#inside === undefined) return
    const first = this.joining?.parts.length === 0 ? this.joining.hash.copy().digest('hex') : undefined
    const h = first ?? this.#digest ?? (this.#hash ?? createHash('sha256')).digest('hex')
    this.#records?.end()
    this.#entries.push({ h, path: this.#inside })
    this.#listener.entry({ h, n: size, at, path: this.#inside })
    if (this.joining === undefined) return
    this.joining.parts.push(h)
    this.#listener.joined(this.joining.parts, this.joining.hash.copy().digest('hex'))
  }
}
