import { CallLog } from '../kit/calls.ts'
import { FaultPlan } from '../kit/faults.ts'
import { serve } from '../kit/serve.ts'
import { graphApi } from './api.ts'
import { ALL_ROLES, TokenService } from './auth.ts'
import { MailboxLimits } from './limits.ts'
import { Pager, type PageSizes } from './pages.ts'
import { demoTenant, type SeedOptions, type Stories } from './seed.ts'
import type { Tenant } from './tenant.ts'

export interface GraphTestbedOptions extends SeedOptions {
  readonly roles?: readonly string[]
  /** PEM of certificates the app may sign with. */
  readonly certificates?: readonly string[]
  /** `small` (default) gives short and varying pages; `full` as many as asked. */
  readonly pages?: PageSizes
  /** Enforces four requests at a time and 10,000 in ten minutes at each mailbox. */
  readonly strict?: boolean
  /** How long an answer takes, so that requests meet. Default: none. */
  readonly latencyMs?: number
  /** Another number than 10,000, so that a test need not make so many. */
  readonly mailboxRequests?: number
  /** Milliseconds; limits, tokens and the call log use it. Default: the machine's. */
  readonly now?: () => number
  /** How long a token lives, in seconds. Default an hour. */
  readonly tokenS?: number
}

export interface GraphTestbed extends AsyncDisposable {
  /** For `apiUrl`: ends with `/v1.0/`. */
  readonly apiUrl: string
  readonly loginUrl: string
  readonly clientId: string
  readonly secret: string
  readonly tenant: Tenant
  /** What Ada's mailbox holds that is out of the ordinary. @throws when seeded without */
  readonly stories: Stories
  readonly tokens: TokenService
  /** Routes: those of `routes.ts`, `token`, `batch`, and `batch.ROUTE` for one part of a batch. */
  readonly faults: FaultPlan
  readonly calls: CallLog
  readonly limits: MailboxLimits
  /** Routes of requests that did not ask for immutable ids. */
  readonly mutable: readonly string[]
  /** Every state token handed out until now is unknown from now on. */
  expireTokens(): void
  /** Called before a route is answered, until it is set again: the world changes under a reader. */
  before: (route: string, path: string) => void
  /** Changes answers on their way out, until it is set again. */
  after: (route: string, json: unknown) => unknown
}

const CLIENT = '11111111-2222-4333-8444-555555555555'
const SECRET = 'canary-secret-of-the-app'

/** A Microsoft Graph and its token service on one loopback port. */
export async function graphTestbed(options: GraphTestbedOptions = {}): Promise<GraphTestbed> {
  const { roles = ALL_ROLES, certificates = [], pages = 'small', strict = false, now = Date.now, tokenS = 3600 } = options
  const { tenant, stories } = demoTenant(options)
  const tokens = new TokenService(tenant.id, { clientId: CLIENT, secrets: [SECRET], certificates, roles, tokenS }, now)
  const faults = new FaultPlan()
  const calls = new CallLog()
  const limits = new MailboxLimits(now, strict, options.mailboxRequests)
  const pager = new Pager(pages)
  const mutable: string[] = []
  let url = ''
  const app = graphApi(
    {
      tenant,
      tokens,
      limits,
      pager,
      faults,
      calls,
      now,
      mutable,
      latencyMs: options.latencyMs ?? 0,
      before: (...of) => bed.before(...of),
      after: (...of) => bed.after(...of),
    },
    () => `${url}/v1.0`,
  )
  const server = await serve(app)
  url = server.url
  const bed: GraphTestbed = {
    before: () => undefined,
    after: (_, json) => json,
    apiUrl: `${url}/v1.0/`,
    loginUrl: `${url}/`,
    clientId: CLIENT,
    secret: SECRET,
    tenant,
    get stories(): Stories {
      if (stories === undefined) throw new Error('this tenant was seeded without stories')
      return stories
    },
    tokens,
    faults,
    calls,
    limits,
    mutable,
    expireTokens: () => pager.expireTokens(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
  return bed
}
