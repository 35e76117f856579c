import type { JsonObject } from '../../../src/contract/json.ts'
import type { Features } from '../features.ts'
import type { ChannelOperation, Place, PostOperation, UserOperation } from '../map/operations.ts'

/** Lines of the bulk import format, as far as they are written here. Field names are the server's. */
export interface ReactionLine {
  readonly user: string
  readonly emoji_name: string
  readonly create_at: number
}
export interface ReplyLine {
  readonly user: string
  readonly message: string
  readonly create_at: number
  readonly edit_at?: number
  readonly is_pinned?: boolean
  readonly props?: JsonObject
  readonly reactions?: readonly ReactionLine[]
  readonly attachments?: readonly { readonly path: string }[]
}
interface PostBody extends ReplyLine {
  readonly replies?: readonly ReplyLine[]
  readonly thread_followers?: readonly { readonly user: string }[]
}
export interface PostLine extends PostBody {
  readonly team: string
  readonly channel: string
}
export interface DirectPostLine extends PostBody {
  readonly channel_members: readonly string[]
}
export interface UserLine {
  readonly username: string
  readonly email: string
  readonly nickname?: string
  readonly first_name?: string
  readonly last_name?: string
  readonly position?: string
  readonly delete_at?: number
  readonly profile_image?: string
  readonly teams?: readonly { readonly name: string; readonly channels: readonly { readonly name: string }[] }[]
}
export interface ChannelLine {
  readonly team: string
  readonly name: string
  readonly display_name: string
  readonly type: 'O' | 'P'
  readonly header?: string
  readonly purpose?: string
  readonly deleted_at?: number
}
export interface DirectChannelLine {
  readonly members?: readonly string[]
  readonly participants?: readonly { readonly username: string; readonly scheme_user: true }[]
  readonly header?: string
}
export type ImportLine =
  | { readonly type: 'version'; readonly version: 1 }
  | { readonly type: 'emoji'; readonly emoji: { readonly name: string; readonly image: string } }
  | {
      readonly type: 'team'
      readonly team: { readonly name: string; readonly display_name: string; readonly type: 'O' | 'I'; readonly allow_open_invite: boolean }
    }
  | { readonly type: 'channel'; readonly channel: ChannelLine }
  | { readonly type: 'user'; readonly user: UserLine }
  | { readonly type: 'post'; readonly post: PostLine }
  | { readonly type: 'direct_channel'; readonly direct_channel: DirectChannelLine }
  | { readonly type: 'direct_post'; readonly direct_post: DirectPostLine }

/** A post with its final time and the text as it stands (or will stand) on the server. */
export interface PlacedPost {
  readonly op: PostOperation
  readonly at: number
  readonly message: string
}

export const attachmentPath = (file: PostOperation['files'][number]): string => `${file.folder}/${file.name}`

/** Reactions have no time at the source; the server wants one that is not before the post. */
function reactionsOf({ op, at }: PlacedPost): readonly ReactionLine[] {
  return op.reactions.map(({ user, emoji }, index) => ({ user, emoji_name: emoji, create_at: at + 1 + index }))
}

/** The mark first: a delta finds by it again what it brought. */
function propsOf({ item, props, mark }: PostOperation): JsonObject {
  if (mark === null) return { ...props }
  const { source, original } = mark
  return { fallreep: original === null ? { id: item, source } : { id: item, source, original }, ...props }
}

function bodyOf(post: PlacedPost, features: Features): ReplyLine {
  const { op } = post
  const line: { -readonly [K in keyof ReplyLine]: ReplyLine[K] } = { user: op.user, message: post.message, create_at: post.at }
  if (op.editedAt !== null && features.editLines) line.edit_at = op.editedAt
  if (op.pinned && features.pinLines) line.is_pinned = true
  if (op.props !== null || op.mark !== null) line.props = propsOf(op)
  if (op.reactions.length > 0) line.reactions = reactionsOf(post)
  if (op.files.length > 0) line.attachments = op.files.map((file) => ({ path: attachmentPath(file) }))
  return line
}

