import { createHash, type Hash } from 'node:crypto'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Fault } from '../../fault.ts'
import { decrypting } from '../age.ts'
import type { Driver } from '../driver.ts'
import { FRAME_LIMIT } from '../frame-pool.ts'
import type { UnsealAnswer, UnsealJob } from '../unseal-worker.ts'
import { framesIn } from '../zstd.ts'

export interface ObjectToRead {
  readonly name: string
  readonly size: number
  /** Set for packs that are to be opened; without it the object is only hashed. */
  readonly identity: string | undefined
}
/** One frame: its content, good until the next one is asked for, and its length in the compressed stream. */
export interface ReadFrame {
  readonly raw: Buffer
  readonly length: number
}
/** An object on its way in. `frames` must be walked to its end; then `sha256` says what its bytes hash to. */
export interface ObjectReading {
  frames(): AsyncGenerator<ReadFrame>
  sha256(): string
}

/** With fewer bytes than this, threads are not worth their start. */
const WORTH = 8 << 20
const BUFFERS = 3

/** Reads objects in the order given, and a little ahead of the caller where there are threads and plain files. @throws Fault `corrupt`, `gone`, `unavailable` from `frames` */
export class Readings implements Disposable {
  readonly #driver: Driver
  readonly #threads: number
  readonly #workers: Worker[] = []
  readonly #waiting = new Map<number, (answer: UnsealAnswer | Error) => void>()
  readonly #buffers: SharedArrayBuffer[][] = []
  #ids = 0
  constructor(driver: Driver, threads: number) {
    this.#driver = driver
    this.#threads = threads
  }
  async *all<T extends ObjectToRead>(
    objects: readonly T[],
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly object: T; readonly reading: ObjectReading }> {
    const { directory } = this.#driver
    const bytes = objects.reduce((sum, { size }) => sum + size, 0)
    if (directory === undefined || this.#threads === 0 || bytes < WORTH) {
      for (const object of objects) yield { object, reading: readHere(this.#driver, object, signal) }
      return
    }
    this.#start()
    const ahead: { readonly object: T; readonly reading: ObjectReading }[] = []
    try {
      for (const object of objects) {
        ahead.push({ object, reading: this.#readThere(join(directory, object.name), object, signal) })
        const next = ahead.length > this.#workers.length ? ahead.shift() : undefined
        if (next !== undefined) yield next
      }
      for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) yield next
    } finally {
      // Left early: whatever the threads are doing, nobody wants it any more.
      if (ahead.length > 0) this[Symbol.dispose]()
    }
  }
  [Symbol.dispose](): void {
    for (const worker of this.#workers.splice(0)) void worker.terminate()
  }

  #start(): void {
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    while (this.#workers.length < this.#threads) {
      const worker = new Worker(new URL(`../unseal-worker.${extension}`, import.meta.url), {
        resourceLimits: { maxYoungGenerationSizeMb: 4 },
      })
      worker.on('message', (answer: UnsealAnswer) => this.#waiting.get(answer.id)?.(answer))
      worker.on('error', (error) => {
        for (const tell of this.#waiting.values()) tell(error)
      })
      this.#workers.push(worker)
    }
  }
  #readThere(path: string, { name, identity }: ObjectToRead, signal: AbortSignal): ObjectReading {
    const id = this.#ids++
    const worker = this.#workers[id % this.#workers.length]
    const buffers =
      identity === undefined ? [] : (this.#buffers.pop() ?? Array.from({ length: BUFFERS }, () => new SharedArrayBuffer(FRAME_LIMIT)))
    const queue: (UnsealAnswer | Error)[] = []
    let wake: (() => void) | undefined
    const tell = (answer: UnsealAnswer | Error): void => {
      queue.push(answer)
      wake?.()
    }
    const ask = (job: UnsealJob): void => worker?.postMessage(job)
    this.#waiting.set(id, tell)
    ask({ type: 'read', id, path, identity, buffers })
    let sha256 = ''
    const frames = async function* (this: Readings): AsyncGenerator<ReadFrame> {
      const stop = (): void => tell(new Fault({ code: 'cancelled', what: 'The verification was stopped' }))
      signal.addEventListener('abort', stop, { once: true })
      try {
        for (;;) {
          signal.throwIfAborted()
          const answer = queue.shift()
          if (answer === undefined) await new Promise<void>((resolve) => (wake = resolve))
          else if (answer instanceof Error) throw answer
          else if (answer.type === 'fault')
            throw new Fault({ code: answer.unreadable ? 'unavailable' : 'corrupt', what: `${name} cannot be read`, why: answer.why })
          else if (answer.type === 'end') {
            sha256 = answer.sha256
            if (buffers.length > 0) this.#buffers.push(buffers)
            return
          } else {
            const buffer = buffers[answer.at]
            if (buffer !== undefined) yield { raw: Buffer.from(buffer, 0, answer.bytes), length: answer.length }
            ask({ type: 'used', id, at: answer.at })
          }
        }
      } finally {
        signal.removeEventListener('abort', stop)
        this.#waiting.delete(id)
        ask({ type: 'stop', id })
      }
    }
    return { frames: frames.bind(this), sha256: () => sha256 }
  }
}

function readHere(driver: Driver, { name, identity }: ObjectToRead, signal: AbortSignal): ObjectReading {
  const hash = createHash('sha256')
  let sha256 = ''
  return {
    async *frames() {
      const pieces = hashing(driver.get(name, undefined, signal), hash)
      if (identity === undefined) for await (const _ of pieces) void _
      else yield* framesIn(decrypting(pieces, [identity]), FRAME_LIMIT)
      sha256 = hash.digest('hex')
    },
    sha256: () => sha256,
  }
}

/** Passes bytes on and hashes them. */
async function* hashing(source: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const piece of source) {
    hash.update(piece)
    yield piece
  }
}
