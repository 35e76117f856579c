import { base, bring, PASSWORD, post, type Scenario, T, user } from './lines.ts'
import { PNG } from './media.ts'
import { channelId, directId, teamId, userId, verdict } from './look.ts'

type Fields = Readonly<Record<string, unknown>>
const list = (value: unknown): readonly Fields[] => (Array.isArray(value) ? (value as Fields[]) : [])
const mine = (value: unknown, p: string, key: string): readonly string[] =>
  list(value)
    .map((each) => String(each[key]))
    .filter((name) => name.includes(p))
    .toSorted()

/** The remaining routes, each asked at least once for something a migration would want of it. */
export const restScenarios: readonly Scenario[] = [
  {
    name: 'teams: listed, joined, left, patched, archived and restored',
    play: async (call, p, pause) => {
      await bring(call, pause, [...base(p), user(`${p}out`), user(`${p}two`)])
      const team = await teamId(call, p)
      const [out, two, bob] = [await userId(call, `${p}out`), await userId(call, `${p}two`), await userId(call, `${p}bob`)]
      const member = async (): Promise<unknown> => {
        const { roles, scheme_admin, delete_at } = (await call('GET', `/teams/${team}/members/${out}`)).body as Fields
        return [roles, scheme_admin, delete_at === 0]
      }
      const { team_id: _, ...stats } = (await call('GET', `/teams/${team}/stats`)).body as Fields
      return [
        stats,
        Object.keys((await call('GET', '/teams?include_total_count=true&per_page=1')).body as object).toSorted(),
        (await call('GET', `/teams/name/${p}/exists`)).body,
        await verdict(call, 'POST', `/teams/${team}/members`, { user_id: out }),
        await verdict(call, 'POST', `/teams/${team}/members`, { user_id: out, team_id: team }),
        await verdict(call, 'POST', `/teams/${team}/members/batch`, [{ user_id: two, team_id: team }]),
        await member(),
        await verdict(call, 'PUT', `/teams/${team}/members/${out}/schemeRoles`, { scheme_admin: true, scheme_user: true }),
        await member(),
        list((await call('POST', `/teams/${team}/members/ids`, [out, bob])).body).length,
        mine((await call('GET', `/users/${out}/teams`)).body, p, 'name'),
        mine((await call('GET', `/users?in_team=${team}&per_page=200`)).body, p, 'username'),
        await verdict(call, 'DELETE', `/teams/${team}/members/${out}`),
        await verdict(call, 'PUT', `/teams/${team}/patch`, { display_name: 'Other', allow_open_invite: true }),
        await verdict(call, 'DELETE', `/teams/${team}`),
        await verdict(call, 'POST', `/teams/${team}/restore`),
        ((await call('GET', `/teams/${team}`)).body as Fields).display_name,
      ]
    },
  },
  {
    name: 'channels: private, archived, by team name, of a person, and their settings',
    play: async (call, p, pause) => {
      await bring(call, pause, [...base(p)])
      const team = await teamId(call, p)
      const erika = await userId(call, `${p}erika`)
      const made = String(
        ((await call('POST', '/channels', { team_id: team, name: 'hidden', display_name: 'H', type: 'P' })).body as Fields).id,
      )
      const general = await channelId(call, p, 'general')
      const names = async (path: string): Promise<unknown> => list((await call('GET', path)).body).map((each) => each.name)
      const notify = await verdict(call, 'PUT', `/channels/${general}/members/${erika}/notify_props`, {
        desktop: 'all',
        user_id: erika,
        channel_id: general,
      })
      const { notify_props, roles } = (await call('GET', `/channels/${general}/members/${erika}`)).body as Fields
      return [
        await names(`/teams/${team}/channels`),
        await names(`/teams/${team}/channels/private`),
        await verdict(call, 'DELETE', `/channels/${made}`),
        await names(`/teams/${team}/channels/deleted`),
        await names(`/teams/${team}/channels/private`),
        await verdict(call, 'GET', `/teams/name/${p}/channels/name/general`),
        await verdict(call, 'GET', `/teams/name/${p}/channels/name/nowhere`),
        notify,
        [(notify_props as Fields).desktop, roles],
        await names(`/users/${erika}/teams/${team}/channels`),
        await verdict(call, 'PUT', `/channels/${general}/privacy`, { privacy: 'P' }),
        await verdict(call, 'POST', `/channels/members/${erika}/view`, { channel_id: general }),
        await verdict(call, 'GET', `/channels/${await directId(call, `${p}erika`, `${p}bob`)}/members/${erika}`),
      ]
    },
  },
  {
    name: 'people: stats, tokens, picture, preferences, sign-on, sign-out',
    play: async (call, p, pause) => {
      await bring(call, pause, base(p))
      const erika = await userId(call, `${p}erika`)
      const form = new FormData()
      form.set('image', new Blob([PNG], { type: 'image/png' }), 'a.png')
      const preference = (category: string, name: string): readonly Fields[] => [{ user_id: erika, category, name, value: 'true' }]
      const total = (await call('GET', '/users/stats')).body as Fields
      return [
        Number(total.total_users_count) >= 3,
        await verdict(call, 'POST', `/users/${erika}/image`, form),
        await verdict(call, 'POST', `/users/${erika}/image`, new FormData()),
        Number(((await call('GET', `/users/${erika}`)).body as Fields).last_picture_update) > 0,
        (await call('GET', `/users/${erika}/image`)).status,
        await verdict(call, 'PUT', `/users/${erika}/preferences`, preference('flagged_post', 'x'.repeat(26))),
        await verdict(call, 'PUT', `/users/${erika}/preferences`, preference('display_settings', 'use_military_time')),
        list((await call('GET', `/users/${erika}/preferences`)).body).some((each) => each.category === 'display_settings'),
        list((await call('GET', `/users/${erika}/tokens`)).body).length,
        await verdict(call, 'GET', '/users/me/uploads'),
        await verdict(call, 'PUT', `/users/${erika}/auth`, { auth_data: `${p}-7`, auth_service: 'gitlab' }),
        await verdict(call, 'POST', '/users/login', { login_id: `${p}erika`, password: PASSWORD }),
        await verdict(call, 'POST', `/users/${erika}/email/verify/member`),
      ]
    },
  },
  {
    name: 'posts: pins taken off, put whole, reactions in bulk, files of a post, threads followed',
    play: async (call, p, pause) => {
      await bring(
        call,
        pause,
        [
          ...base(p),
          post(p, `${p}erika`, 'x', T, {
            attachments: [{ path: 'a.txt' }],
            reactions: [{ user: `${p}bob`, emoji_name: 'eyes', create_at: T + 1 }],
          }),
        ],
        { 'a.txt': 'A' },
      )
      const channel = await channelId(call, p, 'general')
      const id = ((await call('GET', `/channels/${channel}/posts`)).body as { order: string[] }).order[0] ?? ''
      const pinned = async (): Promise<unknown> => ((await call('GET', `/posts/${id}`)).body as Fields).is_pinned
      const me = String(((await call('GET', '/users/me')).body as Fields).id)
      const thread = `/users/${me}/teams/${await teamId(call, p)}/threads/${id}/following`
      return [
        await verdict(call, 'POST', `/posts/${id}/pin`),
        await pinned(),
        await verdict(call, 'POST', `/posts/${id}/unpin`),
        await pinned(),
        await verdict(call, 'PUT', `/posts/${id}`, { id, message: 'whole' }),
        await verdict(call, 'PUT', `/posts/${id}`, { id: channel, message: 'whole' }),
        mine([(await call('GET', `/posts/${id}`)).body], 'whole', 'message'),
        Object.values((await call('POST', '/posts/ids/reactions', [id])).body as object).map((each: unknown) => list(each).length),
        list((await call('GET', `/posts/${id}/files/info`)).body).map((each) => each.name),
        await verdict(call, 'PUT', thread),
        await verdict(call, 'DELETE', thread),
      ]
    },
  },
  {
    name: 'emoji through the API, and bots',
    play: async (call, p) => {
      const emoji = (name: string): FormData => {
        const form = new FormData()
        form.set('emoji', JSON.stringify({ name, creator_id: me }))
        form.set('image', new Blob([PNG], { type: 'image/png' }), 'a.png')
        return form
      }
      const me = String(((await call('GET', '/users/me')).body as Fields).id)
      const made = await call('POST', '/emoji', emoji(`${p}x`))
      const bot = String(
        ((await call('POST', '/bots', { username: `${p}bot`, display_name: 'B', description: 'd' })).body as Fields).user_id,
      )
      return [
        made.status,
        await verdict(call, 'POST', '/emoji', emoji(`${p}x`)),
        await verdict(call, 'POST', '/emoji', emoji('smile')),
        mine((await call('GET', '/emoji?per_page=200')).body, p, 'name'),
        await verdict(call, 'DELETE', `/emoji/${String((made.body as Fields).id)}`),
        await verdict(call, 'GET', `/emoji/name/${p}x`),
        await verdict(call, 'POST', `/bots/${bot}/disable`),
        mine((await call('GET', '/bots?per_page=200')).body, p, 'username'),
        mine((await call('GET', '/bots?per_page=200&include_deleted=true')).body, p, 'username'),
        await verdict(call, 'POST', `/bots/${bot}/enable`),
        ((await call('GET', `/users/${bot}`)).body as Fields).is_bot,
        await verdict(call, 'GET', '/jobs?per_page=5'),
      ]
    },
  },
]
