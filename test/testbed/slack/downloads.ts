import { Hono } from 'hono'
import type { CallLog } from '../kit/calls.ts'
import { playing, type FaultPlan } from '../kit/faults.ts'
import { png } from '../world/images.ts'
import type { World } from '../world/world.ts'
import { served } from './ranges.ts'
import { seesFile } from './routes/files.ts'
import { bearer, type Tokens } from './tokens.ts'

export interface DownloadParts {
  readonly world: World
  readonly tokens: Tokens
  readonly faults: FaultPlan
  readonly calls: CallLog
  readonly now: () => number
  readonly cdn: () => string
  readonly linkTokens: ReadonlySet<string>
}

const SIGN_IN =
  '<!DOCTYPE html><html lang="en"><head><title>Sign in | Slack</title></head><body><form action="/signin" method="post">Sign in to your workspace</form></body></html>'

/** Routes beside the methods, by the names the call log and the fault plan know them by. */
export const HOST_ROUTES = ['files.download', 'cdn', 'images'] as const

function logged(parts: DownloadParts, route: (typeof HOST_ROUTES)[number]): Hono {
  const app: Hono = new Hono()
  app.use('*', async (c, next) => {
    parts.calls.add({ route, method: c.req.method, path: c.req.path, atMs: parts.now() })
    await next()
  })
  app.use(
    '*',
    playing(parts.faults, () => route),
  )
  return app
}

/**
 * What files.slack.com does: checks the token and sends on to a place that needs none.
 * Without a good token the answer is 200 and a sign-in page, not an error.
 */
export function filesServer(parts: DownloadParts): Hono {
  const app = logged(parts, 'files.download')
  app.get('/files-pri/:key/*', (c) => {
    const id = c.req.param('key').replace(/^[^-]*-/, '')
    const file = parts.world.files.get(id)
    const grant = parts.tokens.live(bearer(c.req.header('authorization')))
    const byLink = parts.linkTokens.has(c.req.query('t') ?? '')
    const allowed =
      byLink ||
      (grant !== undefined && grant.scopes.has('files:read') && file !== undefined && seesFile({ world: parts.world, grant }, file))
    if (!allowed) return c.html(SIGN_IN)
    if (file?.bytes === undefined || file.deleted) return c.html('<!DOCTYPE html><title>File not found</title>', 404)
    return c.redirect(`${parts.cdn()}/${parts.world.team.id}/${id}`, 302)
  })
  return app
}

/** A store that anybody may read who knows the address. A token that arrives here has leaked. */
export function storeServer(parts: DownloadParts, leaked: (path: string) => void): Hono {
  const app = logged(parts, 'cdn')
  app.use('*', async (c, next) => {
    if (c.req.header('authorization') !== undefined || c.req.header('cookie') !== undefined) leaked(c.req.path)
    await next()
  })
  app.get('/:team/:id', (c) => {
    const file = parts.world.files.get(c.req.param('id'))
    if (file?.bytes === undefined) return c.notFound()
    return served(c, file.bytes, file.repeats, file.mediaType)
  })
  return app
}

/** Pictures of people and of emoji: open to all. */
export function imagesServer(parts: DownloadParts, leaked: (path: string) => void): Hono {
  const app = logged(parts, 'images')
  app.use('*', async (c, next) => {
    if (c.req.header('authorization') !== undefined) leaked(c.req.path)
    await next()
  })
  app.get('/avatars/:name', (c) => {
    const [id = ''] = c.req.param('name').split('_')
    const user = parts.world.users.get(id)
    return user === undefined ? c.notFound() : served(c, user.avatar ?? png(24, 24, [128, 128, 128]), 1, 'image/png')
  })
  app.get('/emoji/:team/:name', (c) => {
    const image = parts.world.emoji.get(c.req.param('name').replace(/\.png$/, ''))?.image
    return image === undefined ? c.notFound() : served(c, image, 1, 'image/png')
  })
  return app
}
