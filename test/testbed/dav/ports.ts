import { Secret } from '../../../src/config/secret.ts'
import type { Ports } from '../../../src/contract/ports.ts'

/** Real time, but nobody waits longer than a moment. */
export const ports: Ports = {
  fetch,
  clock: {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, Math.min(ms, 20))
        signal.addEventListener(
          'abort',
          () => {
            clearTimeout(timer)
            reject(signal.reason as Error)
          },
          { once: true },
        )
      }),
  },
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
}
export const secret = (text: string): Secret => new Secret(() => Promise.resolve(text))
