import type { Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { retryAfterMs } from '../../src/http/throttle.ts'
import { isTooFast, refusalOf } from './google-fault.ts'
import type { Area } from './scopes.ts'
import type { Tokens } from './token.ts'

/** How often one request is sent again after a 403 that says "too fast", which the common fetch does not know. */
const patience = 8

export interface Sender {
  /** What the SDK sends through: with a token, to the configured address, never anywhere else. @throws Refusal, Fault */
  readonly fetch: typeof fetch
}

/** In whose name, for what, and under which name the person's budget goes where the address does not say it. */
export interface Bearer {
  readonly subject: string
  readonly area: Area
  readonly quotaUser: string | undefined
}

/**
 * The way out for one person and one area. A pause that Google asks one request to make holds all of that person's in this area.
 * Redirects are errors: a token goes to no other host.
 */
export function createSender(bearer: Bearer, tokens: Tokens, ports: Ports, at: (url: string) => URL): Sender {
  const { subject, area, quotaUser } = bearer
  let pausedUntil = 0

  async function pause(tried: number, signal: AbortSignal): Promise<void> {
    const ms = Math.min(64_000, 1000 * 2 ** (tried - 1)) * (0.75 + Math.random() / 2)
    pausedUntil = Math.max(pausedUntil, ports.clock.monotonicMs() + ms)
    await ports.clock.sleep(ms, signal)
  }

  return {
    async fetch(input, init) {
      const signal = init?.signal
      if (init === undefined || !(signal instanceof AbortSignal)) throw new TypeError('a request without a signal')
      const url = at(String(input instanceof Request ? input.url : input))
      if (quotaUser !== undefined) url.searchParams.set('quotaUser', quotaUser)
      let refreshed = false
      for (let tried = 1; ; tried++) {
        const wait = pausedUntil - ports.clock.monotonicMs()
        if (wait > 0) await ports.clock.sleep(wait, signal)
        const token = await tokens.of(subject, area, signal)
        const response = await ports.fetch(url, requestOf(init, token, signal))
        if (response.ok) return response
        const refusal = refusalOf(response.status, await response.text(), retryAfterMs(response.headers, ports.clock.now().getTime()))
        if (refusal.status === 401 && !refreshed) {
          refreshed = true
          tokens.forget(subject, area)
        } else if (isTooFast(refusal) && tried < patience) {
          ports.log.info('Google asks to slow down', { area, reason: refusal.reason, tried })
          await pause(tried, signal)
        } else throw refusal
      }
    },
  }
}

function requestOf(init: RequestInit, token: string, signal: AbortSignal): RequestInit {
  const headers = new Headers(init.headers)
  headers.set('authorization', `Bearer ${token}`)
  const { body } = init
  if (body !== undefined && body !== null && typeof body !== 'string') throw new TypeError('only text is ever sent to Google')
  return { method: init.method ?? 'GET', headers, redirect: 'error', signal, ...(typeof body === 'string' ? { body } : {}) }
}

/** The address a request to Google really goes to: Google's own, or the one that stands in for all of its hosts. */
export function addressing(apiUrl: string | undefined): (url: string) => URL {
  return (url) => {
    const google = new URL(url)
    if (apiUrl !== undefined) return new URL(`.${google.pathname}${google.search}`, apiUrl)
    if (google.protocol === 'https:' && google.hostname.endsWith('.googleapis.com')) return google
    throw new Fault({ code: 'rejected', what: `${google.host} is no host of Google's APIs`, remedy: 'Report this as a defect' })
  }
}
