import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { CallLog } from '../kit/calls.ts'
import { FaultPlan, playing } from '../kit/faults.ts'
import { serve } from '../kit/serve.ts'
import { type ConfigPatch, defaultConfig, patchConfig } from './config.ts'
import { DEFAULT_LIMITS, type ImportLimits } from './limits.ts'
import type { Outage } from './outage.ts'
import { saveUser } from './people.ts'
import { isId } from './ids.ts'
import { badUrl, noSuchRoute, Refusal } from './refusal.ts'
import type { Notification } from './rows.ts'
import { type Answer, type Ask, type Outgoing, param, type Route } from './routes/ask.ts'
import { routes } from './routes/routes.ts'
import { Store } from './store.ts'
import { abilitiesOf, type MattermostVersion } from './version.ts'

export interface MattermostTestbedOptions {
  /** 5.36.1 unless said: the one compared with a real server. */
  readonly version?: MattermostVersion
  readonly limits?: Partial<ImportLimits>
  readonly config?: ConfigPatch
  /** Settings fixed by environment variables of the server: no patch changes them. */
  readonly environment?: ConfigPatch
  /** Short name of the plan (`professional`, `enterprise`); without one custom groups and bookmarks answer 501. */
  readonly licence?: string
  /** Ids are the same for the same seed and the same requests. */
  readonly seed?: string
  /** Milliseconds since 1970; the machine's unless given. */
  readonly clock?: () => number
}

export interface MattermostTestbed extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`; the API is below `/api/v4`. */
  readonly url: string
  /** Personal access token of the administrator `admin` (password `Admin-Pa55word`). */
  readonly token: string
  /** Everything the server stores, to look at and, in a test's first lines, to fill. */
  readonly state: Store
  /** Faults by route as `coverage.ts` names them: `POST /uploads/{upload_id}`. */
  readonly faults: FaultPlan
  readonly calls: CallLog
  /** Who was told of what. Imports must leave it empty. */
  readonly notifications: readonly Notification[]
  readonly outage: Outage
}

const PREFIX = '/api/v4'
/** `GET /users/{user_id}` for a request's method and path, or the bare path if there is no such route. */
export function routeName(method: string, path: string): string {
  const rest = path.startsWith(PREFIX) ? path.slice(PREFIX.length) : path
  return routes.find(({ route }) => patternOf(route).test(`${method} ${rest}`))?.route ?? `${method} ${rest}`
}
const patterns = new Map<string, RegExp>()
function patternOf(route: string): RegExp {
  const known = patterns.get(route)
  if (known !== undefined) return known
  const made = new RegExp(`^${route.replace(/\{[a-z_]+\}/g, '[^/]+')}$`)
  patterns.set(route, made)
  return made
}

/** A Mattermost server on a loopback port, with an administrator and nothing else in it. */
export async function mattermostTestbed(options: MattermostTestbedOptions = {}): Promise<MattermostTestbed> {
  const version = options.version ?? '5.36.1'
  const store = new Store({
    version,
    can: abilitiesOf(version),
    config: defaultConfig(''),
    environment: options.environment ?? {},
    licence: options.licence,
    importLimits: { ...DEFAULT_LIMITS, ...options.limits },
    seed: options.seed ?? 'testbed',
    clock: options.clock ?? Date.now,
  })
  patchConfig(store.config, options.config ?? {})
  patchConfig(store.config, store.environment)
  const admin = saveUser(store, {
    username: 'admin',
    email: 'admin@example.test',
    password: 'Admin-Pa55word',
    roles: 'system_admin system_user',
  })
  const token = store.id()
  store.sessions.set(token, { token, user_id: admin.id, tokenId: store.id(), description: 'testbed' })

  const faults = new FaultPlan()
  const calls = new CallLog()
  const app = application(store, faults, calls)
  const served = await serve({ fetch: (request, env) => app.fetch(request, env as HttpBindings) })
  store.config.ServiceSettings.SiteURL ||= served.url
  return {
    url: served.url,
    token,
    state: store,
    faults,
    calls,
    notifications: store.notifications,
    outage: store.outage,
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  }
}

function application(store: Store, faults: FaultPlan, calls: CallLog): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (c, next) => {
    if (store.outage.down) {
      c.env.outgoing.destroy()
      return c.body(null)
    }
    calls.add({ route: routeName(c.req.method, c.req.path), method: c.req.method, path: c.req.path, atMs: store.now() })
    c.header('x-version-id', `${store.version}.${store.version}.testbed.${store.licence !== undefined}`)
    return next()
  })
  app.use(playing(faults, (path, method) => routeName(method, path)))
  for (const entry of routes) {
    if (entry.exists?.(store) === false) continue
    const [method = '', path = ''] = entry.route.split(' ')
    app.on(method, PREFIX + path.replace(/\{([a-z_]+)\}/g, ':$1'), (c) => answering(store, entry, c))
  }
  app.notFound((c) => refused(store, c, noSuchRoute(c.req.path)))
  app.onError((error, c) => refused(store, c, error instanceof Refusal ? error : new Refusal('testbed.broken', 500, String(error.stack))))
  return app
}

async function answering(store: Store, entry: Route, http: Outgoing): Promise<Response> {
  const given = /^(?:bearer|token) (.+)$/i.exec(http.req.header('authorization') ?? '')?.[1]
  const session = store.sessions.get(given ?? '')
  const me = store.users.get(session?.user_id ?? '')
  const expired = (): Refusal =>
    new Refusal('api.context.session_expired.app_error', 401, 'Invalid or expired session, please login again.')
  if (me === undefined && entry.open !== true) throw expired()
  const ask: Ask = {
    store,
    http,
    token: given,
    get me() {
      if (me === undefined) throw expired()
      return me
    },
  }
  checkIds(ask, entry)
  return responseOf(await entry.answer(ask))
}

/** Ids in a path have 26 characters, or the path is refused before anything is looked up. */
function checkIds(ask: Ask, { route }: Route): void {
  for (const [, name = ''] of route.matchAll(/\{([a-z_]+_id)\}/g)) {
    const value = param(ask, name)
    if (!isId(value) && value !== 'me') throw badUrl(name)
  }
}

function responseOf(answer: Answer): Response {
  if ('json' in answer) return Response.json(answer.json, { status: answer.status ?? 200, headers: { ...answer.headers } })
  if ('bytes' in answer)
    return new Response(Buffer.from(answer.bytes), {
      status: answer.status ?? 200,
      headers: { 'content-type': answer.type, ...answer.headers },
    })
  return new Response(null, { status: answer.status })
}

function refused(store: Store, c: Outgoing, { id, message, detail, status }: Refusal): Response {
  const answer = { id, message, detailed_error: detail, request_id: store.id(), status_code: status }
  return c.json(answer, status as 400)
}
