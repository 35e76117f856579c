import type { Clock } from '../../src/contract/ports.ts'

interface Sleeper {
  readonly wakeAt: number
  readonly wake: () => void
}

/** Quiet turns of the event loop before time moves: one to drain what was runnable, one to see that nothing came of it. */
const QUIET_TURNS = 2

/**
 * Time that passes only when nobody has anything to do: as soon as every task sleeps, it jumps to the first that wakes.
 * Files being read or written and everything under `hold` count as work; a socket is seen only through `hold`, `during` or `fetch`.
 */
export class VirtualClock implements Clock {
  readonly #startMs: number
  #elapsedMs = 0
  #sleepers: Sleeper[] = []
  #holds = 0
  #watching = false
  #changes = 0

  /** Virtual milliseconds after which a run counts as stuck, and every sleep fails. */
  readonly #patienceMs: number

  readonly #busy: () => boolean

  /** `busy`: whatever else counts as work. */
  constructor(start = '2026-01-01T00:00:00Z', patienceDays = 400, busy: () => boolean = () => false) {
    this.#busy = busy
    this.#patienceMs = patienceDays * 86_400_000
    this.#startMs = Date.parse(start)
  }

  now(): Date {
    return new Date(this.#startMs + this.#elapsedMs)
  }

  /** Milliseconds that have passed since the clock was made. */
  monotonicMs(): number {
    return this.#elapsedMs
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      if (this.#elapsedMs > this.#patienceMs)
        return reject(new Error(`nothing has come of ${this.#patienceMs} virtual milliseconds: something is stuck`))
      const sleeper: Sleeper = {
        wakeAt: this.#elapsedMs + Math.max(0, Math.ceil(ms)),
        wake: () => {
          signal.removeEventListener('abort', abort)
          resolve()
        },
      }
      const abort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', abort, { once: true })
      const after = this.#sleepers.findIndex((other) => other.wakeAt > sleeper.wakeAt)
      this.#sleepers.splice(after === -1 ? this.#sleepers.length : after, 0, sleeper)
      this.#changes += 1
      this.#watch()
    })
  }

  /** Time stands still until the hold is disposed of. */
  hold(): Disposable {
    this.#holds += 1
    let held = true
    return {
      [Symbol.dispose]: () => {
        if (held) this.#holds -= 1
        held = false
        this.#changes += 1
        this.#watch()
      },
    }
  }

  /** Time stands still while this work is under way. */
  async during<T>(work: Promise<T>): Promise<T> {
    using _held = this.hold()
    return await work
  }

  /** The real network at no virtual time: the clock stands until the whole body is here. Not for bodies that do not fit in memory. */
  readonly fetch: typeof fetch = async (input, init) => {
    using _held = this.hold()
    const response = await fetch(input, init)
    if (response.body === null) return response
    const chunks: Uint8Array[] = []
    let failure: unknown
    try {
      for await (const chunk of response.body) chunks.push(chunk)
    } catch (cause) {
      failure = cause
    }
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const chunk = chunks.shift()
        if (chunk !== undefined) return controller.enqueue(chunk)
        if (failure === undefined) controller.close()
        else controller.error(failure)
      },
    })
    const { status, statusText, headers } = response
    return Object.defineProperty(new Response(body, { status, statusText, headers }), 'url', { value: response.url })
  }

  #watch(): void {
    if (this.#watching || this.#holds > 0 || this.#sleepers.length === 0) return
    this.#watching = true
    let seen = this.#changes
    let quiet = 0
    const turn = (): void => {
      if (this.#holds > 0 || this.#sleepers.length === 0) {
        this.#watching = false
        return
      }
      quiet = seen === this.#changes && !filesBusy() && !this.#busy() ? quiet + 1 : 0
      seen = this.#changes
      if (quiet >= QUIET_TURNS) {
        this.#advance()
        quiet = 0
      }
      setImmediate(turn)
    }
    setImmediate(turn)
  }

  #advance(): void {
    const first = this.#sleepers[0]
    if (first === undefined) return
    this.#elapsedMs = Math.max(this.#elapsedMs, first.wakeAt)
    const due = this.#sleepers.filter((sleeper) => sleeper.wakeAt <= this.#elapsedMs)
    this.#sleepers = this.#sleepers.slice(due.length)
    for (const sleeper of due) sleeper.wake()
  }
}

const filesBusy = (): boolean =>
  process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq') || resource === 'CloseReq')
