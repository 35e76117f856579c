import type { HttpBindings } from '@hono/node-server'
import { CallLog } from '../kit/calls.ts'
import { FaultPlan } from '../kit/faults.ts'
import { serve } from '../kit/serve.ts'
import { googleApp, Hooks } from './api.ts'
import { TokenDesk } from './auth.ts'
import { type Company, type CompanyOptions, demoCompany } from './company.ts'
import { directoryRoutes } from './directory.ts'
import { Mailboxes, type MailOptions } from './gmail/mailboxes.ts'
import { gmailRoutes } from './gmail/routes.ts'
import { createGroupware, type Groupware, groupwareRoutes, photoRoute } from './groupware.ts'
import { Pager } from './pages.ts'
import type { Parts, Route } from './parts.ts'
import { Quota, type QuotaOptions } from './quota.ts'
import { type GroupwareSeed, seedGroupware } from './seed-groupware.ts'

export interface GoogleTestbedOptions extends CompanyOptions, MailOptions, GroupwareSeed {
  readonly seed?: number
  /** `small` (default) gives short and varying pages; `full` as many as asked. */
  readonly pages?: 'small' | 'full'
  readonly quota?: QuotaOptions['quota']
  /** How a refusal for want of quota comes. Default 403. */
  readonly quotaRefusal?: QuotaOptions['refusal']
  /** Milliseconds; tokens, quotas, dates and the call log use it. Default: the machine's. */
  readonly now?: () => number
}

export interface GoogleTestbed extends AsyncDisposable {
  /** For `apiUrl`: all of Google's hosts, the one for tokens included. */
  readonly url: string
  readonly company: Company
  /** Calendars, contacts and tasks. */
  readonly groupware: Groupware
  /** Tokens, what is allowed in the Admin console, who may not be impersonated. */
  readonly desk: TokenDesk
  readonly mail: Mailboxes
  readonly faults: FaultPlan
  readonly hooks: Hooks
  readonly calls: CallLog
  readonly quota: Quota
  /** Names of everything that answers; faults, hooks and calls go by them. */
  readonly routes: readonly string[]
  /** Page tokens given out until now are refused from now on. */
  expirePageTokens(): void
}

/** A Google Workspace on one loopback port. */
export async function googleTestbed(options: GoogleTestbedOptions = {}): Promise<GoogleTestbed> {
  const { seed = 1, pages = 'small', quota: regime = 'generous', quotaRefusal = 403, now = Date.now } = options
  const company = demoCompany(options)
  const desk = new TokenDesk(company, now)
  const pager = new Pager(pages)
  const quota = new Quota({ now, quota: regime, refusal: quotaRefusal })
  const faults = new FaultPlan()
  const calls = new CallLog()
  const hooks = new Hooks()
  const mail = new Mailboxes(company, options, seed)
  const parts: Parts = { company, desk, pager, quota, faults, calls, now, seed }
  const groupware = createGroupware(pages, now)
  const routes = [...allRoutes(parts, mail), ...groupwareRoutes(groupware, pages)]
  const app = googleApp(parts, routes, hooks)
  photoRoute(app, groupware, parts)
  const served = await serve({ fetch: (request, env) => app.fetch(request, env as HttpBindings) })
  groupware.contacts.photosUrl = `${served.url}/photos`
  seedGroupware(groupware, company, options)
  return {
    url: `${served.url}/`,
    company,
    groupware,
    desk,
    mail,
    faults,
    hooks,
    calls,
    quota,
    routes: ['token', 'photos', ...routes.map(({ name }) => name)],
    expirePageTokens: () => pager.expireTokens(),
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  }
}

const allRoutes = (parts: Parts, mail: Mailboxes): readonly Route[] => [...directoryRoutes(parts), ...gmailRoutes(parts, mail)]
