import { type Caller, caller } from '../client.ts'
import { base, bring, PASSWORD, post, type Scenario, T } from './lines.ts'
import { channelId, directId, membersIn, seenIn, teamId, userId, verdict } from './look.ts'

type Fields = Readonly<Record<string, unknown>>
async function idOf(said: Promise<{ readonly body: unknown }>): Promise<string> {
  return String(((await said).body as Fields).id)
}
async function orderIn(call: Caller, channel: string, query = ''): Promise<readonly string[]> {
  const { posts, order } = (await call('GET', `/channels/${channel}/posts?${query}`)).body as {
    posts: Record<string, { message: string; type: string }>
    order: string[]
  }
  return order.map((id) => posts[id]).flatMap((each) => (each === undefined || each.type !== '' ? [] : [each.message]))
}
const shape = (value: unknown): readonly string[] => Object.keys(value as object).toSorted()

/** What a migration does through the API, in order. */
export const apiScenarios: readonly Scenario[] = [
  {
    name: 'a wrong token',
    play: async (call) => (await fetch(`${call.url}/api/v4/users/me`, { headers: { authorization: 'Bearer wrong' } })).status,
  },
  {
    name: 'answers have the same fields',
    play: async (call, p, pause) => {
      await bring(
        call,
        pause,
        [
          ...base(p),
          post(p, `${p}erika`, 'x', T, {
            attachments: [{ path: 'a.txt' }],
            reactions: [{ user: `${p}bob`, emoji_name: 'x', create_at: T + 1 }],
          }),
        ],
        { 'a.txt': 'A' },
      )
      const channel = await channelId(call, p, 'general')
      const { posts, order, ...rest } = (await call('GET', `/channels/${channel}/posts`)).body as {
        posts: Record<string, Fields>
        order: string[]
      }
      const seen = posts[order[0] ?? ''] ?? {}
      const metadata = seen.metadata as { files: Fields[]; reactions: Fields[] }
      return {
        list: shape(rest),
        post: shape(seen),
        metadata: shape(metadata),
        file: shape(metadata.files[0]),
        reaction: shape(metadata.reactions[0]),
        user: shape((await call('GET', `/users/username/${p}erika`)).body),
        listed: shape(((await call('POST', '/users/usernames', [`${p}erika`])).body as object[])[0]),
        team: shape((await call('GET', `/teams/name/${p}`)).body),
        teamMember: shape(((await call('GET', `/teams/${await teamId(call, p)}/members`)).body as object[])[0]),
        channel: shape((await call('GET', `/channels/${channel}`)).body),
        all: shape(((await call('GET', '/channels')).body as object[])[0]),
        member: shape(((await call('GET', `/channels/${channel}/members`)).body as object[])[0]),
        stats: shape((await call('GET', `/channels/${channel}/stats`)).body),
        session: shape((await call('POST', '/uploads', { type: 'import', filename: 'a.zip', file_size: 5 })).body),
        job: shape(((await call('GET', '/jobs/type/import_process?per_page=1')).body as object[])[0]),
      }
    },
  },
  {
    name: 'an upload is resumed where it stopped, with a first part of 5 MiB',
    play: async (call) => {
      const size = 6 * 1024 * 1024
      const id = await idOf(call('POST', '/uploads', { type: 'import', filename: 'parts.zip', file_size: size }))
      const offset = async (): Promise<unknown> => ((await call('GET', `/uploads/${id}`)).body as Fields).file_offset
      return [
        await verdict(call, 'POST', `/uploads/${id}`, new Uint8Array(1000)),
        await offset(),
        await verdict(call, 'POST', `/uploads/${id}`, new Uint8Array(5 * 1024 * 1024)),
        await offset(),
        await verdict(call, 'POST', `/uploads/${id}`, new Uint8Array(size)),
        await verdict(call, 'POST', `/uploads/${id}`, new Uint8Array(1024 * 1024)),
        await verdict(call, 'GET', `/uploads/${id}`),
        ((await call('GET', '/imports')).body as string[]).includes(`${id}_parts.zip`),
      ]
    },
  },
  {
    name: 'posts by page, since, before and after',
    play: async (call, p, pause) => {
      const lines = Array.from({ length: 7 }, (_, index) => post(p, `${p}erika`, `m${index}`, T + index * 10))
      await bring(call, pause, [
        ...base(p),
        ...lines,
        post(p, `${p}bob`, 'root', T + 5, { replies: [{ user: `${p}bob`, message: 'late', create_at: T + 500 }] }),
      ])
      const channel = await channelId(call, p, 'general')
      const { posts } = (await call('GET', `/channels/${channel}/posts`)).body as { posts: Record<string, { id: string; message: string }> }
      const pivot = Object.values(posts).find((each) => each.message === 'm3')?.id ?? ''
      const page = (await call('GET', `/channels/${channel}/posts?per_page=2&page=0`)).body as {
        posts: object
        next_post_id: string
        prev_post_id: string
      }
      return [
        await orderIn(call, channel),
        await orderIn(call, channel, 'per_page=3&page=1'),
        await orderIn(call, channel, `before=${pivot}`),
        await orderIn(call, channel, `after=${pivot}`),
        await orderIn(call, channel, `after=${pivot}&per_page=2`),
        await orderIn(call, channel, `since=${T + 30}`),
        Object.values(page.posts)
          .map((each: { message: string }) => each.message)
          .toSorted(),
        [page.next_post_id === '', posts[page.prev_post_id]?.message],
        await verdict(call, 'GET', `/channels/${channel}/posts?since=x`),
        await verdict(call, 'GET', `/channels/${channel}/posts?before=x`),
      ]
    },
  },
  {
    name: 'edits and deletions seen through since and thread',
    play: async (call, p, pause) => {
      await bring(call, pause, [
        ...base(p),
        post(p, `${p}erika`, 'one', T, { replies: [{ user: `${p}bob`, message: 'r', create_at: T + 1 }] }),
        post(p, `${p}erika`, 'two', T + 2),
      ])
      const channel = await channelId(call, p, 'general')
      const { posts } = (await call('GET', `/channels/${channel}/posts`)).body as { posts: Record<string, { id: string; message: string }> }
      const id = (message: string): string => Object.values(posts).find((each) => each.message === message)?.id ?? ''
      const patched = (await call('PUT', `/posts/${id('two')}/patch`, { message: 'two!', props: { a: 1 } })).body as Fields
      const pinned = await verdict(call, 'POST', `/posts/${id('two')}/pin`)
      const gone = [await verdict(call, 'DELETE', `/posts/${id('one')}`), await verdict(call, 'DELETE', `/posts/${id('one')}`)]
      const since = (await call('GET', `/channels/${channel}/posts?since=${T + 60_000}`)).body as {
        posts: Record<string, Fields>
        order: string[]
      }
      const touched = since.order
        .map((each) => since.posts[each] ?? {})
        .map(({ message, delete_at, original_id }) => [message, delete_at === 0, original_id === ''].join(' '))
      const thread = (await call('GET', `/posts/${id('two')}/thread`)).body as { order: string[] }
      const pins = (await call('GET', `/channels/${channel}/pinned`)).body as { order: string[] }
      return {
        patched: [patched.message, patched.props, Number(patched.edit_at) > 0, patched.create_at],
        pinned,
        gone,
        touched: touched.toSorted(),
        thread: thread.order.length,
        pins: pins.order.length,
        seen: await seenIn(call, channel),
        single: await verdict(call, 'GET', `/posts/${id('one')}`),
        reply: await verdict(call, 'GET', `/posts/${id('r')}`),
        gonePatch: await verdict(call, 'PUT', `/posts/${id('one')}/patch`, { message: 'x' }),
      }
    },
  },
  {
    name: 'reactions only for oneself',
    play: async (call, p, pause) => {
      await bring(call, pause, [
        ...base(p),
        post(p, `${p}erika`, 'x', T, { reactions: [{ user: `${p}bob`, emoji_name: 'eyes', create_at: T + 1 }] }),
      ])
      const channel = await channelId(call, p, 'general')
      const { order } = (await call('GET', `/channels/${channel}/posts`)).body as { order: string[] }
      const me = await idOf(call('GET', '/users/me'))
      const bob = await userId(call, `${p}bob`)
      const react = (user_id: string, emoji_name: string): Promise<string> =>
        verdict(call, 'POST', '/reactions', { user_id, post_id: order[0], emoji_name })
      return [
        await react(bob, 'x'),
        await react(me, 'tada'),
        await react(me, 'tada'),
        await react(me, 'bad name'),
        await verdict(call, 'DELETE', `/users/${bob}/posts/${order[0]}/reactions/eyes`),
        ((await call('GET', `/posts/${order[0]}/reactions`)).body as { emoji_name: string }[] | null)?.map((each) => each.emoji_name),
      ]
    },
  },
  {
    name: 'channels: create, archive, restore, rename, delete for ever',
    play: async (call, p, pause) => {
      await bring(call, pause, base(p))
      const team = await teamId(call, p)
      const made = await idOf(call('POST', '/channels', { team_id: team, name: 'made', display_name: 'Made', type: 'P' }))
      const erika = await userId(call, `${p}erika`)
      return [
        await verdict(call, 'POST', '/channels', { team_id: team, name: 'made', display_name: 'Made', type: 'O' }),
        await verdict(call, 'POST', '/channels', { team_id: team, name: 'x', display_name: 'X', type: 'O' }),
        await verdict(call, 'POST', `/channels/${made}/members`, { user_id: erika }),
        await verdict(call, 'POST', `/channels/${made}/members`, { user_id: erika }),
        (await membersIn(call, made)).length,
        await verdict(call, 'DELETE', `/channels/${made}/members/${erika}`),
        await verdict(call, 'PUT', `/channels/${made}/patch`, { display_name: 'Other', header: 'h' }),
        await verdict(call, 'DELETE', `/channels/${made}`),
        await verdict(call, 'DELETE', `/channels/${made}`),
        await verdict(call, 'GET', `/teams/${team}/channels/name/made`),
        await verdict(call, 'GET', `/teams/${team}/channels/name/made?include_deleted=true`),
        await verdict(call, 'POST', '/posts', { channel_id: made, message: 'x' }),
        await verdict(call, 'POST', `/channels/${made}/restore`),
        await verdict(call, 'DELETE', `/channels/${made}?permanent=true`),
        await verdict(call, 'DELETE', `/channels/${await channelId(call, p, 'town-square')}`),
        await verdict(call, 'DELETE', `/teams/${team}?permanent=true`),
        await verdict(call, 'DELETE', `/users/${erika}?permanent=true`),
        await verdict(call, 'DELETE', `/teams/${team}`),
        ((await call('GET', `/teams/name/${p}`)).body as Fields).delete_at === 0,
      ]
    },
  },
  {
    name: 'people: create, rename, deactivate, roles, password, sign in',
    play: async (call, p) => {
      const name = `${p}new`
      const id = await idOf(call('POST', '/users', { username: name, email: `${name}@example.test`, password: PASSWORD }))
      return [
        await verdict(call, 'POST', '/users', { username: name, email: `${name}2@example.test`, password: PASSWORD }),
        await verdict(call, 'POST', '/users', { username: `${name}2`, email: `${name}@example.test`, password: PASSWORD }),
        await verdict(call, 'POST', '/users/login', { login_id: name, password: PASSWORD }),
        await verdict(call, 'POST', '/users/login', { login_id: name, password: 'wrong' }),
        await verdict(call, 'PUT', `/users/${id}/patch`, { nickname: 'N', username: `${name}3` }),
        await verdict(call, 'PUT', `/users/${id}/active`, { active: false }),
        await verdict(call, 'POST', '/users/login', { login_id: `${name}3`, password: PASSWORD }),
        await verdict(call, 'PUT', `/users/${id}/active`, { active: true }),
        await verdict(call, 'PUT', `/users/${id}/roles`, { roles: 'system_user' }),
        await verdict(call, 'DELETE', `/users/${id}`),
        await verdict(call, 'PUT', `/users/${id}/password`, { new_password: 'x' }),
      ]
    },
  },
  {
    name: 'what an ordinary person may not do',
    play: async (call, p, pause) => {
      await bring(call, pause, [...base(p), post(p, `${p}bob`, 'x', T)])
      const said = await call('POST', '/users/login', { login_id: `${p}erika`, password: PASSWORD })
      const token = said.headers.get('token') ?? ''
      const erika = caller(call.url, token)
      const asErika = (method: string, path: string, body?: unknown): Promise<string> => verdict(erika, method, path, body)
      const channel = await channelId(call, p, 'general')
      const { order } = (await call('GET', `/channels/${channel}/posts`)).body as { order: string[] }
      const bob = await userId(call, `${p}bob`)
      return [
        await asErika('GET', '/config'),
        await asErika('POST', '/uploads', { type: 'import', filename: 'a.zip', file_size: 5 }),
        await asErika('POST', '/jobs', { type: 'import_process' }),
        await asErika('GET', '/imports'),
        await asErika('GET', '/channels'),
        await asErika('POST', '/posts', { channel_id: channel, message: 'mine', create_at: 5 }),
        await asErika('PUT', `/posts/${order[0]}/patch`, { message: 'theirs' }),
        await asErika('DELETE', `/posts/${order[0]}`),
        await asErika('PUT', `/users/${bob}/active`, { active: false }),
        await asErika('GET', `/channels/${await directId(call, `${p}bob`, `${p}bob`)}/posts`),
        await asErika('POST', '/channels/direct', [bob, bob]),
      ]
    },
  },
  {
    name: 'the administrator posts into a past the importer finds again',
    play: async (call, p, pause) => {
      await bring(call, pause, base(p))
      const channel = await channelId(call, p, 'general')
      const made = (await call('POST', '/posts', { channel_id: channel, message: 'old', create_at: T })).body as Fields
      await bring(call, pause, [{ type: 'version', version: 1 }, post(p, `${p}bob`, 'old', T)])
      return [made.create_at, await seenIn(call, channel)]
    },
  },
  {
    name: 'files through the API',
    play: async (call, p, pause) => {
      await bring(call, pause, base(p))
      const channel = await channelId(call, p, 'general')
      const form = new FormData()
      form.set('channel_id', channel)
      form.append('files', new Blob(['hello']), 'häl lo.txt')
      const up = await call('POST', '/files', form)
      const { file_infos } = up.body as { file_infos: Fields[] }
      const info = file_infos[0] ?? {}
      const made = (await call('POST', '/posts', { channel_id: channel, message: 'with', file_ids: [info.id] })).body as Fields
      const file = await call('GET', `/files/${String(info.id)}`)
      return [
        up.status,
        info.name,
        info.size,
        info.mime_type,
        info.extension,
        (made.file_ids as string[]).length,
        file.body,
        file.headers.get('content-type'),
        await seenFiles(call, channel),
      ]
    },
  },
]

async function seenFiles(call: Caller, channel: string): Promise<readonly string[]> {
  return (await seenIn(call, channel)).map((each) => each.files.map((file) => file.split(' ').slice(0, -1).join(' ')).join())
}
