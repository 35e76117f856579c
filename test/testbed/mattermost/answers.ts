import type { Bot } from '@mattermost/types/bots'
import type { ChannelBookmark } from '@mattermost/types/channel_bookmarks'
import type { ChannelMembership, ChannelNotifyProps, ChannelWithTeamData, ServerChannel } from '@mattermost/types/channels'
import type { CustomEmoji } from '@mattermost/types/emojis'
import type { FileInfo } from '@mattermost/types/files'
import type { Group } from '@mattermost/types/groups'
import type { Job } from '@mattermost/types/jobs'
import type { Post, PostMetadata } from '@mattermost/types/posts'
import type { Reaction } from '@mattermost/types/reactions'
import type { Team, TeamMembership } from '@mattermost/types/teams'
import type { UserProfile } from '@mattermost/types/users'
import { extensionOf } from './media.ts'
import type {
  BookmarkRow,
  ChannelMemberRow,
  ChannelRow,
  EmojiRow,
  FileRow,
  GroupRow,
  JobRow,
  PostRow,
  ReactionRow,
  TeamMemberRow,
  TeamRow,
  UploadRow,
  UserRow,
} from './rows.ts'
import type { Store } from './store.ts'

/** Fields a Go server leaves out when they are empty are left out here too. */
const unless = <K extends string, V>(key: K, empty: unknown, value: V): { [P in K]?: V } =>
  (value === empty ? {} : { [key]: value }) as { [P in K]?: V }

export type UserAnswer = Omit<Partial<UserProfile>, 'notify_props'> & {
  notify_props?: Record<string, string>
  disable_welcome_email: boolean
}

/** `whole` is what administrators and the person see when asking for one account; lists leave the settings out. */
export function userAnswer(user: UserRow, whole: boolean): UserAnswer {
  return {
    id: user.id,
    create_at: user.create_at,
    update_at: user.update_at,
    delete_at: user.delete_at,
    username: user.username,
    auth_data: '',
    auth_service: user.auth_service,
    email: user.email,
    ...(whole && user.email_verified ? { email_verified: true } : {}),
    nickname: user.nickname,
    first_name: user.first_name,
    last_name: user.last_name,
    position: user.position,
    roles: user.roles,
    ...(Object.keys(user.props).length > 0 ? { props: user.props } : {}),
    ...(whole ? { notify_props: user.notify_props, last_password_update: user.last_password_update } : {}),
    ...unless('last_picture_update', 0, user.last_picture_update),
    locale: user.locale,
    timezone: {
      automaticTimezone: user.timezone.automaticTimezone ?? '',
      manualTimezone: user.timezone.manualTimezone ?? '',
      useAutomaticTimezone: user.timezone.useAutomaticTimezone ?? 'true',
    },
    ...(user.bot === undefined ? {} : { is_bot: true, bot_description: user.bot.description }),
    disable_welcome_email: false,
  }
}

export const botAnswer = (user: UserRow): Bot => ({
  user_id: user.id,
  username: user.username,
  display_name: user.bot?.display_name ?? '',
  description: user.bot?.description ?? '',
  owner_id: user.bot?.owner_id ?? '',
  create_at: user.create_at,
  update_at: user.update_at,
  delete_at: user.delete_at,
})

type Nullable<T, K extends keyof T> = Omit<T, K> & { [P in K]: T[P] | null }
export type TeamAnswer = Nullable<Team, 'scheme_id' | 'group_constrained'>
export const teamAnswer = (team: TeamRow): TeamAnswer => ({ ...team, scheme_id: null, group_constrained: null, policy_id: null })

const roleNames = (
  kind: 'team' | 'channel',
  row: Pick<TeamMemberRow, 'scheme_guest' | 'scheme_user' | 'scheme_admin' | 'explicit_roles'>,
): string =>
  [
    ...(row.scheme_guest ? [`${kind}_guest`] : []),
    ...(row.scheme_user ? [`${kind}_user`] : []),
    ...(row.scheme_admin ? [`${kind}_admin`] : []),
    row.explicit_roles,
  ]
    .filter((name) => name !== '')
    .join(' ')

export type TeamMemberAnswer = Pick<
  TeamMembership,
  'team_id' | 'user_id' | 'roles' | 'delete_at' | 'scheme_guest' | 'scheme_user' | 'scheme_admin'
> & { explicit_roles: string }
export const teamMemberAnswer = (row: TeamMemberRow): TeamMemberAnswer => ({ ...row, roles: roleNames('team', row) })

export type ChannelAnswer = Omit<Nullable<ServerChannel, 'scheme_id' | 'group_constrained'>, 'last_root_post_at' | 'props' | 'shared'> & {
  extra_update_at: number
  props: null
  shared: boolean | null
}
export const channelAnswer = (row: ChannelRow): ChannelAnswer => ({
  ...row,
  extra_update_at: 0,
  scheme_id: null,
  props: null,
  group_constrained: null,
  shared: null,
  policy_id: null,
})
export type ChannelListAnswer = ChannelAnswer & Pick<ChannelWithTeamData, 'team_display_name' | 'team_name' | 'team_update_at'>
export const channelWithTeam = (store: Store, row: ChannelRow): ChannelListAnswer => {
  const team = store.teams.get(row.team_id)
  return {
    ...channelAnswer(row),
    team_display_name: team?.display_name ?? '',
    team_name: team?.name ?? '',
    team_update_at: team?.update_at ?? 0,
  }
}

export type ChannelMemberAnswer = Omit<
  ChannelMembership,
  'notify_props' | 'post_root_id' | 'is_unread' | 'forceUpdate' | 'urgent_mention_count'
