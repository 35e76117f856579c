import { Worker } from 'node:worker_threads'
import { removePartial } from '../../../src/bundle/zip.ts'
import type { BlobReader } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import type { MattermostOperation } from '../map/operations.ts'
import { SlotWriter, batchSlots } from './batch-slots.ts'
import type { ComposeAnswer, ComposeJob, ComposeOrder } from './compose-orders.ts'
import type { FileOptions } from './file-options.ts'
import { lend } from './lent-blobs.ts'
import { OperationBatch } from './operation-text.ts'

/** So many batches may wait for the other thread, which is silent while it composes a place: about as many posts as a large one has. */
const AHEAD = 64

/** Composes and writes an import file on another thread, while this one makes the operations and reads the files. */
export class ComposeThread implements AsyncDisposable {
  readonly #path: string
  readonly #worker: Worker
  readonly #blobs: BlobReader
  readonly #slots: SlotWriter
  readonly #progress: (composed: number) => void
  readonly #ended = new AbortController()
  #waiting = 0
  #done = false
  #failed: { readonly error: unknown } | undefined
  #wake = (): void => undefined

  constructor(path: string, options: FileOptions, blobs: BlobReader, progress: (composed: number) => void) {
    this.#path = path
    this.#blobs = blobs
    this.#progress = progress
    const slots = batchSlots(AHEAD)
    this.#slots = new SlotWriter(slots)
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    this.#worker = new Worker(new URL(`./compose-worker.${extension}`, import.meta.url), {
      workerData: { path, options, slots } satisfies ComposeJob,
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    this.#worker.on('message', (answer: ComposeAnswer) => this.#heard(answer))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () =>
      this.#fail(new Fault({ code: 'unavailable', what: 'The thread that composes the import file has ended', remedy: 'Run again' })),
    )
  }

  /** Once; the file stands under its name afterwards. @throws whatever `ops` and the files throw, and Fault `rejected` if a line would not pass */
  async write(ops: AsyncIterable<MattermostOperation>, signal: AbortSignal): Promise<void> {
    const batches = batchesOf(ops)
    const aborted = (): void => this.#fail(signal.reason)
    signal.addEventListener('abort', aborted, { once: true })
    try {
      for (let ended = false; ;) {
        signal.throwIfAborted()
        if (this.#failed !== undefined) throw this.#failed.error
        if (this.#done) return
        if (ended || this.#waiting >= AHEAD) await new Promise<void>((resolve) => (this.#wake = resolve))
        else {
          const next = await batches.next()
          ended = next.done === true
          if (next.done !== true) this.#waiting += 1
          this.#order(next.done === true ? { type: 'end' } : { type: 'operations', text: this.#slots.put(next.value) ?? next.value })
        }
      }
    } finally {
      signal.removeEventListener('abort', aborted)
      await batches.return(undefined)
    }
  }

  #order(order: ComposeOrder): void {
    this.#worker.postMessage(order)
  }
  #heard(answer: ComposeAnswer): void {
    switch (answer.type) {
      case 'taken':
        this.#waiting -= 1
        if (answer.slot !== undefined) this.#slots.free(answer.slot)
        this.#progress(answer.composed)
        break
      case 'file':
        void lend(this.#blobs, answer.blob, answer.port, this.#ended.signal).catch((error: unknown) => this.#fail(error))
        return
      case 'done':
        this.#done = true
        this.#progress(answer.composed)
        break
      case 'fault':
        return this.#fail(new Fault(answer))
    }
    this.#wake()
  }
  #fail(error: unknown): void {
    if (!this.#done) this.#failed ??= { error }
    this.#wake()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort()
    await this.#worker.terminate()
    if (!this.#done) await removePartial(this.#path)
  }
}

async function* batchesOf(ops: AsyncIterable<MattermostOperation>): AsyncGenerator<string> {
  const batch = new OperationBatch()
  for await (const op of ops) {
    batch.add(op)
    if (batch.enough) yield batch.take()
  }
  yield batch.take()
}
