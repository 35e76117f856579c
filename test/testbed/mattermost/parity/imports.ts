import { type Caller, importZip, runImport } from '../client.ts'
import { channelId, directId, login, membersIn, seenIn, teamId, userId } from './look.ts'

/** One thing tried on two servers; what it returns must be the same on both. Names are made unique by `p`. */
export interface Scenario {
  readonly name: string
  readonly play: (call: Caller, p: string, pauseMs: number) => Promise<unknown>
}

export const T = 1_700_000_000_000
export const PASSWORD = 'Correct-Horse-9'
const VERSION = { type: 'version', version: 1 }
export const team = (name: string, more: object = {}): object => ({ type: 'team', team: { name, display_name: name, type: 'O', ...more } })
export const channel = (t: string, name: string, more: object = {}): object => ({
  type: 'channel',
  channel: { team: t, name, display_name: name, type: 'O', ...more },
})
export const user = (username: string, more: object = {}): object => ({
  type: 'user',
  user: { username, email: `${username}@example.test`, ...more },
})
export const member = (t: string, ...channels: readonly string[]): object => ({
  teams: [{ name: t, channels: channels.map((name) => ({ name })) }],
})
export const post = (t: string, username: string, message: string, at: number, more: object = {}): object => ({
  type: 'post',
  post: { team: t, channel: 'general', user: username, message, create_at: at, ...more },
})

/** A team with the channel `general` and two people in it, `<p>erika` with a known password and `<p>bob`. */
export const base = (p: string): readonly object[] => [
  VERSION,
  team(p),
  channel(p, 'general'),
  user(`${p}erika`, { password: PASSWORD, ...member(p, 'general') }),
  user(`${p}bob`, member(p, 'general')),
]

/** Runs lines after the version line and tells how the job ended. */
export async function bring(
  call: Caller,
  pauseMs: number,
  lines: readonly unknown[],
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { status, line } = await runImport(call, await importZip(lines, files), pauseMs)
  return status === 'success' ? status : `${status} at ${line}`
}

