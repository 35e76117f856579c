import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { GitRemote } from '../../../src/git/git-remote.ts'
import { uploadLfs } from '../../../src/git/lfs-upload.ts'
import type { LfsUpload, LfsUploaded } from '../../../src/git/lfs-upload.ts'
import { createFetch } from '../../../src/http/fetch.ts'
import { impatientClock } from '../../support/impatient-clock.ts'
import { serve } from '../../testbed/kit/serve.ts'

const never = new AbortController().signal
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined }
const Asked = z.strictObject({
  operation: z.literal('upload'),
  transfers: z.tuple([z.literal('basic')]),
  hash_algo: z.literal('sha256'),
  objects: z.array(z.object({ oid: z.string(), size: z.number() })).max(100),
})
const bytesOf = (n: number): Buffer => Buffer.from(`large file ${n} `.repeat(n * 50))
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const streamOf = (bytes: Uint8Array): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 1_000) controller.enqueue(bytes.subarray(at, at + 1_000))
      controller.close()
    },
  })
const upload = (n: number, sent = bytesOf(n)): LfsUpload => ({
  pointer: { oid: sha256(bytesOf(n)), size: bytesOf(n).length },
  open: async () => streamOf(sent),
})

/** A host that says what it lacks and where to bring it, and a store with another name that takes it. */
async function lfsHost() {
  await using stack = new AsyncDisposableStack()
  const world = {
    stored: new Map<string, Buffer>(),
    verified: [] as string[],
    batches: [] as number[],
    puts: [] as { readonly at: 'host' | 'store'; readonly authorization: string | null; readonly length: string | null }[],
    /** Where objects are brought: the store unless it says so. */
    toHost: false,
    refuse: new Map<string, { readonly code: number; readonly message: string }>(),
    /** Statuses for the next PUTs. */
    failures: [] as number[],
  }
  const put = (at: 'host' | 'store') => async (request: Request) => {
    const body = Buffer.from(await request.arrayBuffer())
    world.puts.push({ at, authorization: request.headers.get('authorization'), length: request.headers.get('content-length') })
    const failure = world.failures.shift()
    if (failure !== undefined) return new Response('not now', { status: failure })
    const oid = new URL(request.url).pathname.split('/').at(-1) ?? ''
    if (sha256(body) !== oid) return new Response('wrong bytes', { status: 422 })
    world.stored.set(oid, body)
    return new Response(null)
  }
  const store = stack.use(await serve({ fetch: put('store') }))
  const host = stack.use(
    await serve({
      fetch: async (request: Request) => {
        const { pathname, origin } = new URL(request.url)
        if (request.method === 'PUT') return put('host')(request)
        if (request.headers.get('authorization') !== 'Bearer ours') return new Response(null, { status: 401 })
        if (pathname.endsWith('/verify')) {
          const { oid, size } = z.object({ oid: z.string(), size: z.number() }).parse(await request.json())
          world.verified.push(oid)
          return new Response(null, { status: world.stored.get(oid)?.length === size ? 200 : 404 })
        }
        if (pathname !== '/acme/site.git/info/lfs/objects/batch') return new Response(null, { status: 404 })
        const { objects } = Asked.parse(await request.json())
        world.batches.push(objects.length)
        const place = world.toHost ? origin : store.url
        const header = world.toHost ? { 'Transfer-Encoding': 'chunked' } : { Authorization: 'Ticket 1', 'Transfer-Encoding': 'chunked' }
        const verify = { href: `${origin}/acme/site.git/info/lfs/verify` }
        return Response.json({
          transfer: 'basic',
          objects: objects.map(({ oid, size }) => {
            const error = world.refuse.get(oid)
            if (error !== undefined) return { oid, size, error }
            return world.stored.has(oid)
              ? { oid, size }
              : { oid, size, actions: { upload: { href: `${place}/put/${oid}`, header }, verify } }
          }),
        })
      },
    }),
  )
  const clock = impatientClock()
  const remote: GitRemote = {
    url: `${host.url}/acme/site.git`,
    fetch: createFetch({ clock, log: silent, attempts: 1, patienceMs: 0 }),
    clock,
    authorization: async () => 'Bearer ours',
  }
  const run = async (objects: readonly LfsUpload[]): Promise<LfsUploaded[]> => {
    const results: LfsUploaded[] = []
    for await (const result of uploadLfs(remote, objects, never)) results.push(result)
    return results
  }
  const held = stack.move()
  return Object.assign(world, { run, [Symbol.asyncDispose]: () => held.disposeAsync() })
}

test('objects are asked for by the hundred; only what lacks is sent, whole, and verified', async () => {
  await using world = await lfsHost()
  const objects = Array.from({ length: 130 }, (_, n) => upload(n % 120))
  world.stored.set(objects[3]?.pointer.oid ?? '', bytesOf(3))
  const results = await world.run(objects)
  expect(world.batches).toEqual([100, 30])
  expect(results.filter(({ outcome }) => outcome === 'uploaded')).toHaveLength(119)
  expect(results.filter(({ outcome }) => outcome === 'present').map(({ pointer }) => pointer.oid)).toContain(objects[3]?.pointer.oid)
  expect(world.stored.size).toBe(120)
  expect(new Set(world.verified).size).toBe(119)
})

test('the token stays with its host, and the bytes have a length everywhere', async () => {
  await using world = await lfsHost()
  await world.run([upload(7)])
  world.toHost = true
  await world.run([upload(8)])
  expect(world.puts).toEqual([
    { at: 'store', authorization: 'Ticket 1', length: String(bytesOf(7).length) },
    { at: 'host', authorization: 'Bearer ours', length: String(bytesOf(8).length) },
  ])
})

test('one that is refused, and one whose bytes are others, take no other down', async () => {
  await using world = await lfsHost()
  world.refuse.set(upload(1).pointer.oid, { code: 422, message: 'over the limit of 5 MB' })
  const wrong = upload(2, Buffer.from(bytesOf(2)).fill(0, 3, 9))
  const short = upload(3, bytesOf(3).subarray(0, -1))
  const results = await world.run([upload(1), wrong, short, upload(4)])
  expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'uploaded'])
  expect(results[0]).toMatchObject({ fault: { code: 'rejected', why: 'the host says 422: over the limit of 5 MB' } })
  expect(results[1]).toMatchObject({ fault: { code: 'corrupt' } })
  expect(results[2]).toMatchObject({ fault: { code: 'corrupt' } })
  expect([...world.stored.keys()]).toEqual([upload(4).pointer.oid])
})

test('a store that is busy or whose address has expired is tried again, and not for ever', async () => {
  await using world = await lfsHost()
  world.failures = [503, 403]
  expect(await world.run([upload(5)])).toMatchObject([{ outcome: 'failed', fault: { code: 'permission' } }])
  world.failures = [410, 502]
  expect(await world.run([upload(5)])).toMatchObject([{ outcome: 'uploaded' }])
  world.failures = [500, 500, 500]
  expect(await world.run([upload(6)])).toMatchObject([{ outcome: 'failed', fault: { code: 'unavailable' } }])
})
