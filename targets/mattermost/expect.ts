import { hash } from 'node:crypto'
import { type RemoteId, remoteId } from '../../src/contract/ids.ts'
import type { JsonValue } from '../../src/contract/json.ts'
import type { Fields } from '../../src/contract/target.ts'
import type { Pending } from './bulk/threads.ts'
import {
  type ChannelOperation,
  type EmojiOperation,
  type GroupOperation,
  type Place,
  type UserOperation,
  placeText,
} from './map/operations.ts'
import type { Bookmark, Channel, Post, User } from './wire.ts'

/** Names of what stands on the server, as the ledger and the verification use them. */
export const postRemote = (team: string, place: Place, at: number): RemoteId => remoteId(`post/${team}/${placeText(place)}/${at}`)
export const channelRemote = (team: string, place: Place): RemoteId => remoteId(`channel/${team}/${placeText(place)}`)
export const userRemote = (username: string): RemoteId => remoteId(`user/${username}`)
export const groupRemote = (name: string): RemoteId => remoteId(`group/${name}`)
export const emojiRemote = (name: string): RemoteId => remoteId(`emoji/${name}`)

/** The place in a post's or channel's remote id. */
export function placeOf(remote: string): { readonly place: Place; readonly at: number } | undefined {
  const [kind, , text = '', at = '0'] = remote.split('/')
  if (kind !== 'post' && kind !== 'channel') return undefined
  const place: Place = text.startsWith('@') ? { type: 'direct', members: text.slice(1).split(',') } : { type: 'channel', name: text }
  return { place, at: Number(at) }
}

export const textHash = (message: string): string => hash('sha1', message, 'base64url')

/** How a post must look when it is read back. */
export function postFields(post: Pending, message: string, root: RemoteId | null): Fields {
  const { op } = post
  return {
    text: message,
    author: op.user,
    at: post.at,
    root,
    reactions: op.reactions.map(({ user, emoji }) => `${emoji}:${user}`).toSorted(),
    pinned: op.pinned,
    files: op.files.map(({ name, blob }) => `${blob.sha256} ${name}`).toSorted(),
    props: shownProps(op.props),
  }
}
/** The props people can see the effect of, without the empty fields that the server adds to attachments. */
export function shownProps(props: Readonly<Record<string, JsonValue>> | null | undefined): JsonValue {
  const shown: Record<string, JsonValue> = {}
  const { attachments, override_username: name } = props ?? {}
  if (Array.isArray(attachments) && attachments.length > 0) shown['attachments'] = attachments.map(withoutEmpty)
  if (typeof name === 'string' && name !== '') shown['override_username'] = name
  return shown
}
function withoutEmpty(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (value === null || typeof value !== 'object') return value
  const kept = Object.entries(value).filter(
    ([key, one]) => one !== null && one !== '' && one !== 0 && one !== false && !(Array.isArray(one) && one.length === 0) && key !== 'id',
  )
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutEmpty(one)]))
}
export function observedPost(
  post: Post,
  author: string,
  reactions: readonly string[],
  files: readonly string[],
  root: RemoteId | null,
): Fields {
  return {
    text: post.message,
    author,
    at: post.create_at,
    root,
    reactions: reactions.toSorted(),
    pinned: post.is_pinned,
    files: files.toSorted(),
    props: shownProps(post.props),
  }
}

/** `bookmarks`: the server has them. */
export const channelFields = (op: ChannelOperation, bookmarks: boolean): Fields =>
  op.place.type === 'channel'
    ? {
        name: op.place.name,
        title: op.title,
        type: op.open ? 'O' : 'P',
        header: op.header,
        purpose: op.purpose,
        archived: op.archived,
        members: op.members,
        ...(bookmarks ? { bookmarks: op.bookmarks.map(({ title, link }) => `${link} ${title}`).toSorted() } : {}),
      }
    : { type: new Set(op.place.members).size <= 2 ? 'D' : 'G', header: op.header, members: [...new Set(op.place.members)] }
export const observedChannel = (channel: Channel, members: readonly string[], bookmarks: readonly Bookmark[] | undefined): Fields =>
  channel.type === 'O' || channel.type === 'P'
    ? {
        name: channel.name,
        title: channel.display_name,
        type: channel.type,
        header: channel.header,
        purpose: channel.purpose,
        archived: channel.delete_at !== 0,
        members: members.toSorted(),
        ...(bookmarks === undefined ? {} : { bookmarks: bookmarks.map((one) => `${one.link_url} ${one.display_name}`).toSorted() }),
      }
    : { type: channel.type, header: channel.header, members: [...new Set(members)].toSorted() }

/** Of people who were there before, only that they are still there: nothing else of them is ours. */
export const userFields = (op: UserOperation, ours: boolean): Fields =>
  ours
    ? {
        username: op.username,
        email: op.email,
        active: op.active,
        firstName: op.firstName,
        lastName: op.lastName,
        nickname: op.nickname,
        position: op.position,
      }
    : { username: op.username }
export const observedUser = (user: User, ours: boolean): Fields =>
  ours
    ? {
        username: user.username,
        email: user.email,
        active: user.delete_at === 0,
        firstName: user.first_name,
        lastName: user.last_name,
        nickname: user.nickname,
        position: user.position,
      }
    : { username: user.username }
export const emojiFields = (op: EmojiOperation, ours: boolean): Fields =>
  ours ? { name: op.name, image: op.image.sha256 } : { name: op.name }
/** Of a group that was there before, only that it is still there. */
export const groupFields = (op: GroupOperation, active: readonly string[], ours: boolean): Fields =>
  ours ? { name: op.name, title: op.title, description: op.description, members: active } : { name: op.name }
