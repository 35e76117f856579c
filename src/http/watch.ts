import { Fault } from '../fault.ts'

/**
 * The life of one exchange: ends when the caller aborts or when the network is silent for too long.
 * Silence is measured in real time, whatever the clock of the run says: it guards a real socket.
 */
export class Watch {
  readonly #controller = new AbortController()
  readonly #idleMs: number
  readonly #unlink: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined
  /** Set once the network was silent for too long. */
  silence: Fault | undefined

  constructor(signals: readonly (AbortSignal | null | undefined)[], idleMs: number) {
    this.#idleMs = idleMs
    for (const signal of signals) if (signal) this.#follow(signal)
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** From here on the network must speak within the idle time, plus `extraMs`. */
  expect(extraMs = 0): void {
    this.rest()
    const ms = this.#idleMs + extraMs
    this.#timer = setTimeout(() => {
      const what = `The service has been silent for ${Math.round(ms / 1000)} seconds`
      const remedy = 'Check the network and run again; what was done is kept'
      this.silence = new Fault({ code: 'unavailable', what, remedy, retry: { type: 'backoff' } })
      this.#controller.abort(this.silence)
    }, ms)
  }

  /** Nothing is expected of the network at the moment. */
  rest(): void {
    clearTimeout(this.#timer)
  }

  end(): void {
    this.rest()
    for (const unlink of this.#unlink.splice(0)) unlink()
  }

  #follow(signal: AbortSignal): void {
    const abort = (): void => this.#controller.abort(signal.reason)
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    this.#unlink.push(() => signal.removeEventListener('abort', abort))
  }
}
