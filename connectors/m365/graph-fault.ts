import { Fault, type FaultCode, type Retry } from '../../src/fault.ts'
import { faultFromStatus } from '../../src/http/fault-from-status.ts'

/** What Graph answered, as a Fault. `error` is Graph's own word, for the few places that act on one; `status` of HTTP. */
export class GraphFault extends Fault {
  readonly error: string
  readonly status: number
  constructor(error: string, status: number, init: ConstructorParameters<typeof Fault>[0]) {
    super(init)
    this.error = error
    this.status = status
  }
}

/**
 * Graph's words whose status alone would mislead, or that need a remedy of their own.
 * Read 2026-11-25: https://learn.microsoft.com/graph/errors, https://learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode
 */
const codes: { readonly [error: string]: FaultCode } = {
  InvalidAuthenticationToken: 'auth',
  CompactToken_parsing_failed: 'auth',
  TokenExpired: 'auth',
  // One mailbox, not the source: cloud-less, unlicensed, on an own Exchange, or closed to this app by a policy.
  MailboxNotEnabledForRESTAPI: 'permission',
  MailboxNotSupportedForRESTAPI: 'permission',
  ErrorNonExistentMailbox: 'permission',
  ErrorNoMailbox: 'permission',
  ErrorAccountDisabled: 'permission',
  ErrorAccessDenied: 'permission',
  Authorization_RequestDenied: 'permission',
  ErrorItemNotFound: 'gone',
  ErrorFolderNotFound: 'gone',
  Request_ResourceNotFound: 'gone',
  ResourceNotFound: 'gone',
  itemNotFound: 'gone',
  SyncStateNotFound: 'gone',
  SyncStateInvalid: 'gone',
  ErrorInvalidSyncStateData: 'gone',
  resyncRequired: 'gone',
  // Items that the server holds and cannot give, whatever the status (often 500).
  ErrorCorruptData: 'rejected',
  ErrorInvalidRecipients: 'rejected',
  ErrorMimeContentConversionFailed: 'rejected',
  ErrorMimeContentInvalid: 'rejected',
  ErrorContentConversionFailed: 'rejected',
  ErrorVirusDetected: 'rejected',
  ErrorVirusMessageDeleted: 'rejected',
  malwareDetected: 'rejected',
  cannotOpenFileAttachment: 'rejected',
  ErrorQuotaExceeded: 'rejected',
  ApplicationThrottled: 'throttled',
  TooManyRequests: 'throttled',
  activityLimitReached: 'throttled',
  ErrorServerBusy: 'unavailable',
  ErrorMailboxStoreUnavailable: 'unavailable',
  ErrorInternalServerTransientError: 'unavailable',
  ErrorTimeoutExpired: 'unavailable',
  serviceNotAvailable: 'unavailable',
}

const resync = new Set(['SyncStateNotFound', 'SyncStateInvalid', 'ErrorInvalidSyncStateData', 'resyncRequired'])
const noMailbox = new Set([
  'MailboxNotEnabledForRESTAPI',
  'MailboxNotSupportedForRESTAPI',
  'ErrorNonExistentMailbox',
  'ErrorNoMailbox',
  'ErrorAccountDisabled',
])

/** The token of a delta query is not known any more: everything has to be listed again. */
export const needsResync = (error: unknown): boolean => error instanceof GraphFault && (error.status === 410 || resync.has(error.error))
/** There is no mailbox that Graph could read: none, or on a server of the organisation's own. */
export const hasNoMailbox = (error: unknown): boolean => error instanceof GraphFault && noMailbox.has(error.error)
/** A full mailbox can be read and listed; only its delta queries fail, because they want to write down their state. */
export const isFull = (error: unknown): boolean => error instanceof GraphFault && error.error === 'ErrorQuotaExceeded'
/** The server has the item and will never give its bytes. */
export const isUnreadable = (error: unknown): boolean => error instanceof GraphFault && error.code === 'rejected'

export interface Refusal {
  /** What was asked, without ids: `GET /users/…/messages/delta`. */
  readonly what: string
  readonly status: number
  /** Graph's word; empty when the answer had none. */
  readonly error: string
  readonly retryAfterMs: number | undefined
}

/** The Fault that an answer with an error stands for. Graph's message is left out: it may quote what people wrote. */
export function faultOfRefusal({ what, status, error, retryAfterMs }: Refusal): GraphFault {
  const code = codes[error] ?? faultFromStatus(status, { what }).code
  return new GraphFault(error, status, {
    code,
    what: code === 'auth' ? 'Microsoft Graph refused the token' : `Microsoft Graph refused ${what}`,
    why: error === '' ? `the answer was HTTP ${status}` : `${error} (HTTP ${status})`,
    remedy: remedyOf(code, error),
    retry: retryOf(code, retryAfterMs),
  })
}

function remedyOf(code: FaultCode, error: string): string {
  if (noMailbox.has(error)) return 'Nothing to do if this person has no mailbox in Exchange Online; otherwise give the licence back'
  if (code === 'auth') return 'Check credential, tenant and clientId; a certificate or secret of the app may have expired'
  if (code === 'permission')
    return "Grant the application permission, with the administrator's consent, and let the access policy of the app include this mailbox; the connector's README lists what is needed"
  if (code === 'gone') return 'Nothing to do: it does not exist any more'
  if (error === 'ErrorQuotaExceeded') return 'Make room in this mailbox, or raise its quota'
  return code === 'rejected'
    ? 'Nothing to do here; open a case with Microsoft if the item matters'
    : 'Run again later; what was done is kept'
}

function retryOf(code: FaultCode, retryAfterMs: number | undefined): Retry {
  if (code !== 'throttled' && code !== 'unavailable') return { type: 'never' }
  return retryAfterMs === undefined ? { type: 'backoff' } : { type: 'after', ms: retryAfterMs }
}
