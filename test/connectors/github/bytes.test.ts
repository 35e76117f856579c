import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { definition } from '../../../connectors/github/definition.ts'
import { faultIn } from '../../../src/fault.ts'
import { systemClock } from '../../../src/http/system-clock.ts'
import { memoryVault } from '../../support/memory-vault.ts'
import { sourceRun } from '../../support/source-run.ts'
import { githubTestbed } from '../../testbed/github/testbed.ts'
import { configOf, Held, never, quickPorts, run } from './world.ts'

const only = (name: string, read: readonly string[]) => ({ repositories: { include: [name] }, read })
const git = async (...args: string[]): Promise<string> => (await promisify(execFile)('git', args)).stdout

/** The refs that a chain of bundles gives, opened by git alone. */
async function restored(held: Held, repository: number, of: 'git' | 'wiki'): Promise<string[]> {
  const dir = await mkdtemp(join(tmpdir(), 'fallreep-restored-'))
  try {
    await git('init', '--quiet', '--bare', join(dir, 'r.git'))
    const bundles = held.get('repository', `repository/${repository}`).body[of]?.bundles ?? []
    for (const { nativeId } of bundles) {
      const bytes = held.blobs.get(nativeId)
      if (typeof bytes !== 'object') throw new Error(`no bytes of ${nativeId}: ${bytes}`)
      await writeFile(join(dir, 'b'), bytes)
      await git('-C', join(dir, 'r.git'), 'fetch', '--quiet', '--prune', join(dir, 'b'), '+refs/*:refs/*')
    }
    await git('-C', join(dir, 'r.git'), 'fsck', '--full', '--strict')
    const refs = await git('-C', join(dir, 'r.git'), 'for-each-ref', '--format=%(objectname) %(refname)')
    return refs.trim().split('\n').toSorted()
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

test('git and wiki come as bundles, night by night, and open to the refs of the last night', async () => {
  await using bed = await githubTestbed()
  const { website: site, people } = bed.sample
  const expected = (): string[] =>
    [...site.git.refs]
      .filter(([name]) => !/^refs\/pull\/\d+\/merge$/.test(name) && !name.startsWith('refs/__'))
      .map(([name, oid]) => `${oid} ${name}`)
      .toSorted()
  const options = { change: only('website', ['git', 'wiki']), bytes: true }
  const held = await run(bed, new Held(), options)
  expect(await restored(held, site.id, 'git')).toEqual(expected())
  bed.world.advance(60)
  site.push('main', people.ada, 'More', { 'more.txt': 'more\n' })
  site.git.refs.set('refs/tags/later', site.git.tip('refs/heads/main'))
  await run(bed, held, options)
  expect(held.get('repository', `repository/${site.id}`).body.git?.bundles).toHaveLength(2)
  expect(await restored(held, site.id, 'git')).toEqual(expected())
  expect((await restored(held, site.id, 'wiki')).length).toBe(site.wiki?.refs.size)
  bed.calls.clear()
  await run(bed, held, options)
  expect(held.changes.filter(({ type }) => type !== 'checkpoint')).toEqual([])
  expect([bed.calls.count('git.refs'), bed.calls.count('git.fetch'), bed.calls.count('wiki.fetch')]).toEqual([0, 1, 1])
})

test('large files come by their pointers, each with the bytes its name says; one that is missing is said', async () => {
  await using bed = await githubTestbed()
  const { billing } = bed.sample
  const held = await run(bed, new Held(), { change: only('billing', ['git', 'lfs']), bytes: true })
  const objects = held.of('lfs-object')
  const stored = objects.filter(({ body }) => body.file.blob !== null)
  expect(stored.map(({ body }) => body.oid).toSorted()).toEqual([...billing.lfs.keys()].toSorted())
  const hashes = stored.map(({ body }) =>
    createHash('sha256')
      .update(held.blobs.get(`lfs/${body.oid}`) ?? '')
      .digest('hex'),
  )
  expect(hashes).toEqual(stored.map(({ body }) => body.oid))
  expect(objects.filter(({ body }) => body.file.blob === null)).toHaveLength(1)
  expect(held.losses).toEqual([expect.stringMatching(/^lfs-object\/.*withheld-by-source/)])
  expect(bed.leaks).toEqual([])
})

test('attachments and files of releases come with every sort of token that gets them, and the token goes to GitHub alone', async () => {
  await using bed = await githubTestbed()
  const change = { read: ['issues', 'releases'], repositories: { include: ['website', 'billing'] } }
  const ends = (held: Held) =>
    Object.fromEntries([...held.blobs].map(([key, bytes]) => [key.replace(/^.*\//, ''), typeof bytes === 'object']))
  const classic = ends(await run(bed, new Held(), { change, bytes: true, token: bed.token('classic') }))
  expect(classic).toMatchObject({ 'log.txt': true, '11111111-1111-4111-8111-111111111111': true, 'notes.pdf': true, 'missing.zip': false })
  const app = ends(await run(bed, new Held(), { change, bytes: true }))
  expect(app).toMatchObject({ 'log.txt': false, '11111111-1111-4111-8111-111111111111': true, 'missing.zip': false })
  expect(Object.values(app).filter(Boolean).length).toBeGreaterThan(2)
  expect(bed.leaks).toEqual([])
})

test('what is not given is a refusal for ever, a bundle of another night is not', async () => {
  await using bed = await githubTestbed()
  await using connector = await definition.open('acme', configOf(bed), quickPorts(), never)
  const refusal = async (handle: object) => faultIn(await connector.blob(JSON.stringify(handle), never).catch((error: unknown) => error))
  const missing = { type: 'attachment', url: `${bed.url}/user-attachments/files/9/missing.zip`, context: 'fallreep-demo/website' }
  expect(await refusal(missing)).toMatchObject({ code: 'permission', remedy: expect.stringContaining('classic') })
  expect(await refusal({ type: 'bundle', repository: 1, key: 'bundle/1/git/1/x' })).toMatchObject({
    code: 'unavailable',
    retry: { type: 'backoff' },
    remedy: expect.stringContaining('--full'),
  })
})

test('through the engine every bundle is in the vault before it leaves the disk, and the next night adds nothing', async () => {
  await using bed = await githubTestbed()
  const vault = memoryVault()
  const workDir = await mkdtemp(join(tmpdir(), 'fallreep-work-'))
  try {
    const config = configOf(bed, { workDir, repositories: { include: ['website', 'billing', 'handbook'] } }, bed.token('classic'))
    const source = { definition, config, clock: systemClock, transport: fetch }
    const first = await sourceRun(source, vault)
    expect(first.state).toBe('complete')
    await using reader = await vault.read(first.snapshot.id, never)
    const repositories = await Array.fromAsync(reader.items({ kinds: ['repository'] }, never))
    expect(repositories).toHaveLength(3)
    for (const { blobs } of repositories) for (const blob of blobs) expect(blob?.bytes).toBeGreaterThan(0)
    expect(await readdir(workDir)).toEqual([])
    const { changed } = (await sourceRun(source, vault)).snapshot
    expect(changed).toEqual({ added: 0, updated: 0, deleted: 0 })
  } finally {
    await rm(workDir, { recursive: true, force: true })
  }
})
