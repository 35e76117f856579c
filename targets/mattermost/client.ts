import type { ZodType } from 'zod'
import { z } from 'zod'
import type { Ports } from '../../src/contract/ports.ts'
import type { Secret } from '../../src/config/secret.ts'
import { Fault, type FaultCode, type Retry } from '../../src/fault.ts'
import { ServerError } from './wire.ts'

type Query = Readonly<Record<string, string | number | boolean>>
interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly query?: Query
  readonly json?: unknown
  readonly bytes?: Uint8Array<ArrayBuffer>
}
/** Tries in all, for requests that may be repeated. */
const ATTEMPTS = 5
export const PAGE = 200

/** The server's REST API, version 4: one method per kind of request, answers parsed at the border. Holds the token, shows it to nobody. */
export class MattermostClient {
  readonly #base: string
  readonly #token: Secret
  readonly #ports: Ports
  constructor(url: string, token: Secret, ports: Ports) {
    this.#base = `${url.replace(/\/+$/, '')}/api/v4`
    this.#token = token
    this.#ports = ports
  }

  /** @throws Fault as `request` says */
  async get<T>(schema: ZodType<T>, path: string, query: Query, signal: AbortSignal): Promise<T> {
    return this.#parsed(schema, { method: 'GET', path, query }, signal)
  }
  /** Undefined when the server says 404. */
  async find<T>(schema: ZodType<T>, path: string, query: Query, signal: AbortSignal): Promise<T | undefined> {
    try {
      return await this.get(schema, path, query, signal)
    } catch (error) {
      if (error instanceof Fault && error.code === 'gone') return undefined
      throw error
    }
  }
  async post<T>(schema: ZodType<T>, path: string, json: unknown, signal: AbortSignal): Promise<T> {
    return this.#parsed(schema, { method: 'POST', path, json }, signal)
  }
  async put<T>(schema: ZodType<T>, path: string, json: unknown, signal: AbortSignal): Promise<T> {
    return this.#parsed(schema, { method: 'PUT', path, json }, signal)
  }
  async delete(path: string, query: Query, signal: AbortSignal): Promise<void> {
    await this.#parsed(z.unknown(), { method: 'DELETE', path, query }, signal)
  }
  /** The server takes some things out of a list by a DELETE with a body. */
  async remove(path: string, json: unknown, signal: AbortSignal): Promise<void> {
    await this.#parsed(z.unknown(), { method: 'DELETE', path, json }, signal)
  }
  /** Pages of a list, until one is not full. */
  async *pages<T>(schema: ZodType<readonly T[]>, path: string, query: Query, signal: AbortSignal): AsyncGenerator<T> {
    for (let page = 0; ; page++) {
      const list = await this.get(schema, path, { ...query, page, per_page: PAGE }, signal)
      yield* list
      if (list.length < PAGE) return
    }
  }
  /** Sends the next bytes of an upload. The answer tells nothing that is needed. */
  async send(path: string, bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
    const response = await this.#fetch({ method: 'POST', path, bytes }, signal)
    await response.arrayBuffer()
  }
  async stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const request: Request = { method: 'GET', path }
    const response = await this.#repeat(request, () => this.#fetch(request, signal), signal)
    if (response.body === null)
      throw new Fault({ code: 'unavailable', what: `Mattermost gave no bytes for ${path}`, retry: { type: 'backoff' } })
    return response.body
  }

  async #parsed<T>(schema: ZodType<T>, request: Request, signal: AbortSignal): Promise<T> {
    return this.#repeat(request, async () => this.#read(schema, request, await this.#fetch(request, signal)), signal)
  }
  async #read<T>(schema: ZodType<T>, request: Request, response: Response): Promise<T> {
    const text = await response.text()
    let json: unknown
    try {
      json = text === '' ? {} : JSON.parse(text)
    } catch (cause) {
      throw new Fault({
        code: 'unavailable',
        what: `Mattermost answered ${request.method} ${request.path} with something that is not JSON`,
        why: 'a proxy or login page may stand in between',
        remedy: 'Check `url` and `apiUrl`',
        retry: { type: 'backoff' },
        cause,
      })
    }
    const parsed = schema.safeParse(json)
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new Fault({
      code: 'unavailable',
      what: `Mattermost answered ${request.method} ${request.path} in an unknown form`,
      why: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    })
  }

  /** Repeats what may be repeated: everything but POST, and POST only when the server said that it did not look at it. */
  async #repeat<T>(request: Request, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof Fault) || attempt >= ATTEMPTS || error.retry.type === 'never') throw error
        if (request.method === 'POST' && error.code !== 'throttled') throw error
        await this.#ports.clock.sleep(error.retry.type === 'after' ? error.retry.ms : 250 * 2 ** attempt, signal)
      }
    }
  }

  async #fetch({ method, path, query, json, bytes }: Request, signal: AbortSignal): Promise<Response> {
    const url = new URL(`${this.#base}${path}`)
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, String(value))
    const headers: Record<string, string> = { authorization: `Bearer ${await this.#token.expose(signal)}`, accept: 'application/json' }
    if (json !== undefined) headers['content-type'] = 'application/json'
    if (bytes !== undefined) headers['content-type'] = 'application/octet-stream'
    const body = bytes ?? (json === undefined ? undefined : JSON.stringify(json))
    let response: Response
    try {
      response = await this.#ports.fetch(url, { method, headers, signal, redirect: 'error', ...(body === undefined ? {} : { body }) })
    } catch (cause) {
      signal.throwIfAborted()
      if (cause instanceof Fault) throw cause
      throw new Fault({
        code: 'unavailable',
        what: `Mattermost did not answer ${method} ${path}`,
        why: reasonOf(cause),
        remedy: 'Check that the server is up and can be reached, then run again',
        retry: { type: 'backoff' },
        cause,
      })
    }
    if (response.ok) return response
    throw await faultOf(response, method, path)
  }
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  return inner instanceof Error
    ? (('code' in inner && typeof inner.code === 'string' ? inner.code : undefined) ?? inner.message)
    : 'unknown error'
}

const KINDS: Readonly<Record<number, { readonly code: FaultCode; readonly remedy: string }>> = {
  401: { code: 'auth', remedy: 'Make a new personal access token of a system administrator and put it where `token` points' },
  403: { code: 'permission', remedy: 'The token must be that of a system administrator' },
  404: { code: 'gone', remedy: 'It may have been removed on the server; run again' },
  429: { code: 'throttled', remedy: 'Wait, or raise RateLimitSettings for the import' },
}

async function faultOf(response: Response, method: string, path: string): Promise<Fault> {
  const text = await response.text().catch(() => '')
  const said = ServerError.safeParse(parseOr(text))
  const why =
    said.success && said.data.message !== ''
      ? `${response.status} ${said.data.message}${said.data.detailed_error === '' ? '' : ` (${said.data.detailed_error})`}`
      : `status ${response.status}`
  const kind = KINDS[response.status]
  const after = Number(response.headers.get('retry-after') ?? response.headers.get('x-ratelimit-reset') ?? 'NaN')
  const retry: Retry =
    response.status === 429
      ? { type: 'after', ms: Number.isFinite(after) ? Math.min(after, 300) * 1000 : 2000 }
      : response.status >= 500 && response.status !== 501
        ? { type: 'backoff' }
        : { type: 'never' }
  return new Fault({
    code: kind?.code ?? (response.status >= 500 && response.status !== 501 ? 'unavailable' : 'rejected'),
    what: `Mattermost refused ${method} ${path}`,
    why,
    remedy: kind?.remedy ?? 'Look into the log of the server, then run again',
    retry,
  })
}

function parseOr(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
