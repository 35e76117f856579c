import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { company, organisation } from '../testbed/company.ts'
import { realHistories } from '../testbed/git/real-histories.ts'
import { GitRepository } from '../testbed/github/git/repository.ts'
import { GithubWorld } from '../testbed/github/world.ts'

const sh = promisify(execFile)
const git = async (dir: string, ...args: readonly string[]): Promise<string> =>
  (await sh('git', ['-c', 'safe.directory=*', '-C', dir, ...args], { maxBuffer: 1 << 28 })).stdout

test('seven public histories go through two backups and a cutover without GitHub, and every ref stands where it stood', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'histories-'))
  try {
    const histories = await realHistories(dir)
    const world = new GithubWorld()
    const owner = world.addOrganisation('acme', 'Acme')
    const ada = world.addPerson('ada')
    owner.members.set(ada, 'admin')
    // The first night sees the newest branch a few commits back; the second sees it moved on, and one branch gone.
    for (const { name, dir, tips } of histories) {
      await git(dir, 'update-ref', 'refs/heads/main', `${tips[0]}~7`)
      await git(dir, 'update-ref', 'refs/heads/old', `${tips[0]}~15`)
      for (const [at, tip] of tips.slice(1).entries()) await git(dir, 'update-ref', `refs/heads/side-${at}`, tip)
      await git(dir, 'symbolic-ref', 'HEAD', 'refs/heads/main')
      world.addRepository(owner, name, { git: GitRepository.at(dir) })
    }
    await using acme = await company({ dir: join(dir, 'company'), code: { github: { world } } })
    const ran = async (...args: readonly string[]): Promise<void> => {
      const { code, stdout, stderr } = await acme.run(args)
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}\n${stdout}${stderr}`)
    }
    await ran('backup', 'github')
    for (const { dir, tips } of histories) {
      await git(dir, 'update-ref', 'refs/heads/main', tips[0] ?? '')
      await git(dir, 'tag', 'v1', tips[0] ?? '')
      await git(dir, 'update-ref', '-d', 'refs/heads/old')
    }
    await ran('backup', 'github')
    await acme.darken()
    await ran('cutover', 'github', '--to', 'code', '--confirm', organisation)

    const there = acme.code?.gitlab.world
    for (const { name, dir, commits } of histories) {
      const project = there?.projects.values().find(({ path }) => path === name)
      if (there === undefined || project === undefined) throw new Error(`${name} did not arrive`)
      const arrived = there.repository(project)
      expect([name, await git(arrived, 'for-each-ref')]).toEqual([name, await git(dir, 'for-each-ref')])
      expect([name, Number(await git(arrived, 'rev-list', '--all', '--count'))]).toEqual([name, commits])
      expect([name, await git(arrived, 'fsck', '--full', '--no-dangling')]).toEqual([name, ''])
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}, 180_000)
