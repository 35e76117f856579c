import { createHash } from 'node:crypto'
import { Sealer } from './age.ts'
import type { Driver, Stage } from './driver.ts'
import { FRAME_LIMIT, type FramePool } from './frame-pool.ts'
import { objectName, type Tier } from './layout.ts'

/** A zstd frame closes at the first boundary after so much content. */
export const FRAME_GOAL = 1 << 20
/** Ciphertext is handed to the storage in pieces of this size. */
const WRITE_SIZE = 1 << 20

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
  readonly #sealer: Sealer
  readonly #hash = createHash('sha256')
  readonly #under: { readonly raw: number; readonly frame: Promise<Uint8Array> }[] = []
  #buffer: ArrayBuffer
  #fill = 0
  #closedRaw = 0
  #compressed = 0
  #out: Buffer[] = []
  #outSize = 0
  #size = 0

  constructor(pool: FramePool, stage: Stage, recipients: readonly string[]) {
    this.#pool = pool
    this.#stage = stage
    this.#sealer = new Sealer(recipients)
    this.#buffer = pool.lend()
    this.#collect(this.#sealer.header)
  }
  /** Bytes of content so far. */
  get raw(): number {
    return this.#closedRaw + this.#fill
  }
  /** `limit`: a frame closes at so many bytes even inside an entry; large files take the lower goal. */
  async write(bytes: Uint8Array, limit: number = FRAME_LIMIT): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      if (this.#fill >= limit) await this.#close()
      const take = Math.min(limit - this.#fill, bytes.length - at)
      new Uint8Array(this.#buffer, this.#fill, take).set(bytes.subarray(at, at + take))
      this.#fill += take
      at += take
    }
  }
  /** An entry or a line ends here: a good place to close a frame. */
  async boundary(): Promise<void> {
    if (this.#fill >= FRAME_GOAL) await this.#close()
  }
  /** Durable under its own hash when this returns. */
  async finish(tier: Tier): Promise<Sealed> {
    if (this.#fill > 0 || this.raw === 0) await this.#close()
    this.#pool.release(this.#buffer)
    while (this.#under.length > 0) await this.#drain()
    for (const part of this.#sealer.final()) this.#collect(part)
    await this.#push()
    const sha256 = this.#hash.digest('hex')
    const name = objectName(tier, sha256)
    await this.#stage.publish(name)
    return { name, size: this.#size, sha256 }
  }
  /** Drops everything; safe at any time. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.#under.map(({ frame }) => frame))
    await this.#stage.discard()
  }

  async #close(): Promise<void> {
    const raw = this.#fill
    const frame = this.#pool.compress(this.#buffer, raw)
    // Awaited in order below; a failure before that must not count as unhandled.
    frame.catch(() => undefined)
    this.#under.push({ raw, frame })
    this.#closedRaw += raw
    this.#fill = 0
    this.#buffer = this.#pool.lend()
    while (this.#under.length > this.#pool.depth) await this.#drain()
  }
  async #drain(): Promise<void> {
    const oldest = this.#under.shift()
    if (oldest === undefined) return
    const frame = await oldest.frame
    const before = this.frames.at(-1)
    this.frames.push({
      rawStart: before === undefined ? 0 : before.rawStart + before.rawLength,
      rawLength: oldest.raw,
      start: this.#compressed,
      length: frame.length,
    })
    this.#compressed += frame.length
    for (const part of this.#sealer.update(frame)) this.#collect(part)
    if (this.#outSize >= WRITE_SIZE) await this.#push()
  }
  #collect(part: Buffer): void {
    this.#out.push(part)
    this.#outSize += part.length
  }
  async #push(): Promise<void> {
    const parts = this.#out
    this.#out = []
    this.#size += this.#outSize
    this.#outSize = 0
    for (const part of parts) this.#hash.update(part)
    await this.#stage.write(parts)
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
