import { spawnSync } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type BundleHeader, readBundleHeader } from '../../../src/git/bundle-header.ts'
import { branchesTagsAndPulls, mirror, type Mirrored, type MirroredBundle } from '../../../src/git/mirror.ts'
import { chainRule, MirrorState } from '../../../src/git/mirror-state.ts'
import { EMPTY_PACK } from '../../../src/git/pack-stream.ts'
import { FLUSH, packet } from '../../../src/git/pkt-line.ts'
import { git, gitText } from '../../../src/process/git.ts'
import { collected } from './collected.ts'
import { commitScript, gitWorld, never, type World } from './world.ts'

const night = (world: World, known?: MirrorState, rule = chainRule): Promise<Mirrored> =>
  mirror({ remote: world.remote, refs: branchesTagsAndPulls, known, rule, workDir: join(world.dir, 'work') }, never)

type Kept = Omit<MirroredBundle, keyof AsyncDisposable | 'stream'> & { readonly file: string }

/** A night's bundle as a file, its work directory gone. */
async function kept(
  world: World,
  mirrored: Mirrored,
): Promise<Omit<MirroredBundle, keyof AsyncDisposable | 'stream'> & { readonly file: string }> {
  await using bundle = await onlyBundle(mirrored)
  const file = join(world.dir, `${bundle.sha256}.bundle`)
  const bytes = await collected(bundle.stream(never))
  await writeFile(file, bytes)
  expect(bytes).toHaveLength(bundle.bytes)
  return { ...bundle, file, state: MirrorState.parse(JSON.parse(JSON.stringify(bundle.state))) }
}

/** Somebody who opens bundles one after the other with git alone; gives all refs there are then. */
async function restorer(world: World): Promise<(bundle: { readonly file: string }) => Promise<string>> {
  const directory = join(world.dir, 'restored.git')
  await gitText(['init', '--quiet', '--bare', directory], { what: 'init' }, never)
  const run = async (...args: readonly string[]): Promise<string> =>
    (await gitText(args, { what: args.join(' '), directory }, never)).stdout.trim()
  return async ({ file }) => {
    await run('bundle', 'verify', '--quiet', file)
    await run('fetch', '--quiet', '--prune', file, '+refs/*:refs/*')
    await run('fsck', '--full')
    return run(...everyRef)
  }
}
async function headerOf(file: string): Promise<BundleHeader> {
  const { pack, ...header } = await readBundleHeader(createReadStream(file))
  await pack.return?.()
  return header
}
const everyRef = ['for-each-ref', '--format=%(objectname) %(refname)']

