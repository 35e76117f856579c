import type { WorldChannel, WorldFile, WorldUser } from '../world/model.ts'
import type { FileWire, Message, User } from '../world/wire.ts'
import type { World } from '../world/world.ts'
import type { Addresses } from './call.ts'
import { indexOf, threadFacts } from './threads.ts'

export interface RenderOptions {
  readonly world: World
  readonly addresses: Addresses
  /** What block ids are made of; they differ in every answer. */
  readonly serial: number
}

/** A message as history, replies and pins show it. */
export function renderMessage(options: RenderOptions, channel: WorldChannel, stored: Message): Message {
  const { byTs, replies } = indexOf(channel)
  const message: Message = { ...stored }
  const root = stored.thread_ts === undefined || stored.thread_ts === stored.ts
  if (!root) Object.assign(message, aboutParent(channel, stored, byTs.get(stored.thread_ts ?? '')))
  else if (replies.has(stored.ts))
    Object.assign(message, { thread_ts: stored.ts, ...threadFacts(channel, stored.ts), is_locked: false, subscribed: false })
  else delete message.thread_ts
  if (stored.blocks !== undefined)
    message.blocks = stored.blocks.map((block, at) => ({ ...block, block_id: block.block_id ?? `${options.serial.toString(36)}${at}` }))
  if (stored.files !== undefined) message.files = stored.files.map((carried) => renderCarried(options, carried))
  return message
}

function aboutParent(channel: WorldChannel, { subtype }: Message, parent: Message | undefined): Partial<Message> {
  if (parent === undefined) return {}
  const { ts, text, user, bot_id, username } = parent
  const facts: Partial<Message> = user === undefined ? {} : { parent_user_id: user }
  if (subtype === 'thread_broadcast')
    facts.root = { type: 'message', ts, thread_ts: ts, text, user, bot_id, username, subtype: parent.subtype, ...threadFacts(channel, ts) }
  return facts
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
