import type { Caller } from '../client.ts'

type Fields = Readonly<Record<string, unknown>>

const textIn = (fields: Fields | undefined, key: string): string => {
  const value = fields?.[key]
  return typeof value === 'string' ? value : ''
}

/** A post told by names instead of ids, so that two servers can be compared. */
export interface SeenPost {
  readonly message: string
  readonly user: string
  readonly createAt: number
  readonly root: string
  readonly pinned: boolean
  readonly edited: boolean
  readonly type: string
  readonly props: Fields
  readonly files: readonly string[]
  readonly reactions: readonly string[]
  readonly replies: number
}

export async function teamId(call: Caller, team: string): Promise<string> {
  return String(((await call('GET', `/teams/name/${team}`)).body as Fields).id)
}
export async function channelId(call: Caller, team: string, channel: string): Promise<string> {
  return String(((await call('GET', `/teams/${await teamId(call, team)}/channels/name/${channel}?include_deleted=true`)).body as Fields).id)
}
export async function userId(call: Caller, username: string): Promise<string> {
  return String(((await call('GET', `/users/username/${username}`)).body as Fields).id)
}
export async function directId(call: Caller, ...usernames: readonly string[]): Promise<string> {
  const ids = await Promise.all(usernames.map((name) => userId(call, name)))
  return String(((await call('POST', '/channels/direct', ids)).body as Fields).id)
}

/** Whatever stands in a channel, oldest first, joins and other system lines left out. */
export async function seenIn(call: Caller, channel: string): Promise<readonly SeenPost[]> {
  const { body } = await call('GET', `/channels/${channel}/posts?per_page=200`)
  const { posts, order } = body as { posts: Record<string, Fields>; order: string[] }
  const seen: SeenPost[] = []
  const names = new Map<string, string>()
  const nameOf = async (id: unknown): Promise<string> => {
    const key = String(id)
    if (!names.has(key)) names.set(key, String(((await call('GET', `/users/${key}`)).body as Fields).username))
    return names.get(key) ?? ''
  }
  for (const id of order) {
    const post = posts[id] ?? {}
    if (String(post.type).startsWith('system_')) continue
    const meta = (post.metadata ?? {}) as { files?: Fields[]; reactions?: Fields[] }
    const reactions: string[] = []
    for (const reaction of meta.reactions ?? [])
      reactions.push(`${await nameOf(reaction.user_id)} ${String(reaction.emoji_name)} ${String(reaction.create_at)}`)
    seen.push({
      message: String(post.message),
      user: await nameOf(post.user_id),
      createAt: Number(post.create_at),
      root: textIn(posts[String(post.root_id)], 'message'),
      pinned: post.is_pinned === true,
      edited: Number(post.edit_at) > 0,
      type: String(post.type),
      props: post.props as Fields,
      files: (meta.files ?? [])
        .map((file) => `${String(file.name)} ${String(file.size)} ${String(file.mime_type)} ${String(file.create_at)}`)
        .toSorted(),
      reactions: reactions.toSorted(),
      replies: Number(post.reply_count),
    })
  }
  return seen.toSorted((a, b) => a.createAt - b.createAt || (a.message < b.message ? -1 : 1))
}

/** Members of a channel by name, with what an import rewrites. */
export async function membersIn(call: Caller, channel: string): Promise<readonly unknown[]> {
  const { body } = await call('GET', `/channels/${channel}/members?per_page=200`)
  const seen: { readonly name: string }[] = []
  for (const member of body as Fields[]) {
    const user = (await call('GET', `/users/${String(member.user_id)}`)).body as Fields
    const { roles, msg_count, mention_count, notify_props, last_viewed_at } = member
    seen.push({ name: String(user.username), ...{ roles, msg_count, mention_count, notify_props, viewed: Number(last_viewed_at) > 0 } })
  }
  return seen.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

export async function login(call: Caller, login_id: string, password: string): Promise<string> {
  const { status, body } = await call('POST', '/users/login', { login_id, password })
  return status === 200 ? '200' : `${status} ${String((body as Fields).id)}`
}

/** Status and, for errors, the server's id: what a client can go by. */
export async function verdict(call: Caller, method: string, path: string, body?: unknown): Promise<string> {
  const said = await call(method, path, body)
  return said.status < 300 ? String(said.status) : `${said.status} ${String((said.body as Fields).id)}`
}
