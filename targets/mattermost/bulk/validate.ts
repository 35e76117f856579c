import type { JsonObject } from '../../../src/contract/json.ts'
import { Fault } from '../../../src/fault.ts'
import type { Features } from '../features.ts'
import { SYSTEM_EMOJI } from '../map/system-emoji.ts'
import type { ImportLine, ReactionLine, ReplyLine } from './lines.ts'

/** Bytes of one line; the server's scanner stops at 16 MiB. */
export const MAX_LINE_BYTES = 15 * 1024 * 1024

/** What earlier lines, or the server itself, made known. */
export interface KnownNames {
  readonly teams: ReadonlySet<string>
  readonly channels: ReadonlySet<string>
  readonly users: ReadonlySet<string>
}

/**
 * Says why a line would not pass, or undefined when it will. Accepts a subset of what every supported server accepts
 * (5.36.1 `app/import_validators.go` and `model/*.go`, read 2026-11-23), because the first refused line ends an import half-way.
 */
export function refusal(line: ImportLine, known: KnownNames, features: Features): string | undefined {
  switch (line.type) {
    case 'version':
      return undefined
    case 'emoji':
      return /^[a-z0-9_-]{1,64}$/.test(line.emoji.name) && !SYSTEM_EMOJI.has(line.emoji.name) && safePath(line.emoji.image)
        ? undefined
        : 'emoji name or image'
    case 'team':
      return isTeamName(line.team.name) && within(line.team.display_name, 1, 64) ? undefined : 'team name or title'
    case 'channel': {
      const { channel } = line
      if (!known.teams.has(channel.team)) return 'unknown team'
      if (!/^[a-z0-9][a-z0-9_-]{0,62}[a-z0-9]$/.test(channel.name)) return 'channel name'
      return within(channel.display_name, 1, 64) && within(channel.header ?? '', 0, 1024) && within(channel.purpose ?? '', 0, 250)
        ? undefined
        : 'length of a channel field'
    }
    case 'user': {
      const { user } = line
      if (!isUsername(user.username)) return 'username'
      if (user.email !== user.email.toLowerCase() || user.email.length > 128 || !/^[^\s@]+@[^\s@]+$/.test(user.email)) return 'address'
      if (
        ![user.nickname, user.first_name, user.last_name].every((text) => within(text ?? '', 0, 64)) ||
        !within(user.position ?? '', 0, 128)
      )
        return 'length of a user field'
      for (const team of user.teams ?? []) {
        if (!known.teams.has(team.name)) return 'unknown team'
        for (const { name } of team.channels) if (!known.channels.has(name)) return 'unknown channel'
      }
      return user.profile_image === undefined || safePath(user.profile_image) ? undefined : 'image path'
    }
    case 'direct_channel': {
      const names = line.direct_channel.members ?? line.direct_channel.participants?.map(({ username }) => username) ?? []
      return within(line.direct_channel.header ?? '', 0, 1024) ? badMembers(names, known) : 'header'
    }
    case 'post': {
      const { post } = line
      if (!known.teams.has(post.team)) return 'unknown team'
      if (!known.channels.has(post.channel)) return 'unknown channel'
      return badThread(post, known, features)
    }
    case 'direct_post':
      break
  }
  return badMembers(line.direct_post.channel_members, known) ?? badThread(line.direct_post, known, features)
}

/** @throws Fault `rejected` (our own mistake, never the person's): the line would end the import half-way. */
export function assertAccepted(line: ImportLine, known: KnownNames, features: Features): void {
  const why = refusal(line, known, features)
  if (why !== undefined)
    throw new Fault({
      code: 'rejected',
      what: `A ${line.type} line would be refused by the server`,
      why,
      remedy: 'Nothing was uploaded. Please report this with the output of `fallreep plan`',
    })
}

function badMembers(names: readonly string[], { users }: KnownNames): string | undefined {
  if (names.length < 2 || names.length > 8) return 'number of members'
  // Two may be one: a conversation with oneself.
  if (names.length > 2 && new Set(names).size < names.length) return 'a member twice'
  return names.every((name) => users.has(name)) ? undefined : 'unknown member'
}

function badThread(
  post: ReplyLine & { readonly replies?: readonly ReplyLine[] },
  known: KnownNames,
  features: Features,
): string | undefined {
  const own = badPost(post, 1, known, features)
  if (own !== undefined || post.replies === undefined) return own
  for (const reply of post.replies) {
    const why = badPost(reply, post.create_at + 1, known, features)
    if (why !== undefined) return `reply: ${why}`
  }
  return undefined
}

function badPost(post: ReplyLine, notBefore: number, { users }: KnownNames, features: Features): string | undefined {
  if (!users.has(post.user)) return 'unknown author'
  if (!Number.isSafeInteger(post.create_at) || post.create_at < notBefore) return 'time'
  const { message } = post
  if (message.length > features.maxMessage && Array.from(message).length > features.maxMessage) return 'length of the message'
  if (message.includes('\0') || !message.isWellFormed()) return 'characters of the message'
  if (post.props !== undefined && !isBareMark(post.props) && JSON.stringify(post.props).length > features.maxProps)
    return 'size of the props'
  if (post.reactions !== undefined)
    for (const reaction of post.reactions) if (badReaction(reaction, post.create_at, users)) return 'reaction'
  const files = post.attachments
  return files === undefined || (files.length <= 10 && files.every(({ path }) => safePath(path))) ? undefined : 'attachments'
}

/** Two short names and nothing else, as most posts have it. */
function isBareMark(props: JsonObject): boolean {
  for (const key in props) if (key !== 'fallreep') return false
  const mark = props['fallreep']
  return typeof mark === 'object' && mark !== null && !('original' in mark)
}

const badReaction = ({ user, emoji_name, create_at }: ReactionLine, at: number, users: ReadonlySet<string>): boolean =>
  !users.has(user) || create_at < at || !/^[a-zA-Z0-9+_-]{1,64}$/.test(emoji_name)

const within = (text: string, least: number, most: number): boolean =>
  text.length >= least && (text.length <= most || Array.from(text).length <= most) && !text.includes('\0') && text.isWellFormed()

const isUsername = (name: string): boolean => /^[a-z0-9._-]{1,64}$/.test(name) && !['all', 'channel', 'matterbot', 'system'].includes(name)

const RESERVED_TEAMS = [
  'admin',
  'api',
  'channel',
  'claim',
  'error',
  'files',
  'help',
  'landing',
  'login',
  'mfa',
  'oauth',
  'plug',
  'plugins',
  'post',
  'signup',
]
/** Team names must not even begin with a reserved word. */
export const isTeamName = (name: string): boolean =>
  /^[a-z0-9][a-z0-9-]{0,62}[a-z0-9]$/.test(name) && !RESERVED_TEAMS.some((word) => name.startsWith(word))

const safePath = (path: string): boolean =>
  path !== '' &&
  !path.startsWith('/') &&
  !path.includes('\0') &&
  !path.includes('\\') &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 255)
