import { openAsBlob } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fields } from '../../../../src/contract/target.ts'
import { shadowEmail } from '../../../../targets/gitlab/people.ts'
import { addUser } from '../../../testbed/gitlab/people.ts'
import { addGroup } from '../../../testbed/gitlab/places.ts'
import { type GitlabTestbed, gitlabTestbed } from '../../../testbed/gitlab/testbed.ts'
import { lines } from '../../../src/git/made-repository.ts'
import { settings } from '../items.ts'
import { acme } from './acme.ts'
import { readBack } from './read-back.ts'
import { type Made, Workshop } from './workshop.ts'

let bed: GitlabTestbed
let made: Made
let found: ReadonlyMap<string, Fields>
let status: { readonly import_status: string; readonly failed_relations: readonly unknown[] }
beforeAll(async () => {
  bed = await gitlabTestbed({ limits: 'off', version: '19.1.0' })
  const { world } = bed
  const root = world.userNamed('root')
  if (root === undefined) throw new Error('no root')
  addGroup(world, { path: 'acme', owner: root })
  await using workshop = await Workshop.open()
  const config = settings({ url: bed.url })
  made = await workshop.make({
    ...(await acme(workshop)),
    settings: config,
    users: ({ login, username }) =>
      username === null
        ? root
        : (world.userNamed(username) ?? addUser(world, { username, email: shadowEmail(login, config), state: 'blocked' })),
  })
  const form = new FormData()
  form.set('path', 'app')
  form.set('namespace', 'acme')
  form.set('file', await openAsBlob(made.path), 'project.tar.gz')
  const headers = { 'private-token': bed.token }
  const response = await fetch(`${bed.url}/api/v4/projects/import`, { method: 'POST', headers, body: form })
  expect(response.status).toBe(201)
  await bed.idle()
  status = (await (await fetch(`${bed.url}/api/v4/projects/acme%2Fapp/import`, { headers })).json()) as typeof status
  found = await readBack(bed.url, bed.token, 'acme/app')
})
afterAll(() => bed[Symbol.asyncDispose]())

test('GitLab takes the whole file, drops no field of it and would show nothing broken', () => {
  expect(status).toMatchObject({ import_status: 'finished', failed_relations: [] })
  expect([...bed.world.dropped.keys()]).toEqual([])
  expect(bed.problems).toEqual([])
})

test('everything that is expected stands there, and nothing else', () => {
  const readable = /^(?:issue|merge-request|note|discussion|(?:label|milestone|state)-event)\//
  const expected = new Map(
    made.composed.flatMap((one) => (one.remote === null || !readable.test(one.remote) ? [] : [[one.remote, one.expect] as const])),
  )
  expect(expected.size).toBe(32)
  for (const [remote, fields] of expected) expect({ remote, ...found.get(remote) }).toEqual({ remote, ...fields })
  expect([...found.keys()].filter((remote) => !(expected as ReadonlyMap<string, unknown>).has(remote))).toEqual([])
})

test('the repository has its branches, a place for every head, and the branch of the open fork', async () => {
  const project = bed.world.projectAt('acme/app')
  if (project === undefined) throw new Error('no project')
  const refs = await lines(bed.world.repository(project), 'for-each-ref', '--format=%(refname)')
  expect(refs).toEqual([
    'refs/heads/gh-pr/4/main',
    'refs/heads/main',
    'refs/heads/topic',
    'refs/merge-requests/3/head',
    'refs/merge-requests/4/head',
    'refs/merge-requests/5/head',
    'refs/tags/v1',
  ])
  expect(project.counters).toEqual({ issue: 5, merge_request: 5, milestone: 1 })
  expect(bed.world.uploads).toMatchObject([{ secret: expect.stringMatching(/^[0-9a-f]{32}$/), filename: 'p.png' }])
})

test('nobody is written to and nothing is built', () => {
  expect([bed.mails, bed.pipelines]).toEqual([[], []])
})
