import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebClient } from '@slack/web-api'
import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import type { Log } from '../../../src/contract/ports.ts'
import { faultIn } from '../../../src/fault.ts'
import { createFetch, type FetchOptions } from '../../../src/http/fetch.ts'
import { systemClock } from '../../../src/http/system-clock.ts'
import { memoryBucketStore } from '../../../src/queue/bucket-store.ts'
import { createLimiter } from '../../../src/queue/limiter.ts'
import { VirtualClock } from '../../support/clock.ts'
import { CallLog } from '../../testbed/kit/calls.ts'
import { FaultPlan, playing } from '../../testbed/kit/faults.ts'
import { serve } from '../../testbed/kit/serve.ts'

const CANARY = 'xoxb-123456789012-canarycanary'

async function world(options: Partial<FetchOptions> = {}) {
  const clock = options.clock instanceof VirtualClock ? options.clock : new VirtualClock()
  const faults = new FaultPlan()
  const calls = new CallLog()
  const app = new Hono<{ Bindings: HttpBindings }>()
  const routeOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
  app.use(async (c, next) => {
    calls.add({ route: routeOf(c.req.path), method: c.req.method, path: c.req.path, atMs: clock.monotonicMs() })
    return next()
  })
  app.use(playing(faults, routeOf))
  app.all('/api/echo', async (c) =>
    c.json({
      ok: true,
      method: c.req.method,
      body: await c.req.text(),
      authorization: c.req.header('authorization') ?? null,
      cookie: c.req.header('cookie') ?? null,
    }),
  )
  app.delete('/api/nothing', (c) => c.body(null, 204))
  app.post('/api/auth.test', (c) => c.json({ ok: true, user: 'U1' }))
  app.get('/api/bytes', () => new Response(new Uint8Array(300_000), { headers: { 'content-type': 'application/octet-stream' } }))
  app.all('/api/to', (c) => c.redirect(c.req.query('at') ?? '', Number(c.req.query('status') ?? 302) as 302))
  app.get('/api/loop', (c) => c.redirect('/api/loop', 302))
  const served = await serve({ fetch: (request, env) => app.fetch(request, env as HttpBindings) })
  const lines: string[] = []
  const note = (msg: string, fields?: object): void => void lines.push(JSON.stringify({ msg, ...fields }))
  const log: Log = { debug: note, info: note, warn: note }
  const fetch = createFetch({ clock, log, transport: clock.fetch, random: () => 0.5, ...options })
  return { clock, faults, calls, fetch, lines, log, url: served.url, [Symbol.asyncDispose]: () => served[Symbol.asyncDispose]() }
}

