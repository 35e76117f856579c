import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import type { CallLog } from '../kit/calls.ts'
import type { FaultPlan } from '../kit/faults.ts'
import type { TokenDesk } from './auth.ts'
import type { Company, GoogleUser } from './company.ts'
import type { Pager } from './pages.ts'
import type { Quota } from './quota.ts'

/** What every API of the emulator is made of. */
export interface Parts {
  readonly company: Company
  readonly desk: TokenDesk
  readonly pager: Pager
  readonly quota: Quota
  readonly faults: FaultPlan
  readonly calls: CallLog
  readonly now: () => number
  /** Of all bytes that are made up. */
  readonly seed: number
}

export type App = Hono<{ Bindings: HttpBindings }>
export type Call = Context<{ Bindings: HttpBindings }>

/** One route: under which name tests know it, what it costs, who may. */
export interface Route {
  /** `gmail.messages.get`. */
  readonly name: string
  readonly method: 'GET' | 'POST'
  /** As hono has it: `/gmail/v1/users/:userId/messages/:id`. */
  readonly path: string
  readonly api: 'gmail' | 'directory' | 'calendar' | 'people' | 'tasks' | 'oauth2'
  readonly units: number
  /** One of these is enough. */
  readonly scopes: readonly string[]
  /** The JSON of the answer. @throws Refusal */
  answer(call: Call, user: GoogleUser): object
}