const traps: readonly Scenario[] = [
  {
    name: 'a team with people, threads, files and reactions arrives; pins, reply reactions and reply props do not',
    play: async (call, p, pause) => {
      const reply = {
        user: `${p}bob`,
        message: 'reply',
        create_at: T + 10,
        props: { a: 1 },
        is_pinned: true,
        attachments: [{ path: 'f2/zwei.txt' }],
      }
      const job = await bring(
        call,
        pause,
        [
          ...base(p),
          post(p, `${p}erika`, 'root #tag @all', T, {
            is_pinned: true,
            edit_at: T + 5,
            type: 'custom_x',
            props: { from: 'slack', n: 1 },
            flagged_by: [`${p}bob`],
            attachments: [{ path: 'f1/日本語 ä.pdf' }],
            reactions: [{ user: `${p}bob`, emoji_name: 'tada', create_at: T + 1 }],
            replies: [{ ...reply, reactions: [{ user: `${p}erika`, emoji_name: 'smile', create_at: T + 11 }] }],
          }),
        ],
        { 'f1/日本語 ä.pdf': 'one', 'f2/zwei.txt': 'two' },
      )
      return {
        job,
        seen: await seenIn(call, await channelId(call, p, 'general')),
        members: await membersIn(call, await channelId(call, p, 'town-square')),
      }
    },
  },
  {
    name: 'the same file twice doubles nothing',
    play: async (call, p, pause) => {
      const lines = [
        ...base(p),
        post(p, `${p}erika`, 'once', T, {
          attachments: [{ path: 'a.txt' }],
          replies: [{ user: `${p}bob`, message: 'r', create_at: T + 1 }],
        }),
      ]
      await bring(call, pause, lines, { 'a.txt': 'A' })
      const again = await bring(call, pause, lines, { 'a.txt': 'A' })
      return { again, seen: await seenIn(call, await channelId(call, p, 'general')) }
    },
  },
  {
    name: 'a line without its attachments destroys them, on roots and on replies',
    play: async (call, p, pause) => {
      const at = [{ path: 'a.txt' }]
      await bring(
        call,
        pause,
        [
          ...base(p),
          post(p, `${p}erika`, 'x', T, {
            attachments: at,
            replies: [{ user: `${p}bob`, message: 'r', create_at: T + 1, attachments: at }],
          }),
        ],
        { 'a.txt': 'A' },
      )
      const bare = await bring(call, pause, [
        VERSION,
        post(p, `${p}erika`, 'x', T, { replies: [{ user: `${p}bob`, message: 'r', create_at: T + 1 }] }),
      ])
      return { bare, seen: await seenIn(call, await channelId(call, p, 'general')) }
    },
  },
  {
    name: 'other bytes under the same name replace the file; the same bytes under another name too',
    play: async (call, p, pause) => {
      await bring(
        call,
        pause,
        [
          ...base(p),
          post(p, `${p}erika`, 'x', T, { attachments: [{ path: 'a.txt' }] }),
          post(p, `${p}erika`, 'y', T + 1, { attachments: [{ path: 'a.txt' }] }),
        ],
        { 'a.txt': 'A' },
      )
      await bring(
        call,
        pause,
        [
          VERSION,
          post(p, `${p}erika`, 'x', T, { attachments: [{ path: 'a.txt' }] }),
          post(p, `${p}erika`, 'y', T + 1, { attachments: [{ path: 'b.txt' }] }),
        ],
        { 'a.txt': 'AB', 'b.txt': 'A' },
      )
      return seenIn(call, await channelId(call, p, 'general'))
    },
  },
  {
    name: 'an edited text becomes a second post',
    play: async (call, p, pause) => {
      await bring(call, pause, [...base(p), post(p, `${p}erika`, 'before', T)])
      await bring(call, pause, [VERSION, post(p, `${p}erika`, 'after', T)])
      return seenIn(call, await channelId(call, p, 'general'))
    },
  },
  {
    name: 'after an API edit neither the old nor the new text adds a post',
    play: async (call, p, pause) => {
      await bring(call, pause, [...base(p), post(p, `${p}erika`, 'before', T)])
      const id = await channelId(call, p, 'general')
      const { order } = (await call('GET', `/channels/${id}/posts`)).body as { order: string[] }
      const patched = await call('PUT', `/posts/${order[0]}/patch`, { message: 'after' })
      await bring(call, pause, [VERSION, post(p, `${p}erika`, 'before', T), post(p, `${p}erika`, 'after', T)])
      return { patched: patched.status, seen: await seenIn(call, id) }
    },
  },
  {
    name: 'a post deleted on the server stays deleted',
    play: async (call, p, pause) => {
      const lines = [...base(p), post(p, `${p}erika`, 'gone', T, { replies: [{ user: `${p}bob`, message: 'r', create_at: T + 1 }] })]
      await bring(call, pause, lines)
      const id = await channelId(call, p, 'general')
      const { order } = (await call('GET', `/channels/${id}/posts`)).body as { order: string[] }
      const deleted = await call('DELETE', `/posts/${order.at(-1)}`)
      const again = await bring(call, pause, lines)
      return { deleted: deleted.status, again, seen: await seenIn(call, id) }
    },
  },
  {
    name: 'the author is no part of the key: another author takes the post over',
    play: async (call, p, pause) => {
      await bring(call, pause, [...base(p), post(p, `${p}erika`, 'mine', T)])
      await bring(call, pause, [VERSION, post(p, `${p}bob`, 'mine', T)])
      return seenIn(call, await channelId(call, p, 'general'))
    },
  },
  {
    name: 'twins of one millisecond and one text are two posts at first and one match afterwards',
    play: async (call, p, pause) => {
      const lines = [...base(p), post(p, `${p}erika`, 'twin', T), post(p, `${p}erika`, 'twin', T)]
      await bring(call, pause, lines)
      const first = (await seenIn(call, await channelId(call, p, 'general'))).length
      await bring(call, pause, lines)
      return { first, second: (await seenIn(call, await channelId(call, p, 'general'))).length }
    },
  },
  {
    name: 'a late reply joins its thread when the root line is sent again',
    play: async (call, p, pause) => {
      await bring(call, pause, [
        ...base(p),
        post(p, `${p}erika`, 'root', T, { replies: [{ user: `${p}bob`, message: 'r1', create_at: T + 1 }] }),
      ])
      await bring(call, pause, [
        VERSION,
        post(p, `${p}erika`, 'root', T, { replies: [{ user: `${p}bob`, message: 'r2', create_at: T + 2 }] }),
      ])
      return seenIn(call, await channelId(call, p, 'general'))
    },
  },
  {
    name: 'reactions are added and never taken away',
    play: async (call, p, pause) => {
      const by = (name: string, at: number): object => ({ user: `${p}${name}`, emoji_name: 'eyes', create_at: at })
      await bring(call, pause, [...base(p), post(p, `${p}erika`, 'x', T, { reactions: [by('erika', T + 1)] })])
      await bring(call, pause, [VERSION, post(p, `${p}erika`, 'x', T, { reactions: [by('bob', T + 2), by('bob', T + 9)] })])
      return seenIn(call, await channelId(call, p, 'general'))
    },
  },
  {
    name: 'a user line without auth_data locks the person out, resets the locale and the memberships',
    play: async (call, p, pause) => {
      const erika = `${p}erika`
      await bring(call, pause, [
        ...base(p),
        user(`${p}ann`, {
          password: PASSWORD,
          locale: 'de',
          roles: 'system_user',
          teams: [
            {
              name: p,
              roles: 'team_user team_admin',
              channels: [{ name: 'general', roles: 'channel_user channel_admin', notify_props: { desktop: 'all' } }],
            },
          ],
        }),
      ])
      const before = [await login(call, erika, PASSWORD), await login(call, `${p}ann`, PASSWORD)]
      const membersBefore = await membersIn(call, await channelId(call, p, 'general'))
      await bring(call, pause, [VERSION, user(erika), user(`${p}ann`, { nickname: 'Annie', ...member(p, 'general') })])
      const after = [await login(call, erika, PASSWORD), await login(call, `${p}ann`, PASSWORD)]
      const { nickname, locale, roles } = (await call('GET', `/users/username/${p}ann`)).body as Record<string, unknown>
      return { before, after, nickname, locale, roles, membersBefore, members: await membersIn(call, await channelId(call, p, 'general')) }
    },
  },
  {
    name: 'a user line with auth_data keeps single sign-on, one without cuts it',
    play: async (call, p, pause) => {
      const name = `${p}sso`
      const sso = { auth_service: 'gitlab', auth_data: `${p}-42` }
      const service = async (): Promise<unknown> =>
        ((await call('GET', `/users/username/${name}`)).body as Record<string, unknown>).auth_service
      const seen: unknown[] = []
      for (const more of [sso, sso, {}, sso]) {
        seen.push(await bring(call, pause, [VERSION, user(name, more)]), await service())
      }
      return seen
    },
  },
  {
    name: 'roles given replace the roles, delete_at deactivates only new accounts',
    play: async (call, p, pause) => {
      const name = `${p}adm`
      const seen: unknown[] = []
      for (const more of [{ roles: 'system_admin system_user' }, {}, { roles: 'system_user' }, { delete_at: T }]) {
        await bring(call, pause, [VERSION, user(name, more)])
        const { roles, delete_at } = (await call('GET', `/users/username/${name}`)).body as Record<string, unknown>
        seen.push([roles, delete_at])
      }
      await bring(call, pause, [VERSION, user(`${p}old`, { delete_at: T })])
      return [...seen, ((await call('GET', `/users/username/${p}old`)).body as Record<string, unknown>).delete_at]
    },
  },
  {
    name: 'direct, self and group conversations',
    play: async (call, p, pause) => {
      const [a, b, c] = [`${p}erika`, `${p}bob`, `${p}cem`]
      const dm = (members: readonly string[], message: string, at: number): object => ({
        type: 'direct_post',
        direct_post: { channel_members: members, user: a, message, create_at: at },
      })
      const job = await bring(call, pause, [
        ...base(p),
        user(c),
        { type: 'direct_channel', direct_channel: { members: [a, b], header: 'head' } },
        { type: 'direct_channel', direct_channel: { members: [a, a] } },
        { type: 'direct_channel', direct_channel: { members: [a, b, c] } },
        { type: 'direct_channel', direct_channel: { members: [a] } },
        dm([b, a], 'direct', T),
        dm([a, a], 'self', T + 1),
        dm([c, b, a], 'group', T + 2),
      ])
      const group = await call('POST', '/channels/group', [await userId(call, a), await userId(call, b), await userId(call, c)])
      return {
        job,
        direct: await seenIn(call, await directId(call, a, b)),
        self: await seenIn(call, await directId(call, a, a)),
        group: group.status,
      }
    },
  },
  {
    name: 'channel and team lines overwrite what they name',
    play: async (call, p, pause) => {
      await bring(call, pause, [VERSION, team(p, { description: 'd' }), channel(p, 'general', { header: 'h', purpose: 'p' })])
      await bring(call, pause, [
        VERSION,
        team(p, { display_name: 'New', type: 'I' }),
        channel(p, 'general', { display_name: 'New', type: 'P' }),
      ])
      const t = (await call('GET', `/teams/name/${p}`)).body as Record<string, unknown>
      const c = (await call('GET', `/channels/${await channelId(call, p, 'general')}`)).body as Record<string, unknown>
      const all = (await call('GET', `/teams/${await teamId(call, p)}/channels`)).body as { name: string }[]
      return [
        t.display_name,
        t.type,
        t.description,
        t.allow_open_invite,
        c.display_name,
        c.type,
        c.header,
        c.purpose,
        all.map((each) => each.name),
      ]
    },
  },
  {
    name: 'custom emoji are created and replaced',
    play: async (call, p, pause) => {
      const name = `${p}party`
      const emoji = { type: 'emoji', emoji: { name, image: 'e/p.png' } }
      const seen: unknown[] = []
      for (const bytes of ['one', 'three']) {
        seen.push(await bring(call, pause, [VERSION, emoji], { 'e/p.png': bytes }))
        const { id } = (await call('GET', `/emoji/name/${name}`)).body as { id: string }
        seen.push((await call('GET', `/emoji/${id}/image`)).body)
      }
      return seen
    },
  },
]

