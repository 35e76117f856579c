import type { ZodType } from 'zod'
import type { Secret } from '../../../src/config/secret.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import { Fault } from '../../../src/fault.ts'
import type { GitRemote } from '../../../src/git/git-remote.ts'
import { networkFailure } from '../../../src/http/fault-from-status.ts'
import { refusalOf } from './refusal.ts'

export type Query = Readonly<Record<string, string | number | boolean>>
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below `/api/v4`, parts encoded. */
  readonly path: string
  readonly query?: Query | undefined
  readonly json?: object | undefined
  readonly body?: NonNullable<RequestInit['body']> | undefined
  /** Bytes that stream, made anew for each sending. */
  readonly stream?: (() => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>) | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Username to act as; for administrators with the scope `sudo`. */
  readonly sudo?: string | undefined
  /** A second sending does no harm although it is a POST. */
  readonly repeatable?: boolean | undefined
}

/** Tries in all: rate limits of GitLab are counted by the minute and mostly name no time. */
const ATTEMPTS = 8
const MOST_PAUSE_MS = 30_000
export const PAGE = 100

/** The REST API of one server: answers parsed at the border, refusals as faults. Holds the token, shows it to nobody. */
export class GitlabClient {
  readonly url: string
  readonly #token: Secret
  readonly #ports: Ports
  constructor(url: string, token: Secret, ports: Ports) {
    this.url = url.replace(/\/+$/, '')
    this.#token = token
    this.#ports = ports
  }
  async get<T>(schema: ZodType<T>, path: string, query: Query, signal: AbortSignal): Promise<T> {
    return this.call(schema, { method: 'GET', path, query }, signal)
  }
  /** Undefined when the server says 404. */
  async find<T>(schema: ZodType<T>, path: string, query: Query, signal: AbortSignal): Promise<T | undefined> {
    return orGone(() => this.get(schema, path, query, signal))
  }
  /** Calls and parses. @throws Fault by the status; `unavailable` for an answer in an unknown form */
  async call<T>(schema: ZodType<T>, call: Call, signal: AbortSignal): Promise<T> {
    return parsed(schema, call, (await this.json(call, signal)).body)
  }
  /** Deletes; what is gone already is as good. */
  async remove(path: string, query: Query, signal: AbortSignal): Promise<void> {
    await orGone(() => this.json({ method: 'DELETE', path, query }, signal))
  }
  /** A list over all its pages, by the `next` of the Link header: that leads on for pages by number and by key alike. */
  async *list<T>(schema: ZodType<T>, path: string, query: Query, signal: AbortSignal): AsyncGenerator<T> {
    let call: Call = { method: 'GET', path, query: { per_page: PAGE, ...query } }
    for (;;) {
      const { body, headers } = await this.json(call, signal)
      if (!Array.isArray(body)) throw unknownForm(call, 'the answer is no list')
      for (const one of body) yield parsed(schema, call, one)
      const next = nextOf(headers)
      if (next === undefined) return
      call = { method: 'GET', path, query: next }
    }
  }
  /**
   * Lists of users and projects by key: pages by number end at 50,000 there. https://docs.gitlab.com/api/rest/#keyset-based-pagination (read 2026-11-25)
   */
  byKey<T>(schema: ZodType<T>, path: string, query: Query, signal: AbortSignal): AsyncGenerator<T> {
    return this.list(schema, path, { ...query, pagination: 'keyset', order_by: 'id', sort: 'asc' }, signal)
  }
  async json(call: Call, signal: AbortSignal): Promise<{ readonly body: unknown; readonly headers: Headers; readonly status: number }> {
    return this.#repeated(
      call,
      async () => {
        const response = await this.#send(call, signal)
        const { headers, status } = response
        const text = await response.text()
        if (text === '') return { body: undefined, headers, status }
        try {
          return { body: JSON.parse(text) as unknown, headers, status }
        } catch (cause) {
          throw new Fault({
            code: 'unavailable',
            what: `GitLab answered ${nameOf(call)} with something that is not JSON`,
            why: 'a proxy or login page may stand in between',
            remedy: 'Check `url` and `apiUrl`',
            retry: { type: 'backoff' },
            cause,
          })
        }
      },
      signal,
    )
  }
  /** A project's repository (or with `.wiki`, its wiki) over smart HTTP. `project`: full path. */
  git(project: string): GitRemote {
    return {
      url: `${this.url}/${project}.git`,
      fetch: this.#ports.fetch,
      clock: this.#ports.clock,
      authorization: async (signal) => `Basic ${Buffer.from(`fallreep:${await this.#token.expose(signal)}`, 'utf8').toString('base64')}`,
    }
  }

  /** Repeats what may be repeated: all but POST, and POST when the server said that it did not look at it. */
  async #repeated<T>(call: Call, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof Fault) || attempt >= ATTEMPTS || error.retry.type === 'never') throw error
        if (error.code !== 'throttled' && (attempt >= 3 || (call.method === 'POST' && call.repeatable !== true))) throw error
        const pause = error.retry.type === 'after' ? error.retry.ms : Math.min(MOST_PAUSE_MS, 500 * 2 ** attempt)
        await this.#ports.clock.sleep(pause, signal)
      }
    }
  }
  async #send(call: Call, signal: AbortSignal): Promise<Response> {
    const { method, path, query, json, body, stream, sudo } = call
    const url = new URL(`${this.url}/api/v4/${path}`)
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, String(value))
    const headers: Record<string, string> = {
      accept: 'application/json',
      ...call.headers,
      'private-token': await this.#token.expose(signal),
      ...(sudo === undefined ? {} : { sudo }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const sent = json === undefined ? ((await stream?.()) ?? body) : JSON.stringify(json)
    const streaming = stream === undefined ? {} : { duplex: 'half' as const }
    let response: Response
    try {
      response = await this.#ports.fetch(url, {
        method,
        headers,
        signal,
        redirect: 'error',
        ...(sent === undefined ? {} : { body: sent }),
        ...streaming,
      })
    } catch (cause) {
      signal.throwIfAborted()
      throw networkFailure(cause, `GitLab did not answer ${nameOf(call)}`).fault
    }
    if (response.ok) return response
    throw await refusalOf(response, nameOf(call), this.#ports.clock)
  }
}

/** Undefined for what is not there. */
export async function orGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Fault && error.code === 'gone') return undefined
    throw error
  }
}
/** A name or full path as one part of an address. */
export const part = (name: string | number): string => encodeURIComponent(String(name))
export const projectPath = (project: string | number, rest = ''): string => `projects/${part(project)}${rest}`

export function parsed<T>(schema: ZodType<T>, call: Call, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw unknownForm(call, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`)
}
const unknownForm = (call: Call, why: string): Fault =>
  new Fault({
    code: 'unavailable',
    what: `GitLab answered ${nameOf(call)} in an unknown form`,
    why,
    remedy: 'Check the version of the server with fallreep doctor',
  })
const nameOf = ({ method, path }: Call): string => `${method} ${decodeURIComponent(path)}`

/** The query of the page that follows. Only the query is taken: behind a proxy the host of it may be another. */
function nextOf(headers: Headers): Query | undefined {
  const link = /<([^>]*)>;\s*rel="next"/.exec(headers.get('link') ?? '')?.[1]
  const url = link === undefined ? null : URL.parse(link)
  return url === null ? undefined : Object.fromEntries(url.searchParams)
}
