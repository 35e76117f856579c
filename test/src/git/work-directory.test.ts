import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, stat, utimes } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { workDirectory } from '../../../src/git/work-directory.ts'

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