/** Lines that end a run, and what is left of the lines around them. `lines` come after `base`. */
const REFUSED: readonly (readonly [name: string, lines: (p: string) => readonly unknown[], files?: Readonly<Record<string, string>>])[] = [
  ['an unknown author', (p) => [post(p, 'nobody-there', 'x', T)]],
  ['an author in upper case', (p) => [post(p, `${p}Erika`, 'x', T)]],
  ['a NUL in a message', (p) => [post(p, `${p}erika`, 'a\u0000b', T)]],
  ['a NUL in a reply', (p) => [post(p, `${p}erika`, 'x', T, { replies: [{ user: `${p}bob`, message: 'a\u0000b', create_at: T + 1 }] })]],
  ['a NUL in props', (p) => [post(p, `${p}erika`, 'x', T, { props: { a: 'a\u0000b' } })]],
  ['a NUL in a nickname', (p) => [user(`${p}nul`, { nickname: 'a\u0000b' })]],
  ['a NUL in a header', (p) => [channel(p, 'nul', { header: 'a\u0000b' })]],
  ['an unknown line type', (p) => [{ type: 'bot', bot: { username: `${p}bot`, owner: 'admin' } }]],
  ['a role line', () => [{ type: 'role', role: { name: 'x' } }]],
  ['no JSON', () => ['{"type":']],
  ['an empty line', (p) => ['', post(p, `${p}erika`, 'x', T)]],
  ['a fraction of a millisecond', (p) => [post(p, `${p}erika`, 'x', T + 0.5)]],
  ['a number for a text', (p) => [post(p, `${p}erika`, 'x', T, { user: 7 })]],
  ['create_at zero', (p) => [post(p, `${p}erika`, 'x', 0)]],
  ['create_at below zero', (p) => [post(p, `${p}erika`, 'x', -5)]],
  ['a message of 16384 characters', (p) => [post(p, `${p}erika`, 'x'.repeat(16_384), T)]],
  ['a message of 16383 characters', (p) => [post(p, `${p}erika`, 'ä'.repeat(16_383), T)]],
  ['props of 8001 characters', (p) => [post(p, `${p}erika`, 'x', T, { props: { a: 'x'.repeat(8_001 - 8) } })]],
  ['props of 8000 characters', (p) => [post(p, `${p}erika`, 'x', T, { props: { a: 'x'.repeat(8_000 - 8) } })]],
  ['an unknown team in a post', (p) => [post(`${p}no`, `${p}erika`, 'x', T)]],
  ['an unknown channel in a post', (p) => [post(p, `${p}erika`, 'x', T, { channel: 'nowhere' })]],
  ['a channel in upper case', (p) => [post(p, `${p}erika`, 'x', T, { channel: 'General' })]],
  ['an unknown channel in a membership', (p) => [user(`${p}new`, member(p, 'nowhere'))]],
  ['an unknown team in a membership', (p) => [user(`${p}new`, member(`${p}no`, 'general'))]],
  ['a reply before its root', (p) => [post(p, `${p}erika`, 'x', T, { replies: [{ user: `${p}bob`, message: 'r', create_at: T - 1 }] })]],
  [
    'an unknown author of a reply',
    (p) => [post(p, `${p}erika`, 'x', T, { replies: [{ user: 'nobody-there', message: 'r', create_at: T + 1 }] })],
  ],
  [
    'a reaction before its post',
    (p) => [post(p, `${p}erika`, 'x', T, { reactions: [{ user: `${p}bob`, emoji_name: 'x', create_at: T - 1 }] })],
  ],
  [
    'a reaction of nobody',
    (p) => [post(p, `${p}erika`, 'x', T, { reactions: [{ user: 'nobody-there', emoji_name: 'x', create_at: T + 1 }] })],
  ],
  [
    'a reaction with a bad name',
    (p) => [post(p, `${p}erika`, 'x', T, { reactions: [{ user: `${p}bob`, emoji_name: 'bad name', create_at: T + 1 }] })],
  ],
  ['a missing attachment', (p) => [post(p, `${p}erika`, 'x', T, { attachments: [{ path: 'none.txt' }] })]],
  ['ten attachments', (p) => [post(p, `${p}erika`, 'x', T, { attachments: tenth(10) })], tenFiles(10)],
  ['eleven attachments', (p) => [post(p, `${p}erika`, 'x', T, { attachments: tenth(11) })], tenFiles(11)],
  ['a reserved team name', () => [team('api-people')]],
  ['a team name in upper case', (p) => [team(`${p}Up`)]],
  ['a channel name of one letter', (p) => [channel(p, 'x')]],
  ['a channel name in upper case', (p) => [channel(p, 'Up')]],
  ['a channel without display name', (p) => [{ type: 'channel', channel: { team: p, name: 'nameless', type: 'O' } }]],
  ['a header of 1025 characters', (p) => [channel(p, 'long', { header: 'x'.repeat(1025) })]],
  ['a username in upper case', (p) => [user(`${p}UP`)]],
  ['a reserved username', () => [user('channel', { email: 'channel@example.test' })]],
  ['a username of 65 characters', (p) => [user(p + 'x'.repeat(65 - p.length))]],
  ['an address twice', (p) => [user(`${p}two`, { email: `${p}erika@example.test` })]],
  ['no address', (p) => [{ type: 'user', user: { username: `${p}two` } }]],
  ['an address that is none', (p) => [user(`${p}two`, { email: 'none' })]],
  ['a weak password', (p) => [user(`${p}two`, { password: 'weak' })]],
  ['password and auth_data', (p) => [user(`${p}two`, { password: PASSWORD, auth_data: 'x', auth_service: 'gitlab' })]],
  ['auth_data without service', (p) => [user(`${p}two`, { auth_data: 'x' })]],
  ['an unknown auth service', (p) => [user(`${p}two`, { auth_data: `${p}x`, auth_service: 'myspace' })]],
  ['a position of 129 characters', (p) => [user(`${p}two`, { position: 'x'.repeat(129) })]],
  [
    'a direct channel of nine',
    (p) => [{ type: 'direct_channel', direct_channel: { members: Array.from({ length: 9 }, () => `${p}bob`) } }],
  ],
  ['a direct channel with a stranger', (p) => [{ type: 'direct_channel', direct_channel: { members: [`${p}bob`, 'nobody-there'] } }]],
  [
    'a direct post of one member',
    (p) => [{ type: 'direct_post', direct_post: { channel_members: [`${p}bob`], user: `${p}bob`, message: 'x', create_at: T } }],
  ],
  [
    'a direct post of an outsider',
    (p) => [
      { type: 'direct_post', direct_post: { channel_members: [`${p}bob`, `${p}bob`], user: `${p}erika`, message: 'x', create_at: T } },
    ],
  ],
  ['an emoji named like a system emoji', () => [{ type: 'emoji', emoji: { name: 'smile', image: 'a.png' } }], { 'a.png': 'x' }],
  ['an emoji with a plus', (p) => [{ type: 'emoji', emoji: { name: `${p}+x`, image: 'a.png' } }], { 'a.png': 'x' }],
  ['an emoji without its picture', (p) => [{ type: 'emoji', emoji: { name: `${p}gone`, image: 'none.png' } }]],
  ['a missing profile image', (p) => [user(`${p}two`, { profile_image: 'none.png' })]],
  ['a second version line', () => [VERSION]],
  ['a type without its object', () => [{ type: 'team' }]],
]

