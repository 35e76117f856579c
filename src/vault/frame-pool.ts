import { Worker } from 'node:worker_threads'
import { Fault } from '../fault.ts'
import type { SealAnswer, SealJob } from './seal-worker.ts'
import { type SealedEnd, type SealedFrame, Sealing } from './sealing.ts'

/** No frame holds more raw bytes than this. */
export const FRAME_LIMIT = 2 << 20
/** A frame that does not shrink grows a little, and carries what was held back of the one before it. */
const ROOM = 256 << 10

/** One object on its way through the pool. Frames are taken and answered in order. */
export interface ObjectSealer {
  /** So many frames may be under way. */
  readonly depth: number
  /** Takes the first `length` bytes of a lent buffer. `parts` of the answer may lie in that buffer: release it when they are used. @throws Fault `corrupt` */
  frame(buffer: SharedArrayBuffer, length: number): Promise<SealedFrame>
  end(): Promise<SealedEnd>
  /** Forgets it; nothing may be under way. */
  drop(): void
}

/** Seals objects beside the calling thread, and lends the buffers for their frames. Threads start with the first object that is worth it. */
export class FramePool implements Disposable {
  readonly #threads: number
  readonly #seats: Seat[] = []
  readonly #free: SharedArrayBuffer[] = []
  #ids = 0
  /** `threads` 0: everything on the calling thread. */
  constructor(threads: number) {
    this.#threads = threads
  }
  /** A buffer with room for `FRAME_LIMIT` bytes of content; it comes back by `release`. */
  lend(): SharedArrayBuffer {
    return this.#free.pop() ?? new SharedArrayBuffer(FRAME_LIMIT + ROOM)
  }
  release(buffer: SharedArrayBuffer): void {
    if (this.#free.length < 4 + 2 * this.#threads) this.#free.push(buffer)
  }
  /** `small`: it will be one frame; handing it over would cost more than sealing it here. */
  object(recipients: readonly string[], small: boolean): ObjectSealer {
    if (small || this.#threads === 0) return sealedHere(recipients)
    const seat = this.#seat()
    const id = this.#ids++
    seat.objects += 1
    return {
      depth: 3,
      frame: async (buffer, length) => {
        const done = await seat.ask({ type: 'frame', id, recipients, buffer, length })
        if (done.type !== 'frame') throw new Error('a frame was asked for')
        return { compressed: done.compressed, parts: [new Uint8Array(buffer, 0, done.bytes)] }
      },
      end: async () => {
        const done = await seat.ask({ type: 'end', id })
        if (done.type !== 'end') throw new Error('an end was asked for')
        seat.objects -= 1
        return { sha256: done.sha256, parts: [done.tail] }
      },
      drop: () => {
        seat.objects -= 1
        seat.drop(id)
      },
    }
  }
  [Symbol.dispose](): void {
    for (const seat of this.#seats.splice(0)) seat.stop()
  }
  #seat(): Seat {
    if (this.#seats.length < this.#threads && this.#seats.every(({ objects }) => objects > 0)) this.#seats.push(new Seat())
    return this.#seats.reduce((a, b) => (b.objects < a.objects ? b : a))
  }
}

function sealedHere(recipients: readonly string[]): ObjectSealer {
  const sealing = new Sealing(recipients)
  return {
    depth: 0,
    frame: async (buffer, length) => sealing.frame(new Uint8Array(buffer, 0, length)),
    end: async () => sealing.end(),
    drop: () => undefined,
  }
}

/** A thread and who waits for it. It keeps the process alive only while somebody does. */
class Seat {
  objects = 0
  readonly #worker: Worker
  readonly #waiting: PromiseWithResolvers<SealAnswer>[] = []
  #broken: unknown
  constructor() {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    this.#worker = new Worker(new URL(`./seal-worker.${extension}`, import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 4 } })
    this.#worker.on('message', (answer: SealAnswer) => {
      const next = this.#waiting.shift()
      if (this.#waiting.length === 0) this.#worker.unref()
      if (answer.type === 'fault') next?.reject(new Fault({ code: 'corrupt', what: answer.what, why: answer.why }))
      else next?.resolve(answer)
    })
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () =>
      this.#fail(new Fault({ code: 'unavailable', what: 'A thread that seals packs has ended', remedy: 'Run again' })),
    )
    this.#worker.unref()
  }
  ask(job: SealJob): Promise<SealAnswer> {
    const waiting = Promise.withResolvers<SealAnswer>()
    // Awaited in order by the writer; a failure before that must not count as unhandled.
    waiting.promise.catch(() => undefined)
    if (this.#broken !== undefined) waiting.reject(this.#broken)
    else {
      this.#waiting.push(waiting)
      this.#worker.ref()
      this.#worker.postMessage(job)
    }
    return waiting.promise
  }
  drop(id: number): void {
    const job: SealJob = { type: 'drop', id }
    this.#worker.postMessage(job)
  }
  stop(): void {
    void this.#worker.terminate()
  }
  #fail(error: unknown): void {
    this.#broken ??= error
    for (const waiting of this.#waiting.splice(0)) waiting.reject(error)
  }
}
