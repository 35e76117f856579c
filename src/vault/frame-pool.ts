import { compressFrame, compressFrameAside } from './zstd.ts'

/** No frame holds more raw bytes than this. */
export const FRAME_LIMIT = 2 << 20
/** Smaller frames are compressed on the spot: handing them over costs more. */
const ASIDE = 1 << 16

/** Compresses and checks frames beside the calling thread, and lends the buffers for them. */
export class FramePool {
  /** So many frames may be under way before a caller should wait for its oldest. */
  readonly depth: number
  readonly #free: ArrayBuffer[] = []
  /** `threads` 0: everything on the calling thread. */
  constructor(threads: number) {
    this.depth = threads
  }
  /** A buffer of `FRAME_LIMIT` bytes; it comes back by `compress` or `release`. */
  lend(): ArrayBuffer {
    return this.#free.pop() ?? new ArrayBuffer(FRAME_LIMIT)
  }
  release(buffer: ArrayBuffer): void {
    if (this.#free.length <= this.depth) this.#free.push(buffer)
  }
  /** One frame of the first `length` bytes of a lent buffer, which must not be touched afterwards. @throws Fault `corrupt` */
  async compress(buffer: ArrayBuffer, length: number): Promise<Uint8Array> {
    const raw = new Uint8Array(buffer, 0, length)
    try {
      return this.depth === 0 || length < ASIDE ? compressFrame(raw) : await compressFrameAside(raw)
    } finally {
      this.release(buffer)
    }
  }
}
