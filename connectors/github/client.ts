import { Octokit } from '@octokit/core'
import type { Ports } from '../../src/contract/ports.ts'
import { Fault, faultIn } from '../../src/fault.ts'
import { networkFailure } from '../../src/http/fault-from-status.ts'
import { retryAfterMs } from '../../src/http/throttle.ts'
import { faultOf, messageIn } from './github-fault.ts'
import type { Tokens } from './tokens.ts'

/** One answer: JSON as it came, and where the next page is. */
export interface Answer {
  readonly data: unknown
  readonly headers: Headers
  /** Address of the next page, to be followed verbatim: beyond 10,000 issues only GitHub knows it. */
  readonly next: string | undefined
}

/** Sends requests through Octokit, with a token, and nothing but reading ones. The only file that knows Octokit's requests. */
export interface Client {
  /**
   * `path` below the API, or a whole address that GitHub gave. `what`: for errors, a sentence without a full stop.
   * @throws GithubFault for what GitHub refused, Fault otherwise; the signal's reason when aborted
   */
  send(call: Call, signal: AbortSignal): Promise<Answer>
}
export interface Call {
  readonly what: string
  readonly path: string
  /** Makes it a POST: only GraphQL queries and the rendering of Markdown, which change nothing. */
  readonly body?: object
  readonly headers?: Readonly<Record<string, string>>
  /** A page is expected in place of JSON. */
  readonly html?: boolean
}

/** How often one request is sent again after a 403 that only its text tells to be a secondary limit. */
const patience = 6
/** "wait for at least one minute" — https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api (read 2026-11-25) */
const pauseMs = 60_000

const nothing = (): undefined => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }

class Refusal extends Error {
  readonly status: number
  readonly retryAfterMs: number | undefined
  constructor(status: number, message: string, retryAfterMs: number | undefined) {
    super(message)
    this.status = status
    this.retryAfterMs = retryAfterMs
  }
}

export function createClient(apiUrl: string, tokens: Tokens, ports: Ports): Client {
  const fetch: Ports['fetch'] = async (input, init) => {
    const signal = init?.signal
    if (init === undefined || !(signal instanceof AbortSignal)) throw new TypeError('a request without a signal')
    let renewed = false
    for (let tried = 1; ; tried++) {
      const token = await tokens.of(signal)
      const headers = new Headers(init.headers)
      headers.set('authorization', `Bearer ${token}`)
      const response = await ports.fetch(input, { ...init, headers })
      if (response.ok) return response
      const nowMs = ports.clock.now().getTime()
      const refusal = new Refusal(response.status, messageIn(await response.text()), retryAfterMs(response.headers, nowMs))
      if (refusal.status === 401 && !renewed) {
        renewed = true
        tokens.forget(token)
      } else if (refusal.status === 403 && /secondary rate limit|abuse detection/i.test(refusal.message) && tried < patience) {
        ports.log.info('GitHub asks to slow down', { tried })
        await ports.clock.sleep(refusal.retryAfterMs ?? pauseMs * 2 ** (tried - 1), signal)
      } else throw refusal
    }
  }
  // The SDK's own reading of JSON turns large numbers into BigInt, which cannot be written down again.
  const octokit = new Octokit({ baseUrl: apiUrl, log: silent, request: { fetch, log: silent, parseSuccessResponseBody: false } })
  return {
    async send({ what, path, body, headers, html = false }, signal) {
      signal.throwIfAborted()
      const route = `${body === undefined ? 'GET' : 'POST'} ${path}`
      try {
        const response = await octokit.request(route, {
          ...(body === undefined ? {} : { data: body }),
          headers: { 'x-github-api-version': '2022-11-28', ...headers },
          request: { signal },
        })
        const given = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
        return { data: await read(response.data, what, html), headers: given, next: nextIn(given.get('link')) }
      } catch (error) {
        signal.throwIfAborted()
        throw faultFrom(error, what)
      }
    },
  }
}

async function read(data: unknown, what: string, html: boolean): Promise<unknown> {
  if (!(data instanceof ReadableStream)) return null
  const text = await new Response(data).text()
  if (html) return text
  if (text === '') return null
  try {
    return JSON.parse(text)
  } catch {
    throw new Fault({
      code: 'unavailable',
      what,
      why: /^\s*</.test(text) ? 'a web page came in place of JSON' : 'the answer was cut short or changed on its way',
      remedy: 'Check apiUrl and any proxy in between, then run again',
      retry: { type: 'backoff' },
    })
  }
}

function faultFrom(error: unknown, what: string): Fault {
  for (let at = error; at instanceof Error; at = at.cause)
    if (at instanceof Refusal) return faultOf(at.status, at.message, what, at.retryAfterMs, at.status === 502 || at.status === 504)
  return faultIn(error) ?? networkFailure(error, what).fault
}

const nextIn = (link: string | null): string | undefined => /<([^<>]+)>;\s*rel="next"/.exec(link ?? '')?.[1]
