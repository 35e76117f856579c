import { hash, randomBytes } from 'node:crypto'
import type { Driver, Stage } from './driver.ts'
import type { FramePool } from './frame-pool.ts'
import { type Frame, FRAME_GOAL, type Sealed, SealedWriter } from './sealed.ts'
import { padding, tarEnd, tarHeader } from './tar.ts'

const BAGIT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

/** A line of an index file: blob `h` of `n` bytes is in pack `p`, at `o` inside the frames that take up `zl` bytes of its compressed stream from `zo` on. */
export interface IndexLine {
  readonly h: string
  readonly p: string
  readonly zo: number
  readonly zl: number
  readonly o: number
  readonly n: number
}
export interface FinishedPack {
  readonly sealed: Sealed
  readonly index: readonly IndexLine[]
}
interface Entry {
  readonly h: string
  readonly at: number
  readonly n: number
  readonly path: string
}

/** One pack in the making: a tar archive of a BagIt bag. Any error poisons it. */
export class PackWriter {
  readonly #out: SealedWriter
  readonly #bag = `bag-${randomBytes(6).toString('hex')}`
  readonly #mtimeS: number
  readonly #entries: Entry[] = []
  private constructor(out: SealedWriter, mtimeS: number) {
    this.#out = out
    this.#mtimeS = mtimeS
  }
  static async create(driver: Driver, session: string, pool: FramePool, recipient: string, at: Date): Promise<PackWriter> {
    const stage: Stage = await driver.stage(session)
    const pack = new PackWriter(new SealedWriter(pool, stage, [recipient]), Math.floor(at.getTime() / 1000))
    await pack.#file('bagit.txt', Buffer.from(BAGIT))
    return pack
  }
  /** Bytes of content so far, with tar's own. */
  get raw(): number {
    return this.#out.raw
  }
  /** A whole entry below `data/`. */
  async add(path: string, sha256: string, bytes: Uint8Array): Promise<void> {
    await this.#write(tarHeader(`${this.#bag}/data/${path}`, bytes.length, this.#mtimeS))
    this.#entries.push({ h: sha256, at: this.#out.raw, n: bytes.length, path })
    await this.#write(bytes)
    await this.#write(padding(bytes.length))
    if (this.#out.isDue) await this.#out.boundary()
  }
  /** Nothing to wait for while it fits into the open frame. */
  #write(bytes: Uint8Array): Promise<void> | undefined {
    return this.#out.tryWrite(bytes) ? undefined : this.#out.write(bytes)
  }
  /** An entry whose bytes follow by `append`, exactly `size` of them, and whose hash is known at its end. */
  async begin(path: string, size: number): Promise<(sha256: string) => Promise<void>> {
    await this.#out.write(tarHeader(`${this.#bag}/data/${path}`, size, this.#mtimeS))
    const at = this.#out.raw
    return async (sha256) => {
      this.#entries.push({ h: sha256, at, n: size, path })
      await this.#out.write(padding(size))
      await this.#out.boundary()
    }
  }
  append(bytes: Uint8Array): Promise<void> {
    return this.#out.write(bytes, FRAME_GOAL)
  }
  async finish(): Promise<FinishedPack> {
    await this.#file('manifest-sha256.txt', Buffer.from(this.#entries.map(({ h, path }) => `${h}  data/${path}\n`).join('')))
    await this.#out.write(tarEnd())
    const sealed = await this.#out.finish('packs')
    return { sealed, index: indexOf(this.#entries, this.#out.frames, sealed.sha256) }
  }
  discard(): Promise<void> {
    return this.#out.discard()
  }
  async #file(name: string, bytes: Buffer): Promise<void> {
    await this.#out.write(tarHeader(`${this.#bag}/${name}`, bytes.length, this.#mtimeS))
    await this.#out.write(bytes)
    await this.#out.write(padding(bytes.length))
  }
}

/** Entries and frames both ascend, so one walk places every entry. */
function indexOf(entries: readonly Entry[], frames: readonly Frame[], pack: string): IndexLine[] {
  let first = 0
  return entries.map(({ h, at, n }) => {
    const ends = (index: number): number => (frames[index]?.rawStart ?? 0) + (frames[index]?.rawLength ?? 0)
    while (first < frames.length - 1 && ends(first) <= at) first++
    let last = first
    while (last < frames.length - 1 && ends(last) < at + n) last++
    const from = frames[first]
    const to = frames[last]
    const zo = from?.start ?? 0
    return { h, p: pack, zo, zl: (to?.start ?? 0) + (to?.length ?? 0) - zo, o: at - (from?.rawStart ?? 0), n }
  })
}

export const sha256Of = (bytes: Uint8Array | string): string => hash('sha256', bytes)
