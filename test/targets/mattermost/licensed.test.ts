import { expect, test } from 'vitest'
import { Secret } from '../../../src/config/secret.ts'
import { MattermostClient } from '../../../targets/mattermost/client.ts'
import { definition } from '../../../targets/mattermost/definition.ts'
import { Bookmark, Group } from '../../../targets/mattermost/wire.ts'
import { type MattermostTestbed, mattermostTestbed } from '../../testbed/mattermost/testbed.ts'
import { World, memoryLedger, ports, run, settings, signal } from './world.ts'

const WIKI = { title: 'Wiki', link: 'https://wiki.example.test/', emoji: ':book:', type: 'link' }
const DESK = { title: 'Desk', link: 'https://desk.example.test/', emoji: null, type: 'link' }
const FILE = { title: 'Notes', link: null, emoji: null, type: 'file' }

function source(): World {
  const world = new World()
  const [u1, u2, u3] = [
    world.account('U1', { handle: 'erika' }),
    world.account('U2', { handle: 'bob' }),
    world.account('U3', { handle: 'gone', active: false }),
  ]
  const group = world.group('S1', { handle: 'design', name: 'Design', description: 'who draws', members: [u1, u2, u3, 'account/U404'] })
  world.channel('C1', { name: 'plans', members: [u1, u2], bookmarks: [WIKI, DESK, FILE] })
  world.message('C1', '1700000000.000001', { text: ['Hello ', { type: 'group', id: group, label: null }, ', not @design'] })
  return world
}
const licensed = () => mattermostTestbed({ version: '10.11.0', licence: 'professional' })
const groups = (bed: MattermostTestbed) =>
  [...bed.state.groups.values()]
    .filter(({ delete_at }) => delete_at === 0)
    .map(({ name, display_name, members }) => [
      name,
      display_name,
      [...members].map((id) => bed.state.users.get(id)?.username ?? '').toSorted(),
    ])
const bookmarks = (bed: MattermostTestbed) =>
  [...bed.state.bookmarks.values()].filter(({ delete_at }) => delete_at === 0).map(({ display_name, emoji }) => display_name + emoji)
const texts = (bed: MattermostTestbed) => [...bed.state.posts.values()].filter(({ type }) => type === '').map(({ message }) => message)

test('makes groups and bookmarks where the licence has them, once, and mentions the groups', async () => {
  await using bed = await licensed()
  const [config, ledger, world] = [settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger(), source()]
  const first = await run(world, config, ledger)
  expect(first.wrong).toEqual([])
  expect(groups(bed)).toEqual([['design', 'Design', ['bob', 'erika']]])
  expect(bookmarks(bed)).toEqual(['Wiki:book:', 'Desk'])
  expect(texts(bed)).toContain('Hello @design, not @\u2060design')
  expect(texts(bed)).toContain('* Notes')
  expect(first.losses.filter(({ effect }) => effect.type === 'degraded' && effect.field === 'bookmarks')).toHaveLength(1)
  const again = await run(world, config, ledger)
  expect([again.wrong, groups(bed).length, bookmarks(bed).length]).toEqual([[], 1, 2])
  expect(again.applied.every(({ outcome }) => outcome === 'unchanged')).toBe(true)
  expect(bed.notifications).toEqual([])
})

