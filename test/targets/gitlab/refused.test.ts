import { beforeAll, expect, test } from 'vitest'
import { definition } from '../../../targets/gitlab/definition.ts'
import { RecordError } from '../../testbed/gitlab/import/run-context.ts'
import { addToken, addUser } from '../../testbed/gitlab/people.ts'
import { addGroup, addProject } from '../../testbed/gitlab/places.ts'
import type { GitlabTestbed } from '../../testbed/gitlab/testbed.ts'
import { Bench, portsOf, signal } from './bench.ts'
import * as the from './items.ts'
import { type CodeWorld, settingsFor, smallWorld } from './world.ts'

let world: CodeWorld
beforeAll(async () => {
  world = await smallWorld()
})
const checked = async (bed: GitlabTestbed, token = bed.token) => {
  await using target = await definition.open('lab', settingsFor(bed.url, token), portsOf(), signal)
  return Array.fromAsync(target.check(signal))
}

test('a project of somebody else under the path is left alone, and its neighbour arrives', async () => {
  await using bench = await Bench.open(world.copy())
  const root = bench.bed.world.userNamed('root')
  if (root === undefined) throw new Error('no root')
  const group = addGroup(bench.bed.world, { path: 'acme', owner: root })
  const theirs = addProject(bench.bed.world, { path: 'app', namespace_id: group.id, creator: root, description: 'theirs' })
  bench.world.put(the.repository('other', 'repository/2' as never))
  const { wrong, run } = await bench.bring()
  expect(wrong).toEqual([])
  expect(bench.bed.world.projectAt('acme/app')).toBe(theirs)
  const failed = run.applied.filter(({ outcome }) => outcome === 'failed')
  expect(new Set(failed.flatMap(({ losses }) => losses.map(({ code, detail }) => `${code}: ${detail}`)))).toEqual(
    new Set(['rejected-by-target: a project acme/app is there already, which we did not make: it was left as it is']),
  )
  expect(failed).toHaveLength(5)
  expect(bench.bed.world.projectAt('acme/other')).toBeDefined()
})

test('what GitLab refuses of a file is told by name', async () => {
  await using bench = await Bench.open(world.copy())
  bench.world.put(the.issue(4), the.comment('issue/44', 'issue/1/4'))
  const { items } = bench.bed.world
  const save = items.save.bind(items)
  items.save = (item) => {
    if (item.iid === 4) throw new RecordError('Validation failed')
    save(item)
  }
  const { wrong, run } = await bench.bring()
  expect(wrong).toEqual([])
  const failed = run.applied.filter(({ outcome }) => outcome === 'failed').map(({ item, losses }) => `${item}: ${losses.at(-1)?.detail}`)
  expect(failed.toSorted()).toEqual([
    'comment/1/issue/44: what it stands on was refused (ActiveRecord::RecordInvalid)',
    'issue/1/4: GitLab refused it (ActiveRecord::RecordInvalid)',
  ])
})

test('published rate limits slow it down and stop nothing', async () => {
  const ports = portsOf()
  const clock = (): number => ports.clock.now().getTime()
  await using bench = await Bench.open(world.copy(), { clock, settings: { notes_create_limit: 3, project_import_limit: 1 } })
  bench.ports = ports
  await bench.bring()
  for (let n = 100; n < 106; n++) bench.world.put(the.comment(`issue/${n}`, 'issue/1/1', { author: the.ada, text: `number ${n}` }))
  bench.world.put(the.issue(9))
  expect((await bench.bring()).wrong).toEqual([])
  expect(bench.bed.limited.get('notes')).toBeGreaterThan(0)
})

test('without an administrator nothing is written', async () => {
  await using bench = await Bench.open(world.copy())
  const user = addUser(bench.bed.world, { username: 'joe', email: 'joe@example.test' })
  const { token } = addToken(bench.bed.world, user, ['api', 'sudo'])
  bench.settings = settingsFor(bench.bed.url, token)
  await expect(bench.apply()).rejects.toMatchObject({ code: 'permission' })
  expect(bench.writes).toBe(0)
  const failed = (await checked(bench.bed, token)).filter(({ status }) => status === 'fail')
  expect(failed.map(({ name, detail }) => `${name}: ${detail}`)).toEqual(['token: joe is not an administrator'])
})

test('an old server is refused before anything is written', async () => {
  await using bench = await Bench.open(world.copy(), { version: '16.11.0' })
  await expect(bench.apply()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('16.11.0') })
  expect(bench.writes).toBe(0)
  expect((await checked(bench.bed)).filter(({ status }) => status === 'fail').map(({ name }) => name)).toEqual(['version'])
})

test('the check says what an administrator should look at', async () => {
  await using bench = await Bench.open(world.copy(), { settings: { import_sources: [], max_import_size: 100 } })
  const found = (await checked(bench.bed)).filter(({ status }) => status !== 'pass')
  expect(found.map(({ name, status }) => `${status} ${name}`)).toEqual(['fail import', 'warn max_import_size', 'warn note rate'])
  for (const { remedy } of found) expect(remedy).toBeDefined()
  const narrow = addToken(bench.bed.world, bench.bed.world.userNamed('root') as never, ['api'])
  expect((await checked(bench.bed, narrow.token)).find(({ status }) => status === 'fail')?.detail).toBe('the token lacks sudo')
})

test('a name in the people map that nobody has stops it before anything is written', async () => {
  await using bench = await Bench.open(world.copy())
  bench.people = { 'account/11': { name: 'Ada', addresses: [], accounts: { lab: 'ada.lovelace' } } }
  await expect(bench.apply()).rejects.toMatchObject({ code: 'config', message: expect.stringContaining('ada.lovelace') })
  expect(bench.writes).toBe(0)
})

test('a rehearsal takes everything away again that it made', async () => {
  await using bench = await Bench.open(world.copy())
  const all = () => [bench.bed.world.users, bench.bed.world.projects, bench.bed.world.groups].map((rows) => [...rows.keys()])
  const before = all()
  bench.settings = definition.scratch(bench.settings, 'x1')
  expect((await bench.bring()).wrong).toEqual([])
  expect(bench.bed.world.projectAt('acme/rehearsal-x1/app')).toBeDefined()
  await using target = await definition.open('lab', bench.settings, bench.ports, signal)
  expect(await Array.fromAsync(target.scratch?.destroy(signal) ?? [])).toEqual([])
  expect(all()).toEqual(before)
  expect(bench.bed.mails).toEqual([])
})

test('a project that GitLab will not take stops no other, and the next run tries it again', async () => {
  await using bench = await Bench.open(world.copy())
  bench.world.put(the.repository('other', 'repository/2' as never))
  bench.bed.faults.next('POST /projects/import', { type: 'status', status: 413, body: { message: '413 Request Entity Too Large' } })
  const { wrong, run } = await bench.bring()
  expect(wrong).toEqual([])
  const failed = run.applied.filter(({ outcome }) => outcome === 'failed')
  expect(failed).toHaveLength(5)
  expect(failed[0]?.losses[0]?.detail).toContain('413 Request Entity Too Large')
  expect(bench.bed.world.projectAt('acme/other')).toBeDefined()
  const again = await bench.bring()
  expect(again.wrong).toEqual([])
  expect(again.run.applied.filter(({ outcome }) => outcome === 'failed')).toEqual([])
})
