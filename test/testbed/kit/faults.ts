import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'

/** What an emulator does instead of, or to, its answer. */
export type PlannedFault =
  /** Answers with this status; `retryAfterS` becomes the header. `body` is JSON unless it is a string. */
  | { readonly type: 'status'; readonly status: number; readonly retryAfterS?: number; readonly body?: unknown }
  /** Answers 200 with an HTML page: what a vendor's login page looks like to a careless client. */
  | { readonly type: 'html' }
  /** Sends so many bytes of the true answer, then cuts the connection. The full Content-Length was promised. */
  | { readonly type: 'cut'; readonly afterBytes: number }
  /** Sends the true answer cut short, as if it were whole. */
  | { readonly type: 'truncate'; readonly toBytes: number }
  /** Closes the connection without a word. */
  | { readonly type: 'reset' }
  | { readonly type: 'delay'; readonly ms: number }
  /** Does the work, then closes the connection: success that the client never hears of. */
  | { readonly type: 'lost-answer' }

/** Faults by route name, used up in the order they were planned. */
export class FaultPlan {
  readonly #planned = new Map<string, PlannedFault[]>()
  /** The next call of `route` (and further ones, if called again) meets this fault. */
  next(route: string, ...faults: readonly PlannedFault[]): void {
    this.#planned.set(route, [...(this.#planned.get(route) ?? []), ...faults])
  }
  take(route: string): PlannedFault | undefined {
    return this.#planned.get(route)?.shift()
  }
  /** Faults that were planned and never met: a test that plans a fault should see it used. */
  get unused(): readonly string[] {
    return [...this.#planned].filter(([, list]) => list.length > 0).map(([route]) => route)
  }
}

/** Hono middleware that plays the plan. `routeOf` names a request the way tests name it (`conversations.history`). */
export function playing(plan: FaultPlan, routeOf: (path: string, method: string) => string): MiddlewareHandler<{ Bindings: HttpBindings }> {
  return async (c, next) => {
    const fault = plan.take(routeOf(c.req.path, c.req.method))
    if (fault === undefined) return next()
    const { outgoing } = c.env
    switch (fault.type) {
      case 'status': {
        const headers = fault.retryAfterS === undefined ? {} : { 'retry-after': String(fault.retryAfterS) }
        const text = typeof fault.body === 'string' ? fault.body : JSON.stringify(fault.body ?? { error: `status ${fault.status}` })
        return new Response(text, { status: fault.status, headers: { 'content-type': 'application/json', ...headers } })
      }
      case 'html':
        return c.html('<!DOCTYPE html><html><head><title>Sign in</title></head><body><form action="/signin">Sign in</form></body></html>')
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, fault.ms))
        return next()
      case 'reset':
        outgoing.destroy()
        return c.body(null)
      case 'lost-answer':
        await next()
        outgoing.destroy()
        return undefined
      case 'cut':
      case 'truncate': {
        await next()
        const whole = new Uint8Array(await c.res.arrayBuffer())
        const status = c.res.status
        const headers = new Headers(c.res.headers)
        if (fault.type === 'truncate') {
          const part = whole.slice(0, fault.toBytes)
          headers.set('content-length', String(part.byteLength))
          // Hono would give the new answer the old one's headers, its length among them, and the client would wait for the rest.
          c.res = undefined
          c.res = new Response(part, { status, headers })
          return undefined
        }
        // The body was read and the answer is written here by hand: tell the server that there is nothing left to send.
        c.res = new Response(null, { headers: { 'x-hono-already-sent': 'true' } })
        outgoing.writeHead(status, {
          'content-type': headers.get('content-type') ?? 'application/octet-stream',
          'content-length': whole.byteLength,
        })
        outgoing.write(whole.slice(0, fault.afterBytes), () => outgoing.destroy())
        return undefined
      }
    }
  }
}