/** A reply inside its root's line. Old servers ignore props and reactions there; they are left out, and `touchLine` brings them. */
export function replyLine(post: PlacedPost, features: Features): ReplyLine {
  if (features.replyExtras) return bodyOf(post, features)
  const { op, at, message } = post
  const line = { user: op.user, message, create_at: at }
  return op.files.length === 0 ? line : { ...line, attachments: op.files.map((file) => ({ path: attachmentPath(file) })) }
}

/** True if a reply needs a second line of its own, because this server ignores part of it inside the root's line. */
export const needsTouch = (op: PostOperation, features: Features): boolean =>
  !features.replyExtras && (op.reactions.length > 0 || op.props !== null)

/** A thread, or a part of one, as one line. Sent again with the same text and time it changes nothing but what is new in it. */
export function threadLine(root: PlacedPost, replies: readonly ReplyLine[], team: string, features: Features): ImportLine {
  const body: PostBody = {
    ...bodyOf(root, features),
    ...(root.op.followers.length > 0 && features.followerLines ? { thread_followers: root.op.followers.map((user) => ({ user })) } : {}),
    ...(replies.length > 0 ? { replies } : {}),
  }
  return placed(root.op.place, body, team)
}

/**
 * A reply addressed as if it stood alone. The server finds the post by channel, time and text whatever thread it hangs in, and writes the
 * props and reactions of this line to it: the only way to give them to replies on servers that ignore them inside a thread
 * (5.36.1, `importMultiplePostLines`: looked up by `GetPostsCreatedAt`, its root is kept).
 */
export const touchLine = (post: PlacedPost, team: string, features: Features): ImportLine =>
  placed(post.op.place, bodyOf(post, features), team)

const placed = (place: Place, body: PostBody, team: string): ImportLine =>
  place.type === 'channel'
    ? { type: 'post', post: { team, channel: place.name, ...body } }
    : { type: 'direct_post', direct_post: { channel_members: place.members, ...body } }

export function userLine(op: UserOperation, team: string, channels: readonly string[], deletedAt: number): ImportLine {
  const inTeam = op.inTeam || channels.length > 0
  return {
    type: 'user',
    user: {
      username: op.username,
      email: op.email,
      ...(op.nickname === '' ? {} : { nickname: op.nickname }),
      ...(op.firstName === '' ? {} : { first_name: op.firstName }),
      ...(op.lastName === '' ? {} : { last_name: op.lastName }),
      ...(op.position === '' ? {} : { position: op.position }),
      ...(op.active ? {} : { delete_at: deletedAt }),
      ...(op.avatar === null ? {} : { profile_image: avatarPath(op) }),
      ...(inTeam ? { teams: [{ name: team, channels: channels.map((name) => ({ name })) }] } : {}),
    },
  }
}
export const avatarPath = (op: UserOperation): string => `avatars/${op.avatar?.sha256 ?? ''}`

export function channelLine(op: ChannelOperation, team: string, features: Features): ImportLine {
  if (op.place.type === 'channel')
    return {
      type: 'channel',
      channel: {
        team,
        name: op.place.name,
        display_name: op.title,
        type: op.open ? 'O' : 'P',
        header: op.header,
        purpose: op.purpose,
        ...(op.archived && features.archiveLines ? { deleted_at: ARCHIVED_AT } : {}),
      },
    }
  const { members } = op.place
  const header = op.header === '' ? {} : { header: op.header }
  return {
    type: 'direct_channel',
    direct_channel: features.participants
      ? { participants: members.map((username) => ({ username, scheme_user: true })), ...header }
      : { members, ...header },
  }
}
/** When nobody says when: any time is as good, a fixed one keeps the bytes equal. */
export const ARCHIVED_AT = Date.UTC(2020, 0, 1)
