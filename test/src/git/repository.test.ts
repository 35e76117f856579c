import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleHeader } from '../../../src/git/bundle-header.ts'
import { exportBundle } from '../../../src/git/export-bundle.ts'
import { restoreRepository } from '../../../src/git/repository.ts'
import type { OpenBundle, Repository } from '../../../src/git/repository.ts'
import { lines, makeRepository } from './made-repository.ts'
import type { MadeCommit } from './made-repository.ts'

const never = new AbortController().signal
const place = (): Promise<string> => mkdtemp(join(tmpdir(), 'restore-'))
const commits: readonly MadeCommit[] = [
  { parents: [] },
  { parents: [0] },
  { parents: [1] },
  { parents: [1], message: 'force-pushed away' },
  { parents: [2, 3] },
]
async function* chunksOf(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 37) yield content.subarray(at, at + 37)
}
const source =
  (content: Uint8Array): OpenBundle =>
  () =>
    chunksOf(content)
const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
const exported = async (repository: Repository, rename: (name: string) => string | undefined = (name) => name): Promise<Buffer> =>
  Buffer.concat(await all(exportBundle(repository, { rename }, never)))
/** A pack as a nightly run would get it: the new tips without what the last ones reach. */
const packOf = (directory: string, ...revs: string[]): Buffer =>
  execFileSync('git', ['--git-dir', directory, 'pack-objects', '--revs', '--stdout', '-q'], { input: revs.join('\n') })

/** Three nights: a branch moves, one is forced back and a folder takes the place of a branch, nothing happens. */
async function makeChain(): Promise<{ readonly bundles: readonly OpenBundle[]; readonly oids: readonly string[] }> {
  const { directory, oids } = await makeRepository(commits)
  const [root = '', one = '', two = '', away = '', merged = ''] = oids
  const night = (prerequisites: string[], refs: Record<string, string>, ...revs: string[]): OpenBundle => {
    const header = bundleHeader({ prerequisites, refs: Object.entries(refs).map(([name, oid]) => ({ name, oid })) })
    return source(Buffer.concat([header, packOf(directory, ...revs)]))
  }
  const bundles = [
    night([], { HEAD: one, 'refs/heads/old': root, 'refs/heads/trunk': one, 'refs/pull/7/head': away }, one, away, root),
    night([one, away], { HEAD: merged, 'refs/heads/old/er': root, 'refs/heads/trunk': merged }, merged, `^${one}`, `^${away}`),
    night([merged], { HEAD: merged, 'refs/heads/old/er': root, 'refs/heads/trunk': merged, 'refs/tags/v1': two }, merged, `^${merged}`),
  ]
  return { bundles, oids }
}

const made = makeChain()
const chain = (): typeof made => made

test('a chain of bundles becomes the repository that the last one describes', async () => {
  const { bundles, oids } = await chain()
  const [root, , two, , merged] = oids
  await using repository = await restoreRepository({ bundles, parent: await place() }, never)
  expect(await all(repository.refs(never))).toEqual([
    { name: 'refs/heads/old/er', oid: root },
    { name: 'refs/heads/trunk', oid: merged },
    { name: 'refs/tags/v1', oid: two },
  ])
  expect(await lines(repository.directory, 'symbolic-ref', 'HEAD')).toEqual(['refs/heads/trunk'])
  expect(await all(repository.fsck(never))).toEqual([])
  expect(repository.refused).toEqual([])
  expect(await lines(repository.directory, 'rev-list', '--count', 'HEAD')).toEqual(['5'])
})

test('the configured branch becomes HEAD even if others stand at the same commit', async () => {
  const { bundles } = await chain()
  await using repository = await restoreRepository({ bundles, parent: await place(), head: 'old/er' }, never)
  expect(await lines(repository.directory, 'symbolic-ref', 'HEAD')).toEqual(['refs/heads/old/er'])
})

test('a chain with a link missing is refused, and nothing stays on the disk', async () => {
  const { bundles } = await chain()
  const parent = await place()
  await expect(restoreRepository({ bundles: bundles.toSpliced(1, 1), parent }, never)).rejects.toMatchObject({
    code: 'corrupt',
    what: 'Bundle 2 of the chain cannot be restored',
    why: expect.stringContaining('1 commits that it rests on'),
  })
  expect(existsSync(join(parent, 'repository.git'))).toBe(false)
})

