import { mkdtempDisposable, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { demoWorld } from '../world/demo.ts'
import type { WorldChannel } from '../world/model.ts'
import type { Message } from '../world/wire.ts'
import { writeExport, type ExportOptions } from './export/write.ts'
import { readZip } from './read-zip.ts'
import { slackTestbed } from './testbed.ts'

const temporary = () => mkdtempDisposable(join(tmpdir(), 'slack-export-'))

async function exported(world: ReturnType<typeof demoWorld>, options: ExportOptions = {}): Promise<ReadonlyMap<string, string>> {
  await using folder = await temporary()
  const path = join(folder.path, 'export.zip')
  await writeExport(world, path, options)
  return readZip(path)
}
const list = (zip: ReadonlyMap<string, string>, name: string) => JSON.parse(zip.get(name) ?? 'null') as Record<string, unknown>[]
const days = (zip: ReadonlyMap<string, string>, folder: string) => [...zip.keys()].filter((name) => name.startsWith(`${folder}/2`))
const messages = (zip: ReadonlyMap<string, string>, folder: string) =>
  days(zip, folder).flatMap((name) => JSON.parse(zip.get(name) ?? '[]') as Message[])
const folderOf = ({ kind, id, name }: WorldChannel) => (kind === 'im' ? id : name)

test('an all-conversations export holds every message of every conversation, secrets too', async () => {
  const world = demoWorld()
  const zip = await exported(world)
  const found = [...world.channels.values()].flatMap((channel) => messages(zip, folderOf(channel)).map(({ ts }) => `${channel.id}:${ts}`))
  expect(found).toEqual(world.messageKeys)
})

test('the public export says nothing of private conversations', async () => {
  const world = demoWorld()
  const zip = await exported(world, { layout: 'public' })
  for (const name of ['groups.json', 'dms.json', 'mpims.json']) expect(zip.has(name)).toBe(false)
  const folders = new Set([...zip.keys()].filter((name) => name.includes('/')).map((name) => name.split('/')[0]))
  expect(folders).toEqual(new Set([...world.channels.values()].filter(({ kind }) => kind === 'public').map(({ name }) => name)))
  expect(zip.has('integration_logs.json')).toBe(true)
})

test('lists carry members and pins in full, direct messages go by id, a self-DM names its person twice', async () => {
  const world = demoWorld()
  const zip = await exported(world)
  const { general, plans, nine, self, dm } = world.rooms
  const channel = list(zip, 'channels.json').find(({ id }) => id === general.id)
  expect(channel).toMatchObject({
    name: 'general',
    is_general: true,
    members: general.members,
    pins: [{ id: general.pins[0]?.ts, type: 'C', user: world.people.ada, owner: world.people.ken }],
  })
  expect(list(zip, 'groups.json').map(({ id }) => id)).toContain(plans.id)
  expect(list(zip, 'mpims.json').find(({ id }) => id === nine.id)).toMatchObject({ members: nine.members })
  expect(list(zip, 'dms.json').find(({ id }) => id === self.id)).toMatchObject({ members: [world.people.ada, world.people.ada] })
  expect(days(zip, dm.id).length).toBeGreaterThan(0)
})

test('days are counted in Los Angeles', async () => {
  const world = demoWorld({ stories: false, messagesPerChannel: 0 })
  const { random } = world.rooms
  world.postMessage(random.id, { user: world.people.ada, text: 'before midnight there', ts: '1772524799.000001' })
  world.postMessage(random.id, { user: world.people.ada, text: 'after midnight there', ts: '1772524801.000001' })
  world.postMessage(random.id, { user: world.people.ada, text: 'in summer', ts: '1782889199.000001' })
  expect(days(await exported(world), 'random')).toEqual(['random/2026-03-02.json', 'random/2026-03-03.json', 'random/2026-06-30.json'])
})

test('roots list their replies, authors come with a card, pins and block ids do not travel with messages', async () => {
  const world = demoWorld()
  const all = messages(await exported(world), 'general')
  const root = all.find(({ text }) => text === 'Who brings cake?')
  const replies = all.filter(({ thread_ts, ts }) => thread_ts === root?.ts && ts !== root?.ts)
  expect(root?.replies).toEqual(replies.map(({ ts, user }) => ({ ts, user })))
  expect(root).toMatchObject({ user_profile: { name: 'ada', real_name: 'Ada Weiß' }, user_team: world.team.id })
  expect(replies.every(({ parent_user_id }) => parent_user_id === world.people.ada)).toBe(true)
  expect(all.some((message) => 'pinned_to' in message)).toBe(false)
})

test('there is no word of emoji pictures, user groups or bookmarks', async () => {
  const zip = await exported(demoWorld())
  expect([...zip.keys()].filter((name) => /emoji|group_?s?_?members|usergroup|bookmark/i.test(name))).toEqual([])
  expect(JSON.stringify(list(zip, 'channels.json'))).not.toContain('handbook?a=1')
})

test('links open while they live, show a sign-in page once they expired, and never without their token', async () => {
  await using bed = await slackTestbed()
  const zip = await exported(bed.world, { fileLinks: 'live', from: bed })
  const file = messages(zip, 'general')
    .flatMap(({ files = [] }) => files)
    .find(({ id }) => id === bed.world.demo.japanese.id)
  const url = file?.url_private_download ?? ''
  expect(url).toContain('?t=xoxe-')
  const content = async () => Buffer.from(await (await fetch(url)).arrayBuffer()).toString()
  expect(await content()).toContain('%PDF')
  bed.expireFileLinks()
  expect(await content()).toContain('Sign in')
  const stale = await exported(bed.world, { fileLinks: 'expired', from: bed })
  expect(JSON.stringify([...stale.values()])).not.toContain(bed.linkToken)
})

test('a Grid export has its people at the root and its workspaces below teams', async () => {
  const world = demoWorld()
  const zip = await exported(world, { layout: 'grid' })
  const team = `teams/${world.team.name}`
  expect(zip.has('users.json')).toBe(false)
  expect(list(zip, 'org_users.json').length).toBeGreaterThan(10)
  expect(list(zip, 'channels.json').map(({ name }) => name)).toEqual(['ext-other-ltd'])
  expect(list(zip, `${team}/channels.json`).map(({ name }) => name)).toContain('general')
  expect(days(zip, 'ext-other-ltd').length).toBeGreaterThan(0)
  expect(messages(zip, `${team}/general`).length).toBe(world.rooms.general.messages.length)
  expect(list(zip, 'content_flags.json')).toEqual([])
})

test('the same world gives the same bytes', async () => {
  await using folder = await temporary()
  const paths = [join(folder.path, 'one.zip'), join(folder.path, 'two.zip')]
  for (const path of paths) await writeExport(demoWorld({ seed: 7 }), path)
  const [one, two] = await Promise.all(paths.map((path) => readFile(path)))
  expect(one?.equals(two ?? Buffer.alloc(0))).toBe(true)
})
