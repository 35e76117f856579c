import type { HttpBindings } from '@hono/node-server'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import { CallLog } from '../kit/calls.ts'
import { FaultPlan, playing } from '../kit/faults.ts'
import { serve } from '../kit/serve.ts'
import type { Answer, Http } from './ask.ts'
import { identify } from './auth.ts'
import { gitPathOf, gitRouteName, serveGit } from './git/serve.ts'
import { Jobs } from './import/jobs.ts'
import { Limits } from './limits.ts'
import type { Outage } from './outage.ts'
import { addToken, addUser } from './people.ts'
import { notFound, Refusal, unauthorized } from './refusal.ts'
import { Router } from './router.ts'
import { routesOf } from './routes/routes.ts'
import type { Mail, Pipeline, Problem } from './rows.ts'
import { World } from './world.ts'

export interface GitlabTestbedOptions {
  /** `17.11.0` unless said. `max_iids.json` is read from 19.0 on. */
  readonly version?: string
  /** What `VERSION` in an import file must be; `0.2.4` unless said. */
  readonly exportVersion?: string
  /** Application settings beside the defaults of 17.11 (`settings.ts`): limits, import sources, sizes. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** `off` lifts the limits on notes, issues and imports, which are as published otherwise. */
  readonly limits?: 'published' | 'off'
  /** Imports that run at the same time; two unless said. */
  readonly importConcurrency?: number
  /** Milliseconds since 1970; the machine's unless given. */
  readonly clock?: () => number
}

export interface GitlabTestbed extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`; the API is below `/api/v4`, repositories at `/group/project.git`. */
  readonly url: string
  /** Everything the server stores, to look at and, in a test's first lines, to fill (`people.ts`, `places.ts`). */
  readonly world: World
  /** Personal access token of the administrator `root`, with all scopes. */
  readonly token: string
  /** Faults by route: `POST /projects/import`, `POST git receive-pack`, `GET git info/refs`, `POST lfs batch`, `PUT lfs object`. */
  readonly faults: FaultPlan
  readonly calls: CallLog
  /** Who would have got a mail. An import must leave it empty. */
  readonly mails: readonly Mail[]
  /** Pipelines that pushes started. An import must leave it empty. */
  readonly pipelines: readonly Pipeline[]
  /** What was taken in but would look broken to people: positions that are in no diff, merge requests without changes. */
  readonly problems: readonly Problem[]
  /** Takes the server away, at once or in the middle of an import. */
  readonly outage: Outage
  /** Requests that met a rate limit, by limit. */
  readonly limited: ReadonlyMap<string, number>
  /** Resolves when no import runs or waits. */
  idle(): Promise<void>
}

const PREFIX = '/api/v4'
/** A self-managed GitLab CE on a loopback port, with the administrator `root` and nothing else in it. */
export async function gitlabTestbed(options: GitlabTestbedOptions = {}): Promise<GitlabTestbed> {
  const directory = await mkdtemp(join(tmpdir(), 'gitlab-'))
  const off = { notes_create_limit: 0, issues_create_limit: 0, project_import_limit: 0 }
  const world = new World({
    version: options.version ?? '17.11.0',
    exportVersion: options.exportVersion ?? '0.2.4',
    directory,
    clock: options.clock ?? Date.now,
    settings: { ...(options.limits === 'off' ? off : {}), ...options.settings },
  })
  const admin = addUser(world, { username: 'root', name: 'Administrator', email: 'admin@example.test', admin: true })
  const { token } = addToken(world, admin, ['api', 'sudo', 'admin_mode', 'read_repository', 'write_repository'])
  const jobs = new Jobs(world, options.importConcurrency ?? 2)
  const limits = new Limits(world)
  const faults = new FaultPlan()
  const calls = new CallLog()
  const app = application(world, jobs, limits, faults, calls)
  const served = await serve({ fetch: (request, env) => app.fetch(request, env as HttpBindings) })
  world.url = served.url
  return {
    url: served.url,
    world,
    token,
    faults,
    calls,
    mails: world.mails,
    pipelines: world.pipelines,
    problems: world.problems,
    outage: world.outage,
    limited: limits.refused,
    idle: () => jobs.idle(),
    [Symbol.asyncDispose]: async () => {
      world.outage.begin()
      await served[Symbol.asyncDispose]()
      await jobs.idle()
      world[Symbol.dispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The path as it was sent: hono would decode what must stay encoded. */
const rawPath = (url: string): string => /^[a-z]+:\/\/[^/]+([^?#]*)/.exec(url)?.[1] ?? '/'

function application(world: World, jobs: Jobs, limits: Limits, faults: FaultPlan, calls: CallLog): Hono<{ Bindings: HttpBindings }> {
  const routes = routesOf(jobs).filter((route) => route.exists?.(world) !== false)
  const router = new Router(routes)
  const nameOf = (path: string, method: string): string => {
    const git = gitPathOf(path)
    if (git !== undefined) return gitRouteName(git, method)
    return (path.startsWith(PREFIX) ? router.find(method, path.slice(PREFIX.length))?.route.route : undefined) ?? `${method} ${path}`
  }
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (c, next) => {
    if (world.outage.down) {
      c.env.outgoing.destroy()
      return c.body(null)
    }
    calls.add({ route: nameOf(rawPath(c.req.url), c.req.method), method: c.req.method, path: c.req.path, atMs: world.nowMs() })
    return next()
  })
  app.use((c, next) => playing(faults, (_, method) => nameOf(rawPath(c.req.url), method))(c, next))
  app.all('*', (c) => answering(world, limits, router, c))
  app.onError((error, c) =>
    refused(c, error instanceof Refusal ? error : new Refusal(500, { message: `testbed broken: ${error.stack ?? ''}` })),
  )
  return app
}

async function answering(world: World, limits: Limits, router: Router, c: Http): Promise<Response> {
  const path = rawPath(c.req.url)
  const git = gitPathOf(path)
  if (git !== undefined) return serveGit(world, c, git, identify(world, c, 'git')?.me)
  if (!path.startsWith(PREFIX)) throw notFound('Page')
  const found = router.find(c.req.method, path.slice(PREFIX.length))
  if (found === undefined) throw new Refusal(404, { error: '404 Not Found' })
  const who = identify(world, c, 'api')
  if (who === undefined) throw unauthorized()
  limits.api(who.me)
  const query = new URL(c.req.url).searchParams
  return responseOf(await found.route.answer({ world, limits, http: c, params: found.params, query, me: who.me, token: who.token }))
}

async function responseOf(answer: Answer): Promise<Response> {
  if ('json' in answer) return Response.json(answer.json, { status: answer.status ?? 200, headers: { ...answer.headers } })
  if ('bytes' in answer) return new Response(answer.bytes, { status: answer.status ?? 200, headers: { 'content-type': answer.type } })
  if ('file' in answer) {
    const { size } = await stat(answer.file)
    const named =
      answer.name === undefined ? {} : { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(answer.name)}` }
    const stream = ReadableStream.from(createReadStream(answer.file)) as ReadableStream<Uint8Array>
    return new Response(stream, { status: 200, headers: { 'content-type': answer.type, 'content-length': String(size), ...named } })
  }
  return new Response(null, { status: answer.status })
}
function refused(c: Http, { status, body, headers }: Refusal): Response {
  if (typeof body === 'string') return new Response(body, { status, headers: { 'content-type': 'text/plain', ...headers } })
  return c.json(body, status as 400, { ...headers })
}
