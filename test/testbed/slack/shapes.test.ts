import { expect, test } from 'vitest'
import type { DemoWorld } from '../world/demo.ts'
import { METHODS } from './methods.ts'
import { PublishedShapes } from './openapi.ts'
import { slackTestbed } from './testbed.ts'

const published = PublishedShapes.load()
if (published === undefined)
  console.info('Slack’s OpenAPI description is not beside this checkout: shapes are checked by field and by the published types only.')

/** Where the description of 2021 is behind, and why. */
const EXPLAINED: readonly (readonly [RegExp, string])[] = [
  [/\.groups\[\]: does not match/, 'private channels have had ids with C since March 2021'],
  [/\.reply_users\[\]: does not match/, 'the reference says: sometimes bot ids'],
  [/\.messages\[\]\.(user|parent_user_id): missing/, 'messages of bots have no user'],
]
/** None, when the description is not there. */
const complaintsAbout = (method: string, answer: unknown): readonly string[] =>
  (published?.complaints(method, answer) ?? []).filter((complaint) => !EXPLAINED.some(([known]) => known.test(complaint)))
/** Newer than the description. */
const UNDESCRIBED = ['bookmarks.list', 'slackLists.items.list']

const ALL_TYPES = { types: 'public_channel,private_channel,mpim,im' }
const ANY_ID = expect.stringMatching(/^[A-Z][A-Za-z0-9]{2,}$/)
const TIME = expect.stringMatching(/^\d{10}\.\d{6}$/)
const first = (keys: Iterable<string>): string => [...keys][0] ?? ''
const each = (fields: object) => expect.arrayContaining([expect.objectContaining(fields)])

/** What each answer must have, in the words of its reference page. */
const CASES: Readonly<Record<string, readonly [(world: DemoWorld) => Record<string, string>, object]>> = {
  'auth.test': [
    () => ({}),
    { url: expect.stringContaining('https://'), team_id: ANY_ID, user_id: ANY_ID, team: expect.any(String), user: 'ada' },
  ],
  'bookmarks.list': [
    ({ rooms }) => ({ channel_id: rooms.general.id }),
    { bookmarks: each({ id: ANY_ID, title: 'Handbook', link: expect.any(String), type: 'link' }) },
  ],
  'conversations.history': [
    ({ rooms }) => ({ channel: rooms.general.id, limit: '999' }),
    { messages: each({ type: 'message', ts: TIME, text: expect.any(String) }), has_more: false, pin_count: 1 },
  ],
  'conversations.info': [
    ({ rooms }) => ({ channel: rooms.dm.id }),
    { channel: { id: ANY_ID, is_im: true, user: ANY_ID, created: expect.any(Number) } },
  ],
  'conversations.join': [({ rooms }) => ({ channel: rooms.short.id }), { channel: { id: ANY_ID, name: 'x' } }],
  'conversations.list': [
    () => ALL_TYPES,
    {
      channels: each({ id: ANY_ID, is_private: true, is_archived: false, topic: expect.anything() }),
      response_metadata: { next_cursor: '' },
    },
  ],
  'conversations.members': [
    ({ rooms }) => ({ channel: rooms.general.id }),
    { members: expect.arrayContaining([ANY_ID]), response_metadata: { next_cursor: '' } },
  ],
  'conversations.replies': [
    ({ rooms }) => ({
      channel: rooms.general.id,
      ts: rooms.general.messages.find(({ thread_ts }) => thread_ts !== undefined)?.thread_ts ?? '',
    }),
    { messages: each({ ts: TIME, thread_ts: TIME, reply_count: expect.any(Number) }), has_more: false },
  ],
  'emoji.list': [() => ({}), { emoji: { ladder: 'alias:fallreep' } }],
  'files.info': [
    ({ demo }) => ({ file: demo.picture.id }),
    {
      file: {
        id: ANY_ID,
        name: 'team.png',
        mimetype: 'image/png',
        mode: 'hosted',
        size: expect.any(Number),
        url_private: expect.any(String),
      },
      comments: [],
    },
  ],
  'files.list': [
    () => ({}),
    { files: each({ id: ANY_ID, mode: 'snippet' }), paging: { page: 1, pages: 1, count: 100, total: expect.any(Number) } },
  ],
  'pins.list': [
    ({ rooms }) => ({ channel: rooms.general.id }),
    { items: each({ type: 'message', created: expect.any(Number), created_by: ANY_ID }) },
  ],
  'slackLists.items.list': [({ lists }) => ({ list_id: first(lists.keys()) }), { items: each({ id: ANY_ID, fields: expect.any(Array) }) }],
  'team.info': [() => ({}), { team: { id: ANY_ID, name: expect.any(String), domain: expect.any(String) } }],
  'team.profile.get': [() => ({}), { profile: { fields: each({ id: ANY_ID, label: 'Büro' }) } }],
  'usergroups.list': [
    () => ({ include_users: '1' }),
    { usergroups: each({ id: ANY_ID, handle: 'devs', users: [ANY_ID, ANY_ID], date_delete: 0 }) },
  ],
  'usergroups.users.list': [({ groups }) => ({ usergroup: first(groups.keys()) }), { users: [ANY_ID, ANY_ID] }],
  'users.conversations': [() => ALL_TYPES, { channels: each({ id: ANY_ID, is_mpim: true }) }],
  'users.info': [({ people }) => ({ user: people.gone }), { user: { id: ANY_ID, deleted: true, profile: { real_name: 'Frida Früher' } } }],
  'users.list': [
    () => ({}),
    { members: each({ id: ANY_ID, is_ultra_restricted: true, profile: expect.anything() }), cache_ts: expect.any(Number) },
  ],
  'users.profile.get': [({ people }) => ({ user: people.erika }), { profile: { email: 'erika@example.org', fields: expect.anything() } }],
}

test.each(Object.keys(METHODS))('%s answers in the shape Slack published', async (method) => {
  await using bed = await slackTestbed({ pages: 'full' })
  const [args, fields] = CASES[method] ?? [() => ({}), { 'has a case here': true }]
  const answer: unknown = await (
    await fetch(bed.url + method, {
      method: 'POST',
      headers: { authorization: `Bearer ${bed.token}` },
      body: new URLSearchParams(args(bed.world)),
    })
  ).json()
  expect(answer).toMatchObject({ ok: true, ...fields })
  expect(UNDESCRIBED.includes(method) ? [] : complaintsAbout(method, answer)).toEqual([])
})

test('what is taken to be newer than the description is not in it', () => {
  expect(UNDESCRIBED.filter((method) => published?.methods.has(method))).toEqual([])
})

test('every conversation Ada reads has a history in that shape', async () => {
  await using bed = await slackTestbed({ pages: 'full', secrets: false })
  for (const { id, messages } of bed.world.channels.values()) {
    const answer = (await (
      await fetch(`${bed.url}conversations.history?channel=${id}&limit=999`, { headers: { authorization: `Bearer ${bed.token}` } })
    ).json()) as { messages: { ts: string }[] }
    expect(answer.messages.every(({ ts }) => messages.some((stored) => stored.ts === ts))).toBe(true)
    expect(complaintsAbout('conversations.history', answer)).toEqual([])
  }
})
