import type { Server } from 'node:http'
import { serve as listen } from '@hono/node-server'
import type { Hono } from 'hono'

export interface Served extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  readonly url: string
}

/** A hono application on a free loopback port. Disposing closes every connection. */
export async function serve(app: Pick<Hono, 'fetch'>): Promise<Served> {
  const server = await new Promise<{ server: Server; port: number }>((resolve) => {
    const started = listen({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, (info) =>
      resolve({ server: started as Server, port: info.port }),
    )
  })
  return {
    url: `http://127.0.0.1:${server.port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.server.close(() => resolve())
        server.server.closeAllConnections()
      }),
  }
}
