import PQueue from 'p-queue'

/** So many bodies at a time, the rest in order of priority. The only place that knows p-queue. */
export class Lane {
  readonly #queue: PQueue
  readonly #concurrency: number
  #taken = 0

  constructor(concurrency: number) {
    this.#concurrency = concurrency
    this.#queue = new PQueue({ concurrency })
  }

  /** Bodies that would start at once. Counted here: when a body settles, p-queue knows it a few microtasks later than who waits for it. */
  get free(): number {
    return Math.max(0, this.#concurrency - this.#taken)
  }

  /**
   * Runs `body` when a slot is free; higher priority first.
   * The slot is free again when the body has settled, not when the signal says stop: p-queue's own `signal` and `timeout` give the slot away
   * while the body still works, so it never gets them. A body that has not begun is dropped at once on abort.
   * @throws what the body throws; the signal's reason if it had not begun
   */
  run<T>(body: (signal: AbortSignal) => Promise<T>, signal: AbortSignal, priority = 0): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      const drop = (): void => {
        this.#taken -= 1
        reject(signal.reason as Error)
      }
      this.#taken += 1
      signal.addEventListener('abort', drop, { once: true })
      const begin = async (): Promise<void> => {
        if (signal.aborted) return
        signal.removeEventListener('abort', drop)
        try {
          const result = await body(signal)
          this.#taken -= 1
          resolve(result)
        } catch (cause) {
          this.#taken -= 1
          reject(cause)
        }
      }
      this.#queue.add(begin, { priority }).catch(reject)
    })
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    await this.#queue.onIdle()
  }
}
