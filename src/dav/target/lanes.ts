import type { Clock } from '../../contract/ports.ts'

/** Two hide from the server how long we think between two requests; more must be worth it. */
const FEWEST = 2
/** So many pieces of work tell how fast a number of lanes is. */
const WINDOW = 32
/** A further lane stays if it makes the whole so much faster. */
const WORTH = 1.1
/** After so many windows it is tried again: a server may have more to give at another time. */
const PATIENCE = 32

/**
 * Runs work side by side, in as many lanes as are worth it. A server that does one thing after the other gets slower by each request that waits
 * (Radicale 3.1.8: a tenth at eight); one with several workers does as many at a time.
 */
export class Lanes {
  readonly #clock: Pick<Clock, 'monotonicMs'>
  #most: number
  #limit: number
  /** What the number of lanes below this one was worth, and for how many windows this one is kept without a trial. */
  #before = 0
  #quiet = 0
  #window = { done: 0, ms: 0 }

  /** `most`: never more than these. */
  constructor(most: number, clock: Pick<Clock, 'monotonicMs'>) {
    this.#most = most
    this.#limit = Math.min(most, FEWEST)
    this.#clock = clock
  }
  get limit(): number {
    return this.#limit
  }
  /** The server stumbled: half as many from now on. */
  narrow(): void {
    this.#most = Math.max(1, Math.floor(this.#limit / 2))
    this.#settle(this.#most)
  }
  /** Results in the order of the inputs. The first error ends it once everything under way has come to its end. */
  async map<T, R>(inputs: readonly T[], work: (input: T) => Promise<R>): Promise<readonly R[]> {
    const results: R[] = []
    const failures: unknown[] = []
    let next = 0
    let running = 0
    await new Promise<void>((resolve) => {
      const start = (): void => {
        while (running < this.#limit && next < inputs.length && failures.length === 0) {
          const at = next++
          running++
          const lanes = running
          const from = this.#clock.monotonicMs()
          work(inputs[at] as T)
            .then(
              (result) => void (results[at] = result),
              (error: unknown) => void failures.push(error),
            )
            .finally(() => {
              running--
              // The last ones have the server to themselves and say nothing of many lanes.
              if (lanes === this.#limit) this.#took(this.#clock.monotonicMs() - from)
              start()
            })
        }
        if (running === 0) resolve()
      }
      start()
    })
    if (failures.length > 0) throw failures[0]
    return results
  }

  #took(ms: number): void {
    const window = this.#window
    window.done += 1
    window.ms += ms
    if (window.done < WINDOW) return
    // Pieces of work a millisecond, as long as all lanes are busy.
    const rate = (this.#limit * window.done) / Math.max(window.ms, Number.EPSILON)
    this.#window = { done: 0, ms: 0 }
    if (this.#before > 0 && rate < this.#before * WORTH) this.#settle(this.#limit - 1)
    else if (this.#quiet > 0) this.#quiet -= 1
    else if (this.#limit < this.#most) {
      this.#before = rate
      this.#limit += 1
    } else this.#before = 0
  }
  #settle(limit: number): void {
    this.#limit = limit
    this.#before = 0
    this.#quiet = PATIENCE
    this.#window = { done: 0, ms: 0 }
  }
}
