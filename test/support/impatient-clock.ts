import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../../src/contract/ports.ts'

/** Pauses pass at once, and the time they would have taken (`haste` times as long) is on the clock. */
export function impatientClock(haste = 1): Clock {
  let ahead = 0
  return {
    now: () => new Date(Date.now() + ahead),
    monotonicMs: () => performance.now() + ahead,
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      ahead += ms * haste
      await wait(Math.min(ms, 2), undefined, { signal }).catch(() => signal.throwIfAborted())
    },
  }
}
