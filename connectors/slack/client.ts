import {
  LogLevel,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
  type FetchFunction,
  type Logger,
} from '@slack/web-api'
import type { Secret } from '../../src/config/secret.ts'
import type { Ports } from '../../src/contract/ports.ts'
import { Fault, faultIn } from '../../src/fault.ts'
import { faultOfError, faultOfStatus, retryAfterOf, SlackFault } from './slack-fault.ts'
import { text, type Wire, wire } from './wire.ts'

/** Reads Slack's Web API through its own SDK. The only file that knows the SDK. */
export interface SlackClient {
  /** @throws Fault (often a SlackFault, which names Slack's error word) */
  call(method: string, args: Wire, signal: AbortSignal): Promise<Wire>
  /** The token for downloads. @throws Fault `config` */
  token(signal: AbortSignal): Promise<string>
}

/** The SDK logs texts and addresses; requests are logged where they leave. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
}

const tokenErrors = new Set(['invalid_auth', 'token_revoked', 'token_expired', 'not_authed', 'account_inactive'])

export function slackClient(apiUrl: string, secret: Secret, ports: Ports): SlackClient {
  const clients = new WeakMap<AbortSignal, WebClient>()
  let known: string | undefined

  const token = async (signal: AbortSignal): Promise<string> => (known ??= await secret.expose(signal))

  // The SDK takes no signal, so there is a client for each; the token is set here, so that a rotated one counts at once.
  const clientOf = (signal: AbortSignal): WebClient => {
    const fetch: FetchFunction = async (url, init) => {
      const headers = { ...init?.headers, authorization: `Bearer ${await token(signal)}` }
      const body = init?.body
      const response = await ports.fetch(url, {
        method: 'POST',
        headers,
        redirect: 'error',
        signal,
        ...(typeof body === 'string' ? { body } : {}),
      })
      if (response.status !== 429) return response
      await response.body?.cancel()
      throw (
        faultOfStatus(`Slack asks to slow down (${new URL(url).pathname.split('/').at(-1) ?? ''})`, 429, retryAfterOf(response.headers)) ??
        response
      )
    }
    const options = {
      slackApiUrl: apiUrl,
      fetch,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: silent,
      allowAbsoluteUrls: false,
    }
    const client = clients.get(signal) ?? new WebClient(undefined, options)
    clients.set(signal, client)
    return client
  }

  const attempt = async (method: string, args: Wire, signal: AbortSignal): Promise<Wire> => {
    try {
      signal.throwIfAborted()
      const answer: unknown = await clientOf(signal).apiCall(method, { ...args })
      return wire(answer) ?? {}
    } catch (cause) {
      signal.throwIfAborted()
      throw faultOf(method, cause)
    }
  }

  return {
    token,
    async call(method, args, signal) {
      try {
        return await attempt(method, args, signal)
      } catch (error) {
        // The token may have been rotated since it was read.
        if (!(error instanceof SlackFault) || !tokenErrors.has(error.error)) throw error
        const fresh = await secret.expose(signal)
        if (fresh === known) throw error
        known = fresh
        return attempt(method, args, signal)
      }
    },
  }
}

function faultOf(method: string, cause: unknown): Fault {
  const inner = cause instanceof WebAPIRequestError ? cause.original : cause
  const known = faultIn(inner)
  if (known !== undefined) return known
  if (cause instanceof WebAPIPlatformError) {
    const { error, response_metadata: meta } = cause.data
    return faultOfError(method, typeof error === 'string' ? error : 'unknown_error', text(wire(cause.data)?.['needed']), meta?.retryAfter)
  }
  if (cause instanceof WebAPIRateLimitedError) return faultOfError(method, 'ratelimited', undefined, cause.retryAfter)
  if (cause instanceof WebAPIHTTPError)
    return faultOfStatus(`Slack refused ${method}`, cause.statusCode, undefined) ?? new Fault({ code: 'unavailable', what: method })
  return new Fault({
    code: 'unavailable',
    what: `Slack could not be asked (${method})`,
    why: inner instanceof Error ? (reasonOf(inner) ?? inner.name) : 'the connection failed',
    remedy: 'Check the network and run again',
    retry: { type: 'backoff' },
    cause: inner,
  })
}

/** `ECONNRESET` and its like, which fetch hides one level down. */
function reasonOf(error: Error): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) if ('code' in at && typeof at.code === 'string') return at.code
  return undefined
}
