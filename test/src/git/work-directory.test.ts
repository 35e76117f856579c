import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, stat, utimes } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sweepWork, workDirectory } from '../../../src/git/work-directory.ts'

test('of dead processes and forgotten machines nothing stays; of the living and of others everything', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'git-'))
  const nowMs = Date.parse('2026-11-25T00:00:00Z')
  const { pid } = spawnSync(process.execPath, ['--version'])
  const [here, there] = [hostname().toLowerCase(), 'container-1']
  const place = async (name: string, at: number): Promise<void> => {
    await mkdir(join(parent, name))
    await utimes(join(parent, name), at / 1000, at / 1000)
  }
  await place(`git-${pid}-1-${here}-0123456789ab`, nowMs)
  await place(`git-${process.pid}-1-${here}-0123456789ab`, nowMs)
  await place(`git-1-1-${there}-0123456789aa`, nowMs - 8 * 86_400_000)
  await place(`git-1-1-${there}-0123456789ab`, nowMs - 6 * 86_400_000)
  await place('git-notes', nowMs - 100 * 86_400_000)
  await using other = await workDirectory(parent, nowMs)
  {
    await using own = await workDirectory(parent, nowMs)
    expect((await stat(own.path)).mode & 0o777).toBe(0o700)
    expect(new Set((await readdir(parent)).map((name) => join(parent, name)))).toEqual(
      new Set([own.path, other.path, join(parent, 'git-notes'), join(parent, `git-1-1-${there}-0123456789ab`)]),
    )
  }
  expect(await readdir(parent)).toHaveLength(3)
})

test('a process that is killed leaves its directory to the next run, and not longer', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'git-'))
  const module = new URL('../../../src/git/work-directory.ts', import.meta.url).href
  const script = `const { workDirectory } = await import(${JSON.stringify(module)}); await workDirectory(${JSON.stringify(parent)}, Date.now()); console.log('made'); setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  await sweepWork(parent, Date.now())
  expect(await readdir(parent)).toHaveLength(1)
  child.kill('SIGKILL')
  await once(child, 'close')
  expect(await readdir(parent)).toHaveLength(1)
  await sweepWork(parent, Date.now())
  expect(await readdir(parent)).toEqual([])
})
