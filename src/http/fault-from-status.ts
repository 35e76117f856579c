import { Fault, type FaultCode, type Retry } from '../fault.ts'
import { redactText } from './redact.ts'
import { retryAfterMs } from './throttle.ts'

/** What a fault should say besides the status. `what` and `remedy` are sentences without a full stop, free of secrets. */
export interface About {
  /** What was attempted: `Slack refused conversations.history of source "acme"`. */
  readonly what: string
  readonly remedy?: string | undefined
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

const REMEDY: Partial<Record<FaultCode, string>> = {
  auth: 'Check the token: it may have expired or been revoked; then run fallreep doctor',
  permission: 'Give the token the missing scope or role, then run fallreep doctor',
  throttled: 'Run again later; what was done is kept',
  unavailable: 'Run again later; what was done is kept',
  conflict: 'Run again: the state is read anew',
}

/** The Fault that an HTTP status stands for, for those who do not hand the response to an SDK. Statuses below 400 are an answer nobody expected. */
export function faultFromStatus(status: number, about: About): Fault {
  const code = codeOf(status)
  const retry: Retry =
    code !== 'throttled' && code !== 'unavailable'
      ? { type: 'never' }
      : about.retryAfterMs === undefined
        ? { type: 'backoff' }
        : { type: 'after', ms: about.retryAfterMs }
  return new Fault({
    code,
    what: about.what,
    why: `the answer was HTTP ${status}`,
    remedy: about.remedy ?? REMEDY[code],
    retry,
    cause: about.cause,
  })
}

/** The same, with Retry-After read from the response. The body is not touched. */
export function faultFromResponse(response: Response, about: About, nowMs: number): Fault {
  return faultFromStatus(response.status, { ...about, retryAfterMs: about.retryAfterMs ?? retryAfterMs(response.headers, nowMs) })
}

function codeOf(status: number): FaultCode {
  if (status === 401) return 'auth'
  if (status === 403) return 'permission'
  if (status === 404 || status === 410) return 'gone'
  if (status === 409 || status === 412 || status === 423) return 'conflict'
  if (status === 429) return 'throttled'
  if (status === 408 || status === 425 || status >= 500) return 'unavailable'
  return 'rejected'
}

/** Error codes of the operating system, the resolver and undici that mean: not one byte of the request was sent. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

/** What is known of a request that got no answer. */
export interface NetworkFailure {
  readonly fault: Fault
  /** The request cannot have had any effect. */
  readonly neverSent: boolean
}

/** Turns what `fetch` or a body throws into a Fault `unavailable`. Certificate errors are not worth a second try. */
export function networkFailure(cause: unknown, what: string): NetworkFailure {
  if (cause instanceof Fault) return { fault: cause, neverSent: false }
  const code = systemCode(cause)
  const certificate = code !== undefined && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/.test(code)
  const why = code ?? (cause instanceof Error ? redactText(cause.message) : 'unknown network error')
  const remedy = certificate
    ? 'Install the certificate of its authority on this machine, or name it in NODE_EXTRA_CA_CERTS'
    : code === 'ENOTFOUND'
      ? 'Check the address in the configuration and the name resolution of this machine'
      : 'Check the network and run again; what was done is kept'
  const fault = new Fault({ code: 'unavailable', what, why, remedy, retry: { type: certificate ? 'never' : 'backoff' }, cause })
  return { fault, neverSent: code !== undefined && NEVER_SENT.has(code) }
}

function systemCode(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof AggregateError && at.errors[0] instanceof Error) return systemCode(at.errors[0])
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return undefined
}
