import { createHash, hash } from 'node:crypto'
import { Fault } from '../fault.ts'
import { releaseBuffer } from '../release.ts'
import type { Driver } from './driver.ts'
import { FRAME_LIMIT } from './frame-pool.ts'
import { packName } from './layout.ts'
import type { Location, Locations } from './locations.ts'
import { SealedReader } from './unsealed.ts'
import { releaseFrame, unframed, unframing } from './zstd.ts'

/** Packs kept open (their header is unwrapped once), and small frames kept unpacked: neighbours are read together. */
const OPEN_PACKS = 16
const FRAMES_HELD = 4
/** A blob whose frames take up no more than this is read in one go. */
const SMALL = FRAME_LIMIT + (FRAME_LIMIT >>> 4)

/** Reads blobs out of packs, frame by frame. */
export class BlobSource {
  readonly #driver: Driver
  readonly #locations: Locations
  readonly #identity: string
  readonly #packs = new Map<string, Promise<SealedReader>>()
  /** Nobody but this class sees these buffers: who reads gets copies. */
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
    checkName(sha256, hash.digest('hex'))
  }
  /** The same at once, for a blob that may be held in memory; the buffer is the caller's own. @throws as `read` */
  async whole(sha256: string, signal: AbortSignal): Promise<Buffer> {
    const found = this.#locations.find(sha256)
    if (found?.type !== 'whole' || !isSmall(found.at)) return Buffer.concat(await Array.fromAsync(this.read(sha256, signal)))
    const bytes = this.#held(found.at) ?? (await this.#unpack(found.at, signal))
    checkName(sha256, hash('sha256', bytes))
    return bytes
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
    else if (isSmall(found.at)) yield this.#held(found.at) ?? (await this.#unpack(found.at, signal))
    else yield* this.#range(found.at, signal)
  }
  async *#range(at: Location, signal: AbortSignal): AsyncGenerator<Buffer> {
    let skip = at.offset
    let left = at.bytes
    const pack = await this.#pack(at.pack, signal)
    for await (const frame of unframing(pack.range(at.start, at.length, signal), FRAME_LIMIT)) {
      const piece = frame.subarray(skip, skip + left)
      skip = Math.max(0, skip - frame.length)
      left -= piece.length
      if (piece.length > 0) yield piece
    }
    if (left > 0) throw endsEarly(at)
  }
  /** Out of a frame that is held. */
  #held(at: Location): Buffer | undefined {
    const frame = this.#frames.get(keyOf(at))
    return frame === undefined ? undefined : cutOut(at, frame)
  }
  async #unpack(at: Location, signal: AbortSignal): Promise<Buffer> {
    const pack = await this.#pack(at.pack, signal)
    const packed = await pack.bytes(at.start, at.length, signal)
    const frames = [...unframed(packed, FRAME_LIMIT)]
    releaseBuffer(packed)
    const [frame] = frames
    if (frames.length !== 1 || frame === undefined) return cutOut(at, Buffer.concat(frames))
    const bytes = cutOut(at, frame)
    this.#hold(keyOf(at), frame)
    return bytes
  }
  #hold(key: string, frame: Buffer): void {
    // Two who wanted it at once have both unpacked it.
    if (this.#frames.has(key)) return releaseFrame(frame)
    this.#frames.set(key, frame)
    for (const [oldest, bytes] of this.#frames) {
      if (this.#frames.size <= FRAMES_HELD) return
      this.#frames.delete(oldest)
      releaseFrame(bytes)
    }
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

const isSmall = ({ bytes, length }: Location): boolean => bytes <= FRAME_LIMIT && length <= SMALL
const keyOf = ({ pack, start, length }: Location): string => `${pack}:${start}:${length}`

/** A copy, also because a small blob must not keep a whole frame alive. */
function cutOut(at: Location, frames: Buffer): Buffer {
  if (frames.length < at.offset + at.bytes) throw endsEarly(at)
  return Buffer.from(frames.subarray(at.offset, at.offset + at.bytes))
}
const endsEarly = ({ pack }: Location): Fault =>
  new Fault({ code: 'corrupt', what: `Pack ${pack} ends too early`, remedy: 'Restore it from a second copy of the vault' })

function checkName(sha256: string, found: string): void {
  if (found !== sha256)
    throw new Fault({
      code: 'corrupt',
      what: `The bytes of blob ${sha256} are not what their name says`,
      remedy: 'Run verify, and restore the damaged pack from a second copy of the vault',
    })
}
