import type { ConversationsListResponse } from '@slack/web-api'
import { expect, test } from 'vitest'
import { clientOf, everything, refusalOf } from './client.ts'
import { METHODS } from './methods.ts'
import { slackTestbed } from './testbed.ts'
import { ALL_SCOPES } from './tokens.ts'

const TYPES = 'public_channel,private_channel,mpim,im'
const names = (page: ConversationsListResponse) => page.channels?.map(({ id }) => id ?? '')

test('a user token sees public channels and the conversations its owner is in', async () => {
  await using bed = await slackTestbed()
  const { items } = await everything(clientOf(bed), 'conversations.list', { types: TYPES }, names)
  const { board, whisper } = bed.world.rooms
  expect(items).not.toContain(board?.id)
  expect(items).not.toContain(whisper?.id)
  expect(items).toHaveLength(bed.world.channels.size - 2)
})

test('a user token reads public channels from outside, a bot only those it is in', async () => {
  await using bed = await slackTestbed()
  bed.issueToken({ token: 'xoxb-2', type: 'bot', user: bed.world.people.app })
  const { short, general } = bed.world.rooms
  const bot = clientOf(bed, 'xoxb-2')
  expect((await clientOf(bed).conversations.history({ channel: short.id })).ok).toBe(true)
  expect((await bot.conversations.history({ channel: general.id })).ok).toBe(true)
  await expect(bot.conversations.history({ channel: short.id })).rejects.toThrow('not_in_channel')
  const { items } = await everything(bot, 'users.conversations', { types: TYPES }, names)
  expect(items).toEqual([general.id])
  const { channels } = await bot.users.conversations({})
  expect(channels?.[0]).not.toHaveProperty('is_member')
})

test('a bot that joins reads, and the join is counted as a write', async () => {
  await using bed = await slackTestbed({ as: 'bot' })
  const client = clientOf(bed)
  const { short, archived, plans } = bed.world.rooms
  await client.conversations.join({ channel: short.id })
  expect((await client.conversations.history({ channel: short.id })).messages?.[0]?.subtype).toBe('channel_join')
  expect(bed.writes).toBe(1)
  await expect(client.conversations.join({ channel: archived.id })).rejects.toThrow('is_archived')
  await expect(client.conversations.join({ channel: plans.id })).rejects.toThrow('channel_not_found')
})

test('a read-only testbed refuses to join and leaves the world alone', async () => {
  await using bed = await slackTestbed({ as: 'bot', readOnly: true })
  const before = [...bed.world.rooms.short.members]
  await expect(clientOf(bed).conversations.join({ channel: bed.world.rooms.short.id })).rejects.toThrow('restricted_action')
  expect(bed.world.rooms.short.members).toEqual(before)
  expect(bed.writes).toBe(1)
})

test.each([
  ['users.list', {}, 'users:read'],
  ['conversations.list', { types: 'public_channel' }, 'channels:read'],
  ['conversations.list', { types: 'public_channel,private_channel' }, 'groups:read'],
  ['conversations.list', { types: 'mpim' }, 'mpim:read'],
  ['users.conversations', { types: 'im' }, 'im:read'],
  ['emoji.list', {}, 'emoji:read'],
  ['files.list', {}, 'files:read'],
  ['usergroups.list', {}, 'usergroups:read'],
  ['team.info', {}, 'team:read'],
  ['team.profile.get', {}, 'users.profile:read'],
] as const)('%s %o needs %s and says what there is instead', async (method, args, needed) => {
  const scopes = ALL_SCOPES.filter((scope) => scope !== needed)
  await using bed = await slackTestbed({ messagesPerChannel: 0, scopes })
  const answer = await clientOf(bed)
    .apiCall(method, args)
    .catch((error: unknown) => error)
  expect(answer).toMatchObject({ data: { error: 'missing_scope', needed, provided: scopes.join(',') } })
})

test('history needs the scope of the conversation it reads', async () => {
  await using bed = await slackTestbed({ scopes: ['channels:history', 'groups:read', 'im:read'] })
  const client = clientOf(bed)
  const { general, plans, dm, three } = bed.world.rooms
  expect((await client.conversations.history({ channel: general.id })).ok).toBe(true)
  for (const [{ id }, needed] of [
    [plans, 'groups:history'],
    [dm, 'im:history'],
    [three, 'mpim:history'],
  ] as const)
    await expect(client.conversations.history({ channel: id })).rejects.toMatchObject({ data: { needed } })
})

test('e-mail addresses are for those with the scope for them', async () => {
  await using bed = await slackTestbed({ scopes: ['users:read'] })
  const { user } = await clientOf(bed).users.info({ user: bed.world.people.erika })
  expect(user?.profile).not.toHaveProperty('email')
  bed.setToken({ scopes: ['users:read', 'users:read.email'] })
  expect((await clientOf(bed).users.info({ user: bed.world.people.erika })).user?.profile?.email).toBe('erika@example.org')
})

test('auth.test tells the scopes in a header', async () => {
  await using bed = await slackTestbed({ scopes: ['users:read', 'channels:read'] })
  const { response_metadata, user_id } = await clientOf(bed).auth.test()
  expect(response_metadata?.scopes).toEqual(['users:read', 'channels:read'])
  expect(user_id).toBe(bed.world.people.ada)
})

test.each([
  ['revoked', 'token_revoked'],
  ['expired', 'token_expired'],
  ['inactive', 'account_inactive'],
] as const)('a token that is %s in mid-run answers %s on every method from then on', async (state, error) => {
  await using bed = await slackTestbed({ messagesPerChannel: 0 })
  const client = clientOf(bed)
  await client.auth.test()
  bed.setToken({ state })
  for (const method of Object.keys(METHODS)) expect(refusalOf(await client.apiCall(method).catch((thrown: unknown) => thrown))).toBe(error)
  bed.setToken({ state: 'valid' })
  expect((await client.auth.test()).ok).toBe(true)
})

test('no token, an unknown token and an unknown method are told apart', async () => {
  await using bed = await slackTestbed({ messagesPerChannel: 0 })
  expect(await (await fetch(`${bed.url}auth.test`)).json()).toEqual({ ok: false, error: 'not_authed' })
  await expect(clientOf(bed, 'xoxp-wrong').auth.test()).rejects.toThrow('invalid_auth')
  await expect(clientOf(bed).apiCall('chat.postMessage', { channel: 'C1', text: 'x' })).rejects.toThrow('unknown_method')
})

test('GET with a query, a token in the form and JSON bodies work as with Slack', async () => {
  await using bed = await slackTestbed({ messagesPerChannel: 0 })
  const headers = { authorization: `Bearer ${bed.token}` }
  const { general } = bed.world.rooms
  const ask = async (init?: RequestInit, query = '') =>
    ((await (await fetch(`${bed.url}conversations.info${query}`, init)).json()) as { channel?: { id: string } }).channel?.id
  expect(await ask({ headers }, `?channel=${general.id}`)).toBe(general.id)
  expect(await ask({ method: 'POST', body: new URLSearchParams({ token: bed.token, channel: general.id }) })).toBe(general.id)
  expect(
    await ask({
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel: general.id }),
    }),
  ).toBe(general.id)
})
