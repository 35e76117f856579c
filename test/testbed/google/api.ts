import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { playing } from '../kit/faults.ts'
import { select } from './fields.ts'
import type { App, Parts, Route } from './parts.ts'
import { Refusal, refused } from './refusal.ts'

/** One-shot things to happen just before a route answers: a mail that arrives between two pages. */
export class Hooks {
  readonly #planned = new Map<string, (() => void)[]>()
  /** The next call of `route` does this first. Called again: the one after it. */
  before(route: string, act: () => void): void {
    this.#planned.set(route, [...(this.#planned.get(route) ?? []), act])
  }
  run(route: string): void {
    this.#planned.get(route)?.shift()?.()
  }
}

/** All of Google's hosts on one port. */
export function googleApp(parts: Parts, routes: readonly Route[], hooks: Hooks): App {
  const app: App = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (c, next) => {
    await next()
    c.header('date', new Date(parts.now()).toUTCString())
  })
  const { desk, calls, faults, quota, now } = parts
  app.post('/token', async (c) => {
    calls.add({ route: 'token', method: 'POST', path: '/token', atMs: now() })
    const planned = faults.take('token')
    if (planned?.type === 'status') return c.json(planned.body ?? { error: 'internal_failure' }, planned.status as 500)
    try {
      return c.json(desk.exchange(new URLSearchParams(await c.req.text())))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return c.json({ error: error.reason, error_description: error.message }, error.status as 400)
    }
  })
  for (const route of routes)
    app.on(
      route.method,
      route.path,
      async (c, next) => {
        calls.add({ route: route.name, method: route.method, path: c.req.path, atMs: now() })
        hooks.run(route.name)
        await next()
      },
      playing(faults, () => route.name),
      (c) => {
        try {
          const user = desk.bearer(c.req.header('authorization'), route.scopes)
          quota.take(route.api, user.id, route.units)
          return c.json(select(route.answer(c, user), c.req.query('fields')))
        } catch (error) {
          if (error instanceof Refusal) return refused(error)
          throw error
        }
      },
    )
  app.notFound((c) => refused(new Refusal(404, 'notFound', `The emulator has no ${c.req.method} ${c.req.path}`)))
  return app
}
