import { expect, test } from 'vitest'
import { demoWorld } from '../testbed/world/demo.ts'
import { workshop } from '../support/workshop.ts'

const crowd = 100_000

test('a channel of a hundred thousand members, nearly all of them unknown to the directory, is brought over and verified', async () => {
  const world = demoWorld({ stories: false, messagesPerChannel: 1 })
  const { random } = world.rooms
  for (let n = 0; n < crowd; n++) random.members.push(`U9CROWD${String(n).padStart(6, '0')}`)
  await using shop = await workshop({ slack: { world, pages: 'full' } })
  const { state } = await shop.backup()
  expect(state).toBe('complete')
  expect(shop.slack.calls.count('conversations.members')).toBeLessThan(crowd / 100)
  const channel = (await shop.items()).find((item) => item.kind === 'channel' && item.body.name === 'random')
  expect(channel?.kind === 'channel' && channel.body.members?.length).toBe(crowd + 8)
  const result = await shop.cutover()
  expect(result.totals).toMatchObject({ differs: 0, missing: 0 })
  const there = [...shop.mattermost.state.channels.values()].find(({ name }) => name === 'random')
  expect(shop.mattermost.state.membersOf(there?.id ?? '').length).toBeGreaterThanOrEqual(8)
  // Whoever is in no directory is made no account for; that they were members is not passed over.
  const told = (await shop.mapLosses(result)).filter(({ item }) => item === channel?.id)
  expect(told.some(({ effect }) => effect.type !== 'dropped' && effect.field === 'members')).toBe(true)
})
