import { createHash, type Hash } from 'node:crypto'
import { faultIn } from '../../fault.ts'
import { decrypting } from '../age.ts'
import type { Driver } from '../driver.ts'
import { FRAME_LIMIT } from '../frame-pool.ts'
import { TarReader } from '../tar.ts'
import { framesIn } from '../zstd.ts'

/** Stable names of what can be wrong with the bytes of an object. */
export type ObjectCode = 'object-unreadable' | 'object-damaged' | 'pack-damaged' | 'bag-manifest' | 'item-damaged'
export interface ObjectFinding {
  readonly code: ObjectCode
  readonly detail: string
}
/** An entry of a pack: hash, size, where its bytes begin in the content, path below `data/`. */
export interface FoundEntry {
  readonly h: string
  readonly n: number
  readonly at: number
  readonly path: string
}
export interface Checked {
  readonly findings: readonly ObjectFinding[]
  readonly entries: readonly FoundEntry[]
  /** Where each frame begins, in the compressed stream and in the content. */
  readonly frames: readonly { readonly start: number; readonly raw: number }[]
}

/** Passes bytes on and hashes them. */
async function* hashing(source: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const piece of source) {
    hash.update(piece)
    yield piece
  }
}
const reason = (error: unknown): string => faultIn(error)?.message ?? (error instanceof Error ? error.message : String(error))

/** Compares the bytes of an object with the hash that is its name. Needs no key. */
export async function checkHash(driver: Driver, name: string, sha256: string, signal: AbortSignal): Promise<Checked> {
  const hash = createHash('sha256')
  try {
    for await (const piece of driver.get(name, undefined, signal)) hash.update(piece)
  } catch (error) {
    if (signal.aborted) throw error
    return only('object-unreadable', `${name}: ${reason(error)}`)
  }
  return hash.digest('hex') === sha256 ? { findings: [], entries: [], frames: [] } : only('object-damaged', name)
}
const only = (code: ObjectCode, detail: string): Checked => ({ findings: [{ code, detail }], entries: [], frames: [] })

/** Opens a pack and checks every byte of it: name, encryption, frames, tar, bag, each item. */
export async function checkPack(driver: Driver, name: string, sha256: string, identity: string, signal: AbortSignal): Promise<Checked> {
  const outer = createHash('sha256')
  const pack = new PackCheck()
  const findings: ObjectFinding[] = []
  const frames: { start: number; raw: number }[] = []
  let start = 0
  let raw = 0
  try {
    for await (const frame of framesIn(decrypting(hashing(driver.get(name, undefined, signal), outer), [identity]), FRAME_LIMIT)) {
      frames.push({ start, raw })
      start += frame.length
      raw += frame.raw.length
      pack.push(frame.raw)
    }
    pack.finish()
    findings.push(...pack.findings(name))
    if (outer.digest('hex') !== sha256) findings.push({ code: 'object-damaged', detail: name })
  } catch (error) {
    if (signal.aborted) throw error
    findings.push({ code: 'pack-damaged', detail: `${name}: ${reason(error)}` })
  }
  return { findings, entries: pack.entries, frames }
}

class PackCheck {
  readonly entries: FoundEntry[] = []
  readonly #tar = new TarReader()
  #hash = createHash('sha256')
  #file: { readonly path: string; readonly size: number; readonly at: number } | undefined
  #files = 0
  #listed: Buffer[] = []
  #wrong: string | undefined
  push(piece: Buffer): void {
    for (const event of this.#tar.push(piece)) {
      if (event.type === 'file') {
        this.#hash = createHash('sha256')
        this.#file = { path: event.path, size: event.size, at: event.at }
      } else if (event.type === 'bytes') {
        this.#hash.update(event.bytes)
        if (this.#file?.path.endsWith('/manifest-sha256.txt') === true && !this.#file.path.includes('/data/'))
          this.#listed.push(Buffer.from(event.bytes))
      } else this.#end()
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
    for (const { h, path } of this.entries) {
      const promised = listed.get(`data/${path}`)
      if (promised === undefined) found.push({ code: 'bag-manifest', detail: `${name}: ${path} is not listed` })
      else if (promised !== h) found.push({ code: 'item-damaged', detail: `${name}: ${path}` })
    }
    if (listed.size !== this.entries.length)
      found.push({ code: 'bag-manifest', detail: `${name}: ${listed.size} entries listed, ${this.entries.length} there` })
    if (this.#wrong !== undefined) found.push({ code: 'bag-manifest', detail: `${name}: ${this.#wrong}` })
    return found
  }
  #end(): void {
    const { path = '', size = 0, at = 0 } = this.#file ?? {}
    const [, tag, inside] = /^bag-[0-9a-f]{12}\/(?:(bagit\.txt|manifest-sha256\.txt)|data\/(.+))$/s.exec(path) ?? []
    if ((tag === 'bagit.txt') !== (this.#files === 0)) this.#wrong = 'bagit.txt is not its first file'
    this.#files += 1
    if (inside !== undefined) this.entries.push({ h: this.#hash.digest('hex'), n: size, at, path: inside })
    else if (tag === undefined) this.#wrong = `${path} does not belong there`
  }
}