test('a damaged bundle is refused', async () => {
  const { directory, oids } = await makeRepository(commits)
  const good = Buffer.concat([
    bundleHeader({ prerequisites: [], refs: [{ name: 'refs/heads/a', oid: oids[4] ?? '' }] }),
    packOf(directory, oids[4] ?? ''),
  ])
  const flipped = Buffer.from(good)
  flipped[good.length - 60] = (flipped[good.length - 60] ?? 0) ^ 0xff
  for (const bad of [flipped, good.subarray(0, -50), good.subarray(0, 20)])
    await expect(restoreRepository({ bundles: [source(bad)], parent: await place() }, never)).rejects.toMatchObject({ code: 'corrupt' })
})

test('refs that git will not have are told one by one and take no other down', async () => {
  const { directory, oids } = await makeRepository(commits)
  const [oid = ''] = oids
  const [tree = ''] = await lines(directory, 'rev-parse', `${oid}^{tree}`)
  const refs = [
    { name: 'refs/heads/a', oid },
    { name: 'refs/heads/a/b', oid },
    { name: 'refs/heads/good', oid },
    { name: 'refs/heads/nowhere', oid: '1'.repeat(40) },
    { name: 'refs/heads/z', oid },
    { name: 'refs/heads/tree', oid: tree },
    { name: 'refs/tags/tree', oid: tree },
  ]
  const bundle = Buffer.concat([bundleHeader({ prerequisites: [], refs }), packOf(directory, oid)])
  await using repository = await restoreRepository({ bundles: [source(bundle)], parent: await place() }, never)
  expect((await all(repository.refs(never))).map(({ name }) => name)).toEqual([
    'refs/heads/a',
    'refs/heads/good',
    'refs/heads/z',
    'refs/tags/tree',
  ])
  expect(repository.refused.map(({ name }) => name)).toEqual(['refs/heads/a/b', 'refs/heads/nowhere', 'refs/heads/tree'])
  expect(repository.refused[0]?.why).toMatch(/refs\/heads\/a/)
})

test('no bundle at all, and one without commits, are an empty repository', async () => {
  const empty = Buffer.concat([bundleHeader({ prerequisites: [], refs: [] }), emptyPack()])
  for (const bundles of [[], [source(empty)]]) {
    await using repository = await restoreRepository({ bundles, parent: await place(), head: 'develop' }, never)
    expect(await all(repository.refs(never))).toEqual([])
    expect(await lines(repository.directory, 'symbolic-ref', 'HEAD')).toEqual(['refs/heads/develop'])
    expect(await exported(repository)).toHaveLength(0)
  }
})

test('missing objects are found', async () => {
  const { directory, oids } = await makeRepository(commits)
  const [root = '', one = ''] = oids
  const lacking = Buffer.concat([
    bundleHeader({ prerequisites: [], refs: [{ name: 'refs/heads/a', oid: one }] }),
    packOf(directory, one, `^${root}`),
  ])
  await using repository = await restoreRepository({ bundles: [source(lacking)], parent: await place() }, never)
  expect(await all(repository.fsck(never))).toContainEqual({ severity: 'missing', oid: root, id: 'commit' })
})

test('an exported bundle is the same to the byte, and git clones it with all its refs', async () => {
  const { bundles, oids } = await chain()
  const rename = (name: string): string | undefined =>
    name === 'refs/tags/v1' ? undefined : name.replace(/^refs\/heads\/old\/er$/, 'refs/merge-requests/7/head')
  await using first = await restoreRepository({ bundles, parent: await place() }, never)
  const bundle = await exported(first, rename)
  await using second = await restoreRepository({ bundles, parent: await place() }, never)
  expect((await exported(second, rename)).equals(bundle)).toBe(true)

  const file = join(await place(), 'out.bundle')
  await writeFile(file, bundle)
  const [root, , , , merged] = oids
  expect(await lines(first.directory, 'bundle', 'list-heads', file)).toEqual([
    `${merged} HEAD`,
    `${merged} refs/heads/trunk`,
    `${root} refs/merge-requests/7/head`,
  ])
  const clone = join(await place(), 'c.git')
  execFileSync('git', ['clone', '-q', '--mirror', file, clone])
  expect(await lines(clone, 'for-each-ref', '--format=%(objectname) %(refname)')).toEqual([
    `${merged} refs/heads/trunk`,
    `${root} refs/merge-requests/7/head`,
  ])
  expect(await lines(clone, 'fsck', '--full')).toEqual([])
  expect((await readFile(join(clone, 'HEAD'), 'utf8')).trim()).toBe('ref: refs/heads/trunk')
})

const emptyPack = (): Buffer => execFileSync('git', ['pack-objects', '--revs', '--stdout', '-q'], { input: '', cwd: process.cwd() })
