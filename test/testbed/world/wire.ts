import type {
  BookmarksListResponse,
  ChatPostMessageArguments,
  ConversationsHistoryResponse,
  SlackListsItemsListResponse,
  TeamProfileGetResponse,
  UsergroupsListResponse,
  UsersListResponse,
} from '@slack/web-api'

/** A published type with its nominal enums opened to the words they stand for, so that answers can be written as literals. */
export type Open<T> = T extends string
  ? `${T}`
  : T extends readonly (infer U)[]
    ? Open<U>[]
    : T extends object
      ? { -readonly [K in keyof T]: Open<T[K]> }
      : T

type PublishedMessage = Open<NonNullable<ConversationsHistoryResponse['messages']>[number]>

/** Blocks are typed as Slack documents them for senders: the published answer types, inferred from samples, know no text inside rich text. */
export type Block = NonNullable<Extract<ChatPostMessageArguments, { blocks?: unknown }>['blocks']>[number]
export type RichText = Extract<Block, { type: 'rich_text' }>
export type RichSection = Extract<RichText['elements'][number], { type: 'rich_text_section' }>
export type Inline = RichSection['elements'][number]

/** Fields that messages carry on the wire and in exports, and that the published answer types do not list. */
interface Unlisted {
  ts: string
  blocks?: Block[]
  user_team?: string
  source_team?: string
  is_intro?: boolean
  pinned_to?: string[]
  pinned_info?: { channel: string; pinned_by: string; pinned_ts: number }
  last_read?: string
  old_name?: string
  name?: string
  item_type?: string
  bot_link?: string
  permalink?: string
  no_notifications?: boolean
  channel?: string
  room?: Record<string, unknown>
  replies?: { user: string; ts: string }[]
  user_profile?: Record<string, unknown>
  root?: Record<string, unknown>
}
export type Message = Omit<PublishedMessage, keyof Unlisted> & Unlisted

/** The shape the compiler checks answers against. Only the blocks are taken on trust, see `Block`. */
export const published = (messages: readonly Message[]): PublishedMessage[] => messages as unknown as PublishedMessage[]

export type FileWire = NonNullable<PublishedMessage['files']>[number]
export type User = Open<NonNullable<UsersListResponse['members']>[number]> & { id: string; name: string }
export type UserProfile = NonNullable<User['profile']>
export type UserGroup = Open<NonNullable<UsergroupsListResponse['usergroups']>[number]> & { id: string; handle: string; users: string[] }
export type Bookmark = Open<NonNullable<BookmarksListResponse['bookmarks']>[number]> & { id: string }
export type ListItem = Open<NonNullable<SlackListsItemsListResponse['items']>[number]> & { id: string }
export type ProfileField = Open<NonNullable<NonNullable<TeamProfileGetResponse['profile']>['fields']>[number]> & { id: string }
