import { Hono, type Context } from 'hono'
import type { CallLog } from '../kit/calls.ts'
import { playing, type FaultPlan } from '../kit/faults.ts'
import type { World } from '../world/world.ts'
import { Arguments, type Addresses } from './call.ts'
import { Refusal } from './errors.ts'
import type { Limits } from './limits.ts'
import { METHODS } from './methods.ts'
import type { Pager } from './pages.ts'
import { bearer, needScopes, type Tokens } from './tokens.ts'

export interface ApiParts {
  readonly world: World
  readonly tokens: Tokens
  readonly limits: Limits
  readonly pager: Pager
  readonly faults: FaultPlan
  readonly calls: CallLog
  readonly now: () => number
  readonly addresses: () => Addresses
  readonly readOnly: () => boolean
}

export const methodOf = (path: string): string => path.replace(/^\/api\//, '')

/** The Web API: form or query in, JSON out, one road through faults, limits, token and scopes for every method. */
export function slackApi(parts: ApiParts): Hono {
  const app = new Hono()
  let serial = 0
  app.use('/api/*', async (c, next) => {
    parts.calls.add({ route: methodOf(c.req.path), method: c.req.method, path: c.req.path, atMs: parts.now() })
    await next()
  })
  app.use('/api/*', playing(parts.faults, methodOf))
  app.on(['GET', 'POST'], '/api/:method', async (c) => {
    const name = c.req.param('method')
    const method = METHODS[name]
    try {
      if (method === undefined) throw new Refusal('unknown_method', { req_method: name })
      const waitS = parts.limits.take(name, method.tier)
      if (waitS !== undefined) return c.json({ ok: false, error: 'ratelimited' }, 429, { 'retry-after': String(waitS) })
      const values = await argumentsOf(c)
      const grant = parts.tokens.check(bearer(c.req.header('authorization')) ?? values.get('token') ?? undefined)
      c.header('x-oauth-scopes', [...grant.scopes].join(','))
      c.header('x-accepted-oauth-scopes', method.scopes.join(','))
      needScopes(grant, method.scopes)
      if (method.writes && parts.readOnly()) throw new Refusal('restricted_action_read_only_channel')
      const { world, pager, limits } = parts
      return c.json(
        method.answer({ world, pager, limits, grant, addresses: parts.addresses(), serial: serial++, args: new Arguments(values) }),
      )
    } catch (error) {
      if (error instanceof Refusal) return c.json(error.answer)
      throw error
    }
  })
  return app
}

/** Slack takes arguments from the query, from a form and from JSON. */
async function argumentsOf(c: Context): Promise<URLSearchParams> {
  const values = new URLSearchParams(new URL(c.req.url).search)
  if (c.req.method !== 'POST') return values
  const type = c.req.header('content-type') ?? ''
  const body = await c.req.text()
  if (type.startsWith('application/json')) {
    const parsed: unknown = JSON.parse(body)
    for (const [name, value] of Object.entries(parsed ?? {})) values.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  } else for (const [name, value] of new URLSearchParams(body)) values.set(name, value)
  return values
}
