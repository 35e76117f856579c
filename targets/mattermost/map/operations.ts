import type { ItemId } from '../../../src/contract/ids.ts'
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
export interface PostOperation extends Operation {
  readonly type: 'post'
  readonly place: Place
  readonly user: string
  readonly placeholder: Placeholder | null
  readonly message: string
  /** Milliseconds since 1970 as the source says; the composer may move it by a few to keep times unique. */
  readonly at: number
  /** Sorts posts of one place: the source's own time with microseconds, then item and part. */
  readonly order: string
  /** Key of the post the thread hangs on; null: it stands in the channel itself. */
  readonly root: string | null
  readonly props: JsonObject | null
  /** A reply of an old server needs a second line for its props (cards, other names). */
  readonly propsMatter: boolean
  readonly reactions: readonly PostReaction[]
  readonly files: readonly PostFile[]
  readonly pinned: boolean
  /** Milliseconds since 1970. */
  readonly editedAt: number | null
  readonly followers: readonly string[]
  readonly links: readonly PostLink[]
}
export type MattermostOperation = UserOperation | EmojiOperation | GroupOperation | ChannelOperation | PostOperation

/** `town` or `@alice,bob`: the place in remote ids. */
export const placeText = (place: Place): string => (place.type === 'channel' ? place.name : `@${place.members.join(',')}`)
