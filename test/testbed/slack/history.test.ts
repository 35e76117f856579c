import type { ConversationsHistoryResponse, ConversationsRepliesResponse } from '@slack/web-api'
import { expect, test } from 'vitest'
import type { WorldChannel } from '../world/model.ts'
import { clientOf, everything } from './client.ts'
import { slackTestbed } from './testbed.ts'

const messages = (page: ConversationsHistoryResponse) => page.messages
const thread = (page: ConversationsRepliesResponse) => page.messages
const rootsOf = ({ messages }: WorldChannel) =>
  messages.filter(({ ts, thread_ts, subtype }) => thread_ts === undefined || thread_ts === ts || subtype === 'thread_broadcast')
const repliesOf = ({ messages }: WorldChannel, root: string) => messages.filter(({ ts, thread_ts }) => thread_ts === root && ts !== root)

test('history and replies together give every message of the world that Ada may read', async () => {
  await using bed = await slackTestbed()
  const client = clientOf(bed)
  const { board, whisper } = bed.world.rooms
  const seen: string[] = []
  for (const { id } of bed.world.channels.values()) {
    if (id === board?.id || id === whisper?.id) continue
    const { items } = await everything(client, 'conversations.history', { channel: id, limit: 200 }, messages)
    const keys = new Set(items.map(({ ts }) => `${id}:${ts}`))
    for (const { ts, reply_count = 0 } of items) {
      if (reply_count === 0) continue
      const replies = await everything(client, 'conversations.replies', { channel: id, ts, limit: 200 }, thread)
      for (const reply of replies.items) keys.add(`${id}:${reply.ts}`)
    }
    seen.push(...keys)
  }
  const readable = bed.world.messageKeys.filter((key) => !key.startsWith(`${board?.id}:`) && !key.startsWith(`${whisper?.id}:`))
  expect(seen.toSorted()).toEqual(readable.toSorted())
})

test('history is newest first, without replies but with those shown aloud', async () => {
  await using bed = await slackTestbed()
  const { general } = bed.world.rooms
  const { items, pages } = await everything(clientOf(bed), 'conversations.history', { channel: general.id, limit: 200 }, messages)
  expect(items.map(({ ts }) => ts)).toEqual(
    rootsOf(general)
      .map(({ ts }) => ts)
      .toReversed(),
  )
  expect(pages.length).toBeGreaterThan(3)
  const aloud = items.find(({ subtype }) => subtype === 'thread_broadcast')
  expect(aloud?.root?.ts).toBe(aloud?.thread_ts)
})

test('replies are oldest first and repeat the parent at the head of every page', async () => {
  await using bed = await slackTestbed()
  const { general } = bed.world.rooms
  const root = general.messages.find(({ text }) => text === 'Who brings cake?')?.ts ?? ''
  const { items, answers } = await everything(clientOf(bed), 'conversations.replies', { channel: general.id, ts: root, limit: 20 }, thread)
  const heads = answers.map((page) => page.messages?.[0]?.ts)
  expect(heads.length).toBeGreaterThan(2)
  expect(new Set(heads)).toEqual(new Set([root]))
  expect(items.filter(({ ts }) => ts !== root).map(({ ts }) => ts)).toEqual(repliesOf(general, root).map(({ ts }) => ts))
})

test('a root tells the number, the last and some of the authors of its replies, and a late reply changes them', async () => {
  await using bed = await slackTestbed()
  const client = clientOf(bed)
  const { general } = bed.world.rooms
  const root = general.messages.find(({ text }) => text === 'Who brings cake?')?.ts ?? ''
  const at = { channel: general.id, oldest: root, latest: root, inclusive: true }
  const [before] = (await client.conversations.history(at)).messages ?? []
  const replies = repliesOf(general, root)
  expect(before).toMatchObject({
    ts: root,
    thread_ts: root,
    reply_count: replies.length,
    latest_reply: replies.at(-1)?.ts,
    reply_users_count: 4,
  })
  const late = bed.world.replyLate(general.id, root, { user: bed.world.people.ken, text: 'late' })
  const [after] = (await client.conversations.history(at)).messages ?? []
  expect(after).toMatchObject({ reply_count: replies.length + 1, latest_reply: late.ts })
})

