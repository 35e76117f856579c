import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { join } from 'node:path'
import type { ChannelRow } from '../testbed/mattermost/rows.ts'
import { writeHostileExport } from '../testbed/slack/export/hostile.ts'
import { demoWorld } from '../testbed/world/demo.ts'
import { workshop, type Workshop } from '../support/workshop.ts'

describe('who can read what on the server afterwards', () => {
  let shop: Workshop
  const world = demoWorld({ messagesPerChannel: 2 })
  const channels = (): readonly ChannelRow[] => [...shop.mattermost.state.channels.values()]
  const membersOf = ({ id }: ChannelRow): readonly string[] =>
    shop.mattermost.state
      .membersOf(id)
      .map(({ user_id }) => shop.mattermost.state.users.get(user_id)?.username ?? user_id)
      .toSorted()
  const holding = (text: string): ChannelRow | undefined => {
    const post = [...shop.mattermost.state.posts.values()].find(({ message }) => message === text)
    return channels().find(({ id }) => id === post?.channel_id)
  }
  beforeAll(async () => {
    const { dm, nine, plans, eight } = world.rooms
    for (const [{ id }, text] of [
      [dm, 'between two'],
      [eight, 'among eight'],
      [nine, 'among nine'],
      [plans, 'for three only'],
    ] as const)
      world.postMessage(id, { user: world.people.ada, text })
    shop = await workshop({ slack: { world } })
    await shop.backup()
    await shop.cutover()
  })
  afterAll(() => shop[Symbol.asyncDispose]())

  test('a direct message is between the same two people', () => {
    const channel = holding('between two')
    expect(channel?.type).toBe('D')
    expect(channel === undefined ? [] : membersOf(channel)).toEqual(['ada', 'erika'])
  })

  test('a conversation of eight stays one, and one of nine becomes a private channel of the same nine, which is recorded', async () => {
    const [eight, nine] = [holding('among eight'), holding('among nine')]
    expect([eight?.type, nine?.type]).toEqual(['G', 'P'])
    expect(nine === undefined ? [] : membersOf(nine)).toHaveLength(9)
    const recorded = (await shop.items()).find(
      (item) => item.kind === 'channel' && item.body.type === 'group-direct' && item.body.members?.length === 9,
    )
    const { losses } = await shop.cutover()
    expect(recorded).toBeDefined()
    expect(losses.some(({ kind }) => kind === 'channel')).toBe(true)
  })

  test('a private channel is private, with nobody in it who was not', () => {
    const channel = holding('for three only')
    expect(channel?.type).toBe('P')
    expect(channel === undefined ? [] : membersOf(channel)).toEqual(['ada', 'erika', 'yusuf'])
  })

  test('no channel that anybody may join holds a message that was private at the source', () => {
    const open = new Set(
      channels()
        .filter(({ type }) => type === 'O')
        .map(({ id }) => id),
    )
    const said = new Set(
      [...shop.mattermost.state.posts.values()].filter(({ channel_id }) => open.has(channel_id)).map(({ message }) => message),
    )
    const secret = ['between two', 'among eight', 'among nine', 'for three only', 'Do you have the numbers?', 'The plan']
    expect(said.size).toBeGreaterThan(20)
    expect(secret.filter((text) => said.has(text))).toEqual([])
  })
})

test('a channel nobody knows the members of is never one that anybody may join', async () => {
  await using shop = await workshop()
  const path = join(shop.vault.dir, '..', 'no-members.zip')
  await writeHostileExport(path, 'no-members')
  await shop.backup({ source: { via: 'export', path } })
  const unknown = (await shop.items()).filter((item) => item.kind === 'channel' && item.body.members === null)
  expect(unknown.length).toBeGreaterThan(0)
  const result = await shop.cutover()
  expect(result.totals).toMatchObject({ differs: 0, missing: 0 })
  const team = shop.mattermost.state.teamNamed('fallreep-demo')
  const open = [...shop.mattermost.state.channels.values()].filter(
    ({ type, team_id, name }) => type === 'O' && team_id === team?.id && !['town-square', 'off-topic'].includes(name),
  )
  const titles = new Set(unknown.map((item) => (item.kind === 'channel' ? item.body.name : '')))
  expect(open.filter(({ display_name, name }) => titles.has(display_name) || titles.has(name))).toEqual([])
  const narrowed = (await shop.mapLosses(result)).filter(
    ({ code }) => code === 'access-narrowed' || code === 'excluded-by-policy' || code === 'withheld-by-source',
  )
  expect(unknown.filter(({ id }) => !narrowed.some(({ item }) => item === id))).toEqual([])
})

test('what stood on the server before is not touched: neither channels of the same team, nor their posts, nor other teams', async () => {
  const world = demoWorld({ stories: false, messagesPerChannel: 2 })
  await using shop = await workshop({ slack: { world } })
  await shop.backup()
  await shop.cutover()
  const { state } = shop.mattermost
  const team = state.teamNamed('fallreep-demo')
  const template = [...state.channels.values()].find(({ name }) => name === 'random')
  const post = [...state.posts.values()].find(({ channel_id }) => channel_id === template?.id)
  if (team === undefined || template === undefined || post === undefined) throw new Error('the first cutover brought nothing')
  const foreignTeam = { ...team, id: state.id(), name: 'another-team', display_name: 'Another' }
  state.teams.set(foreignTeam.id, foreignTeam)
  const foreign = [team.id, foreignTeam.id].map((team_id, at) =>
    state.addChannel({ ...template, id: state.id(), team_id, name: `ours-since-ever-${at}` }),
  )
  for (const { id } of foreign) state.addPost({ ...post, id: state.id(), channel_id: id, message: 'ours' })
  const before = JSON.stringify([...foreign, foreignTeam, ...foreign.map(({ id }) => state.postsOf(id))])

  world.postMessage(world.rooms.random.id, { user: world.people.ada, text: 'news' })
  world.deleteMessage(world.rooms.random.id, world.rooms.random.messages[0]?.ts ?? '')
  await shop.backup()
  const result = await shop.cutover()
  expect(result.totals).toMatchObject({ differs: 0, missing: 0 })
  expect(result.applied).toMatchObject({ created: 1, deleted: 1 })
  expect(result.foreign).toBeGreaterThan(0)
  expect(JSON.stringify([...foreign, foreignTeam, ...foreign.map(({ id }) => state.postsOf(id))])).toBe(before)
})
