import { type IdempotencyKey, type ItemId, idempotencyKey } from '../../../src/contract/ids.ts'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Operation } from '../../../src/contract/target.ts'

/** Where posts stand: a channel of the team, or a conversation of two to eight people (sorted; one name twice: with oneself). */
export type Place = { readonly type: 'channel'; readonly name: string } | { readonly type: 'direct'; readonly members: readonly string[] }

export interface UserOperation extends Operation {
  readonly type: 'user'
  readonly username: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
  readonly nickname: string
  readonly position: string
  readonly locale: string | null
  readonly active: boolean
  readonly inTeam: boolean
  readonly bot: boolean
  readonly avatar: BlobRef | null
}
export interface EmojiOperation extends Operation {
  readonly type: 'emoji'
  readonly name: string
  readonly image: BlobRef
}
export interface GroupOperation extends Operation {
  readonly type: 'group'
  readonly name: string
  readonly title: string
  readonly description: string
  /** Usernames of active people, sorted. */
  readonly members: readonly string[]
}
export interface ChannelBookmark {
  readonly title: string
  readonly link: string
  /** With its colons, or empty. */
  readonly emoji: string
}
export interface ChannelOperation extends Operation {
  readonly type: 'channel'
  readonly place: Place
  readonly title: string
  readonly open: boolean
  readonly header: string
  readonly purpose: string
  readonly archived: boolean
  /** In the order of the source; none where the server has no bookmarks. */
  readonly bookmarks: readonly ChannelBookmark[]
  /** Usernames, sorted. */
  readonly members: readonly string[]
}
export interface PostFile {
  readonly name: string
  /** Folder below `data/` in the zip: stable, safe, unique with the name. */
  readonly folder: string
  readonly blob: BlobRef
}
export interface PostReaction {
  readonly user: string
  readonly emoji: string
}
/** An address in the text that names a message of the same source; rewritten when that message's place is known. */
export interface PostLink {
  readonly message: ItemId
  readonly url: string
}
/** A user that must exist because something was written under this name, and that no account of the source stands for. */
export interface Placeholder {
  readonly username: string
  readonly email: string
  readonly title: string
}
/** What the server keeps of where a post is from, beside the id of its item. */
export interface PostMark {
  readonly source: string
  /** JSON of the source, as text: a server that took it as an object would sort its keys and round its numbers. */
  readonly original: string | null
}
export interface PostOperation extends Operation {
  readonly type: 'post'
  readonly place: Place
  readonly user: string
  readonly placeholder: Placeholder | null
  readonly message: string
  /** Milliseconds since 1970 as the source says; the composer may move it by a few to keep times unique. */
  readonly at: number
  /** The source's own time with all its digits. Posts of one place are sorted by it, then by item and part. */
  readonly sentAt: string
  /** Which of the posts that one item became; 0: the first. */
  readonly part: number | 'documents'
  /** Key of the post the thread hangs on; null: it stands in the channel itself. */
  readonly root: string | null
  /** Cards and other names: what people can see. */
  readonly props: JsonObject | null
  readonly mark: PostMark | null
  readonly reactions: readonly PostReaction[]
  readonly files: readonly PostFile[]
  readonly pinned: boolean
  /** Milliseconds since 1970. */
  readonly editedAt: number | null
  readonly followers: readonly string[]
  readonly links: readonly PostLink[]
}
export type MattermostOperation = UserOperation | EmojiOperation | GroupOperation | ChannelOperation | PostOperation

/** The key of such a post. */
export const postKey = (item: ItemId, part: PostOperation['part']): IdempotencyKey => idempotencyKey(`${item}#${part}`)
/** The order of posts in a place, as text. */
export const orderOf = ({ sentAt, item, part }: PostOperation): string => `${sentAt}/${item}/${textOf(part)}`
/** Sorts as `orderOf` does. */
export function inOrder(a: PostOperation, b: PostOperation): number {
  if (a.sentAt !== b.sentAt) return a.sentAt < b.sentAt ? -1 : 1
  if (a.item !== b.item) return a.item < b.item ? -1 : 1
  const [one, other] = [textOf(a.part), textOf(b.part)]
  return one < other ? -1 : one > other ? 1 : 0
}
const textOf = (part: PostOperation['part']): string => String(part).padStart(4, '0')

/** `town` or `@alice,bob`: the place in remote ids. */
export const placeText = (place: Place): string => (place.type === 'channel' ? place.name : `@${place.members.join(',')}`)
