import { afterAll, beforeAll, expect, test } from 'vitest'
import { createIssue } from '../../testbed/gitlab/changes.ts'
import { git } from '../../testbed/gitlab/git/repository.ts'
import { lines, makeRepository } from '../../src/git/made-repository.ts'
import { Bench } from './bench.ts'
import * as the from './items.ts'
import { CodeWorld } from './world.ts'

const COMMITS = [
  { parents: [], files: { a: '1\n', '.gitlab-ci.yml': 'x: {script: y}\n' } },
  { parents: [0], files: { a: '2\n' } },
  { parents: [0], files: { b: '1\n' } },
  { parents: [1], files: { a: '3\n' }, message: 'Fixes #1' },
  { parents: [0], files: { c: '1\n' } },
] as const
let bench: Bench
beforeAll(async () => {
  const world = new CodeWorld()
  world.put(the.account(the.ada), the.repository(), the.issue(1))
  await world.history(the.R, COMMITS.slice(0, 3), {
    'refs/heads/main': 1,
    'refs/heads/forced': 1,
    'refs/heads/gone': 2,
    'refs/heads/theirs': 1,
  })
  bench = await Bench.open(world)
  await bench.bring()
})
afterAll(() => bench[Symbol.asyncDispose]())

const refs = (): Promise<string[]> => {
  const project = bench.bed.world.projectAt('acme/app')
  if (project === undefined) throw new Error('no project')
  return lines(
    bench.bed.world.repository(project),
    'for-each-ref',
    '--format=%(refname:short)=%(contents:subject)',
    'refs/heads',
    'refs/tags',
  )
}

test('new, moved, forced and deleted branches arrive, without a pipeline and without closing an issue', async () => {
  const project = bench.bed.world.projectAt('acme/app')
  if (project === undefined) throw new Error('no project')
  const { directory } = await makeRepository(COMMITS, {
    'refs/heads/main': 3,
    'refs/heads/forced': 2,
    'refs/heads/new/one': 2,
    'refs/heads/theirs': 3,
    'refs/tags/v1': 3,
  })
  await bench.world.addBundle(the.R, directory)
  // Somebody has gone on in GitLab.
  const tree = git(bench.bed.world.repository(project), 'rev-parse', 'refs/heads/theirs^{tree}').trim()
  const theirs = git(
    bench.bed.world.repository(project),
    '-c',
    'user.name=x',
    '-c',
    'user.email=x@example.test',
    'commit-tree',
    tree,
    '-m',
    'mine',
  ).trim()
  git(bench.bed.world.repository(project), 'update-ref', 'refs/heads/theirs', theirs)
  const { wrong, losses } = await bench.bring()
  expect(await refs()).toEqual(['forced=commit 2', 'main=Fixes #1', 'new/one=commit 2', 'theirs=mine', 'v1=Fixes #1'])
  expect(wrong).toEqual([expect.stringMatching(/^project\/acme\/app refs:/)])
  expect(losses.filter(({ stage }) => stage === 'apply').map(({ detail }) => detail)).toEqual([
    `refs/heads/theirs was moved in GitLab to ${theirs} and is left there`,
  ])
  expect([bench.bed.pipelines, bench.bed.mails]).toEqual([[], []])
  expect(bench.bed.world.items.find(project.id, 'issue', 1)?.state).toBe('opened')
})

test('a new pull request of a fork comes with its commits, and a number that GitLab has given away is told', async () => {
  const { world, bed } = bench
  const project = bed.world.projectAt('acme/app')
  if (project === undefined) throw new Error('no project')
  const { directory, oids } = await makeRepository(COMMITS, {
    'refs/heads/main': 3,
    'refs/pull/2/head': 4,
    'refs/heads/theirs': 3,
    'refs/tags/v1': 3,
  })
  await world.addBundle(the.R, directory)
  world.put(
    the.changeRequest(2, {
      head: { ref: 'main', oid: oids[4] ?? '', repository: 'passer-by/app' },
      base: { ref: 'main', oid: oids[3] ?? '', repository: 'acme/app' },
    }),
    the.issue(5, { title: 'theirs was first' }),
    the.comment('issue/9', 'issue/1/5', { text: 'lost' }),
  )
  const root = bed.world.userNamed('root')
  if (root === undefined) throw new Error('no root')
  createIssue(bed.world, project, root, { title: 'of somebody', iid: 5 })
  const { wrong, run } = await bench.bring()
  expect(wrong).toEqual([expect.stringMatching(/^project\/acme\/app refs:/)])
  expect(bed.world.items.find(project.id, 'merge_request', 2)).toMatchObject({ source_branch: 'gh-pr/2/main', state: 'opened' })
  expect(bed.world.items.diff(project.id, 2)?.files.map(({ new_path }) => new_path)).toEqual(['c'])
  const failed = run.applied.filter(({ outcome }) => outcome === 'failed').map(({ item, losses }) => `${item}: ${losses[0]?.detail}`)
  expect(failed).toEqual([
    'issue/1/5: the number 5 was taken in GitLab meanwhile, by something else',
    'comment/1/issue/9: the number 5 was taken in GitLab meanwhile, by something else',
  ])
  expect(bed.world.items.find(project.id, 'issue', 5)?.title).toBe('of somebody')
})

test('an open pull request follows its branch, and one that was merged meanwhile is merged', async () => {
  const commits = [
    { parents: [], files: { a: '1\n' } },
    { parents: [0], files: { b: '1\n' } },
    { parents: [0], files: { c: '1\n' } },
    { parents: [1], files: { b: '2\n' } },
    { parents: [0, 2], message: 'Merge pull request #11' },
  ]
  const world = new CodeWorld()
  world.put(the.account(the.ada), the.repository())
  const before = { 'refs/heads/main': 0, 'refs/heads/topic': 1, 'refs/heads/done': 2 }
  const oids = await world.history(the.R, commits.slice(0, 3), before)
  const base = { ref: 'main', oid: oids[0] ?? '', repository: 'acme/app' }
  world.put(
    the.changeRequest(10, { title: 'open', head: { ref: 'topic', oid: oids[1] ?? '', repository: 'acme/app' }, base }),
    the.changeRequest(11, { title: 'soon done', head: { ref: 'done', oid: oids[2] ?? '', repository: 'acme/app' }, base }),
  )
  await using other = await Bench.open(world)
  expect((await other.bring()).wrong).toEqual([])
  const { directory, oids: later } = await makeRepository(commits, { 'refs/heads/main': 4, 'refs/heads/topic': 3 })
  await world.addBundle(the.R, directory)
  world.edit('change-request/1/10', { title: 'still open', head: { ref: 'topic', oid: later[3], repository: 'acme/app' } })
  const merged = { state: 'merged', mergedAt: the.T, mergedBy: the.ada, closedAt: the.T, mergeCommit: later[4] }
  world.edit('change-request/1/11', merged)
  expect((await other.bring()).wrong).toEqual([])
  const project = other.bed.world.projectAt('acme/app')
  if (project === undefined) throw new Error('no project')
  expect(other.bed.world.items.diff(project.id, 10)?.head_commit_sha).toBe(later[3])
  expect(other.bed.world.items.find(project.id, 'merge_request', 11)?.state).toBe('merged')
  expect([other.bed.mails, other.bed.pipelines]).toEqual([[], []])
})
