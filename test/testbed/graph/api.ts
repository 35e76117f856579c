import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { CallLog } from '../kit/calls.ts'
import { type FaultPlan, playing } from '../kit/faults.ts'
import type { TokenService } from './auth.ts'
import { TokenRefusal } from './auth.ts'
import { type Answer, prefers, Refusal } from './call.ts'
import type { MailboxLimits } from './limits.ts'
import type { Pager } from './pages.ts'
import { match } from './routes.ts'
import type { Tenant } from './tenant.ts'

export interface ApiParts {
  readonly tenant: Tenant
  readonly tokens: TokenService
  readonly limits: MailboxLimits
  readonly pager: Pager
  readonly faults: FaultPlan
  readonly calls: CallLog
  readonly now: () => number
  /** Told of each request before it is answered: the moment in which the world changes under a reader. */
  readonly before: (route: string, path: string) => void
  /** Answers may be changed on their way out: a link that goes round. */
  readonly after: (route: string, json: unknown) => unknown
  /** Requests that did not ask for immutable ids. */
  readonly mutable: string[]
  readonly latencyMs: number
}

const v1 = /^\/v1\.0(?=\/)/

export const routeOf = (path: string, method: string): string => {
  if (path.endsWith('/oauth2/v2.0/token')) return 'token'
  if (path === '/v1.0/$batch') return 'batch'
  return match(method, path.replace(v1, ''))?.route.name ?? 'unknown'
}

/** Graph and the token service: one road through faults, token, permissions and limits for every route. */
export function graphApi(parts: ApiParts, base: () => string): Hono {
  const app = new Hono()
  let serial = 0
  app.use('*', async (c, next) => {
    parts.calls.add({ route: routeOf(c.req.path, c.req.method), method: c.req.method, path: c.req.path, atMs: parts.now() })
    await next()
    c.header('date', new Date(parts.now()).toUTCString())
  })
  app.use('*', playing(parts.faults, routeOf))
  app.post('/:tenant/oauth2/v2.0/token', async (c) => {
    try {
      return c.json(parts.tokens.grant(new URLSearchParams(await c.req.text())))
    } catch (error) {
      if (error instanceof TokenRefusal) return c.json(error.answer, 401)
      throw error
    }
  })
  app.post('/v1.0/$batch', async (c) => {
    const { requests } = (await c.req.json()) as {
      requests: { id: string; method: string; url: string; headers?: Record<string, string> }[]
    }
    if (requests.length > 20)
      return c.json(new Refusal(400, 'BadRequest', 'Number of batch request steps exceeds the maximum value.').answer, 400)
    const responses = requests.map(({ id, method, url, headers }) => {
      const inner = new URL(`${base()}${url}`)
      const planned = parts.faults.take(`batch.${routeOf(inner.pathname, method)}`)
      if (planned?.type === 'status')
        return {
          id,
          status: planned.status,
          headers: {},
          body: planned.body ?? { error: { code: '', message: `status ${planned.status}` } },
        }
      const given = new Headers({ ...headers, authorization: c.req.header('authorization') ?? '' })
      const answer = answered(method, inner, given, undefined, (done) => done())
      if ('bytes' in answer)
        return { id, status: 200, headers: { 'Content-Type': answer.mediaType }, body: Buffer.concat([...answer.bytes]).toString('base64') }
      return { id, status: answer.status ?? 200, headers: { 'Content-Type': 'application/json' }, body: answer.json }
    })
    return c.json({ responses: responses.toReversed() })
  })
  app.on(['GET', 'POST'], '/v1.0/*', async (c) => {
    const body: unknown = c.req.method === 'POST' ? await c.req.json().catch(() => undefined) : undefined
    const answer = answered(c.req.method, new URL(c.req.url), c.req.raw.headers, body, (done) =>
      (c.env as HttpBindings).outgoing.on('close', done),
    )
    if (parts.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, parts.latencyMs))
    if ('json' in answer)
      return Response.json(answer.json, {
        status: answer.status ?? 200,
        ...(answer.headers === undefined ? {} : { headers: answer.headers }),
      })
    return new Response(Buffer.concat([...answer.bytes]), { headers: { 'content-type': answer.mediaType } })
  })

  function answered(method: string, url: URL, headers: Headers, body: unknown, whenDone: (done: () => void) => void): Answer {
    const path = url.pathname.replace(v1, '')
    const found = match(method, path)
    try {
      const roles = parts.tokens.check(headers.get('authorization'))
      if (found === undefined) throw new Refusal(400, 'BadRequest', `Resource not found for the segment '${path.split('/')[1]}'.`)
      const { route, params } = found
      parts.before(route.name, path)
      if (prefers(headers).get('idtype') !== 'ImmutableId') parts.mutable.push(route.name)
      if (route.roles.length > 0 && !route.roles.some((role) => roles.includes(role)))
        throw route.mailbox
          ? new Refusal(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
          : new Refusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
      if (route.mailbox) enter(params['user'] ?? '', whenDone)
      serial += 1
      const answer = route.answer({ ...parts, params, query: url.searchParams, headers, body, base: base(), serial })
      return 'json' in answer ? { ...answer, json: parts.after(route.name, answer.json) } : answer
    } catch (error) {
      if (error instanceof Refusal) return { json: error.answer, status: error.status, headers: error.headers }
      throw error
    }
  }

  function enter(user: string, whenDone: (done: () => void) => void): void {
    const known = parts.tenant.users.get(user)
    if (known === undefined) throw new Refusal(404, 'ErrorInvalidUser', `The requested user '${user}' is invalid.`)
    const { refused } = known
    if (refused !== undefined)
      throw new Refusal(refused.status, refused.code, 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.')
    if (known.mailbox === undefined)
      throw new Refusal(404, 'MailboxNotEnabledForRESTAPI', 'The mailbox is either inactive, soft-deleted, or is hosted on-premise.')
    const over = parts.limits.enter(user)
    if (over !== undefined) throw new Refusal(429, 'ApplicationThrottled', over.message, { 'retry-after': String(over.retryAfterS) })
    let left = false
    whenDone(() => {
      if (!left) parts.limits.leave(user)
      left = true
    })
  }
  return app
}
