import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { GitRepository } from './git/repository.ts'
import { githubTestbed, type GithubTestbed } from './testbed.ts'

const run = promisify(execFile)
let bed: GithubTestbed
let dir: string
beforeAll(async () => {
  bed = await githubTestbed()
  dir = await mkdtemp(join(tmpdir(), 'fallreep-github-test-'))
})
afterAll(async () => {
  await bed[Symbol.asyncDispose]()
  await rm(dir, { recursive: true })
})

const basic = (token: string): string =>
  `http.extraHeader=Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`
interface Ran {
  readonly stdout: string
  readonly stderr: string
}
const git = (token: string | undefined, ...args: string[]): Promise<Ran> =>
  run('git', [...(token === undefined ? [] : ['-c', basic(token)]), ...args], {
    env: { PATH: process.env['PATH'], HOME: dir, GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_NOSYSTEM: '1' },
  })
const refused = (token: string | undefined, ...args: string[]): Promise<string> =>
  git(token, ...args).then(
    () => 'it worked',
    (error: Ran) => error.stderr,
  )
const at = (name: string): string => `${bed.url}/fallreep-demo/${name}.git`

test('git clones every ref of a repository, hidden ones too, and finds nothing wrong with it', async () => {
  const clone = join(dir, 'website')
  await git(bed.token('app'), 'clone', '-q', '--mirror', at('website'), clone)
  const { stdout } = await git(undefined, '-C', clone, 'for-each-ref', '--format=%(objectname) %(refname)')
  const wanted = [...bed.sample.website.git.refs].map(([ref, sha]) => `${sha} ${ref}`)
  expect(stdout.trim().split('\n').toSorted()).toEqual(wanted.toSorted())
  expect(wanted.some((ref) => /pull\/\d+\/merge$/.test(ref))).toBe(true)
  expect((await git(undefined, '-C', clone, 'fsck', '--full', '--strict')).stderr).not.toContain('error')
  expect(bed.calls.count('git.refs')).toBeGreaterThan(0)
  expect(bed.calls.count('git.fetch')).toBeGreaterThan(0)
})

test('protocol 2 is spoken, a commit that no ref names can be fetched, and a push is refused', async () => {
  const token = bed.token('classic')
  const answer = await fetch(`${at('website')}/info/refs?service=git-upload-pack`, {
    headers: { authorization: `Basic ${Buffer.from(`x:${token}`).toString('base64')}`, 'git-protocol': 'version=2' },
  })
  expect(await answer.text()).toContain('version 2')
  const forced = bed.sample.website.tables.events.by('created')
  const before = Array.from({ length: forced.length }, (_, index) => forced.at(index).before).find((sha) => sha !== undefined) ?? ''
  const clone = join(dir, 'bare')
  await git(undefined, 'init', '-q', '--bare', clone)
  await git(token, '-C', clone, 'fetch', '-q', at('website'), before)
  expect((await git(undefined, '-C', clone, 'cat-file', '-t', before)).stdout).toBe('commit\n')
  expect(await refused(token, '-C', clone, 'push', at('website'), `${before}:refs/heads/x`)).toContain('403')
})

test('who may not see a repository finds none; a wiki nobody wrote is none either', async () => {
  expect(await refused(undefined, 'ls-remote', at('website'))).toContain('could not read Username')
  expect(await refused('ghp_wrong', 'ls-remote', at('website'))).toContain('could not read Username')
  expect(await refused(bed.token('classic', { hidden: [bed.sample.website] }), 'ls-remote', at('website'))).toContain('not found')
  expect(await refused(bed.token('classic'), 'ls-remote', at('handbook.wiki'))).toContain('not found')
  expect(await refused(bed.token('classic'), 'ls-remote', at('taken-down'))).toContain('451')
  expect(await refused(bed.token('classic'), 'ls-remote', at('blocked'))).toContain('403')
  expect((await git(bed.token('classic'), 'ls-remote', at('website.wiki'))).stdout).toContain('refs/heads/master')
  expect((await git(bed.token('classic'), 'ls-remote', at('empty'))).stdout).toBe('')
  // Renamed: git is sent on to where it is.
  expect((await git(bed.token('classic'), 'ls-remote', at('webshop'))).stdout).toContain('refs/heads/main')
  expect((await git(undefined, 'ls-remote', at('handbook'))).stdout).toContain('refs/heads/trunk')
  expect(bed.calls.count('wiki.refs')).toBeGreaterThan(0)
  expect(bed.calls.count('wiki.fetch')).toBeGreaterThan(0)
})

test('a repository that lies somewhere is served as it is', async () => {
  const real = join(dir, 'real.git')
  await git(bed.token('classic'), 'clone', '-q', '--bare', at('billing'), real)
  await using other = await githubTestbed()
  other.world.addRepository(other.sample.organisation, 'real', { git: GitRepository.at(real) })
  const { stdout } = await git(other.token('classic'), 'ls-remote', '--heads', `${other.url}/fallreep-demo/real.git`)
  expect(stdout).toBe((await git(bed.token('classic'), 'ls-remote', '--heads', at('billing'))).stdout)
  expect(stdout).toContain('refs/heads/release/1.x')
})

test('the same world has the same commits, and a changed one is served at once', async () => {
  await using again = await githubTestbed()
  expect([...again.sample.website.git.refs]).toEqual([...bed.sample.website.git.refs])
  const { billing, people } = again.sample
  const made = billing.push('main', people.ada, 'Mehr', { 'more/file.txt': 'x\n' })
  const { stdout } = await git(again.token('classic'), 'ls-remote', `${again.url}/fallreep-demo/billing.git`, 'refs/heads/main')
  expect(stdout).toBe(`${made}\trefs/heads/main\n`)
})