function tenth(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({ path: `f${index}.txt` }))
}
function tenFiles(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}.txt`, `${index}`]))
}

const refusals: readonly Scenario[] = REFUSED.map(([name, lines, files]) => ({
  name: `import of ${name}`,
  play: async (call, p, pause) => {
    const job = await bring(call, pause, [...base(p), ...lines(p)], files)
    return { job, seen: await seenIn(call, await channelId(call, p, 'general')) }
  },
}))

const files: readonly Scenario[] = [
  { name: 'a file that does not begin with a version', play: (call, p, pause) => bring(call, pause, [team(p)]) },
  { name: 'a file of version 2', play: (call, p, pause) => bring(call, pause, [{ type: 'version', version: 2 }, team(p)]) },
  { name: 'an empty file', play: (call, _, pause) => bring(call, pause, []) },
  {
    name: 'a line of more than 16 MiB',
    play: (call, p, pause) => bring(call, pause, [...base(p), post(p, `${p}erika`, 'x', T, { x: 'x'.repeat(16 * 1024 * 1024) })]),
  },
  {
    name: 'more people than MaxUsersPerTeam',
    play: async (call, p, pause) => {
      const people = Array.from({ length: 51 }, (_, index) => user(`${p}u${index}`, { teams: [{ name: p }] }))
      const job = await bring(call, pause, [VERSION, team(p), ...people])
      const members = (await call('GET', `/teams/${await teamId(call, p)}/members?per_page=200`)).body as unknown[]
      return { job: job.split(' ')[0], members: members.length }
    },
  },
  {
    name: 'interleaved types',
    play: async (call, p, pause) => {
      const job = await bring(call, pause, [
        ...base(p),
        post(p, `${p}erika`, 'one', T),
        channel(p, 'second'),
        post(p, `${p}erika`, 'two', T + 1),
      ])
      return { job, seen: await seenIn(call, await channelId(call, p, 'general')) }
    },
  },
  {
    name: 'posts and memberships of an archived channel',
    play: async (call, p, pause) => {
      await bring(call, pause, base(p))
      await call('DELETE', `/channels/${await channelId(call, p, 'general')}`)
      return [
        await bring(call, pause, [VERSION, post(p, `${p}erika`, 'x', T)]),
        await bring(call, pause, [VERSION, user(`${p}bob`, member(p, 'general'))]),
        await bring(call, pause, [VERSION, channel(p, 'general', { header: 'still' })]),
        ((await call('GET', `/channels/${await channelId(call, p, 'general')}`)).body as Record<string, unknown>).header,
      ]
    },
  },
]

export const importScenarios: readonly Scenario[] = [...traps, ...refusals, ...files]
