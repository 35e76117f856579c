import { Client, GraphClientError, type Context, type Middleware, ResponseType } from '@microsoft/microsoft-graph-client'
import type { Ports } from '../../src/contract/ports.ts'
import { Fault, faultIn } from '../../src/fault.ts'
import { retryAfterMs } from '../../src/http/throttle.ts'
import { claimsOf, tokensOf } from './auth.ts'
import { askInBatches } from './batch.ts'
import { apiUrlOf, type M365Config } from './config.ts'
import type { Graph, Headers as GraphHeaders, Page, Query } from './graph.ts'
import { faultOfRefusal } from './graph-fault.ts'
import { ErrorWire, PageWire } from './wire.ts'

/** Microsoft asks clients to say who they are: undecorated traffic is throttled first. */
const userAgent = 'NONISV|fallreep|fallreep/0.1'
const immutableIds = 'IdType="ImmutableId"'

/** A Fault on its way out through the SDK, which lets only errors of its own class through unchanged. */
class Carrier extends GraphClientError {
  constructor(fault: unknown) {
    super('carried')
    this.cause = fault
  }
}

/** Reads Microsoft Graph through its own SDK, whose authentication, retries and redirects are all switched off. The only file that knows it. */
export function graphClient(source: string, config: M365Config, ports: Ports): Graph {
  const apiUrl = apiUrlOf(config)
  const tokens = tokensOf(config, ports)
  let skew: number | undefined

  const send = async (url: string, init: RequestInit, signal: AbortSignal): Promise<Response> => {
    for (let tries = 0; ; tries += 1) {
      const token = await tokens.token(signal)
      const headers = new Headers(init.headers)
      headers.set('authorization', `Bearer ${token}`)
      headers.set('user-agent', userAgent)
      headers.set('prefer', [immutableIds, headers.get('prefer')].filter((part) => part !== null).join(', '))
      // Redirects are followed by the one fetch, which leaves the token behind where the host changes.
      const response = await ports.fetch(url, { ...init, headers, signal })
      const date = Date.parse(response.headers.get('date') ?? '')
      if (!Number.isNaN(date)) skew = date - ports.clock.now().getTime()
      if (response.ok) return response
      const fault = await refusalOf(url, init.method ?? 'GET', response, ports)
      if (fault.code !== 'auth' || tries > 0) throw fault
      tokens.refused(token)
      // A token that was given is renewed by whoever gives it, or it is not.
      if ('token' in config.credential && (await tokens.token(signal)) === token) throw fault
    }
  }

  const middleware: Middleware = {
    async execute(context: Context): Promise<void> {
      const { signal, ...init } = (context.options ?? {}) as RequestInit
      if (!signal) throw new TypeError('a request without a signal')
      try {
        context.response = await send(String(context.request), init, signal)
      } catch (error) {
        throw new Carrier(error)
      }
    },
  }
  const client = Client.initWithMiddleware({ baseUrl: apiUrl, defaultVersion: '', middleware })

  const call = async (path: string, query: Query, headers: GraphHeaders, signal: AbortSignal, body?: unknown): Promise<Response> => {
    signal.throwIfAborted()
    const request = client
      .api(localOf(path, apiUrl))
      .version('')
      .responseType(ResponseType.RAW)
      .option('signal', signal)
      .query(Object.fromEntries(Object.entries(query).map(([name, value]) => [name, encodeURIComponent(String(value))])))
    if (headers.prefer !== undefined) request.header('prefer', headers.prefer.join(', '))
    if (headers.consistencyLevel !== undefined) request.header('consistencylevel', headers.consistencyLevel)
    try {
      return (await (body === undefined ? request.get() : request.post(body))) as Response
    } catch (error) {
      signal.throwIfAborted()
      throw faultIn(error) ?? (error instanceof Carrier ? error.cause : error)
    }
  }
  const json = async (path: string, query: Query, headers: GraphHeaders, signal: AbortSignal, body?: unknown): Promise<unknown> => {
    const response = await call(path, query, headers, signal, body)
    try {
      return await response.json()
    } catch (cause) {
      signal.throwIfAborted()
      throw faultIn(cause) ?? notJson(shown(path), cause)
    }
  }

  return {
    source,
    ports,
    config,
    get: json,
    async *pages(path, query, headers, signal) {
      const seen = new Set([path])
      let at: string | undefined = path
      let asked = query
      while (at !== undefined) {
        const page: Page = pageOf(path, await json(at, asked, headers, signal))
        yield page
        at = page.nextLink
        asked = {}
        if (at !== undefined && seen.has(at)) throw goesRound(shown(path))
        if (at !== undefined) seen.add(at)
      }
    },
    batch: (paths, signal) =>
      askInBatches(
        paths,
        (requests) => json('/$batch', {}, {}, signal, { requests }),
        (path) => json(path, {}, {}, signal),
        immutableIds,
      ),
    async stream(path, signal) {
      const response = await call(path, {}, {}, signal)
      return response.body ?? new Blob([]).stream()
    },
    claims: async (signal) => claimsOf(await tokens.token(signal)),
    skewMs: () => skew,
    provenance: (nativeId, endpoint) => ({ source, nativeId, fetchedAt: ports.clock.now().toISOString(), endpoint }),
  }
}

