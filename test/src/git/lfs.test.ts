import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { GitRemote } from '../../../src/git/git-remote.ts'
import type { LfsPointer } from '../../../src/git/lfs-pointer.ts'
import { type LfsObject, lfsObjects } from '../../../src/git/lfs.ts'
import { createFetch } from '../../../src/http/fetch.ts'
import { VirtualClock } from '../../support/clock.ts'
import { serve } from '../../testbed/kit/serve.ts'
import { collected } from './collected.ts'
import { never } from './world.ts'

const Asked = z.object({
  operation: z.literal('download'),
  transfers: z.tuple([z.literal('basic')]),
  objects: z.array(z.object({ oid: z.string(), size: z.number() })),
})
const content = (n: number): Buffer => Buffer.from(`content of large file ${n}`)
const pointer = (n: number): LfsPointer => ({ oid: createHash('sha256').update(content(n)).digest('hex'), size: content(n).byteLength })

/** A host that says where objects are, and a store with another name that has them. */
async function lfsWorld() {
  const stored = new Map(Array.from({ length: 250 }, (_, n) => [pointer(n).oid, content(n)]))
  const batches: string[][] = []
  const authorizations: (string | null)[] = []
  const gets: { readonly url: string; readonly authorization: string | null; readonly ticket: string | null }[] = []
  const clock = new VirtualClock()
  const world = {
    clock,
    stored,
    batches,
    authorizations,
    gets,
    actions: {} as Record<string, unknown>,
    errors: new Map<string, { readonly code: number; readonly message: string }>(),
    storeAnswers: undefined as (() => Response | undefined) | undefined,
    hostAnswers: undefined as (() => Response | undefined) | undefined,
    href: (oid: string) => `${store.url}/${oid}?ticket=${batches.length}`,
  }
  await using stack = new AsyncDisposableStack()
  const get = (request: Request): Response => {
    const { url, headers } = request
    gets.push({ url, authorization: headers.get('authorization'), ticket: headers.get('x-ticket') })
    const bytes = stored.get(new URL(url).pathname.split('/').at(-1) ?? '')
    return world.storeAnswers?.() ?? (bytes === undefined ? new Response(null, { status: 404 }) : new Response(new Uint8Array(bytes)))
  }
  const store = stack.use(await serve({ fetch: get }))
  const host = stack.use(
    await serve({
      fetch: async (request: Request) => {
        if (!request.url.endsWith('/acme/site.git/info/lfs/objects/batch')) return get(request)
        authorizations.push(request.headers.get('authorization'))
        const answer = world.hostAnswers?.()
        if (answer !== undefined) return answer
        const { objects } = Asked.parse(await request.json())
        batches.push(objects.map(({ oid }) => oid))
        const answers = objects.map(({ oid, size }) => {
          const error =
            world.errors.get(oid) ?? (stored.has(oid) ? undefined : { code: 404, message: 'Object does not exist on the server' })
          return error === undefined
            ? { oid, size, actions: { download: { href: world.href(oid), header: { 'X-Ticket': 'let me in' }, ...world.actions } } }
            : { oid, size, error }
        })
        // Hosts answer in their own order.
        return Response.json(
          { transfer: 'basic', objects: answers.toReversed() },
          { headers: { 'content-type': 'application/vnd.git-lfs+json' } },
        )
      },
    }),
  )
  let token = 0
  const remote: GitRemote = {
    url: `${host.url}/acme/site`,
    clock,
    fetch: createFetch({ clock, log: { debug() {}, info() {}, warn() {} }, retryable: () => true, attempts: 1, patienceMs: 0 }),
    authorization: () => Promise.resolve(`Basic secret${++token}`),
  }
  const held = stack.move()
  return { ...world, world, host, remote, [Symbol.asyncDispose]: () => held.disposeAsync() }
}

async function all(remote: GitRemote, pointers: readonly LfsPointer[]): Promise<LfsObject[]> {
  return Array.fromAsync(lfsObjects(remote, pointers, never))
}
async function bytesOf(object: LfsObject | undefined): Promise<string> {
  if (object?.type !== 'there') throw new Error('the object is not there')
  return (await collected(await object.open(never))).toString()
}

