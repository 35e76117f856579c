import type { Clock, Log, QuotaNeed } from '../contract/ports.ts'
import { Fault } from '../fault.ts'
import type { AcquireOptions, Limiter, Permit } from '../queue/quota.ts'
import { readAhead, watchedBody } from './body.ts'
import { networkFailure, type NetworkFailure } from './fault-from-status.ts'
import { bodyBytes, type Outgoing, redirected } from './outgoing.ts'
import type { Watch } from './watch.ts'

const MAX_REDIRECTS = 5
/** JSON answers up to this size are read before they are handed on, so that a cut one is fetched again like any other failure. */
const READ_AHEAD_BYTES = 8 * 1024 * 1024
/** Long downloads say this often that they are still there. */
const RENEW_EVERY_MS = 60_000
/** The slowest uplink we wait for: an upload of n bytes may be silent for n / this many milliseconds longer. */
const UPLOAD_BYTES_PER_MS = 32
/** Statuses whose responses have no body by definition; `Response` refuses to be built with one. */
const BODILESS = new Set([101, 103, 204, 205, 304])

export interface AttemptOptions {
  readonly clock: Clock
  readonly log: Log
  readonly limiter: Limiter | undefined
  readonly transport: typeof fetch
  readonly acquire: Omit<AcquireOptions, 'signal'>
  /** For log and errors. */
  readonly route: string
}

/**
 * Sends a request once, redirects included, under a permit that lasts until the body has settled.
 * @throws the caller's reason on abort; Fault `throttled` from the limiter
 */
export async function attempt(
  sending: Outgoing,
  needs: readonly QuotaNeed[],
  watch: Watch,
  options: AttemptOptions,
): Promise<Response | NetworkFailure> {
  const { limiter, log, clock, route } = options
  const name = `${sending.method} ${route}`
  let permit: Permit | undefined
  const settled = (): void => {
    watch.end()
    permit?.release().catch((cause: unknown) => log.warn('a quota permit could not be given back', { cause: String(cause) }))
  }
  try {
    watch.signal.throwIfAborted()
    permit = needs.length === 0 ? undefined : await limiter?.acquire(needs, { ...options.acquire, signal: watch.signal })
  } catch (cause) {
    settled()
    throw cause
  }
  const sentMs = clock.monotonicMs()
  const report = (status: number | string): void =>
    log.debug('request', { method: sending.method, route, status, ms: Math.round(clock.monotonicMs() - sentMs) })
  try {
    const response = await follow(sending, watch, options.transport, name)
    report(response.status)
    await permit?.answered()
    return await handOver(response, { watch, what: `The answer to ${name}`, progress: renewing(permit), settled })
  } catch (cause) {
    settled()
    if (watch.signal.aborted && watch.silence === undefined) throw watch.signal.reason
    const failure = networkFailure(watch.silence ?? cause, `${name} got no answer`)
    report(failure.fault.code)
    return failure
  }
}

async function follow(sending: Outgoing, watch: Watch, transport: typeof fetch, name: string): Promise<Response> {
  let hop = sending
  for (let hops = 0; ; hops += 1) {
    watch.expect(bodyBytes(hop) / UPLOAD_BYTES_PER_MS)
    const { method, headers, body, url } = hop
    const streaming = body !== undefined && !hop.replayable
    const response = await transport(url, {
      method,
      headers,
      redirect: 'manual',
      signal: watch.signal,
      ...(body !== undefined && { body: streaming ? spoken(body, watch) : body }),
      ...(streaming && { duplex: 'half' }),
    })
    watch.rest()
    if (sending.redirect === 'manual') return named(response, url)
    const next = redirected(hop, response)
    if (next === undefined) return named(response, url)
    await response.body?.cancel()
    if (sending.redirect === 'error' || hops >= MAX_REDIRECTS)
      throw new Fault({
        code: 'rejected',
        what: `${name} was redirected${hops > 0 ? ` more than ${MAX_REDIRECTS} times` : ''}`,
        remedy: 'Check the address in the configuration: it should be the final one',
      })
    hop = next
  }
}

interface HandOver {
  readonly watch: Watch
  readonly what: string
  readonly progress: () => void
  readonly settled: () => void
}

/** Wraps the response so that its end is noticed. Small JSON is read at once: it frees its permit early and can be retried. */
async function handOver(response: Response, options: HandOver): Promise<Response> {
  const { status, statusText, headers, url } = response
  if (response.body === null || BODILESS.has(status)) {
    options.settled()
    return response
  }
  const body = watchedBody(response, response.body, options)
  const json = /^application\/([a-z.+-]*\+)?json\b/i.test(headers.get('content-type') ?? '')
  const given = json ? await readAhead(body, READ_AHEAD_BYTES) : body
  return Object.defineProperty(new Response(given as ConstructorParameters<typeof Response>[0], { status, statusText, headers }), 'url', {
    value: url,
  })
}

/** An upload that streams speaks whenever a chunk of it is taken. */
function spoken(body: NonNullable<RequestInit['body']>, watch: Watch): ReadableStream<Uint8Array> {
  const source =
    body instanceof ReadableStream ? (body as ReadableStream<Uint8Array>) : ReadableStream.from(body as AsyncIterable<Uint8Array>)
  return source.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        watch.expect()
        controller.enqueue(chunk)
      },
    }),
  )
}

function renewing(permit: Permit | undefined): () => void {
  let lastMs = performance.now()
  return () => {
    if (permit === undefined || performance.now() - lastMs < RENEW_EVERY_MS) return
    lastMs = performance.now()
    // A lease that could not be renewed only lets others in early; the download itself is fine.
    permit.renew().catch(() => undefined)
  }
}

const named = (response: Response, url: URL): Response =>
  response.url === '' ? Object.defineProperty(response, 'url', { value: url.href }) : response
