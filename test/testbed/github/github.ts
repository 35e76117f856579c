import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { playing } from '../kit/faults.ts'
import { isDownload, routeOfDownload, serveDownload } from './downloads.ts'
import { isLfs, serveLfs } from './git/lfs.ts'
import { isGit, routeOfGit, serveGit } from './git/serve.ts'
import { isGraphql, serveGraphql } from './graphql/serve.ts'
import type { Parts } from './parts.ts'
import { rest, routeOfApi } from './rest/api.ts'

const V3 = '/api/v3'
const baseOf = (path: string): string => (path === V3 || path.startsWith(`${V3}/`) ? V3 : '')

/** Beside the routes of the REST API. */
export const OTHER_ROUTES = [
  'graphql',
  'git.refs',
  'git.fetch',
  'wiki.refs',
  'wiki.fetch',
  'lfs.batch',
  'attachments',
  'release-download',
] as const

function routeOf(parts: Parts, path: string, method: string): string {
  if (isGraphql(path)) return 'graphql'
  if (isGit(path)) return routeOfGit(path)
  if (isLfs(path)) return 'lfs.batch'
  if (isDownload(parts, path)) return routeOfDownload(path)
  return routeOfApi(parts, method, path.slice(baseOf(path).length))
}

/** Everything on the host's one port: each request counted, met by its fault, and sent to its door. */
export function github(parts: Parts): Hono {
  const app = new Hono()
  const named = (path: string, method: string): string => routeOf(parts, path, method)
  app.use('*', async (c, next) => {
    parts.calls.add({ route: named(c.req.path, c.req.method), method: c.req.method, path: c.req.path, atMs: parts.now() })
    await next()
    if (c.res.headers.get('date') === null && c.res.status !== 101) c.res.headers.set('date', new Date(parts.now()).toUTCString())
  })
  app.use('*', playing(parts.faults, named))
  app.all('*', async (c) => {
    const { path } = c.req
    const request = c.req.raw
    if (isGit(path)) return serveGit(parts, request)
    if (isLfs(path)) return serveLfs(parts, request)
    if (isDownload(parts, path)) return serveDownload(parts, request)
    const bucket = isGraphql(path) ? 'graphql' : 'core'
    const full = parts.limits.enter(bucket)
    if (full !== undefined) return Response.json({ message: full.message }, { status: full.status, headers: full.headers })
    const { outgoing } = c.env as HttpBindings
    outgoing.once('close', () => parts.limits.leave())
    return bucket === 'graphql' ? serveGraphql(parts, request) : rest(parts, request, baseOf(path))
  })
  return app
}
