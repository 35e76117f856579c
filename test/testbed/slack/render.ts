import type { WorldChannel, WorldFile, WorldUser } from '../world/model.ts'
import { microseconds } from '../world/ts.ts'
import type { FileWire, Message, User } from '../world/wire.ts'
import type { World } from '../world/world.ts'
import type { Addresses } from './call.ts'

export interface RenderOptions {
  readonly world: World
  readonly addresses: Addresses
  /** What block ids are made of; they differ in every answer. */
  readonly serial: number
}

/** What follows from the replies that are there: Slack counts them at the root. */
export function threadFacts(
  channel: WorldChannel,
  root: string,
): Pick<Message, 'reply_count' | 'reply_users' | 'reply_users_count' | 'latest_reply'> {
  const replies = channel.messages.filter((message) => message.thread_ts === root && message.ts !== root)
  const users = [...new Set(replies.map(({ user, bot_id }) => user ?? bot_id ?? ''))]
  const latest = replies.at(-1)
  if (latest === undefined) return {}
  return { reply_count: replies.length, reply_users: users.slice(0, 5), reply_users_count: users.length, latest_reply: latest.ts }
}

const hasReplies = (channel: WorldChannel, ts: string): boolean =>
  channel.messages.some((message) => message.thread_ts === ts && message.ts !== ts)

/** A message as history, replies and pins show it. */
export function renderMessage(options: RenderOptions, channel: WorldChannel, stored: Message): Message {
  const message: Message = structuredClone(stored)
  const root = stored.thread_ts === undefined || stored.thread_ts === stored.ts
  if (root && hasReplies(channel, stored.ts))
    Object.assign(message, { thread_ts: stored.ts, ...threadFacts(channel, stored.ts), is_locked: false, subscribed: false })
  else if (root) delete message.thread_ts
  if (!root) {
    const parent = channel.messages.find(({ ts }) => ts === stored.thread_ts)
    if (parent?.user !== undefined) message.parent_user_id = parent.user
    if (stored.subtype === 'thread_broadcast' && parent !== undefined) {
      const { ts, text, user, bot_id, username, subtype } = parent
      message.root = { type: 'message', ts, thread_ts: ts, text, user, bot_id, username, subtype, ...threadFacts(channel, ts) }
    }
  }
  for (const [at, block] of (message.blocks ?? []).entries()) block.block_id ??= `${options.serial.toString(36)}${at}`
  if (message.files !== undefined) message.files = message.files.map((carried) => renderCarried(options, carried))
  return message
}

function renderCarried(options: RenderOptions, carried: FileWire): FileWire {
  const file = options.world.files.get(carried.id ?? '')
  if (file === undefined || file.deleted || file.wire.mode === 'tombstone') return { id: carried.id ?? '', mode: 'tombstone' }
  if (carried.file_access === 'check_file_info') return { id: file.id, file_access: 'check_file_info', mode: 'file_access' }
  return renderFile(options, file)
}

/** Marks that a browser's address bar would not survive are escaped, as Slack slugs them. */
const inPath = (name: string): string => encodeURIComponent(name.toLowerCase().replaceAll(/[^\p{L}\p{N}._-]+/gu, '_') || 'untitled')

/** A file object with addresses on the emulator's own servers. */
export function renderFile({ world, addresses }: RenderOptions, file: WorldFile): FileWire {
  const { mode, name = '' } = file.wire
  if (mode === 'tombstone' || mode === 'hidden_by_limit')
    return { id: file.id, mode, created: file.wire.created ?? 0, timestamp: file.wire.timestamp ?? 0 }
  const base = `${addresses.files}/files-pri/${world.team.id}-${file.id}`
  const page = `https://${world.team.domain}.slack.com/files/${file.wire.user ?? 'USLACKBOT'}/${file.id}/${inPath(name)}`
  const hosted = file.bytes !== undefined
  const carriers = file.shares.map(({ channel }) => world.channels.get(channel)).filter((channel) => channel !== undefined)
  const ids = (...kinds: readonly WorldChannel['kind'][]) => [
    ...new Set(carriers.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id)),
  ]
  return {
    ...file.wire,
    id: file.id,
    permalink: page,
    channels: ids('public'),
    groups: ids('private', 'mpim'),
    ims: ids('im'),
    has_rich_preview: false,
    file_access: 'visible',
    url_private: mode === 'external' ? (file.wire.external_url ?? page) : `${base}/${inPath(name)}`,
    ...(hosted ? { url_private_download: `${base}/download/${inPath(name)}` } : {}),
    ...(file.mediaType.startsWith('image/') && hosted
      ? { thumb_64: `${addresses.files}/files-tmb/${world.team.id}-${file.id}/64.png` }
      : {}),
  }
}

/** A member as users.list shows it; the e-mail address only to those who may see it. */
export function renderUser({ addresses }: RenderOptions, { wire, avatar }: WorldUser, withEmail: boolean): User {
  const user: User = structuredClone(wire)
  const profile = (user.profile ??= {})
  const picture = (size: string) => `${addresses.images}/avatars/${wire.id}_${profile.avatar_hash ?? 'g0'}_${size}.png`
  Object.assign(profile, { image_24: picture('24'), image_48: picture('48'), image_192: picture('192'), image_512: picture('512') })
  if (avatar !== undefined) profile.image_original = picture('original')
  if (!withEmail) delete profile.email
  return user
}

/** A conversation as conversations.list and info show it. Members are never in it. */
export function renderChannel({ world }: Pick<RenderOptions, 'world'>, channel: WorldChannel, viewer: string) {
  const { kind, id, name } = channel
  const common = {
    id,
    created: channel.created,
    creator: channel.creator,
    is_archived: channel.archived,
    is_org_shared: false,
    updated: channel.created * 1000,
    context_team_id: world.team.id,
  }
  if (kind === 'im') {
    const other = channel.members.find((member) => member !== viewer) ?? viewer
    return {
      ...common,
      is_im: true,
      is_channel: false,
      is_group: false,
      user: other,
      is_user_deleted: world.users.get(other)?.wire.deleted ?? false,
      priority: 0,
    }
  }
  const shared = channel.sharedWith.length > 0
  return {
    ...common,
    name,
    name_normalized: name.normalize('NFKC').toLowerCase(),
    is_channel: kind !== 'mpim',
    is_group: kind === 'mpim',
    is_im: false,
    is_mpim: kind === 'mpim',
    is_private: kind !== 'public',
    is_general: channel.general,
    is_member: channel.members.includes(viewer),
    is_shared: shared,
    is_ext_shared: shared,
    is_pending_ext_shared: false,
    pending_shared: [],
    shared_team_ids: [world.team.id, ...channel.sharedWith],
    unlinked: 0,
    topic: headingWire(channel.topic),
    purpose: headingWire(channel.purpose),
    previous_names: channel.previousNames,
    num_members: channel.members.length,
    ...(channel.canvas === undefined ? {} : { properties: { canvas: { file_id: channel.canvas, is_empty: false, quip_thread_id: 'Q' } } }),
  }
}

const headingWire = ({ value, creator, lastSet }: WorldChannel['topic']) => ({ value, creator, last_set: lastSet })

/** Order of time, as Slack compares: numbers, not text. */
export const byTime = (one: { ts: string }, other: { ts: string }): number => microseconds(one.ts) - microseconds(other.ts)
