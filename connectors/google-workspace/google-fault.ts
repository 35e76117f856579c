import { z } from 'zod'
import { Fault, type FaultCode, type Retry } from '../../src/fault.ts'

/** A refusal of Google's as it came: thrown inside the SDK, turned into a Fault outside of it, where it is known what was asked. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  /** Google's own word: `rateLimitExceeded`, `notFound`, for tokens `invalid_grant`. Empty: it gave none. */
  readonly reason: string
  readonly retryAfterMs: number | undefined
  constructor(status: number, reason: string, message: string, retryAfterMs: number | undefined) {
    super(message)
    this.status = status
    this.reason = reason
    this.retryAfterMs = retryAfterMs
  }
}

/** What Google refused, as a Fault. `reason` is Google's word, for the few places that act on one. */
export class GoogleFault extends Fault {
  readonly reason: string
  readonly status: number
  constructor(refusal: Refusal, init: ConstructorParameters<typeof Fault>[0]) {
    super(init)
    this.reason = refusal.reason
    this.status = refusal.status
  }
}

const Answer = z.object({
  error: z.union([
    z.string(),
    z.object({
      message: z.string().optional(),
      status: z.string().optional(),
      errors: z.array(z.object({ reason: z.string().optional() })).optional(),
      details: z.array(z.object({ reason: z.string().optional() })).optional(),
    }),
  ]),
  error_description: z.string().optional(),
})

/** Reads the body of a refusal: Google's JSON of three generations, or a page that something in between has written. */
export function refusalOf(status: number, body: string, retryAfterMs: number | undefined): Refusal {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return new Refusal(status, '', `HTTP ${status}`, retryAfterMs)
  }
  const parsed = Answer.safeParse(json)
  if (!parsed.success) return new Refusal(status, '', `HTTP ${status}`, retryAfterMs)
  const { error, error_description: description } = parsed.data
  if (typeof error === 'string') return new Refusal(status, error, description ?? error, retryAfterMs)
  const detail = error.details?.find(({ reason }) => reason !== undefined)?.reason
  const reason = error.errors?.find(({ reason }) => reason !== undefined)?.reason ?? detail ?? error.status ?? ''
  return new Refusal(status, detail === 'SERVICE_DISABLED' ? 'accessNotConfigured' : reason, error.message ?? reason, retryAfterMs)
}

/** Words for "too fast": the same request may be sent again in a moment, whatever its method. */
const tooFast = new Set(['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded', 'RATE_LIMIT_EXCEEDED', 'RESOURCE_EXHAUSTED'])
export const isTooFast = ({ status, reason }: Refusal): boolean => status === 403 && tooFast.has(reason)

/** Whose fault it is: `source` is true for everybody and may stop all; `person` is one person's and never does. */
export type Whose = 'source' | 'person'

/** `nowMs`: for the pause until a spent day is over. `what` is a sentence without a full stop and free of message texts. */
export function faultOf(refusal: Refusal, what: string, whose: Whose, nowMs: number): GoogleFault {
  const code = codeOf(refusal, whose)
  return new GoogleFault(refusal, {
    code,
    what,
    why: refusal.message === '' ? `the answer was HTTP ${refusal.status}` : refusal.message.slice(0, 300),
    remedy: remedyOf(code, refusal),
    retry: retryOf(code, refusal, nowMs),
    cause: refusal,
  })
}

function codeOf({ status, reason, message }: Refusal, whose: Whose): FaultCode {
  if (reason === 'dailyLimitExceeded' || reason === 'dailyLimitExceededUnreg') return 'unavailable'
  if (reason === 'accessNotConfigured') return 'config'
  if (status === 429 || tooFast.has(reason)) return 'throttled'
  if (reason === 'unauthorized_client' || reason === 'access_denied' || reason === 'invalid_scope') return 'permission'
  // A person who may not be impersonated, as opposed to a key or a token that is no good at all.
  if (reason === 'invalid_grant')
    return whose === 'person' && /user id|not a valid email|disabled|suspended/i.test(message) ? 'permission' : 'auth'
  if (reason === 'invalid_client') return 'auth'
  if (status === 401) return whose === 'source' ? 'auth' : 'permission'
  if (status === 403 || /mail service not enabled/i.test(message)) return 'permission'
  if (status === 404 || status === 410) return 'gone'
  if (status === 409 || status === 412) return 'conflict'
  if (status === 408 || status >= 500 || reason === 'backendError') return 'unavailable'
  return 'rejected'
}

function remedyOf(code: FaultCode, { reason, message }: Refusal): string {
  if (code === 'config') return 'Enable this API for your project in the Google Cloud console, wait five minutes and run again'
  if (reason === 'unauthorized_client' || /insufficient.*scope/i.test(message))
    return "Allow the scopes in the Admin console under Security > API controls > Domain-wide delegation; the connector's README lists them"
  if (/mail service not enabled/i.test(message)) return 'Nothing to do if this person has no Gmail; otherwise give them a licence'
  if (code === 'auth') return 'Check key, token and the clock of this machine, then run fallreep doctor'
  if (code === 'permission') return "Check that this person is active and the connector's scopes are allowed, then run fallreep doctor"
  return code === 'gone' ? 'Nothing to do: it does not exist any more' : 'Run again later; what was done is kept'
}

function retryOf(code: FaultCode, { reason, retryAfterMs }: Refusal, nowMs: number): Retry {
  if (reason.startsWith('dailyLimitExceeded')) return { type: 'after', ms: untilMidnight(nowMs) }
  if (code !== 'throttled' && code !== 'unavailable') return { type: 'never' }
  return retryAfterMs === undefined ? { type: 'backoff' } : { type: 'after', ms: retryAfterMs }
}

/** Google's days of quota end at midnight in California. */
function untilMidnight(nowMs: number): number {
  const clock = new Date(nowMs).toLocaleTimeString('en-GB', { timeZone: 'America/Los_Angeles' })
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number)
  return (86_400 - ((hours % 24) * 3600 + minutes * 60 + seconds)) * 1000
}
