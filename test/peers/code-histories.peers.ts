import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { company, organisation } from '../testbed/company.ts'
import { realHistories } from '../testbed/git/real-histories.ts'
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
    const repositories = new Map(histories.map((history) => [history.name, world.addRepository(owner, history.name)]))
    // The first night sees the newest branch a few commits back; the second sees it moved on, and one branch gone.
    for (const { name, pack, tips } of histories) {
      const repository = repositories.get(name)?.git
      if (repository === undefined || tips[0] === undefined) throw new Error(`${name} has no history`)
      repository.adopt(pack)
      const source = join(dir, name)
      repository.refs.set('refs/heads/main', (await git(source, 'rev-parse', `${tips[0]}~7`)).trim())
      repository.refs.set('refs/heads/old', (await git(source, 'rev-parse', `${tips[0]}~15`)).trim())
      for (const [at, tip] of tips.slice(1).entries()) repository.refs.set(`refs/heads/side-${at}`, tip)
    }
    await using acme = await company({ dir: join(dir, 'company'), code: { github: { world } } })
    const ran = async (...args: readonly string[]): Promise<void> => {
      const { code, stdout, stderr } = await acme.run(args)
      expect(code, `${stdout}${stderr}`).toBe(0)
    }
    await ran('backup', 'github')
    for (const { name, tips } of histories) {
      const repository = repositories.get(name)?.git
      repository?.refs.set('refs/heads/main', tips[0] ?? '')
      repository?.refs.set('refs/tags/v1', tips[0] ?? '')
      repository?.refs.delete('refs/heads/old')
    }
    await ran('backup', 'github')
    const wanted = new Map([...repositories].map(([name, repository]) => [name, new Map(repository.git.refs)]))
    await acme.darken()
    await ran('cutover', 'github', '--to', 'code', '--confirm', organisation)

    const there = acme.code?.gitlab.world
    for (const { name, commits } of histories) {
      const project = there?.projects.values().find(({ path }) => path === name)
      if (there === undefined || project === undefined) throw new Error(`${name} did not arrive`)
      const arrived = there.repository(project)
      const refs = (await git(arrived, 'for-each-ref', '--format=%(refname) %(objectname)')).trim().split('\n').toSorted()
      expect(refs, name).toEqual([...(wanted.get(name) ?? [])].map((ref) => ref.join(' ')).toSorted())
      expect(Number(await git(arrived, 'rev-list', '--all', '--count')), name).toBe(commits)
      expect(await git(arrived, 'fsck', '--full', '--no-dangling'), name).toBe('')
    }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}, 180_000)