describe('lfsObjects', () => {
  test('250 objects are asked for in three requests, each with a fresh token that the store never sees', async () => {
    await using world = await lfsWorld()
    const pointers = Array.from({ length: 250 }, (_, n) => pointer(n))
    const found = await all(world.remote, pointers)
    expect(found.map(({ type, pointer }) => [type, pointer])).toEqual(pointers.map((pointer) => ['there', pointer]))
    expect(world.batches.map((oids) => oids.length)).toEqual([100, 100, 50])
    expect(world.authorizations).toEqual(['Basic secret1', 'Basic secret2', 'Basic secret3'])
    expect(await bytesOf(found[137])).toBe('content of large file 137')
    expect(world.gets).toEqual([{ url: expect.stringContaining(pointer(137).oid), authorization: null, ticket: 'let me in' }])
  })

  test('a store at the host itself gets the token, unless the address brings its own', async () => {
    await using world = await lfsWorld()
    world.world.href = (oid) => `${world.host.url}/store/${oid}`
    const [own] = await all(world.remote, [pointer(1)])
    await bytesOf(own)
    world.world.actions = { header: { Authorization: 'RemoteAuth abc' } }
    const [other] = await all(world.remote, [pointer(1)])
    await bytesOf(other)
    expect(world.gets.map(({ authorization }) => authorization)).toEqual(['Basic secret2', 'RemoteAuth abc'])
  })

  test('an object that the host lacks or withholds is named, and its neighbours come', async () => {
    await using world = await lfsWorld()
    const lost = { oid: 'f'.repeat(64), size: 5 }
    world.errors.set(pointer(2).oid, { code: 403, message: 'Not yours' })
    const found = await all(world.remote, [lost, pointer(1), pointer(2)])
    expect(found).toMatchObject([
      { type: 'missing', pointer: lost, code: 404, why: 'Object does not exist on the server' },
      { type: 'there' },
      { type: 'missing', code: 403, why: 'Not yours' },
    ])
    expect(await bytesOf(found[1])).toBe('content of large file 1')
  })

  test('an object that the host cannot give at the moment is not missing', async () => {
    await using world = await lfsWorld()
    world.errors.set(pointer(1).oid, { code: 503, message: 'Come back' })
    const [object] = await all(world.remote, [pointer(1)])
    await expect(bytesOf(object)).rejects.toMatchObject({ code: 'unavailable', retry: { type: 'backoff' } })
    world.errors.clear()
    expect(await bytesOf(object)).toBe('content of large file 1')
  })

  test("an address that has expired, by its own words or by the store's, is asked for again", async () => {
    await using world = await lfsWorld()
    world.world.actions = { expires_in: 600 }
    const [object] = await all(world.remote, [pointer(1)])
    await bytesOf(object)
    expect(world.batches).toHaveLength(1)
    await world.clock.sleep(590_000, never)
    await bytesOf(object)
    expect(world.batches).toHaveLength(2)
    let refusals = 1
    world.world.storeAnswers = () => (refusals-- > 0 ? new Response('Request has expired', { status: 403 }) : undefined)
    const [again] = await all(world.remote, [pointer(2)])
    expect(await bytesOf(again)).toBe('content of large file 2')
    expect(world.batches).toHaveLength(4)
  })

  test.each([
    ['other bytes', 'content of large file X', 'another hash'],
    ['fewer bytes', 'content of large', '16 of 23 bytes'],
    ['more bytes', 'content of large file 1 and more', 'more than 23 bytes'],
  ])('%s than the pointer says end in an error that can be tried again', async (_, sent, why) => {
    await using world = await lfsWorld()
    world.stored.set(pointer(1).oid, Buffer.from(sent))
    const [object] = await all(world.remote, [pointer(1)])
    await expect(bytesOf(object)).rejects.toMatchObject({ code: 'corrupt', retry: { type: 'backoff' }, why: expect.stringContaining(why) })
  })

  test('what the host says of all is a Fault: its pause, no access, no LFS server at all', async () => {
    await using world = await lfsWorld()
    const refused = async (answer: Response): Promise<unknown> => {
      world.world.hostAnswers = () => answer
      return all(world.remote, [pointer(1)]).catch((error: unknown) => error)
    }
    expect(await refused(new Response(null, { status: 429, headers: { 'retry-after': '30' } }))).toMatchObject({
      code: 'throttled',
      retry: { type: 'after', ms: 30_000 },
    })
    expect(await refused(Response.json({ message: 'This repository exceeded its LFS budget' }, { status: 403 }))).toMatchObject({
      code: 'permission',
      why: expect.stringContaining('LFS budget'),
    })
    expect(await refused(new Response('<html>'))).toMatchObject({ code: 'rejected' })
    expect(await refused(Response.json({ transfer: 'tus', objects: [] }))).toMatchObject({ code: 'rejected' })
  })

  test.each(['file:///etc/passwd', 'gopher://example.test/', 'http://'])('%s is no address of an object', async (href) => {
    await using world = await lfsWorld()
    world.world.href = () => href
    const [object] = await all(world.remote, [pointer(1)])
    await expect(bytesOf(object)).rejects.toMatchObject({ code: 'rejected' })
  })
})
