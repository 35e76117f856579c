import type { Ports } from '../contract/ports.ts'
import type { Secret } from '../config/secret.ts'
import { Fault } from '../fault.ts'
import { networkFailure } from '../http/fault-from-status.ts'
import { retryAfterMs } from '../http/throttle.ts'
import { type Found, readMultistatus } from './multistatus.ts'
import { Refusal, reasonIn } from './refusal.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Where it came from, after redirects. */
  readonly path: string
  readonly text: string
}
export interface DavRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const MAX_REDIRECTS = 5
/** Beyond this an answer is not read: listings are asked for in parts. */
const MAX_ANSWER_BYTES = 128 * 1024 * 1024

/** One login on one WebDAV server. Paths are absolute on the origin of the server; credentials never leave that origin. */
export class DavClient {
  readonly origin: string
  readonly #login: string
  readonly #password: Secret
  readonly #ports: Pick<Ports, 'fetch' | 'clock'>
  #authorization: string | undefined

  constructor(url: string, credentials: { readonly login: string; readonly password: Secret }, ports: Pick<Ports, 'fetch' | 'clock'>) {
    this.origin = new URL(url).origin
    this.#login = credentials.login
    this.#password = credentials.password
    this.#ports = ports
  }

  /**
   * Sends one request and reads its answer whole.
   * @throws Refusal (a Fault) for 400 and more; Fault `unavailable` without an answer, `rejected` for a redirect to another origin
   */
  async request(request: DavRequest, signal: AbortSignal): Promise<Answer> {
    let at = new URL(request.path, this.origin)
    for (let hops = 0; ; hops++) {
      const response = await this.#send(request, at, signal)
      const location = response.headers.get('location')
      const path = at.pathname
      if (response.status >= 300 && response.status < 400 && response.status !== 304 && location !== null) {
        await response.body?.cancel()
        const next = new URL(location, at)
        if (next.origin !== this.origin || hops >= MAX_REDIRECTS) throw elsewhere(request, next, hops)
        at = next
        continue
      }
      const text = await bodyOf(response, request)
      if (response.status < 400) return { status: response.status, headers: response.headers, path, text }
      // The password may have been changed since it was read.
      if (response.status === 401) this.#authorization = undefined
      const after = retryAfterMs(response.headers, this.#ports.clock.now().getTime())
      throw new Refusal(`${request.method} ${shown(request.path)}`, response.status, reasonIn(text), after)
    }
  }

  /** A request that is answered with a multistatus. */
  async found(
    request: DavRequest,
    signal: AbortSignal,
  ): Promise<{ readonly found: readonly Found[]; readonly syncToken: string | undefined; readonly answer: Answer }> {
    const answer = await this.request(request, signal)
    try {
      return { ...readMultistatus(answer.text), answer }
    } catch (cause) {
      throw new Fault({
        code: 'unavailable',
        what: `The server answered ${request.method} ${shown(request.path)} in an unknown form`,
        why: cause instanceof Error ? cause.message : undefined,
        remedy: 'Check `url`: a proxy, a login page or another service may answer there',
        cause,
      })
    }
  }
  propfind(path: string, depth: 0 | 1, body: string, signal: AbortSignal) {
    return this.found({ method: 'PROPFIND', path, headers: { depth: String(depth) }, body }, signal)
  }
  report(path: string, body: string, signal: AbortSignal) {
    return this.found({ method: 'REPORT', path, headers: { depth: '1' }, body }, signal)
  }

  async #send({ method, headers, body, path }: DavRequest, url: URL, signal: AbortSignal): Promise<Response> {
    this.#authorization ??= `Basic ${Buffer.from(`${this.#login}:${await this.#password.expose(signal)}`).toString('base64')}`
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/xml; charset=utf-8' }
    try {
      return await this.#ports.fetch(url, {
        method,
        headers: { authorization: this.#authorization, ...type, ...headers },
        redirect: 'manual',
        signal,
        ...(body === undefined ? {} : { body }),
      })
    } catch (cause) {
      signal.throwIfAborted()
      throw networkFailure(cause, `The server did not answer ${method} ${shown(path)}`).fault
    }
  }
}

/** A path in an error: enough to tell what was asked, without the names of things below the home. */
const shown = (path: string): string => {
  const parts = path.split('/')
  return parts.length > 7 ? `${parts.slice(0, 6).join('/')}/…` : path
}

async function bodyOf(response: Response, { method, path }: DavRequest): Promise<string> {
  if (response.body === null) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop early cancels the rest.
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    if (bytes > MAX_ANSWER_BYTES)
      throw new Fault({
        code: 'rejected',
        what: `The answer to ${method} ${shown(path)} is larger than ${MAX_ANSWER_BYTES} bytes`,
        remedy: 'Something that large is no calendar; check `url`',
      })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const elsewhere = ({ method, path }: DavRequest, next: URL, hops: number): Fault =>
  new Fault({
    code: 'rejected',
    what: `${method} ${shown(path)} was redirected ${hops >= MAX_REDIRECTS ? 'too often' : `to ${next.origin}`}`,
    why: 'credentials are sent to the configured server only',
    remedy: `Set \`url\` to the final address${next.protocol === 'https:' ? `, for example ${next.origin}${next.pathname}` : ''}`,
  })