/** A server made of plain sockets, for what no framework would send. */
async function rawServer(answer: string, keepOpen: boolean) {
  const server = createServer()
  server.on('connection', (socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => (keepOpen ? socket.write(answer) : socket.end(answer)))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
const caught = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (cause: unknown) => cause,
  )

describe('the one fetch tries again', () => {
  test('after a 429, when the vendor says so', async () => {
    await using w = await world()
    w.faults.next('echo', { type: 'status', status: 429, retryAfterS: 30 })
    expect((await w.fetch(`${w.url}/api/echo`)).status).toBe(200)
    expect(w.calls.calls.map((call) => call.atMs)).toEqual([0, 30_000])
  })

  test('after a 429 without Retry-After, waiting longer each time', async () => {
    await using w = await world()
    w.faults.next('echo', ...Array.from({ length: 3 }, () => ({ type: 'status', status: 429 }) as const))
    expect((await w.fetch(`${w.url}/api/echo`)).status).toBe(200)
    expect(w.calls.calls.map((call) => call.atMs)).toEqual([0, 375, 1_125, 2_625])
  })

  test('but not after an answer without a body, of which some library says it is no Response', async () => {
    await using w = await world()
    expect((await w.fetch(`${w.url}/api/nothing`, { method: 'DELETE' })).status).toBe(204)
    expect(w.calls.count('nothing')).toBe(1)
  })

  test('after Retry-After as a date', async () => {
    await using w = await world()
    const retryAt = new Date(w.clock.now().getTime() + 90_000).toUTCString()
    let asked = 0
    const transport: typeof fetch = (...args) => {
      asked += 1
      return asked === 1
        ? Promise.resolve(new Response(null, { status: 429, headers: { 'retry-after': retryAt } }))
        : w.clock.fetch(...args)
    }
    const fetched = createFetch({ clock: w.clock, log: w.log, transport })
    expect((await fetched(`${w.url}/api/echo`)).status).toBe(200)
    expect(w.clock.monotonicMs()).toBe(90_000)
  })

  test.each([['status', 503] as const, ['reset', 0] as const, ['cut', 0] as const])(
    'after %s %s, if that can do no harm',
    async (type, status) => {
      await using w = await world()
      w.faults.next('echo', type === 'status' ? { type, status } : type === 'cut' ? { type, afterBytes: 9 } : { type })
      expect(await (await w.fetch(`${w.url}/api/echo`)).json()).toMatchObject({ ok: true })
      expect(w.calls.count('echo')).toBe(2)
    },
  )

  test('with the same body', async () => {
    await using w = await world({ retryable: () => true })
    w.faults.next('echo', { type: 'reset' }, { type: 'status', status: 500 })
    const response = await w.fetch(`${w.url}/api/echo`, { method: 'POST', body: new URLSearchParams({ channel: 'C1' }) })
    expect(await response.json()).toMatchObject({ body: 'channel=C1' })
    expect(w.calls.count('echo')).toBe(3)
  })

  test('but not a write that may have happened, nor a body that is used up', async () => {
    await using w = await world()
    w.faults.next('echo', { type: 'status', status: 503 }, { type: 'reset' }, { type: 'status', status: 429, retryAfterS: 1 })
    expect((await w.fetch(`${w.url}/api/echo`, { method: 'POST', body: 'x' })).status).toBe(503)
    expect(faultIn(await caught(w.fetch(`${w.url}/api/echo`, { method: 'POST', body: 'x' })))).toMatchObject({ code: 'unavailable' })
    const body = new Blob(['x']).stream()
    expect((await w.fetch(`${w.url}/api/echo`, { method: 'POST', body, duplex: 'half' })).status).toBe(429)
    expect(w.calls.count('echo')).toBe(3)
  })

  test('a bounded number of times, then gives the status or the Fault', async () => {
    await using w = await world({ attempts: 3 })
    w.faults.next('echo', ...Array.from({ length: 3 }, () => ({ type: 'status', status: 502 }) as const))
    expect((await w.fetch(`${w.url}/api/echo`)).status).toBe(502)
    w.faults.next('echo', ...Array.from({ length: 3 }, () => ({ type: 'reset' }) as const))
    expect(faultIn(await caught(w.fetch(`${w.url}/api/echo`)))).toMatchObject({ code: 'unavailable', retry: { type: 'backoff' } })
    expect(w.calls.count('echo')).toBe(6)
  })

  test('until its patience is used up', async () => {
    await using w = await world({ patienceMs: 60_000 })
    w.faults.next('echo', { type: 'status', status: 429, retryAfterS: 3_600 })
    const response = await w.fetch(`${w.url}/api/echo`)
    expect([response.status, response.headers.get('retry-after'), w.clock.monotonicMs()]).toEqual([429, '3600', 0])
  })

  test('when nobody listens yet, even a write', async () => {
    await using w = await world()
    const nobody = await rawServer('', false)
    await nobody[Symbol.asyncDispose]()
    let tries = 0
    const transport: typeof fetch = (input, init) => w.clock.fetch((tries += 1) < 3 ? nobody.url : input, init)
    const fetched = createFetch({ clock: w.clock, log: w.log, transport })
    expect((await fetched(`${w.url}/api/echo`, { method: 'POST', body: 'x' })).status).toBe(200)
    expect(tries).toBe(3)
  })
})

describe('the one fetch and a broken answer', () => {
  test('a file cut short is an error in its stream', async () => {
    await using w = await world()
    w.faults.next('bytes', { type: 'cut', afterBytes: 1_000 })
    const response = await w.fetch(`${w.url}/api/bytes`)
    expect(response.status).toBe(200)
    expect(await caught(response.arrayBuffer())).toMatchObject({ code: 'unavailable', retry: { type: 'backoff' } })
  })

  test('silence inside a body is an error after the idle time', async () => {
    await using server = await rawServer('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart', true)
    await using w = await world({ idleMs: 50, clock: systemClock, transport: fetch })
    const response = await w.fetch(server.url)
    expect(await caught(response.text())).toMatchObject({ code: 'unavailable', what: expect.stringContaining('silent') })
  })

  test('silence before an answer is tried again, then a Fault', async () => {
    await using server = await rawServer('', true)
    await using w = await world({ idleMs: 50, attempts: 2, transport: fetch })
    expect(await caught(w.fetch(server.url))).toMatchObject({ code: 'unavailable', what: expect.stringContaining('silent') })
  })
})

describe('the one fetch and redirects', () => {
  const secret = { headers: { authorization: `Bearer ${CANARY}`, cookie: 'd=1' } }

  test('keeps credentials on the same host and drops them on another', async () => {
    await using w = await world()
    await using other = await world()
    const same = await w.fetch(`${w.url}/api/to?at=/api/echo`, secret)
    expect(await same.json()).toMatchObject({ authorization: `Bearer ${CANARY}`, cookie: 'd=1' })
    const away = await w.fetch(`${w.url}/api/to?at=${encodeURIComponent(`${other.url}/api/echo`)}`, secret)
    expect(await away.json()).toMatchObject({ authorization: null, cookie: null })
    expect(away.url).toBe(`${other.url}/api/echo`)
  })

  test('does not give credentials back on the way home', async () => {
    await using w = await world()
    await using other = await world()
    const home = encodeURIComponent(`${other.url}/api/to?at=${encodeURIComponent(`${w.url}/api/echo`)}`)
    expect(await (await w.fetch(`${w.url}/api/to?at=${home}`, secret)).json()).toMatchObject({ authorization: null })
  })

  test('303 after POST becomes GET, 307 keeps method and body', async () => {
    await using w = await world()
    const post = { method: 'POST', body: 'words' }
    expect(await (await w.fetch(`${w.url}/api/to?at=/api/echo&status=303`, post)).json()).toMatchObject({ method: 'GET', body: '' })
    expect(await (await w.fetch(`${w.url}/api/to?at=/api/echo&status=307`, post)).json()).toMatchObject({ method: 'POST', body: 'words' })
  })

  test('ends a loop after five hops, without trying again', async () => {
    await using w = await world()
    expect(await caught(w.fetch(`${w.url}/api/loop`))).toMatchObject({ code: 'rejected' })
    expect(w.calls.count('loop')).toBe(6)
  })

  test('leaves https for nobody, and follows no redirect when told so', async () => {
    await using w = await world()
    const transport: typeof fetch = () =>
      Promise.resolve(new Response(null, { status: 302, headers: { location: 'http://files.example/x' } }))
    const fetched = createFetch({ clock: w.clock, log: w.log, transport })
    expect(await caught(fetched('https://files.example/x'))).toMatchObject({ code: 'rejected', why: 'the redirect leaves https' })
    expect(await caught(w.fetch(`${w.url}/api/to?at=/api/echo`, { redirect: 'error' }))).toMatchObject({ code: 'rejected' })
    expect((await w.fetch(`${w.url}/api/to?at=/api/echo`, { redirect: 'manual' })).status).toBe(302)
  })
})

describe('the one fetch stops', () => {
  test.each(['before an answer', 'inside a body', 'while pausing'])('on abort %s', async (where) => {
    await using server = await rawServer(where === 'inside a body' ? 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\npart' : '', true)
    await using w = await world({ clock: systemClock, transport: fetch })
    const controller = new AbortController()
    const reason = new Error('the person said stop')
    if (where === 'while pausing') w.faults.next('echo', { type: 'status', status: 429, retryAfterS: 600 })
    const url = where === 'while pausing' ? `${w.url}/api/echo` : server.url
    const work = w.fetch(url, { signal: controller.signal }).then((response) => response.text())
    setTimeout(() => controller.abort(reason), 50)
    expect(await caught(work)).toBe(reason)
  })

  test('every request of an SDK that passes no signal', async () => {
    const controller = new AbortController()
    await using w = await world({ signal: controller.signal })
    controller.abort(new Error('stop'))
    expect(await caught(w.fetch(`${w.url}/api/echo`))).toBe(controller.signal.reason)
    expect(w.calls.count()).toBe(0)
  })
})

describe('the one fetch under a limiter', () => {
  const budgets = { bytes: { requests: 100, perMs: 1_000, concurrency: 1, source: 'test' } }

  test('holds the connection of a stream until it was read or cancelled', async () => {
    const clock = new VirtualClock()
    const limiter = createLimiter({ clock, store: memoryBucketStore(), budgets, scope: 'acme' })
    await using w = await world({ clock, limiter, quotaOf: () => [{ key: 'bytes', cost: 1 }], transport: clock.fetch })
    const first = await w.fetch(`${w.url}/api/bytes`)
    let second: Response | undefined
    const waiting = w.fetch(`${w.url}/api/bytes`).then((response) => (second = response))
    await clock.sleep(10_000, new AbortController().signal)
    expect(second).toBeUndefined()
    await first.body?.cancel()
    await (await waiting).arrayBuffer()
    expect(w.calls.count('bytes')).toBe(2)
  })

  test('one request told to wait makes all others of its budget wait', async () => {
    const clock = new VirtualClock()
    const limiter = createLimiter({
      clock,
      store: memoryBucketStore(),
      budgets: { echo: { ...budgets.bytes, concurrency: 4 } },
      scope: 'acme',
    })
    await using w = await world({ clock, limiter, quotaOf: () => [{ key: 'echo', cost: 1 }], transport: clock.fetch })
    w.faults.next('echo', { type: 'status', status: 429, retryAfterS: 20 })
    const told = w.fetch(`${w.url}/api/echo`)
    await clock.sleep(1, new AbortController().signal)
    await Promise.all([told, w.fetch(`${w.url}/api/echo`)])
    expect(w.calls.calls.map((call) => call.atMs)).toEqual([0, 20_000, 20_000])
  })
})

test('the real Slack client works through it, and no secret reaches the log', async () => {
  await using w = await world({ retryable: () => true, routeOf: (request) => new URL(request.url).pathname.slice('/api/'.length) })
  const silent = { debug() {}, info() {}, warn() {}, error() {}, setLevel() {}, setName() {}, getLevel: () => 'error' as never }
  const slack = new WebClient(CANARY, {
    fetch: w.fetch,
    slackApiUrl: `${w.url}/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
  })
  w.faults.next(
    'auth.test',
    { type: 'status', status: 429, retryAfterS: 30 },
    { type: 'status', status: 500 },
    { type: 'reset' },
    { type: 'cut', afterBytes: 4 },
  )
  expect(await slack.auth.test()).toMatchObject({ ok: true, user: 'U1' })
  expect(w.calls.count('auth.test')).toBe(5)
  expect(w.lines).toContainEqual(expect.stringContaining('"route":"auth.test","status":429'))
  expect(w.lines.join('\n')).not.toContain('canary')
  w.faults.next('auth.test', { type: 'status', status: 429, retryAfterS: 7_200 })
  await expect(slack.auth.test()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7_200 })
})

test('a log line names method, route and status, and neither query nor path ids', async () => {
  await using w = await world()
  await (await w.fetch(`${w.url}/api/bytes/U024BE7LH/secret-plan.pdf?t=${CANARY}&q=word`)).text()
  expect(w.lines).toEqual([JSON.stringify({ msg: 'request', method: 'GET', route: '/api/bytes/:x/:x', status: 404, ms: 0 })])
})