describe('mirror', () => {
  test('five nights of new, forced, deleted and tagged refs are restored by git, bundle by bundle', async () => {
    await using world = await gitWorld()
    const restore = await restorer(world)
    let known: MirrorState | undefined
    const next = async (): Promise<Kept> => {
      const bundle = await kept(world, await night(world, known))
      known = bundle.state
      expect(await restore(bundle)).toBe(await world.git(...everyRef, 'refs/heads', 'refs/tags', 'refs/pull/*/head'))
      return bundle
    }

    const first = await world.commit('refs/heads/main', 'one')
    const topic = await world.commit('refs/heads/topic', 'topic')
    await world.git('update-ref', 'refs/pull/1/head', topic)
    await world.git('update-ref', 'refs/pull/1/merge', first)
    await world.git('tag', '-a', '-m', 'x', 'v1', first)
    await world.git('tag', 'file', await world.git('rev-parse', `${first}:file-1`))
    const base = await next()
    expect(base).toMatchObject({ base: true, head: 'refs/heads/main' })

    // Forced back and on, a new annotated tag of a tag (the host sends that one again), a tag of a tree.
    await world.git('update-ref', '-d', 'refs/heads/main')
    const forced = await world.commit('refs/heads/main', 'forced')
    await world.git('tag', '-a', '-m', 'x', 'nested', 'v1')
    await world.git('tag', 'tree', `${forced}^{tree}`)
    const fleeting = await world.commit('refs/heads/fleeting', 'gone soon')
    expect(await next()).toMatchObject({ base: false, objects: 8 })

    // Only deleted and moved back.
    await world.git('update-ref', '-d', 'refs/heads/topic')
    await world.git('update-ref', 'refs/heads/main', first)
    expect(await next()).toMatchObject({ base: false, objects: 0 })

    // What was deleted comes back; the host has forgotten what we say we have.
    await world.git('update-ref', 'refs/heads/again', topic)
    for (const ref of ['refs/heads/fleeting', 'refs/tags/nested', 'refs/tags/tree']) await world.git('update-ref', '-d', ref)
    await world.git('reflog', 'expire', '--expire=now', '--all')
    await world.git('gc', '--quiet', '--prune=now')
    expect(known?.haves).toContain(fleeting)
    await expect(world.git('cat-file', '-e', fleeting)).rejects.toMatchObject({ name: 'Fault' })
    await world.commit('refs/heads/main', 'two')
    await next()

    const tip = await world.commit('refs/heads/main', 'three')
    await world.load([commitScript('refs/heads/main', 41, 'four', tip), commitScript('refs/heads/main', 42, 'five')])
    await world.git('symbolic-ref', 'HEAD', 'refs/heads/again')
    expect(await next()).toMatchObject({ base: false, head: 'refs/heads/again' })
    expect(await night(world, known)).toEqual({ type: 'unchanged' })

    await gitText(['clone', '--quiet', '--bare', base.file, join(world.dir, 'clone.git')], { what: 'clone' }, never)
    expect((await gitText(['symbolic-ref', 'HEAD'], { what: 'HEAD', directory: join(world.dir, 'clone.git') }, never)).stdout).toBe(
      'refs/heads/main\n',
    )
    expect(await readdir(join(world.dir, 'work'))).toEqual([])
  })

  test('an empty repository is said to be empty; one whose last branch was deleted gives a bundle that names none', async () => {
    await using world = await gitWorld()
    expect(await night(world)).toEqual({ type: 'empty', head: 'refs/heads/main' })
    await world.commit('refs/heads/main', 'one')
    const one = await kept(world, await night(world))
    await world.git('update-ref', '-d', 'refs/heads/main')
    const two = await kept(world, await night(world, one.state))
    expect(two).toMatchObject({ refs: [], objects: 0 })
    const restore = await restorer(world)
    expect(await restore(one)).not.toBe('')
    expect(await restore(two)).toBe('')
    expect(await night(world, two.state)).toEqual({ type: 'unchanged' })
    await world.commit('refs/heads/main', 'again')
    expect(await kept(world, await night(world, two.state))).toMatchObject({ base: true })
  })

  test('two fresh runs give the same bytes, and the same header as somebody else reads', async () => {
    await using world = await gitWorld()
    await world.git('config', 'pack.threads', '1')
    await world.load(Array.from({ length: 30 }, (_, n) => commitScript(`refs/heads/b${n % 7}`, n, `text ${n} `.repeat(50))))
    const [one, two] = [await kept(world, await night(world)), await kept(world, await night(world))]
    expect(two.sha256).toBe(one.sha256)
    const heads = (await gitText(['bundle', 'list-heads', one.file], { what: 'heads' }, never)).stdout.trim()
    expect(heads).toBe(await world.git(...everyRef))
    const header = await headerOf(one.file)
    expect(header.refs).toEqual(one.refs.map(({ name, oid }) => ({ name, oid })))
  })

  test('a chain that is long, or larger than what it rests on, begins anew', async () => {
    await using world = await gitWorld()
    await world.commit('refs/heads/main', 'one')
    let { state } = await kept(world, await night(world))
    await world.commit('refs/heads/main', 'two')
    ;({ state } = await kept(world, await night(world, state, { ...chainRule, mostBundles: 2 })))
    expect(state.chain).toMatchObject({ bundles: 2 })
    await world.commit('refs/heads/main', 'three')
    const again = await kept(world, await night(world, state, { ...chainRule, mostBundles: 2 }))
    expect(again).toMatchObject({ base: true, objects: 9, state: { chain: { bundles: 1, incrementBytes: 0 } } })
    expect(await (await restorer(world))(again)).toBe(await world.git(...everyRef))
    expect(
      await kept(world, await night(world, { ...state, chain: { bundles: 2, baseBytes: 5_000_000, incrementBytes: 5_000_001 } })),
    ).toMatchObject({
      base: true,
    })
  })

  test('LFS pointers are found in new objects alone, wherever they stand', async () => {
    await using world = await gitWorld()
    const pointer = (n: number): string =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${String(n).padStart(64, '0')}\nsize ${n}\n`
    const attributes =
      'commit refs/heads/main\ncommitter Ada <ada@example.test> 1700000000 +0000\ndata 1\nx\nM 100644 inline .gitattributes\ndata 3\n* a\n'
    await world.load([attributes, commitScript('refs/heads/main', 1, pointer(1)), commitScript('refs/heads/main', 1, 'replaced')])
    await world.git('update-ref', 'refs/heads/topic', 'refs/heads/main')
    await world.commit('refs/heads/topic', pointer(2))
    const one = await kept(world, await night(world))
    expect(one.pointers).toEqual([1, 2].map((size) => ({ oid: String(size).padStart(64, '0'), size })))
    await world.commit('refs/heads/topic', pointer(3))
    const two = await kept(world, await night(world, one.state))
    expect(two.pointers).toEqual([{ oid: String(3).padStart(64, '0'), size: 3 }])
    // Its attributes are in the bundle before, and nothing is wrong with that.
    expect(two.fsck.findings).toEqual([])
  })

  test('an object that old tools wrote wrong is reported and carried', async () => {
    await using world = await gitWorld()
    await world.load('commit refs/heads/main\ncommitter Ada <ada@example.test> 1700000000 +0000\ndata 1\nx\nM 100644 inline a\ndata 1\na\n')
    const tree = await world.git('rev-parse', 'refs/heads/main^{tree}')
    const text = `tree ${tree}\nauthor Ada ada@example.test 1700000000 +0000\ncommitter Ada <ada@example.test> 1700000000 +0000\n\nno brackets\n`
    const directory = world.server
    const options = { what: 'hash-object', directory, stdin: [text] }
    const odd = (await gitText(['hash-object', '--literally', '-t', 'commit', '-w', '--stdin'], options, never)).stdout.trim()
    await world.git('update-ref', 'refs/heads/odd', odd)
    const one = await kept(world, await night(world))
    expect(one.fsck).toEqual({ findings: [{ oid: odd, severity: 'error', id: 'missingEmail' }], more: 0 })
    expect((await headerOf(one.file)).refs.map(({ oid }) => oid)).toContain(odd)
  })

  test('a pack with a flipped byte, without an object, or with deltas on what it does not hold is refused and leaves nothing behind', async () => {
    await using world = await gitWorld()
    await world.git('config', 'pack.threads', '1')
    const lines = Array.from({ length: 300 }, (_, n) => `line ${n} of a file that changes a little`)
    const first = await world.commit('refs/heads/main', lines.join('\n'))
    const { state } = await kept(world, await night(world))
    await world.load(commitScript('refs/heads/main', 1, [...lines, 'and one more'].join('\n'), first))
    const second = await world.git('rev-parse', 'refs/heads/main')
    await world.git('update-ref', 'refs/heads/again', second)
    const packOf = async (input: string, ...args: readonly string[]): Promise<Buffer> => {
      const options = { what: 'pack-objects', directory: world.server, stdin: [input] }
      return collected(git(['pack-objects', '--stdout', '--quiet', ...args], options, never))
    }
    const sent = async (pack: Buffer, known?: MirrorState): Promise<unknown> => {
      world.before = async (request) =>
        (
          await request
            .clone()
            .text()
            .catch(() => '')
        ).includes('command=fetch')
          ? packAnswer(pack)
          : undefined
      return night(world, known)
    }
    const everything = await world.git('rev-list', '--objects', '--no-object-names', 'refs/heads/main')
    const whole = await packOf(everything)
    const flipped = Buffer.from(whole)
    flipped[whole.byteLength - 40] = (flipped[whole.byteLength - 40] ?? 0) ^ 1
    const refused = { code: 'corrupt', retry: { type: 'backoff' } }
    await expect(sent(flipped)).rejects.toMatchObject(refused)
    await expect(sent(Buffer.from(EMPTY_PACK))).rejects.toMatchObject({ ...refused, why: expect.stringContaining(second) })
    await expect(sent(await packOf(everything.split('\n').slice(0, -1).join('\n')))).rejects.toMatchObject(refused)
    const thin = await packOf(`${second}\n^${first}\n`, '--revs', '--thin')
    await expect(sent(thin, state)).rejects.toMatchObject({ ...refused, why: expect.stringContaining('unresolved') })
    expect(await readdir(join(world.dir, 'work'))).toEqual([])
    expect(await sent(await packOf(`${second}\n^${first}\n`, '--revs'), state)).toMatchObject({ type: 'bundle', objects: 3 })
  })

  test('stopped in the middle it leaves nothing, and what dead processes left is swept', async () => {
    await using world = await gitWorld()
    await world.commit('refs/heads/main', 'one')
    const work = join(world.dir, 'work')
    const { pid } = spawnSync(process.execPath, ['--version'])
    const dead = join(work, `git-${pid}-1-${hostname().toLowerCase()}-0123456789ab`)
    await mkdir(join(dead, 'objects'), { recursive: true })
    await mkdir(join(work, 'not-ours'))
    const controller = new AbortController()
    world.before = ({ method }) => {
      if (method === 'POST' && world.requests.length > 3) controller.abort(new Error('enough'))
      return undefined
    }
    const options = { remote: world.remote, refs: branchesTagsAndPulls, known: undefined, rule: chainRule, workDir: work }
    await expect(mirror(options, controller.signal)).rejects.toThrow('enough')
    expect(await readdir(work)).toEqual(['not-ours'])
  })

  test('a file of 100 MB, squeezed by the host to next to nothing, is checked whole', async () => {
    await using world = await gitWorld()
    const block = 'x'.repeat(1024 * 1024 - 1) + '\n'
    const big = function* (): Generator<string> {
      yield `commit refs/heads/main\ncommitter Ada <ada@example.test> 1700000000 +0000\ndata 1\nx\nM 100644 inline big\ndata ${100 * 1024 * 1024}\n`
      for (let n = 0; n < 100; n++) yield block
      yield '\n'
    }
    await world.load(big())
    await using mirrored = await onlyBundle(night(world))
    expect(mirrored).toMatchObject({ objects: 3, fsck: { findings: [] }, pointers: [] })
    expect(mirrored.bytes).toBeLessThan(1_000_000)
  })

  test('30,000 pull requests, one of them new', async () => {
    await using world = await gitWorld()
    const main = await world.commit('refs/heads/main', 'one')
    const other = await world.commit('refs/heads/other', 'two')
    const refs = new Map(Array.from({ length: 30_000 }, (_, n) => [`refs/pull/${n + 1}/head`, n % 2 === 0 ? main : other]))
    for (let n = 1; n <= 1000; n++) refs.set(`refs/pull/${n}/merge`, main)
    await world.packedRefs(refs)
    const one = await kept(world, await night(world))
    expect(one.refs).toHaveLength(30_002)
    const third = await world.commit('refs/heads/third', 'three')
    await world.git('update-ref', 'refs/pull/30001/head', third)
    const two = await kept(world, await night(world, one.state))
    expect(two).toMatchObject({ base: false, objects: 3 })
    expect(two.refs).toHaveLength(30_004)
  })
})

const packAnswer = (pack: Buffer): Response => {
  const parts = Array.from({ length: Math.ceil(pack.byteLength / 60_000) }, (_, n) => pack.subarray(n * 60_000, (n + 1) * 60_000))
  const body = [packet('packfile\n'), ...parts.map((part) => packet(Buffer.concat([Buffer.from([1]), part]))), FLUSH]
  return new Response(Buffer.concat(body), { headers: { 'content-type': 'application/x-git-upload-pack-result' } })
}

async function onlyBundle(mirrored: Mirrored | Promise<Mirrored>): Promise<MirroredBundle> {
  const bundle = await mirrored
  if (bundle.type !== 'bundle') throw new Error(`a bundle was expected, not ${bundle.type}`)
  return bundle
}
