import { expect, test } from 'vitest'
import { clientOf } from './client.ts'
import { slackTestbed } from './testbed.ts'

test('the published tiers hold per method, and a refusal says how long to wait', async () => {
  let now = 1_000_000
  await using bed = await slackTestbed({ tiers: 'published', now: () => now, messagesPerChannel: 0 })
  const client = clientOf(bed)
  for (let i = 0; i < 20; i++) {
    await client.users.list({})
    now += 1000
  }
  await expect(client.users.list({})).rejects.toMatchObject({ retryAfter: 40 })
  expect((await client.team.info({})).ok).toBe(true)
  now += 39_000
  await expect(client.users.list({})).rejects.toMatchObject({ retryAfter: 1 })
  now += 1000
  expect((await client.users.list({})).ok).toBe(true)
  expect(bed.limits.violations.map(({ method }) => method)).toEqual(['users.list', 'users.list'])
})

test.each([
  ['conversations.list', 20],
  ['conversations.history', 50],
  ['conversations.members', 100],
] as const)('%s allows %i calls in any minute', async (method, allowed) => {
  await using bed = await slackTestbed({ tiers: 'published', now: () => 5, messagesPerChannel: 0 })
  const client = clientOf(bed)
  const call = () => client.apiCall(method, { channel: bed.world.rooms.general.id })
  for (let i = 0; i < allowed; i++) await call()
  expect(bed.limits.violations).toHaveLength(0)
  await expect(call()).rejects.toThrow('rate-limit')
})

test('an unapproved distributed app gets fifteen objects a minute from history and replies, whatever it asks', async () => {
  let now = 0
  await using bed = await slackTestbed({ app: 'distributed', now: () => now, pages: 'full' })
  const client = clientOf(bed)
  const { general } = bed.world.rooms
  const { messages, has_more } = await client.conversations.history({ channel: general.id, limit: 200 })
  expect(messages).toHaveLength(15)
  expect(has_more).toBe(true)
  await expect(client.conversations.history({ channel: general.id })).rejects.toMatchObject({ retryAfter: 60 })
  const root = general.messages.find(({ text }) => text === 'Who brings cake?')?.ts ?? ''
  expect((await client.conversations.replies({ channel: general.id, ts: root, limit: 200 })).messages).toHaveLength(15)
  expect((await client.users.list({})).ok).toBe(true)
  now += 60_000
  expect((await client.conversations.history({ channel: general.id })).ok).toBe(true)
})

test('by default nothing is limited', async () => {
  await using bed = await slackTestbed({ messagesPerChannel: 0 })
  const client = clientOf(bed)
  for (let i = 0; i < 60; i++) await client.emoji.list({})
  expect(bed.limits.violations).toEqual([])
})
