import type { Clock } from '../contract/ports.ts'

/** One listener, any number of ringers. A ring while nobody listens is heard the next time. */
export class Bell {
  #rung = false
  #hear: (() => void) | undefined

  ring(): void {
    this.#rung = true
    this.#hear?.()
  }

  /** Resolves as soon as it has rung since the last time, or after `ms`. */
  async wait(ms: number, clock: Clock): Promise<void> {
    const nap = new AbortController()
    const heard = new Promise<void>((resolve) => {
      this.#hear = resolve
      if (this.#rung) resolve()
    })
    const waits = ms === Infinity ? [heard] : [heard, clock.sleep(ms, nap.signal).catch(() => undefined)]
    await Promise.race(waits)
    nap.abort()
    this.#hear = undefined
    this.#rung = false
  }
}
