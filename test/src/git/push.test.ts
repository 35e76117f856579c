import { execFileSync } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Fault } from '../../../src/fault.ts'
import { GITLAB_HIDDEN_REFS, PUSH_LIMITS, pushRefs } from '../../../src/git/push.ts'
import type { PushOptions } from '../../../src/git/push.ts'
import { refDifferences } from '../../../src/git/remote-refs.ts'
import type { PushedRef, RefPush } from '../../../src/git/push-once.ts'
import { lines, makeRepository } from './made-repository.ts'
import type { MadeCommit } from './made-repository.ts'
import { gitWorld, never } from './world.ts'
import type { World } from './world.ts'

const straight = (count: number): MadeCommit[] => Array.from({ length: count }, (_, n) => ({ parents: n === 0 ? [] : [n - 1] }))
const token = 'glpat-verysecret'
const authorization = `Basic ${Buffer.from(`oauth2:${token}`).toString('base64')}`

/** A host that takes pushes of whoever knows the token, by git's own http-backend. */
async function host(hook?: string): Promise<World> {
  const world = await gitWorld()
  await world.git('config', 'http.receivepack', 'true')
  await world.git('config', 'receive.advertisePushOptions', 'true')
  await world.git('config', '--add', 'transfer.hideRefs', 'refs/hidden')
  if (hook !== undefined) {
    const path = join(world.server, 'hooks', 'pre-receive')
    await mkdir(join(world.server, 'hooks'), { recursive: true })
    await writeFile(path, `#!/bin/sh\n${hook}\n`)
    await chmod(path, 0o755)
  }
  world.before = (request) =>
    request.headers.get('authorization') === authorization
      ? undefined
      : new Response('who are you', { status: 401, headers: { 'www-authenticate': 'Basic' } })
  return world
}
async function push(world: World, directory: string, refs: readonly RefPush[], rest: Partial<PushOptions> = {}): Promise<PushedRef[]> {
  const remote = { ...world.remote, authorization: async () => authorization }
  const results: PushedRef[] = []
  const options = { remote, directory, refs, hidden: GITLAB_HIDDEN_REFS, options: ['ci.skip'], limits: PUSH_LIMITS, ...rest }
  for await (const result of pushRefs(options, never)) results.push(result)
  return results
}
const outcomes = (results: readonly PushedRef[]): Record<string, string> =>
  Object.fromEntries(results.map(({ ref, outcome }) => [ref, outcome]))
const standing = (world: World): Promise<string[]> => lines(world.server, 'for-each-ref', '--format=%(objectname) %(refname)')

test.concurrent('refs become what they are to be, and those that nobody named stay', async () => {
  await using world = await host()
  const { directory, oids } = await makeRepository(straight(4))
  const [root = '', one = '', two = '', three = ''] = oids
  const first = [
    { ref: 'refs/heads/main', oid: two },
    { ref: 'refs/heads/forced', oid: three },
    { ref: 'refs/heads/left', oid: root },
    { ref: 'refs/heads/gone', oid: root },
    { ref: 'refs/merge-requests/1/head', oid: root },
  ]
  expect(outcomes(await push(world, directory, first))).toEqual({
    'refs/heads/main': 'pushed',
    'refs/heads/forced': 'pushed',
    'refs/heads/left': 'pushed',
    'refs/heads/gone': 'pushed',
    'refs/merge-requests/1/head': 'hidden',
  })
  const second = [
    { ref: 'refs/heads/main', oid: two },
    { ref: 'refs/heads/forced', oid: one },
    { ref: 'refs/heads/gone', oid: undefined },
    { ref: 'refs/heads/never', oid: undefined },
    { ref: 'refs/tags/v1', oid: root },
    { ref: 'refs/tags/void', oid: 'a'.repeat(40) },
    { ref: 'refs/tags/..', oid: root },
  ]
  expect(outcomes(await push(world, directory, second))).toEqual({
    'refs/heads/main': 'unchanged',
    'refs/heads/forced': 'pushed',
    'refs/heads/gone': 'deleted',
    'refs/heads/never': 'unchanged',
    'refs/tags/v1': 'pushed',
    'refs/tags/void': 'refused',
    'refs/tags/..': 'refused',
  })
  expect(await standing(world)).toEqual([
    `${one} refs/heads/forced`,
    `${root} refs/heads/left`,
    `${two} refs/heads/main`,
    `${root} refs/tags/v1`,
  ])
  const expected = [
    { name: 'refs/heads/main', oid: two },
    { name: 'refs/heads/forced', oid: three },
    { name: 'refs/heads/gone', oid: root },
    { name: 'refs/merge-requests/1/head', oid: root },
  ]
  const differences: unknown[] = []
  const remote = { ...world.remote, authorization: async () => authorization }
  for await (const difference of refDifferences(remote, { refs: expected, hidden: GITLAB_HIDDEN_REFS }, never)) differences.push(difference)
  expect(differences).toEqual([
    { ref: 'refs/heads/forced', expected: three, found: one },
    { ref: 'refs/heads/gone', expected: root, found: undefined },
    { ref: 'refs/heads/left', expected: undefined, found: root },
    { ref: 'refs/tags/v1', expected: undefined, found: root },
  ])
})

