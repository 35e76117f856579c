import { Worker } from 'node:worker_threads'
import { Fault } from '../fault.ts'
import type { FrameDone, FrameJob } from './frame-worker.ts'
import { compressFrame } from './zstd.ts'

/** No frame holds more raw bytes than this. */
export const FRAME_LIMIT = 4 << 20
/** So much is compressed on the spot before threads are started: small runs stay small. */
const INLINE = 8 << 20

interface Waiting {
  resolve(frame: Uint8Array): void
  reject(error: unknown): void
}

/** Compresses and checks frames in worker threads, and lends the buffers for them. */
export class FramePool implements AsyncDisposable {
  readonly #size: number
  readonly #workers: Worker[] = []
  readonly #waiting = new Map<number, Waiting>()
  readonly #free: ArrayBuffer[] = []
  #inline = 0
  #next = 0
  /** `threads` 0: everything on the calling thread. */
  constructor(threads: number) {
    this.#size = threads
  }
  /** So many frames may be under way before a caller should wait for its oldest. */
  get depth(): number {
    return this.#size + 1
  }
  /** A buffer of `FRAME_LIMIT` bytes; it comes back by `compress` or `release`. */
  lend(): ArrayBuffer {
    return this.#free.pop() ?? new ArrayBuffer(FRAME_LIMIT)
  }
  release(buffer: ArrayBuffer): void {
    if (buffer.byteLength === FRAME_LIMIT && this.#free.length < this.#size + 2) this.#free.push(buffer)
  }
  /** One frame of the first `length` bytes of a lent buffer, which must not be touched afterwards. @throws Fault `corrupt` */
  async compress(buffer: ArrayBuffer, length: number): Promise<Uint8Array> {
    this.#inline += length
    if (this.#size === 0 || (this.#inline <= INLINE && this.#workers.length === 0)) {
      const frame = compressFrame(new Uint8Array(buffer, 0, length))
      this.release(buffer)
      return frame
    }
    while (this.#workers.length < this.#size) this.#workers.push(this.#start())
    const id = this.#next++
    const job: FrameJob = { id, buffer, length }
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#workers[id % this.#size]?.postMessage(job, [buffer])
    })
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.terminate()))
    this.#fail(new Fault({ code: 'cancelled', what: 'The vault was closed while it was writing' }))
    this.#free.length = 0
  }
  #start(): Worker {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const worker = new Worker(new URL(`./frame-worker.${extension}`, import.meta.url))
    worker.on('message', ({ id, buffer, frame, error }: FrameDone) => {
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      this.release(buffer)
      if (frame === undefined) waiting?.reject(new Fault({ code: 'corrupt', what: 'A frame could not be compressed', why: error }))
      else waiting?.resolve(frame)
    })
    worker.on('error', (error) => this.#fail(error))
    return worker
  }
  #fail(error: unknown): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error)
    this.#waiting.clear()
  }
}
