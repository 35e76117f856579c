import { Fault } from '../fault.ts'

/** A request as it can be sent, and sent again. */
export interface Outgoing {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: NonNullable<RequestInit['body']> | undefined
  readonly redirect: 'follow' | 'error' | 'manual'
  /** The body can be sent a second time. */
  readonly replayable: boolean
}
type Input = Parameters<typeof fetch>[0]

export function outgoing(input: Input, init: RequestInit | undefined): Outgoing {
  const base = input instanceof Request ? input : undefined
  const body = init?.body ?? base?.body ?? undefined
  return {
    url: new URL(input instanceof Request ? input.url : input),
    method: (init?.method ?? base?.method ?? 'GET').toUpperCase(),
    headers: new Headers(init?.headers ?? base?.headers),
    body,
    redirect: init?.redirect ?? base?.redirect ?? 'follow',
    replayable: body === undefined || isReplayable(body),
  }
}

/** The request without its body: what definitions look at. */
export const outline = ({ url, method, headers }: Outgoing): Request => new Request(url, { method, headers })

const isReplayable = (body: NonNullable<RequestInit['body']>): boolean =>
  typeof body === 'string' ||
  body instanceof URLSearchParams ||
  body instanceof Blob ||
  body instanceof FormData ||
  body instanceof ArrayBuffer ||
  ArrayBuffer.isView(body)

/** Bytes to be uploaded, as far as they are known beforehand. */
export function bodyBytes({ body, headers }: Outgoing): number {
  if (typeof body === 'string') return body.length
  if (body instanceof Blob) return body.size
  if (body instanceof ArrayBuffer || ArrayBuffer.isView(body)) return body.byteLength
  if (body instanceof FormData)
    return [...body.values()].reduce((sum, value) => sum + (typeof value === 'string' ? value.length : value.size), 0)
  return Number(headers.get('content-length') ?? 0)
}

/** Headers that say who we are; they stay with the host they were meant for. */
const CREDENTIALS = ['authorization', 'cookie', 'proxy-authorization']

/**
 * The request that a redirect asks for, or undefined if the response is none.
 * Credentials stay behind when the host changes. 303, and 301 or 302 after POST, become GET, as browsers do.
 * @throws Fault `rejected` if the new address is not http(s), leaves https, or would need a body that is used up
 */
export function redirected(from: Outgoing, response: Response): Outgoing | undefined {
  const { status } = response
  const location = response.headers.get('location')
  if (![301, 302, 303, 307, 308].includes(status) || location === null) return undefined
  const url = new URL(location, from.url)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refused(`the redirect leads to ${url.protocol}`)
  if (from.url.protocol === 'https:' && url.protocol === 'http:') throw refused('the redirect leaves https')
  const headers = new Headers(from.headers)
  if (url.host !== from.url.host) for (const name of CREDENTIALS) headers.delete(name)
  if (status === 303 ? from.method !== 'HEAD' : from.method === 'POST' && status < 303) {
    for (const name of ['content-type', 'content-length', 'content-encoding', 'content-language']) headers.delete(name)
    return { ...from, url, headers, method: 'GET', body: undefined, replayable: true }
  }
  if (!from.replayable) throw refused('the redirect asks for the body again, and it is used up')
  return { ...from, url, headers }
}

const refused = (why: string): Fault =>
  new Fault({
    code: 'rejected',
    what: 'A redirect was not followed',
    why,
    remedy: 'Check the address in the configuration: it should be the final one',
  })
