import type {
  ConversationsListResponse,
  ConversationsMembersResponse,
  SlackListsItemsListResponse,
  UsersListResponse,
} from '@slack/web-api'
import { expect, test } from 'vitest'
import { clientOf, everything } from './client.ts'
import { slackTestbed } from './testbed.ts'

const TYPES = 'public_channel,private_channel,mpim,im'

test('a client that follows cursors sees every colleague once, over short pages', async () => {
  await using bed = await slackTestbed({ users: 60 })
  const { items, pages } = await everything(clientOf(bed), 'users.list', { limit: 200 }, (page: UsersListResponse) => page.members)
  const own = [...bed.world.users.values()].filter(({ wire }) => wire.team_id === bed.world.team.id).map(({ wire }) => wire.id)
  expect(items.map(({ id }) => id)).toEqual(own)
  expect(pages.length).toBeGreaterThan(3)
})

test('some page of conversations.list is empty and still has a cursor for more', async () => {
  await using bed = await slackTestbed({ channels: 250, messagesPerChannel: 0 })
  const { items, pages } = await everything(
    clientOf(bed),
    'conversations.list',
    { limit: 999, types: TYPES },
    (page: ConversationsListResponse) => page.channels,
  )
  expect(pages).toContain(0)
  expect(pages.at(-1)).toBeGreaterThan(0)
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length)
  expect(items).toHaveLength(bed.world.channels.size - 2)
})

test('conversations.list never gives more than a hundred, whatever is asked', async () => {
  await using bed = await slackTestbed({ channels: 250, messagesPerChannel: 0, pages: 'full' })
  const { pages } = await everything(
    clientOf(bed),
    'conversations.list',
    { limit: 999 },
    (page: ConversationsListResponse) => page.channels,
  )
  expect(pages).toEqual([100, 100, 57])
})

test('members come from conversations.members alone, page by page', async () => {
  await using bed = await slackTestbed({ users: 120 })
  const client = clientOf(bed)
  const { general } = bed.world.rooms
  const { channel } = await client.conversations.info({ channel: general.id })
  expect(channel).not.toHaveProperty('members')
  const { items, pages } = await everything(
    client,
    'conversations.members',
    { channel: general.id },
    (page: ConversationsMembersResponse) => page.members,
  )
  expect(items).toEqual(general.members)
  expect(pages.length).toBeGreaterThan(5)
})

test('rows of a list come in pages, and an unknown list is refused', async () => {
  await using bed = await slackTestbed()
  const client = clientOf(bed)
  const [list] = bed.world.lists.values()
  const { items, pages } = await everything(
    client,
    'slackLists.items.list',
    { list_id: list?.id },
    (page: SlackListsItemsListResponse) => page.items,
  )
  expect(items.map(({ id }) => id)).toEqual(list?.items.map(({ id }) => id))
  expect(pages.length).toBeGreaterThan(1)
  await expect(client.slackLists.items.list({ list_id: 'F0NOBODY' })).rejects.toThrow('list_not_found')
})

test('files.list counts pages, and shows what no message carries', async () => {
  await using bed = await slackTestbed()
  const client = clientOf(bed)
  const found: string[] = []
  for (let page = 1; ; page++) {
    const { files = [], paging } = await client.files.list({ count: 10, page })
    found.push(...files.map(({ id }) => id ?? ''))
    if (page >= (paging?.pages ?? 0)) break
  }
  expect(new Set(found).size).toBe(found.length)
  expect(found).toContain(bed.world.demo.orphan.id)
  expect(found).not.toContain(bed.world.demo.tombstone.id)
  expect(found).not.toContain(bed.world.demo.hidden.id)
})

test('a cursor from before is refused once cursors have expired, and nonsense always', async () => {
  await using bed = await slackTestbed({ users: 60 })
  const client = clientOf(bed)
  const { response_metadata } = await client.users.list({ limit: 5 })
  bed.expireCursors()
  await expect(client.users.list({ limit: 5, cursor: response_metadata?.next_cursor ?? '' })).rejects.toThrow('invalid_cursor')
  await expect(client.users.list({ cursor: 'nonsense' })).rejects.toThrow('invalid_cursor')
})

test('the same cursor gives the same page again', async () => {
  await using bed = await slackTestbed({ users: 60 })
  const client = clientOf(bed)
  const cursor = (await client.users.list({ limit: 9 })).response_metadata?.next_cursor ?? ''
  const first = await client.users.list({ limit: 9, cursor })
  expect((await client.users.list({ limit: 9, cursor })).members).toEqual(first.members)
})

test('strangers of a shared channel are known to users.info and in no list', async () => {
  await using bed = await slackTestbed()
  const client = clientOf(bed)
  const { external } = bed.world.people
  const { items } = await everything(client, 'users.list', {}, (page: UsersListResponse) => page.members)
  expect(items.map(({ id }) => id)).not.toContain(external)
  expect((await client.users.info({ user: external })).user).toMatchObject({ id: external, is_stranger: true })
})

test('emoji are addresses or aliases, groups come with their members and the disabled ones only when asked', async () => {
  await using bed = await slackTestbed()
  const client = clientOf(bed)
  const { emoji = {} } = await client.emoji.list({})
  expect(emoji['ladder']).toBe('alias:fallreep')
  expect(new Uint8Array(await (await fetch(emoji['fallreep'] ?? '')).arrayBuffer())).toEqual(
    Uint8Array.from(bed.world.emoji.get('fallreep')?.image ?? []),
  )
  expect((await client.usergroups.list({ include_users: true })).usergroups?.map(({ handle, users }) => [handle, users?.length])).toEqual([
    ['devs', 2],
    ['empty', 0],
  ])
  const all = (await client.usergroups.list({ include_disabled: true })).usergroups ?? []
  expect(all.map(({ handle }) => handle)).toContain('oldies')
  expect(all[0]).not.toHaveProperty('users')
  expect((await client.usergroups.users.list({ usergroup: all[0]?.id ?? '' })).users).toEqual([
    bed.world.people.erika,
    bed.world.people.ken,
  ])
})

test('custom profile fields are named by the team and filled in by the person', async () => {
  await using bed = await slackTestbed()
  const client = clientOf(bed)
  const [cost] = (await client.team.profile.get({})).profile?.fields ?? []
  expect(cost?.label).toBe('Cost center')
  const { profile } = await client.users.profile.get({ user: bed.world.people.erika })
  expect(profile?.fields?.[cost?.id ?? '']).toEqual({ value: '4711', alt: '' })
  expect((await client.users.profile.get({ user: bed.world.people.ken })).profile?.fields).toBeNull()
})

test('pins carry their message, bookmarks their links', async () => {
  await using bed = await slackTestbed()
  const client = clientOf(bed)
  const { general } = bed.world.rooms
  const { items = [] } = await client.pins.list({ channel: general.id })
  expect(items.map(({ message }) => message?.ts)).toEqual(general.pins.map(({ ts }) => ts))
  expect(items[0]?.message?.permalink).toContain(`/archives/${general.id}/p`)
  expect((await client.bookmarks.list({ channel_id: general.id })).bookmarks?.map(({ title }) => title)).toEqual([
    'Handbook',
    'Kalender – Büro',
  ])
  expect((await client.team.info({})).team?.domain).toBe('fallreep-demo')
})
