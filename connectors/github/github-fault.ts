import { z } from 'zod'
import { Fault, type FaultCode, type Retry } from '../../src/fault.ts'

/** What GitHub refused, as a Fault. `status` is that of HTTP; `heavy`: the query asked for too much at once, and less may come. */
export class GithubFault extends Fault {
  readonly status: number
  readonly heavy: boolean
  constructor(status: number, heavy: boolean, init: ConstructorParameters<typeof Fault>[0]) {
    super(init)
    this.status = status
    this.heavy = heavy
  }
}

const Answer = z.object({ message: z.string() })

/** GitHub's own sentence in the body of a refusal, or none. */
export function messageIn(body: string): string {
  try {
    return Answer.safeParse(JSON.parse(body)).data?.message.slice(0, 300) ?? ''
  } catch {
    return ''
  }
}

/** `what` is a sentence without a full stop: `GitHub refused the issues of acme/web`. */
export function faultOf(status: number, message: string, what: string, retryAfterMs: number | undefined, heavy = false): GithubFault {
  const code = codeOf(status, message)
  return new GithubFault(status, heavy, {
    code,
    what,
    why: message === '' ? `the answer was HTTP ${status}` : `${message} (HTTP ${status})`,
    remedy: remedyOf(code, status, message),
    retry: retryOf(code, retryAfterMs),
  })
}

function codeOf(status: number, message: string): FaultCode {
  if (status === 401) return 'auth'
  if (status === 429) return 'throttled'
  if (status === 403) return /rate limit/i.test(message) ? 'throttled' : 'permission'
  if (status === 451) return 'permission'
  if (status === 404 || status === 410) return 'gone'
  if (status === 409) return 'conflict'
  if (status === 408 || status >= 500) return 'unavailable'
  return 'rejected'
}

function remedyOf(code: FaultCode, status: number, message: string): string {
  if (status === 451) return 'Nothing to do here: GitHub withholds it for legal reasons'
  if (/SAML|single sign-on/i.test(message)) return 'Authorise the token for single sign-on of the organisation and run again'
  switch (code) {
    case 'auth':
      return 'Check the token or the key of the App: it may have expired or been revoked; then run fallreep doctor'
    case 'permission':
      return "Give the token or the App this permission; the connector's README lists what is needed"
    case 'gone':
      return 'It does not exist, or the token may not see it: check the name and the access of the token'
    case 'rejected':
      return 'Report this as a defect, with the address that was asked'
    default:
      return 'Run again later; what was done is kept'
  }
}

function retryOf(code: FaultCode, retryAfterMs: number | undefined): Retry {
  if (code !== 'throttled' && code !== 'unavailable') return { type: 'never' }
  return retryAfterMs === undefined ? { type: 'backoff' } : { type: 'after', ms: retryAfterMs }
}

/** Whether one part may not be read or is not there, which stops no other part. */
export const refused = (error: unknown): error is Fault =>
  error instanceof Fault && (error.code === 'permission' || error.code === 'gone' || error.code === 'conflict')
