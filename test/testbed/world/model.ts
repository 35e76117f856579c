import type { Bookmark, FileWire, ListItem, Message, ProfileField, User, UserGroup } from './wire.ts'

/** Topic or purpose: `lastSet` in seconds, 0 when never set. */
export interface Heading {
  readonly value: string
  readonly creator: string
  readonly lastSet: number
}

export interface WorldPin {
  readonly ts?: string
  readonly file?: string
  readonly by: string
  /** Seconds. */
  readonly created: number
}

export interface WorldChannel {
  readonly id: string
  readonly kind: 'public' | 'private' | 'mpim' | 'im'
  name: string
  readonly created: number
  readonly creator: string
  archived: boolean
  readonly general: boolean
  topic: Heading
  purpose: Heading
  /** User ids. Only conversations.members and the export tell them. */
  readonly members: string[]
  readonly previousNames: string[]
  /** Slack Connect: ids of the other workspaces. */
  readonly sharedWith: readonly string[]
  /** File id of the channel canvas. */
  readonly canvas?: string | undefined
  readonly pins: WorldPin[]
  readonly bookmarks: Bookmark[]
  /** Grows with every message that comes or goes, so that readers can keep what they worked out. */
  revision: number
  /** Roots and replies, by ts. Counts of replies are not stored: they follow from here. */
  readonly messages: Message[]
}

export interface WorldFile {
  readonly id: string
  /** What Slack says about the file, without its addresses: those depend on who serves it. */
  readonly wire: FileWire
  /** Undefined: there are no bytes to get (external, tombstone, hidden). */
  readonly bytes?: Uint8Array | undefined
  /** How often the bytes follow each other: a file of a gigabyte from a block of a megabyte. */
  readonly repeats: number
  readonly mediaType: string
  /** Only conversations that carry it, newest last. */
  readonly shares: { channel: string; ts: string }[]
  deleted: boolean
}

export interface WorldEmoji {
  readonly name: string
  readonly image?: Uint8Array
  readonly alias?: string
}

export interface WorldList {
  readonly id: string
  readonly title: string
  readonly channel: string
  readonly items: ListItem[]
}

export interface Team {
  readonly id: string
  readonly name: string
  readonly domain: string
  /** `free`: no user groups, nothing older than 90 days. */
  plan: 'free' | 'paid'
}

export interface WorldUser {
  readonly wire: User
  readonly avatar?: Uint8Array | undefined
  /** Custom profile fields by field id. */
  readonly fields: Readonly<Record<string, { value: string; alt: string }>>
}

/** Everything a workspace holds, before any token's view of it. */
export interface WorldState {
  readonly team: Team
  readonly users: Map<string, WorldUser>
  readonly channels: Map<string, WorldChannel>
  readonly files: Map<string, WorldFile>
  readonly groups: Map<string, UserGroup>
  readonly emoji: Map<string, WorldEmoji>
  readonly lists: Map<string, WorldList>
  readonly profileFields: ProfileField[]
}
