import { Fault, type FaultCode, type Retry } from '../../src/fault.ts'
import { faultFromStatus } from '../../src/http/fault-from-status.ts'

/** What Slack answered, as a Fault. `error` is Slack's own word, for the few places that act on one. */
export class SlackFault extends Fault {
  readonly error: string
  constructor(error: string, init: ConstructorParameters<typeof Fault>[0]) {
    super(init)
    this.error = error
  }
}

const codes: { readonly [error: string]: FaultCode } = {
  invalid_auth: 'auth',
  not_authed: 'auth',
  account_inactive: 'auth',
  token_revoked: 'auth',
  token_expired: 'auth',
  missing_scope: 'permission',
  not_allowed_token_type: 'permission',
  no_permission: 'permission',
  access_denied: 'permission',
  not_in_channel: 'permission',
  restricted_action: 'permission',
  ekm_access_denied: 'permission',
  org_login_required: 'permission',
  team_access_not_granted: 'permission',
  two_factor_setup_required: 'permission',
  plan_upgrade_required: 'permission',
  paid_teams_only: 'permission',
  feature_not_enabled: 'permission',
  not_supported: 'permission',
  channel_not_found: 'gone',
  thread_not_found: 'gone',
  message_not_found: 'gone',
  file_not_found: 'gone',
  file_deleted: 'gone',
  list_not_found: 'gone',
  invalid_cursor: 'conflict',
  ratelimited: 'throttled',
  rate_limited: 'throttled',
  internal_error: 'unavailable',
  fatal_error: 'unavailable',
  service_unavailable: 'unavailable',
  request_timeout: 'unavailable',
  team_added_to_org: 'unavailable',
  unknown_error: 'unavailable',
}

/** An answer `{ok: false, error}`. Something that is no error word is an answer cut short or a page, and never repeated here. */
export function faultOfError(method: string, error: string, needed: string | undefined, retryAfterS: number | undefined): SlackFault {
  if (!/^[a-z][a-z\d_]{0,79}$/.test(error)) {
    const page = /^\s*</.test(error)
    return new SlackFault('not_json', {
      code: 'unavailable',
      what: `Slack's answer to ${method} is not JSON`,
      why: page ? 'a web page came instead' : 'it was cut short or changed on its way',
      remedy: page ? 'Check apiUrl and any proxy in between, then run again' : 'Run again',
      retry: { type: 'backoff' },
    })
  }
  const code = codes[error] ?? 'rejected'
  return new SlackFault(error, {
    code,
    what: code === 'auth' ? 'Slack refused the token' : `Slack refused ${method}`,
    why: error === 'missing_scope' && needed !== undefined ? `the scope ${needed} is missing` : error,
    remedy: remedyOf(code, error, needed),
    retry: retryOf(code, retryAfterS),
  })
}

function remedyOf(code: FaultCode, error: string, needed: string | undefined): string {
  if (error === 'missing_scope') return `Add ${needed ?? 'the scope'} at https://api.slack.com/apps, reinstall the app and run again`
  if (error === 'not_in_channel') return 'Invite the app to the channel'
  if (code === 'auth') return 'Install the app again at https://api.slack.com/apps and put the new token where the configuration says'
  if (code === 'permission') return "Ask a workspace owner whether the app may read this; the connector's README lists what is needed"
  return code === 'gone' ? 'Nothing to do: it does not exist any more' : 'Run again later'
}

function retryOf(code: FaultCode, retryAfterS: number | undefined): Retry {
  if (code === 'throttled') return retryAfterS === undefined ? { type: 'backoff' } : { type: 'after', ms: retryAfterS * 1000 }
  return code === 'unavailable' ? { type: 'backoff' } : { type: 'never' }
}

/** An HTTP status that carries no answer of Slack's. Undefined for success. */
export function faultOfStatus(what: string, status: number, retryAfterS: number | undefined): Fault | undefined {
  if (status >= 200 && status < 300) return undefined
  const retryAfterMs = retryAfterS === undefined ? undefined : retryAfterS * 1000
  const { code } = faultFromStatus(status, { what })
  return faultFromStatus(status, { what, remedy: remedyOf(code, '', undefined), retryAfterMs })
}

/** Seconds in a Retry-After header, if it holds a number. */
export function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('retry-after')
  return value !== null && /^\d{1,7}$/.test(value.trim()) ? Number(value) : undefined
}
