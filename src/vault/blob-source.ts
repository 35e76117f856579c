import { createHash } from 'node:crypto'
import { Fault } from '../fault.ts'
import type { Driver } from './driver.ts'
import { FRAME_LIMIT } from './frame-pool.ts'
import { packName } from './layout.ts'
import type { Location, Locations } from './locations.ts'
import { SealedReader } from './unsealed.ts'
import { unframing } from './zstd.ts'

/** Packs kept open (their header is unwrapped once), and small frames kept unpacked: neighbours are read together. */
const OPEN_PACKS = 16
const FRAMES_HELD = 4

/** Reads blobs out of packs, frame by frame. */
export class BlobSource {
  readonly #driver: Driver
  readonly #locations: Locations
  readonly #identity: string
  readonly #packs = new Map<string, Promise<SealedReader>>()
  readonly #frames = new Map<string, Buffer>()
  constructor(driver: Driver, locations: Locations, identity: string) {
    this.#driver = driver
    this.#locations = locations
    this.#identity = identity
  }
  /** The bytes of a blob; after the last piece its hash has been checked. @throws Fault `gone`, `corrupt`, `unavailable` */
  async *read(sha256: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    const hash = createHash('sha256')
    for await (const piece of this.#pieces(sha256, signal)) {
      hash.update(piece)
      yield piece
    }
    if (hash.digest('hex') !== sha256)
      throw new Fault({
        code: 'corrupt',
        what: `The bytes of blob ${sha256} are not what their name says`,
        remedy: 'Run verify, and restore the damaged pack from a second copy of the vault',
      })
  }
  async whole(sha256: string, signal: AbortSignal): Promise<Buffer> {
    return Buffer.concat(await Array.fromAsync(this.read(sha256, signal)))
  }
  async *#pieces(sha256: string, signal: AbortSignal): AsyncGenerator<Buffer> {
    const found = this.#locations.find(sha256)
    if (found === undefined)
      throw new Fault({
        code: 'corrupt',
        what: `The index of the vault does not know blob ${sha256}`,
        remedy: 'Run verify to see which index file is missing',
      })
    if (found.type === 'parts') for (const part of found.parts) yield* this.#pieces(part, signal)
    else yield* this.#range(found.at, signal)
  }
  async *#range(at: Location, signal: AbortSignal): AsyncGenerator<Buffer> {
    let skip = at.offset
    let left = at.bytes
    for await (const frame of this.#framesOf(at, signal)) {
      const piece = frame.subarray(skip, skip + left)
      skip = Math.max(0, skip - frame.length)
      left -= piece.length
      if (piece.length > 0) yield piece
    }
    if (left > 0)
      throw new Fault({ code: 'corrupt', what: `Pack ${at.pack} ends too early`, remedy: 'Restore it from a second copy of the vault' })
  }
  async *#framesOf(at: Location, signal: AbortSignal): AsyncGenerator<Buffer> {
    const key = `${at.pack}:${at.start}:${at.length}`
    const held = this.#frames.get(key)
    if (held !== undefined) {
      yield held
      return
    }
    const pack = await this.#pack(at.pack, signal)
    let frames = 0
    let last: Buffer | undefined
    for await (const frame of unframing(pack.range(at.start, at.length, signal), FRAME_LIMIT)) {
      frames += 1
      last = frame
      yield frame
    }
    if (frames !== 1 || last === undefined) return
    this.#frames.set(key, last)
    for (const oldest of this.#frames.keys()) if (this.#frames.size > FRAMES_HELD) this.#frames.delete(oldest)
  }
  #pack(sha256: string, signal: AbortSignal): Promise<SealedReader> {
    const held = this.#packs.get(sha256)
    if (held !== undefined) return held
    const opening = SealedReader.open(this.#driver, packName(sha256), [this.#identity], signal)
    this.#packs.set(sha256, opening)
    opening.catch(() => this.#packs.delete(sha256))
    for (const oldest of this.#packs.keys()) if (this.#packs.size > OPEN_PACKS) this.#packs.delete(oldest)
    return opening
  }
}
