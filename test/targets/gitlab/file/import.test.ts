import { openAsBlob } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fields, Person } from '../../../../src/contract/target.ts'
import { addUser } from '../../../testbed/gitlab/people.ts'
import { addGroup } from '../../../testbed/gitlab/places.ts'
import { type GitlabTestbed, gitlabTestbed } from '../../../testbed/gitlab/testbed.ts'
import { lines } from '../../../src/git/made-repository.ts'
import { settings } from '../items.ts'
import { acme } from './acme.ts'
import { readBack } from './read-back.ts'
import { type Made, Workshop } from './workshop.ts'

let bed: GitlabTestbed
interface Imported {
  readonly made: Made
  readonly found: ReadonlyMap<string, Fields>
  readonly status: { readonly import_status: string; readonly failed_relations: readonly unknown[] }
}
let shadows: Imported
let mapped: Imported
beforeAll(async () => {
  bed = await gitlabTestbed({ limits: 'off', version: '19.1.0' })
  const { world } = bed
  await using workshop = await Workshop.open()
  const given = await acme(workshop)
  const imported = async (group: string, users: 'shadow' | 'map-only', people: Readonly<Record<string, Person>>): Promise<Imported> => {
    const root = world.userNamed('root')
    if (root === undefined) throw new Error('no root')
    addGroup(world, { path: group, owner: root })
    const config = settings({ url: bed.url, group, users })
    const made = await workshop.make({
      ...given,
      settings: config,
      people,
      users: (who) =>
        who.username === null
          ? root
          : (world.userNamed(who.username) ??
            addUser(world, { username: who.username, email: `${who.username}@example.test`, state: 'blocked' })),
    })
    const form = new FormData()
    form.set('path', 'app')
    form.set('namespace', group)
    form.set('file', await openAsBlob(made.path), 'project.tar.gz')
    const headers = { 'private-token': bed.token }
    const response = await fetch(`${bed.url}/api/v4/projects/import`, { method: 'POST', headers, body: form })
    expect(response.status).toBe(201)
    await bed.idle()
    const status = (await (await fetch(`${bed.url}/api/v4/projects/${group}%2Fapp/import`, { headers })).json()) as Imported['status']
    return { made, status, found: await readBack(bed.url, bed.token, `${group}/app`) }
  }
  shadows = await imported('acme', 'shadow', {})
  mapped = await imported('mapped', 'map-only', { 'account/11': { name: 'Ada', addresses: [], accounts: { lab: 'countess' } } })
})
afterAll(() => bed[Symbol.asyncDispose]())

test('GitLab takes the whole file, drops no field of it and would show nothing broken', () => {
  for (const { status } of [shadows, mapped]) expect(status).toMatchObject({ import_status: 'finished', failed_relations: [] })
  expect([...bed.world.dropped.keys()]).toEqual([])
  expect(bed.problems).toEqual([])
})

test.each(['with shadow users', 'with mapped people alone'])('everything that is expected stands there, and nothing else: %s', (how) => {
  const { made, found } = how === 'with shadow users' ? shadows : mapped
  const readable = /^(?:issue|merge-request|note|discussion|(?:label|milestone|state)-event)\//
  const expected = new Map<string, Fields>()
  for (const one of made.composed) if (one.remote !== null && readable.test(one.remote)) expected.set(one.remote, one.expect)
  expect(expected.size).toBe(36)
  for (const [remote, fields] of expected) expect({ remote, ...found.get(remote) }).toEqual({ remote, ...fields })
  expect([...found.keys()].filter((remote) => !expected.has(remote))).toEqual([])
})

test('who has no user there is named in the text, and the importing user stands in', () => {
  const notes = [...mapped.found].filter(([remote]) => remote.startsWith('note/mapped/app/issues/1/'))
  expect(notes.map(([, { author }]) => author).toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))).toEqual([
    'countess',
    'root',
    'root',
  ])
  expect(mapped.made.losses.filter(({ code }) => code === 'author-replaced').length).toBeGreaterThan(10)
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
  expect(bed.world.uploads.filter(({ project_id }) => project_id === project.id)).toMatchObject([
    { secret: expect.stringMatching(/^[0-9a-f]{32}$/), filename: 'p.png' },
  ])
})

test('nobody is written to and nothing is built', () => {
  expect([bed.mails, bed.pipelines]).toEqual([[], []])
})
