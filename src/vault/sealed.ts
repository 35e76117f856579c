import type { Driver, Stage } from './driver.ts'
import { FRAME_LIMIT, type FramePool, type ObjectSealer } from './frame-pool.ts'
import { objectName, type Tier } from './layout.ts'
import type { SealedFrame } from './sealing.ts'

/** A zstd frame closes at the first boundary after so much content. */
export const FRAME_GOAL = 1 << 20

/** A finished object: its name, its size in bytes, its hash. */
export interface Sealed {
  readonly name: string
  readonly size: number
  readonly sha256: string
}
/** Where one frame lies: in the content (`raw`), and in the compressed stream. */
export interface Frame {
  readonly rawStart: number
  readonly rawLength: number
  readonly start: number
  readonly length: number
}

/** Content in, frames of zstd inside one age file out, hashed on the way into the storage. */
export class SealedWriter {
  readonly frames: Frame[] = []
  readonly #pool: FramePool
  readonly #stage: Stage
  readonly #recipients: readonly string[]
  readonly #under: { readonly raw: number; readonly buffer: SharedArrayBuffer; readonly sealed: Promise<SealedFrame> }[] = []
  #object: ObjectSealer | undefined
  #buffer: SharedArrayBuffer | undefined
  #bytes: Uint8Array = new Uint8Array(0)
  #fill = 0
  #closedRaw = 0
  #compressed = 0
  #size = 0

  constructor(pool: FramePool, stage: Stage, recipients: readonly string[]) {
    this.#pool = pool
    this.#stage = stage
    this.#recipients = recipients
  }
  /** Bytes of content so far. */
  get raw(): number {
    return this.#closedRaw + this.#fill
  }
  /** Takes bytes at once if they fit into the open frame; false: nothing was taken, use `write`. */
  tryWrite(bytes: Uint8Array): boolean {
    if (this.#buffer === undefined || this.#fill + bytes.length > FRAME_LIMIT) return false
    this.#bytes.set(bytes, this.#fill)
    this.#fill += bytes.length
    return true
  }
  /** `limit`: a frame closes at so many bytes even inside an entry; large files take the lower goal. */
  async write(bytes: Uint8Array, limit: number = FRAME_LIMIT): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      if (this.#fill >= limit) await this.#close(false)
      this.#open()
      const take = Math.min(limit - this.#fill, bytes.length - at)
      this.#bytes.set(bytes.subarray(at, at + take), this.#fill)
      this.#fill += take
      at += take
    }
  }
  /** An entry or a line ends here: a good place to close a frame. */
  get isDue(): boolean {
    return this.#fill >= FRAME_GOAL
  }
  async boundary(): Promise<void> {
    if (this.isDue) await this.#close(false)
  }
  /** Durable under its own hash when this returns. */
  async finish(tier: Tier): Promise<Sealed> {
    if (this.#fill > 0 || this.raw === 0) await this.#close(true)
    while (this.#under.length > 0) await this.#drain()
    const { sha256, parts } = (await this.#object?.end()) ?? { sha256: '', parts: [] }
    this.#object = undefined
    await this.#push(parts)
    const name = objectName(tier, sha256)
    await this.#stage.publish(name)
    return { name, size: this.#size, sha256 }
  }
  /** Drops everything; safe at any time. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.#under.map(({ sealed }) => sealed))
    for (const { buffer } of this.#under.splice(0)) this.#pool.release(buffer)
    if (this.#buffer !== undefined) this.#pool.release(this.#buffer)
    this.#buffer = undefined
    this.#object?.drop()
    this.#object = undefined
    await this.#stage.discard()
  }

  #open(): SharedArrayBuffer {
    if (this.#buffer === undefined) {
      this.#buffer = this.#pool.lend()
      this.#bytes = new Uint8Array(this.#buffer)
    }
    return this.#buffer
  }
  async #close(last: boolean): Promise<void> {
    const buffer = this.#open()
    const raw = this.#fill
    const object = (this.#object ??= this.#pool.object(this.#recipients, last))
    this.#buffer = undefined
    this.#fill = 0
    this.#closedRaw += raw
    const sealed = object.frame(buffer, raw)
    sealed.catch(() => undefined)
    this.#under.push({ raw, buffer, sealed })
    while (this.#under.length > object.depth) await this.#drain()
  }
  async #drain(): Promise<void> {
    const oldest = this.#under[0]
    if (oldest === undefined) return
    const { compressed, parts } = await oldest.sealed
    const before = this.frames.at(-1)
    this.frames.push({
      rawStart: before === undefined ? 0 : before.rawStart + before.rawLength,
      rawLength: oldest.raw,
      start: this.#compressed,
      length: compressed,
    })
    this.#compressed += compressed
    await this.#push(parts)
    this.#under.shift()
    this.#pool.release(oldest.buffer)
  }
  async #push(parts: readonly Uint8Array[]): Promise<void> {
    for (const { length } of parts) this.#size += length
    if (parts.length > 0) await this.#stage.write(parts)
  }
}

/** An object of lines of JSON. */
export class LinesWriter {
  readonly #sealed: SealedWriter
  #text: string[] = []
  #length = 0
  lines = 0
  private constructor(sealed: SealedWriter) {
    this.#sealed = sealed
  }
  static async create(driver: Driver, session: string, pool: FramePool, recipients: readonly string[]): Promise<LinesWriter> {
    return new LinesWriter(new SealedWriter(pool, await driver.stage(session), recipients))
  }
  async add(line: object): Promise<void> {
    const text = JSON.stringify(line)
    this.#text.push(text)
    this.#length += text.length + 1
    this.lines += 1
    if (this.#length >= 1 << 18) await this.#flush()
  }
  async finish(tier: Tier): Promise<Sealed> {
    await this.#flush()
    return this.#sealed.finish(tier)
  }
  discard(): Promise<void> {
    return this.#sealed.discard()
  }
  async #flush(): Promise<void> {
    if (this.#text.length === 0) return
    await this.#sealed.write(Buffer.from(`${this.#text.join('\n')}\n`))
    this.#text = []
    this.#length = 0
    await this.#sealed.boundary()
  }
}
