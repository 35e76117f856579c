import { base, bring, channel, member, PASSWORD, post, type Scenario, T, team, user, VERSION } from './lines.ts'
import { channelId, directId, login, membersIn, seenIn, teamId, userId } from './look.ts'

/** What importing again does to what is there. */
export const trapScenarios: readonly Scenario[] = [
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
]
