import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../contract/ports.ts'

/** Longest delay a timer takes without wrapping around (2^31-1 ms). */
const LONGEST_TIMER_MS = 2_147_483_647

/** Real time. `monotonicMs` never steps back when somebody sets the clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    const until = performance.now() + ms
    try {
      for (let left = ms; left > 0; left = until - performance.now())
        await delay(Math.min(Math.ceil(left), LONGEST_TIMER_MS), undefined, { signal })
      signal.throwIfAborted()
    } catch (cause) {
      throw signal.aborted ? signal.reason : cause
    }
  },
}
