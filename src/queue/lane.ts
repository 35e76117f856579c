import PQueue from 'p-queue'

/** So many bodies at a time, the rest in order of priority. The only place that knows p-queue. */
export class Lane {
  readonly #queue: PQueue
  readonly #concurrency: number

  constructor(concurrency: number) {
    this.#concurrency = concurrency
    this.#queue = new PQueue({ concurrency })
  }

  /** Bodies that would start at once. */
  get free(): number {
    return Math.max(0, this.#concurrency - this.#queue.pending - this.#queue.size)
  }

  /**
   * Runs `body` when a slot is free; higher priority first.
   * The slot is free again when the body has settled, not when the signal says stop: p-queue's own `signal` and `timeout` give the slot away
   * while the body still works, so it never gets them. A body that has not begun is dropped at once on abort.
   * @throws what the body throws; the signal's reason if it had not begun
   */
  run<T>(body: (signal: AbortSignal) => Promise<T>, signal: AbortSignal, priority = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      const drop = (): void => reject(signal.reason as Error)
      if (signal.aborted) return drop()
      signal.addEventListener('abort', drop, { once: true })
      const begin = async (): Promise<void> => {
        if (signal.aborted) return
        signal.removeEventListener('abort', drop)
        await body(signal).then(resolve, reject)
      }
      this.#queue.add(begin, { priority }).catch(reject)
    })
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    await this.#queue.onIdle()
  }
}
