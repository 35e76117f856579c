import type { Clock, Log, QuotaNeed } from '../contract/ports.ts'
import type { AcquireOptions, Limiter, Priority } from '../queue/quota.ts'
import { attempt } from './attempt.ts'
import type { NetworkFailure } from './fault-from-status.ts'
import { outgoing, outline } from './outgoing.ts'
import { routeOfPath } from './route.ts'
import { isThrottled, quotaLeft, retryAfterMs } from './throttle.ts'
import { Watch } from './watch.ts'

/** Only `clock` and `log` are needed. */
export interface FetchOptions {
  readonly clock: Clock
  readonly log: Log
  readonly limiter?: Limiter
  /** Which budgets a request draws on (`definition.quotaOf`). The request is shown without its body. Default: none. */
  readonly quotaOf?: (request: Request) => readonly QuotaNeed[]
  /** Name of a request for log and errors, free of ids, names and query (`conversations.history`). Default: its first budget, or a bare path. */
  readonly routeOf?: (request: Request) => string
  /** Requests besides GET, HEAD, OPTIONS, PROPFIND and REPORT that may be sent twice without harm, such as Slack's reading POSTs. Default: none. */
  readonly retryable?: (request: Request) => boolean
  readonly priority?: Priority
  readonly flow?: string
  readonly weight?: number
  /** Sends until a network error or 5xx is given to the caller, the first included. Default 5. */
  readonly attempts?: number
  /** How long all pauses ordered by the vendor may be for one request, before its 429 is given to the caller. Default 15 minutes. */
  readonly patienceMs?: number
  /** Silence of the network, before or inside the answer, that counts as a broken connection. Real time. Default 60 s. */
  readonly idleMs?: number
  /** Ends every request of this fetch; for SDKs that pass no signal. */
  readonly signal?: AbortSignal
  /** From 0 up to 1, for jitter. Default Math.random. */
  readonly random?: () => number
  /** What sends once all of the above has been done. Default: Node's fetch. Faults are injected here. */
  readonly transport?: typeof fetch
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'PROPFIND', 'REPORT'])
const TRANSIENT = new Set([408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524])
const BACKOFF_MS = 500
const BACKOFF_CAP_MS = 30_000

/** `ordered`: the vendor asked for it; it counts against the patience, not against the attempts. */
interface Pause {
  readonly ms: number
  readonly ordered: boolean
}

/**
 * The one fetch for all SDKs: waits for its turn in the limiter, sends, passes on what the vendor says of its quotas, tries again where
 * that can do no harm, and writes one log line per attempt. Once trying again is no use, a status is returned like any other.
 * A permit is held until the body has been read or cancelled, so do one of the two.
 * 429 is tried again whatever the method, for the vendor did nothing; so is a connection that was never made.
 * @throws Fault `unavailable` without an answer; Fault `throttled` if a vendor's pause outlasts the patience; the signal's reason on abort
 */
export function createFetch(options: FetchOptions): typeof fetch {
  const { clock, log, limiter, attempts = 5, patienceMs = 15 * 60_000, idleMs = 60_000, random = Math.random } = options
  const transport = options.transport ?? fetch
  const backoffMs = (tries: number): number => Math.ceil(Math.min(BACKOFF_CAP_MS, BACKOFF_MS * 2 ** (tries - 1)) * (0.5 + random() / 2))

  /** How long to wait before the request is sent again; undefined if it should not be. */
  function pauseAfter(outcome: Response | NetworkFailure, harmless: boolean, throttled: number, failed: number): Pause | undefined {
    if (isFailure(outcome)) {
      const again = (harmless || outcome.neverSent) && outcome.fault.retry.type !== 'never' && failed < attempts
      return again ? { ms: backoffMs(failed), ordered: false } : undefined
    }
    const askedMs = retryAfterMs(outcome.headers, clock.now().getTime())
    if (isThrottled(outcome))
      return { ms: Math.max(askedMs ?? 0, askedMs === undefined ? backoffMs(throttled) : BACKOFF_MS), ordered: true }
    if (!TRANSIENT.has(outcome.status) || !harmless || failed >= attempts) return undefined
    return { ms: Math.max(askedMs ?? 0, backoffMs(failed)), ordered: askedMs !== undefined }
  }

  async function tell(response: Response, needs: readonly QuotaNeed[], pause: Pause | undefined): Promise<void> {
    const left = quotaLeft(response.headers, clock.now().getTime())
    const pausedMs = pause?.ordered === true ? pause.ms : undefined
    if (limiter === undefined || (pausedMs === undefined && left?.remaining !== 0)) return
    for (const { key } of needs) await limiter.feedback(key, { status: response.status, retryAfterMs: pausedMs, ...left })
  }

  return async (input, init) => {
    const sending = outgoing(input, init)
    const shown = outline(sending)
    const needs = options.quotaOf?.(shown) ?? []
    const route = options.routeOf?.(shown) ?? needs[0]?.key ?? routeOfPath(sending.url.pathname)
    const harmless = SAFE_METHODS.has(sending.method) || options.retryable?.(shown) === true
    const signals = [init?.signal, input instanceof Request ? input.signal : undefined, options.signal]
    let pausedMs = 0
    let throttled = 0
    let failed = 0

    for (;;) {
      const watch = new Watch(signals, idleMs)
      const acquire = acquireOptions(options, patienceMs - pausedMs)
      const outcome = await attempt(sending, needs, watch, { clock, log, limiter, transport, acquire, route })
      if (!isFailure(outcome) && isThrottled(outcome)) throttled += 1
      else failed += 1
      const pause = pauseAfter(outcome, harmless, throttled, failed)
      if (!isFailure(outcome)) await tell(outcome, needs, pause)
      pausedMs += pause?.ordered === true ? pause.ms : 0
      if (pause === undefined || !sending.replayable || pausedMs > patienceMs) {
        if (isFailure(outcome)) throw outcome.fault
        return outcome
      }
      if (!isFailure(outcome)) await outcome.body?.cancel()
      const status = isFailure(outcome) ? outcome.fault.code : outcome.status
      log.info('request will be sent again', { method: sending.method, route, status, afterMs: pause.ms })
      await sleepUnder(signals, pause.ms)
    }
  }

  async function sleepUnder(signals: readonly (AbortSignal | null | undefined)[], ms: number): Promise<void> {
    const watch = new Watch(signals, idleMs)
    try {
      await clock.sleep(ms, watch.signal)
    } finally {
      watch.end()
    }
  }
}

/** Told by what a failure has: libraries put a Response of their own in the place of Node's, and then an answer is none of those. */
const isFailure = (outcome: Response | NetworkFailure): outcome is NetworkFailure => 'neverSent' in outcome

const acquireOptions = ({ priority, flow, weight }: FetchOptions, patienceMs: number): Omit<AcquireOptions, 'signal'> => ({
  patienceMs,
  ...(priority !== undefined && { priority }),
  ...(flow !== undefined && { flow }),
  ...(weight !== undefined && { weight }),
})
