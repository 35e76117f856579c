import { createHash } from 'node:crypto'
import type { Store } from './store.ts'

/**
 * What stands on the emulated server, in words that do not depend on ids, on when it was written, or in which order: two imports that
 * ended in the same state give the same lines. Hidden history rows and deleted things are left out; nothing else is.
 */
export function pictureOf(state: Store): readonly string[] {
  const alive = <T extends { readonly delete_at: number }>(rows: Iterable<T>): T[] => [...rows].filter(({ delete_at }) => delete_at === 0)
  const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const userName = (id: string): string => state.users.get(id)?.username ?? `unknown user ${id}`
  const place = (id: string): string => {
    const channel = state.channels.get(id)
    if (channel === undefined) return `unknown channel ${id}`
    // The name of a direct channel is made of its members' ids.
    if (channel.type !== 'D' && channel.type !== 'G') return channel.name
    return `between ${state
      .membersOf(id)
      .map(({ user_id }) => userName(user_id))
      .toSorted(byText)
      .join(' ')}`
  }
  const posts = alive(state.posts.values()).filter(({ original_id }) => original_id === '')
  const at = (id: string): number | null => state.posts.get(id)?.create_at ?? null
  const line = (kind: string, value: object): string => `${kind} ${JSON.stringify(value)}`
  return [
    ...[...state.users.values()].map(({ username, email, nickname, first_name, last_name, position, roles, delete_at, passwordDigest }) =>
      line('user', {
        username,
        email,
        nickname,
        first_name,
        last_name,
        position,
        roles,
        active: delete_at === 0,
        hasPassword: passwordDigest !== '',
      }),
    ),
    ...alive(state.teams.values()).map(({ name, display_name, type }) => line('team', { name, display_name, type })),
    ...[...state.channels.values()].map((channel) =>
      line('channel', {
        place: place(channel.id),
        type: channel.type,
        title: channel.type === 'D' || channel.type === 'G' ? '' : channel.display_name,
        header: channel.header,
        purpose: channel.purpose,
        archived: channel.delete_at !== 0,
        members: state
          .membersOf(channel.id)
          .map(({ user_id }) => userName(user_id))
          .toSorted(byText),
      }),
    ),
    ...posts.map((post) =>
      line('post', {
        place: place(post.channel_id),
        at: post.create_at,
        author: userName(post.user_id),
        // Links between posts are made of ids: what counts is where they lead.
        text: post.message.replaceAll(/\/pl\/([a-z0-9]{26})/g, (_link, id: string) => `/pl/${at(id) ?? 'nowhere'}`),
        root: at(post.root_id),
        pinned: post.is_pinned,
        type: post.type,
        files: state
          .filesOf(post.id)
          .map(({ name, bytes }) => `${name} ${sha(bytes)}`)
          .toSorted(byText),
        reactions: state
          .reactionsOf(post.id)
          .filter(({ delete_at }) => delete_at === 0)
          .map(({ user_id, emoji_name }) => `${emoji_name} ${userName(user_id)}`)
          .toSorted(byText),
      }),
    ),
    ...alive(state.emojis.values()).map(({ name, image }) => line('emoji', { name, image: sha(image) })),
  ].toSorted(byText)
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