test('oldest and latest stand outside the window unless inclusive', async () => {
  await using bed = await slackTestbed({ pages: 'full' })
  const client = clientOf(bed)
  const { random } = bed.world.rooms
  const [first, second, third, fourth] = rootsOf(random).map(({ ts }) => ts)
  const window = { channel: random.id, oldest: first ?? '', latest: fourth ?? '' }
  const shown = async (inclusive: boolean) =>
    ((await client.conversations.history({ ...window, inclusive })).messages ?? []).map(({ ts }) => ts)
  expect(await shown(false)).toEqual([third, second])
  expect(await shown(true)).toEqual([fourth, third, second, first])
  await expect(client.conversations.history({ ...window, oldest: 'yesterday' })).rejects.toThrow('invalid_ts_oldest')
})

test('an edit shows as edited, a deleted message is gone, a deleted root leaves a tombstone with its thread', async () => {
  await using bed = await slackTestbed({ pages: 'full' })
  const client = clientOf(bed)
  const { world } = bed
  const { short } = world.rooms
  const one = world.postMessage(short.id, { user: world.people.sam, text: 'one' })
  const two = world.postMessage(short.id, { user: world.people.sam, text: 'two' })
  const three = world.postMessage(short.id, { user: world.people.sam, text: 'three' })
  const reply = world.replyLate(short.id, three.ts, { user: world.people.samToo, text: 'reply' })
  world.editMessage(short.id, one.ts, 'one!')
  world.deleteMessage(short.id, two.ts)
  world.deleteMessage(short.id, three.ts)
  const shown = (await client.conversations.history({ channel: short.id, oldest: one.ts, inclusive: true })).messages ?? []
  expect(shown.map(({ ts }) => ts)).toEqual([three.ts, one.ts])
  expect(shown[1]).toMatchObject({ text: 'one!', edited: { user: world.people.sam } })
  expect(shown[0]).toMatchObject({ subtype: 'tombstone', reply_count: 1, text: 'This message was deleted.' })
  expect((await client.conversations.replies({ channel: short.id, ts: three.ts })).messages?.map(({ ts }) => ts)).toEqual([
    three.ts,
    reply.ts,
  ])
  await expect(client.conversations.replies({ channel: short.id, ts: two.ts })).rejects.toThrow('thread_not_found')
})

test('block ids differ from answer to answer while the message stays the same', async () => {
  await using bed = await slackTestbed()
  const client = clientOf(bed)
  const { general } = bed.world.rooms
  const { ts } = general.messages.find(({ blocks }) => blocks !== undefined) ?? { ts: '' }
  const read = async () =>
    (await client.conversations.history({ channel: general.id, latest: ts, oldest: ts, inclusive: true })).messages?.[0]
  const [once, again] = [await read(), await read()]
  expect(once?.blocks?.[0]?.block_id).not.toBe(again?.blocks?.[0]?.block_id)
  expect({ ...once, blocks: [] }).toEqual({ ...again, blocks: [] })
})

test('a channel deleted between listing and reading is not found', async () => {
  await using bed = await slackTestbed()
  const { random } = bed.world.rooms
  bed.world.deleteChannel('random')
  await expect(clientOf(bed).conversations.history({ channel: random.id })).rejects.toThrow('channel_not_found')
})

test('the free plan hides what is older than ninety days, and says so on the last page', async () => {
  await using bed = await slackTestbed({ plan: 'free', pages: 'full' })
  const client = clientOf(bed)
  const { random } = bed.world.rooms
  bed.world.advance(91 * 86_400)
  const fresh = bed.world.postMessage(random.id, { user: bed.world.people.ada, text: 'fresh' })
  const { messages: shown = [], ...page } = await client.conversations.history({ channel: random.id })
  expect(shown.map(({ ts }) => ts)).toEqual([fresh.ts])
  expect(page).toMatchObject({ is_limited: true, has_more: false })
  await expect(client.usergroups.list({})).rejects.toThrow('plan_upgrade_required')
})
