import { Worker } from 'node:worker_threads'
import type { BlobRef } from '../../../src/contract/item.ts'
import { Fault } from '../../../src/fault.ts'
import type { MattermostOperation } from '../map/operations.ts'
import type { ComposeAnswer, ComposeOrder } from './compose-worker.ts'
import type { FileOptions } from './file-options.ts'
import { OperationBatch } from './operation-text.ts'

/** So many batches may wait for the other thread. */
const AHEAD = 4

/** Composes an import file on another thread, while this one makes the operations. */
export class ComposeThread implements AsyncDisposable {
  /** Files by their path below `data/`. Complete when `lines` has ended. */
  files: readonly (readonly [string, BlobRef])[] = []
  readonly #worker: Worker
  readonly #lines: Uint8Array[] = []
  readonly #progress: (composed: number) => void
  #waiting = 0
  #done = false
  #failed: { readonly error: unknown } | undefined
  #wake = (): void => undefined

  constructor(options: FileOptions, progress: (composed: number) => void) {
    this.#progress = progress
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    this.#worker = new Worker(new URL(`./compose-worker.${extension}`, import.meta.url), {
      workerData: options,
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    })
    this.#worker.on('message', (answer: ComposeAnswer) => this.#heard(answer))
    this.#worker.on('error', (error) => this.#fail(error))
    this.#worker.on('exit', () =>
      this.#fail(new Fault({ code: 'unavailable', what: 'The thread that composes the import file has ended', remedy: 'Run again' })),
    )
  }

  /** The whole file, as chunks of UTF-8. @throws whatever `ops` throws, and Fault `rejected` if a line would not pass */
  async *lines(ops: AsyncIterable<MattermostOperation>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const batches = batchesOf(ops)
    const aborted = (): void => this.#fail(signal.reason)
    signal.addEventListener('abort', aborted, { once: true })
    try {
      for (let ended = false; ;) {
        signal.throwIfAborted()
        if (this.#failed !== undefined) throw this.#failed.error
        const bytes = this.#lines.shift()
        if (bytes !== undefined) {
          this.#order({ type: 'more' })
          yield bytes
        } else if (this.#done) return
        else if (ended || this.#waiting >= AHEAD) await new Promise<void>((resolve) => (this.#wake = resolve))
        else {
          const next = await batches.next()
          ended = next.done === true
          if (next.done !== true) this.#waiting += 1
          this.#order(next.done === true ? { type: 'end' } : { type: 'operations', text: next.value })
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
        break
      case 'lines':
        this.#lines.push(answer.bytes)
        this.#progress(answer.composed)
        break
      case 'done':
        this.files = answer.files
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
    await this.#worker.terminate()
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