/** A link of an earlier answer, as a path below the API's address. @throws Fault `rejected` if it leads elsewhere: the token stays here. */
function localOf(path: string, apiUrl: string): string {
  if (path.startsWith('/')) return path
  if (path.startsWith(apiUrl)) return path.slice(apiUrl.length - 1)
  throw new Fault({
    code: 'rejected',
    what: 'Microsoft Graph gave a link that leads away from its own address',
    why: URL.canParse(path) ? new URL(path).host : 'it is no address',
    remedy: 'Check apiUrl and any proxy in between',
  })
}

function pageOf(path: string, answer: unknown): Page {
  const parsed = PageWire.safeParse(answer)
  if (!parsed.success) throw notJson(shown(path), parsed.error)
  const { value, '@odata.nextLink': nextLink, '@odata.deltaLink': deltaLink } = parsed.data
  return { value, nextLink, deltaLink }
}

async function refusalOf(url: string, method: string, response: Response, { clock }: Ports): Promise<Fault> {
  const answer: unknown = await response.json().catch(() => undefined)
  const parsed = ErrorWire.safeParse(answer)
  const { pathname } = new URL(url)
  return faultOfRefusal({
    what: `${method} ${shown(pathname.replace(/^\/(v1\.0|beta)\//, '/'))}`,
    status: response.status,
    error: parsed.success ? parsed.data.error.code : '',
    retryAfterMs: retryAfterMs(response.headers, clock.now().getTime()),
  })
}

/** A path without ids, for errors: words of the API only. */
export const shown = (path: string): string =>
  (URL.canParse(path) ? new URL(path).pathname : path)
    .replace(/[?].*$/, '')
    .split('/')
    .map((part) => (/^(?:[a-z][A-Za-z]{1,30}|\$[a-z]+|v1\.0|)$/.test(part) ? part : '…'))
    .join('/')

const notJson = (what: string, cause: unknown): Fault =>
  new Fault({
    code: 'unavailable',
    what: `The answer to ${what} is not what Microsoft Graph answers`,
    why: 'it was cut short or changed on its way, or something else answered',
    remedy: 'Check apiUrl and any proxy in between, then run again',
    retry: { type: 'backoff' },
    cause,
  })

const goesRound = (what: string): Fault =>
  new Fault({
    code: 'unavailable',
    what: `The pages of ${what} go round in a circle`,
    why: 'Microsoft Graph gave a link to the next page a second time',
    remedy: 'Run again later; what was done is kept',
    retry: { type: 'backoff' },
  })
