import { writeFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { fetchPack, listRefs } from '../../../src/git/upload-pack.ts'
import { FLUSH, packet } from '../../../src/git/pkt-line.ts'
import { collected } from './collected.ts'
import { gitWorld, never } from './world.ts'

const all = { prefixes: ['refs/'] }

describe('listRefs', () => {
  test('an empty repository has no refs and a branch that is still to be born', async () => {
    await using world = await gitWorld()
    expect(await listRefs(world.remote, all, never)).toEqual({ head: 'refs/heads/main', refs: [], refused: [] })
  })

  test('names what HEAD points to, and what annotated tags point to in the end', async () => {
    await using world = await gitWorld()
    const commit = await world.commit('refs/heads/main', 'one')
    await world.git('tag', '-a', '-m', 'x', 'v1', commit)
    await world.git('tag', '-a', '-m', 'x', 'v1-signed-off', 'v1')
    await world.git('tag', 'light', commit)
    await world.git('update-ref', 'refs/pull/7/head', commit)
    const { head, refs } = await listRefs(world.remote, { prefixes: ['refs/heads/', 'refs/tags/'] }, never)
    expect(head).toBe('refs/heads/main')
    expect(new Map(refs.map(({ name, oid, peeled }) => [name, [oid, peeled]]))).toEqual(
      new Map([
        ['refs/heads/main', [commit, null]],
        ['refs/tags/light', [commit, null]],
        ['refs/tags/v1', [await world.git('rev-parse', 'v1'), commit]],
        ['refs/tags/v1-signed-off', [await world.git('rev-parse', 'v1-signed-off'), commit]],
      ]),
    )
  })

  test('a name that git has come to refuse is told, and its neighbours are listed', async () => {
    await using world = await gitWorld()
    const oid = await world.commit('refs/heads/main', 'one')
    const listed = { headers: { 'content-type': 'application/x-git-upload-pack-result' } }
    const lines = [`${oid} refs/heads/main\n`, `${oid} refs/heads/x.lock\n`, `${oid} refs/heads/../config\n`].map((line) => packet(line))
    world.before = ({ method }) => (method === 'POST' ? new Response(Buffer.concat([...lines, FLUSH]), listed) : undefined)
    expect(await listRefs(world.remote, all, never)).toMatchObject({
      refs: [{ name: 'refs/heads/main' }],
      refused: ['refs/heads/x.lock', 'refs/heads/../config'],
    })
  })

  test('HEAD that is detached points to no branch', async () => {
    await using world = await gitWorld()
    const commit = await world.commit('refs/heads/main', 'one')
    await world.git('update-ref', '--no-deref', 'HEAD', commit)
    expect(await listRefs(world.remote, all, never)).toMatchObject({ head: null, refs: [{ name: 'refs/heads/main' }] })
  })

  test('a name that is no UTF-8 comes back byte by byte', async () => {
    await using world = await gitWorld()
    const commit = await world.commit('refs/heads/main', 'one')
    await world.load([Buffer.from(`reset refs/heads/ma\xdfe\nfrom ${commit}\n\n`, 'latin1')])
    const { refs } = await listRefs(world.remote, all, never)
    expect(refs.map(({ name }) => name)).toContain('refs/heads/ma\udcdfe')
  })

  test('the authorization is asked before every request and stands in no error', async () => {
    await using world = await gitWorld()
    let n = 0
    const remote = { ...world.remote, authorization: () => Promise.resolve(`Basic c2VjcmV0${++n}`) }
    await listRefs(remote, all, never)
    expect(world.requests.map(({ method, authorization }) => [method, authorization])).toEqual([
      ['GET', 'Basic c2VjcmV01'],
      ['POST', 'Basic c2VjcmV02'],
    ])
    world.before = () => new Response('bad token: Basic c2VjcmV03', { status: 401, headers: { 'content-type': 'text/plain' } })
    const error = await listRefs(remote, all, never).catch((error: unknown) => error)
    expect(JSON.stringify(error) + String(error)).not.toContain('c2VjcmV0')
  })

  test.each([
    [401, 'auth', 'never'],
    [403, 'permission', 'never'],
    [404, 'gone', 'never'],
    [410, 'gone', 'never'],
    [451, 'permission', 'never'],
    [429, 'throttled', 'backoff'],
    [500, 'unavailable', 'backoff'],
    [503, 'unavailable', 'backoff'],
  ])('HTTP %i is no empty repository but %s', async (status, code, retry) => {
    await using world = await gitWorld()
    world.before = () => new Response('Repository not found.\n', { status, headers: { 'content-type': 'text/plain' } })
    await expect(listRefs(world.remote, all, never)).rejects.toMatchObject({
      code,
      retry: { type: retry },
      why: expect.stringContaining('Repository not found.'),
    })
  })

  test('a repository that is not there is gone, and not empty', async () => {
    await using world = await gitWorld()
    await expect(listRefs({ ...world.remote, url: world.remote.url.replace('site', 'other') }, all, never)).rejects.toMatchObject({
      code: 'gone',
    })
  })

  test('a quota that is used up says when to come back', async () => {
    await using world = await gitWorld()
    world.before = () => new Response('secondary rate limit', { status: 403, headers: { 'retry-after': '60' } })
    await expect(listRefs(world.remote, all, never)).rejects.toMatchObject({ code: 'throttled', retry: { type: 'after', ms: 60_000 } })
  })

  test('a sign-in page, a service that only speaks the old protocol, and half a list are errors', async () => {
    await using world = await gitWorld()
    await world.commit('refs/heads/main', 'one')
    world.before = () => new Response('<html>', { headers: { 'content-type': 'text/html' } })
    await expect(listRefs(world.remote, all, never)).rejects.toMatchObject({ code: 'rejected', why: expect.stringContaining('text/html') })
    const advertised = { headers: { 'content-type': 'application/x-git-upload-pack-advertisement' } }
    world.before = () =>
      new Response(
        Buffer.concat([packet('# service=git-upload-pack\n'), Buffer.from('0000'), packet(`${'0'.repeat(40)} x\0y`)]),
        advertised,
      )
    await expect(listRefs(world.remote, all, never)).rejects.toMatchObject({ code: 'rejected', why: expect.stringContaining('version 2') })
    const listed = { headers: { 'content-type': 'application/x-git-upload-pack-result' } }
    world.before = ({ method }) => (method === 'POST' ? new Response(packet(`${'a'.repeat(40)} refs/heads/main\n`), listed) : undefined)
    await expect(listRefs(world.remote, all, never)).rejects.toMatchObject({ code: 'unavailable', retry: { type: 'backoff' } })
    world.before = ({ method }) => (method === 'POST' ? new Response(packet('ERR access denied'), listed) : undefined)
    await expect(listRefs(world.remote, all, never)).rejects.toMatchObject({
      code: 'rejected',
      why: expect.stringContaining('access denied'),
    })
  })

  test('a repository that was renamed is read at its new place, with the token; one that moved to another host is not', async () => {
    await using world = await gitWorld()
    const commit = await world.commit('refs/heads/main', 'one')
    world.before = ({ url }) =>
      url.includes('/old.git/') ? new Response(null, { status: 301, headers: { location: url.replace('old.git', 'site.git') } }) : undefined
    const remote = { ...world.remote, url: world.remote.url.replace('site', 'old'), authorization: () => Promise.resolve('Basic x1') }
    expect((await listRefs(remote, all, never)).refs).toEqual([{ name: 'refs/heads/main', oid: commit, peeled: null }])
    expect(world.requests.at(-1)).toMatchObject({ path: '/site.git/git-upload-pack', authorization: 'Basic x1' })
    world.before = ({ url }) =>
      url.includes('/old.git/')
        ? new Response(null, { status: 301, headers: { location: url.replace('old.git', 'site.git').replace('127.0.0.1', 'localhost') } })
        : undefined
    await expect(listRefs(remote, all, never)).rejects.toMatchObject({ code: 'gone' })
    expect(world.requests.at(-1)?.authorization).toBeNull()
  })
})

describe('fetchPack', () => {
  const pack = (bytes: Buffer): number => bytes.readUInt32BE(8)

  test('gives the objects that are wanted and not had, and none when there is nothing to want', async () => {
    await using world = await gitWorld()
    const one = await world.commit('refs/heads/main', 'one')
    const two = await world.commit('refs/heads/main', 'two')
    expect(pack(await collected(fetchPack(world.remote, { wants: [two], haves: [] }, never)))).toBe(6)
    expect(pack(await collected(fetchPack(world.remote, { wants: [two], haves: [one, 'f'.repeat(40)] }, never)))).toBe(3)
    const before = world.requests.length
    expect(pack(await collected(fetchPack(world.remote, { wants: [], haves: [one] }, never)))).toBe(0)
    expect(world.requests).toHaveLength(before)
  })

  test('20,000 wants and 100,000 haves, most of them unknown to the host, fit into one compressed request', async () => {
    await using world = await gitWorld()
    await world.load(Array.from({ length: 20_000 }, (_, n) => `blob\ndata 6\n${String(n).padStart(6, '0')}\n`))
    const listed = await world.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname)')
    const wants = listed.split('\n')
    const haves = Array.from({ length: 100_000 }, (_, n) => n.toString(16).padStart(40, 'e'))
    expect(pack(await collected(fetchPack(world.remote, { wants, haves }, never)))).toBe(20_000)
    expect(world.requests.at(-1)).toMatchObject({ method: 'POST', encoding: 'gzip' })
  })

  test('something that is gone since it was listed can be asked for again', async () => {
    await using world = await gitWorld()
    await world.commit('refs/heads/main', 'one')
    const fetched = collected(fetchPack(world.remote, { wants: ['d'.repeat(40)], haves: [] }, never))
    await expect(fetched).rejects.toMatchObject({ code: 'conflict', retry: { type: 'backoff' } })
  })

  test('a host that gives up in the middle, or breaks off, is no end of the pack', async () => {
    await using world = await gitWorld()
    const wants = [await world.commit('refs/heads/main', 'one')]
    const answer = (...parts: readonly Uint8Array[]): void => {
      world.before = ({ method }) =>
        method === 'POST'
          ? new Response(Buffer.concat([packet('packfile\n'), ...parts]), {
              headers: { 'content-type': 'application/x-git-upload-pack-result' },
            })
          : undefined
    }
    answer(packet('\x01PACK'), packet('\x02Counting'), packet('\x03aborting due to possible repository corruption'), Buffer.from('0000'))
    await expect(collected(fetchPack(world.remote, { wants, haves: [] }, never))).rejects.toMatchObject({
      code: 'unavailable',
      retry: { type: 'backoff' },
      why: expect.stringContaining('corruption'),
    })
    answer(packet('\x01PACK'))
    await expect(collected(fetchPack(world.remote, { wants, haves: [] }, never))).rejects.toMatchObject({ code: 'unavailable' })
    answer(packet('\x01PA'), packet('\x02Counting'), packet('\x01'), packet('\x01CK'), Buffer.from('0000'))
    expect((await collected(fetchPack(world.remote, { wants, haves: [] }, never))).toString()).toBe('PACK')
  })

  test('a host that has only half of the history is told from one that has all', async () => {
    await using world = await gitWorld()
    await world.commit('refs/heads/main', 'one')
    const two = await world.commit('refs/heads/main', 'two')
    await writeFile(`${world.server}/shallow`, `${two}\n`)
    await expect(collected(fetchPack(world.remote, { wants: [two], haves: [] }, never))).rejects.toMatchObject({ code: 'rejected' })
  })

  test('stops when it is told to', async () => {
    await using world = await gitWorld()
    const wants = [await world.commit('refs/heads/main', 'one')]
    const controller = new AbortController()
    world.before = ({ method }) => {
      if (method === 'POST') controller.abort(new Error('enough'))
      return undefined
    }
    await expect(collected(fetchPack(world.remote, { wants, haves: [] }, controller.signal))).rejects.toThrow('enough')
  })
})
