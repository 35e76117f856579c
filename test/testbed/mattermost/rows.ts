import type { ChannelType } from '@mattermost/types/channels'
import type { JobStatus } from '@mattermost/types/jobs'
import type { TeamType } from '@mattermost/types/teams'

/** What the emulator stores, one interface per table. Times are milliseconds since 1970, as on the wire. */
export interface UserRow {
  readonly id: string
  readonly create_at: number
  update_at: number
  delete_at: number
  username: string
  email: string
  email_verified: boolean
  auth_service: string
  auth_data: string | null
  nickname: string
  first_name: string
  last_name: string
  position: string
  roles: string
  locale: string
  notify_props: Record<string, string>
  props: Record<string, string>
  timezone: Record<string, string>
  /** SHA-256 of the password, empty for accounts that sign in elsewhere. */
  passwordDigest: string
  last_password_update: number
  last_picture_update: number
  image?: Uint8Array
  bot?: BotFields
}
export interface BotFields {
  owner_id: string
  display_name: string
  description: string
}
export interface TeamRow {
  readonly id: string
  readonly create_at: number
  update_at: number
  delete_at: number
  name: string
  display_name: string
  type: TeamType
  description: string
  email: string
  invite_id: string
  allow_open_invite: boolean
  allowed_domains: string
  company_name: string
}
export interface TeamMemberRow {
  readonly team_id: string
  readonly user_id: string
  delete_at: number
  scheme_guest: boolean
  scheme_user: boolean
  scheme_admin: boolean
  explicit_roles: string
}
export interface ChannelRow {
  readonly id: string
  readonly create_at: number
  update_at: number
  delete_at: number
  team_id: string
  type: Exclude<ChannelType, 'threads'>
  name: string
  display_name: string
  header: string
  purpose: string
  creator_id: string
  last_post_at: number
  total_msg_count: number
  total_msg_count_root: number
}
export interface ChannelMemberRow {
  readonly channel_id: string
  readonly user_id: string
  last_viewed_at: number
  msg_count: number
  mention_count: number
  msg_count_root: number
  mention_count_root: number
  notify_props: Record<string, string>
  last_update_at: number
  scheme_guest: boolean
  scheme_user: boolean
  scheme_admin: boolean
  explicit_roles: string
}
export interface PostRow {
  id: string
  create_at: number
  update_at: number
  edit_at: number
  delete_at: number
  is_pinned: boolean
  user_id: string
  channel_id: string
  root_id: string
  /** Set on the hidden row that keeps an edited post's former text. */
  original_id: string
  message: string
  type: string
  props: Record<string, unknown>
  hashtags: string
  file_ids: string[]
}
export interface ReactionRow {
  readonly user_id: string
  readonly post_id: string
  readonly emoji_name: string
  readonly create_at: number
  update_at: number
  delete_at: number
}
export interface FileRow {
  readonly id: string
  readonly user_id: string
  readonly channel_id: string
  post_id: string
  readonly create_at: number
  update_at: number
  delete_at: number
  readonly name: string
  readonly mime_type: string
  readonly bytes: Uint8Array
  readonly width: number
  readonly height: number
}
export interface EmojiRow {
  readonly id: string
  readonly create_at: number
  update_at: number
  delete_at: number
  readonly creator_id: string
  readonly name: string
  image: Uint8Array
}
export interface UploadRow {
  readonly id: string
  readonly type: 'attachment' | 'import'
  readonly create_at: number
  readonly user_id: string
  readonly channel_id: string
  readonly filename: string
  readonly file_size: number
  readonly parts: Uint8Array[]
  file_offset: number
}
export interface JobRow {
  readonly id: string
  readonly type: string
  readonly priority: number
  readonly create_at: number
  start_at: number
  last_activity_at: number
  status: JobStatus
  progress: number
  data: Record<string, string>
  /** Set when the work is over; the answer shows it once enough polls have been made. */
  outcome?: { readonly status: 'success' | 'error'; readonly data: Record<string, string> }
  polls: number
}
export interface BookmarkRow {
  readonly id: string
  readonly create_at: number
  update_at: number
  delete_at: number
  readonly channel_id: string
  readonly owner_id: string
  display_name: string
  type: 'link' | 'file'
  link_url: string
  file_id: string
  emoji: string
  image_url: string
  sort_order: number
}
export interface GroupRow {
  readonly id: string
  readonly create_at: number
  update_at: number
  delete_at: number
  name: string
  display_name: string
  description: string
  allow_reference: boolean
  readonly members: Set<string>
}
export interface PreferenceRow {
  readonly user_id: string
  readonly category: string
  readonly name: string
  value: string
}
export interface ThreadMemberRow {
  readonly post_id: string
  readonly user_id: string
  following: boolean
  last_viewed: number
  unread_mentions: number
}
/** Something a person was told of. Imports make none; posts through the API do. */
export interface Notification {
  readonly user_id: string
  readonly post_id: string
  /** `added`: a mail that somebody added them to a channel. */
  readonly reason: 'mention' | 'direct' | 'channel' | 'thread' | 'added'
}
/** What one import run did, for tests that look at how it was done. */
export interface ImportRun {
  readonly jobId: string
  readonly lines: number
  readonly linesByType: Readonly<Record<string, number>>
  /** How often the line type changed: equal to the number of different types if they are grouped. */
  readonly typeChanges: number
  readonly warnings: readonly string[]
  readonly error?: { readonly id: string; readonly line: number; readonly message: string }
}
