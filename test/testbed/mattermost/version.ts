/** The servers the emulator can be. What each knows is below; `asVersion` says how sure we are. */
export const VERSIONS = ['5.36.1', '7.8.0', '9.11.0', '10.11.0', '11.5.0'] as const
export type MattermostVersion = (typeof VERSIONS)[number]

/** What one version can do that another cannot. Read from source at v5.36.1 and from 2023-26 snapshots of the monorepo; 7.8 lies between and is the least certain. */
export interface Abilities {
  /** Line types of the bulk format. Any other type aborts the run. */
  readonly lineTypes: readonly string[]
  /** Names are matched after lower-casing (validators and maps); the database lookup itself stays exact on PostgreSQL. */
  readonly forgivesCase: boolean
  readonly displayNameOptional: boolean
  readonly propsRunes: number
  /** `props` is a jsonb column, which refuses NUL where a text column keeps its escape. */
  readonly propsAreJsonb: boolean
  readonly missingAttachmentAborts: boolean
  /** A reply older than its root: refused, or moved to the root's time (and not found again on the next run). */
  readonly earlyReplyAborts: boolean
  readonly replyReactions: boolean
  readonly replyProps: boolean
  readonly postTypeAndEditAt: boolean
  readonly pinned: boolean
  readonly channelDeletedAt: boolean
  readonly threadFollowers: boolean
  readonly participants: boolean
  readonly readCounts: boolean
  /** Archived channels can be named by posts and memberships. */
  readonly archivedChannelsImport: boolean
  readonly systemEmojiSkipped: boolean
  /** Custom emoji may be called `a+b`. */
  readonly emojiPlus: boolean
  readonly importedEmojiBytes: number
  readonly apiEmojiBytes: number
  readonly guestRolesChecked: boolean
  readonly authServicesChecked: boolean
  readonly includeDeletedPosts: boolean
  readonly parentId: boolean
  /** `reply_count` is right everywhere. In 5.36 a channel page that brings its threads along says 0. */
  readonly countsReplies: boolean
  /** Asking for the posts or members of a channel that does not exist: 403 as for one that may not be read, later 404. */
  readonly hidesUnknownChannels: boolean
  readonly customGroups: boolean
  readonly bookmarks: boolean
  readonly threads: boolean
}

const OLD_LINES = ['version', 'scheme', 'team', 'channel', 'user', 'post', 'direct_channel', 'direct_post', 'emoji']
const MIB = 1 << 20

const V5: Abilities = {
  lineTypes: OLD_LINES,
  forgivesCase: false,
  displayNameOptional: false,
  propsRunes: 8_000,
  propsAreJsonb: false,
  missingAttachmentAborts: true,
  earlyReplyAborts: true,
  replyReactions: false,
  replyProps: false,
  postTypeAndEditAt: false,
  pinned: false,
  channelDeletedAt: false,
  threadFollowers: false,
  participants: false,
  readCounts: false,
  archivedChannelsImport: false,
  systemEmojiSkipped: false,
  emojiPlus: false,
  importedEmojiBytes: Number.POSITIVE_INFINITY,
  apiEmojiBytes: MIB,
  guestRolesChecked: false,
  authServicesChecked: false,
  includeDeletedPosts: false,
  parentId: true,
  countsReplies: false,
  hidesUnknownChannels: true,
  customGroups: false,
  bookmarks: false,
  threads: true,
}
const V7: Abilities = {
  ...V5,
  propsRunes: 800_000,
  propsAreJsonb: true,
  earlyReplyAborts: false,
  postTypeAndEditAt: true,
  includeDeletedPosts: true,
  parentId: false,
  countsReplies: true,
  hidesUnknownChannels: false,
  customGroups: true,
}
const V9: Abilities = {
  ...V7,
  lineTypes: [...OLD_LINES, 'role'],
  forgivesCase: true,
  displayNameOptional: true,
  missingAttachmentAborts: false,
  replyReactions: true,
  pinned: true,
  channelDeletedAt: true,
  threadFollowers: true,
  participants: true,
  readCounts: true,
  archivedChannelsImport: true,
  systemEmojiSkipped: true,
  emojiPlus: true,
  importedEmojiBytes: MIB / 2,
  apiEmojiBytes: MIB / 2,
  authServicesChecked: true,
}
const V10: Abilities = { ...V9, lineTypes: [...V9.lineTypes, 'bot'], replyProps: true, guestRolesChecked: true, bookmarks: true }

const ABILITIES: Readonly<Record<MattermostVersion, Abilities>> = { '5.36.1': V5, '7.8.0': V7, '9.11.0': V9, '10.11.0': V10, '11.5.0': V10 }

export function abilitiesOf(version: MattermostVersion): Abilities {
  return ABILITIES[version]
}