test('follows changes of members and bookmarks, and keeps what people added here', async () => {
  await using bed = await licensed()
  const [config, ledger, world] = [settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger(), source()]
  await run(world, config, ledger)
  const client = new MattermostClient(bed.url, new Secret(() => Promise.resolve(bed.token)), ports)
  const channel = [...bed.state.channels.values()].find(({ name }) => name === 'plans')?.id ?? ''
  const own = { type: 'link', display_name: 'Own', link_url: 'https://own.example.test/' }
  const made = await client.post(Bookmark, `/channels/${channel}/bookmarks`, own, signal)
  const row = bed.state.bookmarks.get(made.id)
  const somebody = bed.state.userNamed('bob')?.id ?? ''
  if (row !== undefined) bed.state.bookmarks.set(row.id, { ...row, owner_id: somebody })
  world.group('S1', { handle: 'design', name: 'Design team', members: ['account/U2'] })
  world.channel('C1', { name: 'plans', members: ['account/U1', 'account/U2'], bookmarks: [DESK] })
  expect((await run(world, config, ledger)).wrong).toEqual([])
  expect(groups(bed)).toEqual([['design', 'Design team', ['bob']]])
  expect(bookmarks(bed).toSorted()).toEqual(['Desk', 'Own'])
  world.items.delete('group/S1' as never)
  expect((await run(world, config, ledger)).wrong).toEqual([])
  expect(groups(bed)).toEqual([])
})

test('leaves a group of the same name alone that was there before, and finds its own again without a ledger', async () => {
  await using bed = await licensed()
  const client = new MattermostClient(bed.url, new Secret(() => Promise.resolve(bed.token)), ports)
  await client.post(
    Group,
    '/groups',
    { name: 'design', display_name: 'Theirs', source: 'custom', allow_reference: true, user_ids: [] },
    signal,
  )
  const [config, world] = [settings(bed.url, bed.token, { adjustLimits: true }), source()]
  const done = await run(world, config, memoryLedger())
  expect(done.wrong).toEqual([])
  expect(done.losses).toContainEqual(expect.objectContaining({ item: 'group/S1', code: 'rejected-by-target' }))
  expect(groups(bed)).toEqual([['design', 'Theirs', []]])
  expect((await run(world, config, memoryLedger())).wrong).toEqual([])
  expect([groups(bed).length, bookmarks(bed).length]).toEqual([1, 2])
})

test('says what a refused group or bookmark was refused for', async () => {
  await using bed = await licensed()
  bed.faults.next('POST /groups', { type: 'status', status: 400 })
  bed.faults.next('POST /channels/{channel_id}/bookmarks', { type: 'status', status: 400 })
  const done = await run(source(), settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger())
  const refused = done.losses.filter(({ stage }) => stage === 'apply').map(({ item, effect }) => [item, 'field' in effect && effect.field])
  expect(refused).toEqual(
    expect.arrayContaining([
      ['group/S1', 'members'],
      ['channel/C1', 'bookmarks'],
    ]),
  )
  expect(bookmarks(bed)).toEqual(['Desk'])
})

test('gives groups of a rehearsal names of their own and removes them', async () => {
  await using bed = await licensed()
  const config = definition.scratch(settings(bed.url, bed.token, { adjustLimits: true }), 'run1')
  expect((await run(source(), config, memoryLedger())).wrong).toEqual([])
  expect(groups(bed).map(([name]) => name)).toEqual(['rrun1-design'])
  await using target = await definition.open('mattermost', config, ports, signal)
  const left = await Array.fromAsync(target.scratch?.destroy(signal) ?? [])
  expect(groups(bed)).toEqual([])
  expect(left.map(({ what }) => what).join()).toContain('1 archived groups')
})

test.each([
  ['5.36.1', 'professional'],
  ['10.11.0', undefined],
] as const)('keeps names in bold and bookmarks in a pinned post on %s with licence %s', async (version, licence) => {
  await using bed = await mattermostTestbed({ version, ...(licence === undefined ? {} : { licence }) })
  const done = await run(source(), settings(bed.url, bed.token, { adjustLimits: true }), memoryLedger())
  expect(done.wrong).toEqual([])
  expect(groups(bed)).toEqual([])
  expect(texts(bed)).toContain('Hello **@\u2060design**, not @design')
  expect(done.losses).toContainEqual(expect.objectContaining({ item: 'group/S1', code: 'no-such-concept', effect: { type: 'dropped' } }))
  expect(texts(bed).join()).toContain('[Wiki](https://wiki.example.test/)')
})