test.concurrent('a ref that the host hides, and one whose push its hook declines, take no other down', async () => {
  await using world = await host('while read old new ref; do case "$ref" in */bad) echo "GitLab: not on this branch"; exit 1;; esac; done')
  const { directory, oids } = await makeRepository(straight(2))
  const refs = ['a', 'bad', 'c'].map((name) => ({ ref: `refs/heads/${name}`, oid: oids[1] }))
  const results = await push(world, directory, [...refs, { ref: 'refs/hidden/x', oid: oids[0] }])
  expect(outcomes(results)).toEqual({
    'refs/heads/a': 'pushed',
    'refs/heads/bad': 'refused',
    'refs/heads/c': 'pushed',
    'refs/hidden/x': 'refused',
  })
  const bad = results.find(({ ref }) => ref === 'refs/heads/bad')
  expect(bad).toMatchObject({ why: '[remote rejected] (pre-receive hook declined); remote: GitLab: not on this branch' })
  expect(await standing(world)).toHaveLength(2)
})

test.concurrent('a host that refuses everything is not asked for ever', async () => {
  await using world = await host('exit 1')
  const { directory, oids } = await makeRepository(straight(2))
  const refs = Array.from({ length: 32 }, (_, n) => ({ ref: `refs/heads/b${n}`, oid: oids[1] }))
  const results = await push(world, directory, refs, { limits: { refs: 200, commits: 100, failures: 1 } })
  expect(results).toHaveLength(32)
  expect(results.every(({ outcome }) => outcome === 'refused')).toBe(true)
  expect(world.requests.filter(({ method }) => method === 'POST').length).toBeLessThan(20)
})

test.concurrent('a long history comes in steps that only go forward', async () => {
  // Every step must contain the one before, or it is refused.
  await using world = await host(
    'while read old new ref; do test -n "${old##0*}" && ! git merge-base --is-ancestor $old $new && exit 1; git rev-list --count $new --not --all >&2; done; exit 0',
  )
  const commits = straight(60)
  commits[40] = { parents: [39, 10] }
  const { directory, oids } = await makeRepository(commits)
  const results = await push(
    world,
    directory,
    [
      { ref: 'refs/heads/main', oid: oids[59] },
      { ref: 'refs/heads/side', oid: oids[45] },
    ],
    {
      limits: { ...PUSH_LIMITS, commits: 25 },
    },
  )
  expect(outcomes(results)).toEqual({ 'refs/heads/main': 'pushed', 'refs/heads/side': 'pushed' })
  expect(await standing(world)).toEqual([`${oids[59]} refs/heads/main`, `${oids[45]} refs/heads/side`])
  const packs = world.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('git-receive-pack'))
  expect(packs.length).toBeGreaterThanOrEqual(4)
})

test.concurrent('a host without push options is pushed to without them', async () => {
  await using world = await host()
  await world.git('config', 'receive.advertisePushOptions', 'false')
  const { directory, oids } = await makeRepository(straight(1))
  expect(outcomes(await push(world, directory, [{ ref: 'refs/heads/main', oid: oids[0] }]))).toEqual({ 'refs/heads/main': 'pushed' })
})

test.concurrent('the token stands in no argument, and in no error', async () => {
  await using world = await host()
  const { directory, oids } = await makeRepository(straight(1))
  const seen: string[] = []
  const checked = world.before
  world.before = (request) => {
    if (request.url.includes('git-receive-pack')) {
      seen.push(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }))
      return new Response(`go away ${token} ${authorization}`, { status: 403 })
    }
    return checked?.(request)
  }
  const error = await push(world, directory, [{ ref: 'refs/heads/main', oid: oids[0] }]).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(Fault)
  expect(error).toMatchObject({ code: 'permission' })
  expect(seen.join('')).toContain('push')
  for (const text of [String(error), JSON.stringify(error), ...seen]) {
    expect(text).not.toContain(token)
    expect(text).not.toContain(authorization.slice(6))
  }
})

test.concurrent('a redirect does not carry the token away', async () => {
  await using world = await host()
  await using other = await host()
  const { directory, oids } = await makeRepository(straight(1))
  const checked = world.before
  world.before = (request) =>
    request.url.includes('git-receive-pack')
      ? new Response(null, {
          status: 307,
          headers: { location: `${new URL(other.remote.url).origin}${new URL(request.url).pathname}?service=git-receive-pack` },
        })
      : checked?.(request)
  await expect(push(world, directory, [{ ref: 'refs/heads/main', oid: oids[0] }])).rejects.toMatchObject({ code: 'gone' })
  expect(other.requests).toEqual([])
})