> & {
  notify_props: Partial<ChannelNotifyProps> | Record<string, string>
  explicit_roles: string
}
export const channelMemberAnswer = (row: ChannelMemberRow): ChannelMemberAnswer => ({
  ...row,
  roles: roleNames('channel', row),
})

export type FileAnswer = Omit<FileInfo, 'width' | 'height' | 'clientId' | 'archived' | 'has_preview_image' | 'mini_preview'> & {
  width?: number
  height?: number
  has_preview_image?: boolean
  mini_preview: null
  remote_id: string
}
export const fileAnswer = (file: FileRow): FileAnswer => ({
  id: file.id,
  user_id: file.user_id,
  ...unless('post_id', '', file.post_id),
  channel_id: file.channel_id,
  create_at: file.create_at,
  update_at: file.update_at,
  delete_at: file.delete_at,
  name: file.name,
  extension: extensionOf(file.name),
  size: file.bytes.byteLength,
  mime_type: file.mime_type,
  ...unless('width', 0, file.width),
  ...unless('height', 0, file.height),
  ...(file.width > 0 ? { has_preview_image: true } : {}),
  mini_preview: null,
  remote_id: '',
})

export const reactionAnswer = (row: ReactionRow): Reaction & { update_at: number; delete_at: number; remote_id: string | null } => ({
  ...row,
  remote_id: '',
})
export const emojiAnswer = (row: EmojiRow): Omit<CustomEmoji, 'category'> => ({
  id: row.id,
  create_at: row.create_at,
  update_at: row.update_at,
  delete_at: row.delete_at,
  creator_id: row.creator_id,
  name: row.name,
})

export type PostAnswer = Omit<Post, 'type' | 'metadata' | 'participants'> & {
  type: string
  parent_id?: string
  participants: null
  metadata?: Partial<Omit<PostMetadata, 'files' | 'emojis'>> & {
    files?: ReturnType<typeof fileAnswer>[]
    emojis?: ReturnType<typeof emojiAnswer>[]
  }
}

/** A post as clients get it: reply count, and the files, reactions and custom emoji it needs. `counted`: the answer is one in which even old servers count replies. */
export function postAnswer(store: Store, post: PostRow, counted = store.can.countsReplies): PostAnswer {
  const reactions = store.reactionsOf(post.id).toSorted((a, b) => a.create_at - b.create_at)
  const files = post.file_ids.length === 0 ? [] : store.knownFiles(post.id)
  const names = new Set([...reactions.map((row) => row.emoji_name), ...(post.message.match(/(?<=:)[a-zA-Z0-9_-]+(?=:)/g) ?? [])])
  const emojis = (names.size === 0 ? [] : [...store.emojis.values()]).filter((emoji) => emoji.delete_at === 0 && names.has(emoji.name))
  const rootId = post.root_id === '' ? post.id : post.root_id
  return {
    id: post.id,
    create_at: post.create_at,
    update_at: post.update_at,
    edit_at: post.edit_at,
    delete_at: post.delete_at,
    is_pinned: post.is_pinned,
    user_id: post.user_id,
    channel_id: post.channel_id,
    root_id: post.root_id,
    ...(store.can.parentId ? { parent_id: post.root_id } : {}),
    original_id: post.original_id,
    // A deleted post is shown without what it said.
    message: post.delete_at === 0 ? post.message : '',
    type: post.type,
    props: post.props,
    hashtags: post.hashtags,
    ...(post.file_ids.length > 0 ? { file_ids: post.file_ids } : {}),
    pending_post_id: '',
    ...(reactions.length > 0 ? { has_reactions: true } : {}),
    reply_count: counted ? store.repliesOf(rootId).filter((reply) => reply.delete_at === 0).length : 0,
    last_reply_at: 0,
    participants: null,
    is_following: false,
    metadata: {
      ...(emojis.length > 0 ? { emojis: emojis.map(emojiAnswer) } : {}),
      ...(files.length > 0 ? { files: files.map(fileAnswer) } : {}),
      ...(reactions.length > 0 ? { reactions: reactions.map(reactionAnswer) } : {}),
    },
  }
}

export type JobAnswer = Omit<Job, 'type' | 'data'> & { type: string; data: Record<string, string> }
export const jobAnswer = (row: JobRow): JobAnswer => ({
  id: row.id,
  type: row.type,
  priority: row.priority,
  create_at: row.create_at,
  start_at: row.start_at,
  last_activity_at: row.last_activity_at,
  status: row.status,
  progress: row.progress,
  data: row.data,
})

export const uploadAnswer = (
  row: UploadRow,
): Omit<UploadRow, 'parts' | 'channel_id'> & { channel_id?: string; remote_id: string; req_file_id: string } => ({
  id: row.id,
  type: row.type,
  create_at: row.create_at,
  user_id: row.user_id,
  ...unless('channel_id', '', row.channel_id),
  filename: row.filename,
  file_size: row.file_size,
  file_offset: row.file_offset,
  remote_id: '',
  req_file_id: '',
})

export const bookmarkAnswer = (row: BookmarkRow): ChannelBookmark => row
export const groupAnswer = (row: GroupRow): Group => ({
  id: row.id,
  name: row.name,
  display_name: row.display_name,
  description: row.description,
  source: 'custom',
  remote_id: null,
  create_at: row.create_at,
  update_at: row.update_at,
  delete_at: row.delete_at,
  has_syncables: false,
  member_count: row.members.size,
  scheme_admin: false,
  allow_reference: row.allow_reference,
})
