/** The lines of a bulk import file as the server decodes them: every field optional, of the right type or the line is not read at all. */
export interface ReactionLine {
  user?: string
  emoji_name?: string
  create_at?: number
}
export interface AttachmentLine {
  path?: string
}
export interface ReplyLine {
  user?: string
  type?: string
  message?: string
  create_at?: number
  edit_at?: number
  props?: Record<string, unknown>
  is_pinned?: boolean
  flagged_by?: string[]
  reactions?: ReactionLine[]
  attachments?: AttachmentLine[]
}
export interface FollowerLine {
  user?: string
  last_viewed?: number
  unread_mentions?: number
}
export interface PostLine extends ReplyLine {
  team?: string
  channel?: string
  replies?: ReplyLine[]
  thread_followers?: FollowerLine[]
}
export interface DirectPostLine extends ReplyLine {
  channel_members?: string[]
  replies?: ReplyLine[]
  thread_followers?: FollowerLine[]
}
export interface ParticipantLine {
  username?: string
  last_viewed_at?: number
  msg_count?: number
  msg_count_root?: number
  mention_count?: number
  mention_count_root?: number
  scheme_user?: boolean
  scheme_admin?: boolean
  scheme_guest?: boolean
  notify_props?: Record<string, unknown>
}
export interface DirectChannelLine {
  members?: string[]
  participants?: ParticipantLine[]
  favorited_by?: string[]
  shown_by?: string[]
  header?: string
}
export interface TeamLine {
  name?: string
  display_name?: string
  type?: string
  description?: string
  allow_open_invite?: boolean
  scheme?: string
}
export interface ChannelLine {
  team?: string
  name?: string
  display_name?: string
  type?: string
  header?: string
  purpose?: string
  scheme?: string
  deleted_at?: number
}
export interface UserChannelLine {
  name?: string
  roles?: string
  favorite?: boolean
  notify_props?: { desktop?: string; mobile?: string; mark_unread?: string }
  mention_count?: number
  mention_count_root?: number
  msg_count?: number
  msg_count_root?: number
  last_viewed_at?: number
}
export interface UserTeamLine {
  name?: string
  roles?: string
  theme?: string
  channels?: UserChannelLine[]
}
export interface UserLine {
  username?: string
  email?: string
  auth_service?: string
  auth_data?: string
  password?: string
  nickname?: string
  first_name?: string
  last_name?: string
  position?: string
  roles?: string
  locale?: string
  delete_at?: number
  profile_image?: string
  teams?: UserTeamLine[]
  theme?: string
  notify_props?: Partial<
    Record<'desktop' | 'desktop_sound' | 'email' | 'mobile' | 'mobile_push_status' | 'channel' | 'comments' | 'mention_keys', string>
  >
}
export interface BotLine {
  username?: string
  owner?: string
  display_name?: string
  description?: string
  delete_at?: number
  profile_image?: string
}
export interface EmojiLine {
  name?: string
  image?: string
}
/** One line. Only the member named by `type` is looked at. */
export interface Line {
  type?: string
  version?: number
  team?: TeamLine
  channel?: ChannelLine
  user?: UserLine
  bot?: BotLine
  emoji?: EmojiLine
  post?: PostLine
  direct_channel?: DirectChannelLine
  direct_post?: DirectPostLine
  scheme?: { name?: string }
  role?: { name?: string }
}

type Shape = 'text' | 'int' | 'bool' | 'any' | readonly [Shape] | { readonly [key: string]: Shape }

const reaction = { user: 'text', emoji_name: 'text', create_at: 'int' } as const
const reply = {
  user: 'text',
  type: 'text',
  message: 'text',
  create_at: 'int',
  edit_at: 'int',
  props: 'any',
  is_pinned: 'bool',
  flagged_by: ['text'],
  reactions: [reaction],
  attachments: [{ path: 'text' }],
} as const
const thread = { ...reply, replies: [reply], thread_followers: [{ user: 'text', last_viewed: 'int', unread_mentions: 'int' }] } as const
const counts = { mention_count: 'int', mention_count_root: 'int', msg_count: 'int', msg_count_root: 'int', last_viewed_at: 'int' } as const

const LINE: Readonly<Record<string, Shape>> = {
  type: 'text',
  version: 'int',
  team: { name: 'text', display_name: 'text', type: 'text', description: 'text', allow_open_invite: 'bool', scheme: 'text' },
  channel: {
    team: 'text',
    name: 'text',
    display_name: 'text',
    type: 'text',
    header: 'text',
    purpose: 'text',
    scheme: 'text',
    deleted_at: 'int',
  },
  user: {
    ...{ username: 'text', email: 'text', auth_service: 'text', auth_data: 'text', password: 'text', nickname: 'text', first_name: 'text' },
    ...{ last_name: 'text', position: 'text', roles: 'text', locale: 'text', delete_at: 'int', profile_image: 'text', theme: 'text' },
    notify_props: {
      ...{ desktop: 'text', desktop_sound: 'text', email: 'text', mobile: 'text', mobile_push_status: 'text', channel: 'text' },
      ...{ comments: 'text', mention_keys: 'text' },
    },
    teams: [
      {
        ...{ name: 'text', roles: 'text', theme: 'text' },
        channels: [
          {
            name: 'text',
            roles: 'text',
            favorite: 'bool',
            notify_props: { desktop: 'text', mobile: 'text', mark_unread: 'text' },
            ...counts,
          },
        ],
      },
    ],
  },
  bot: { username: 'text', owner: 'text', display_name: 'text', description: 'text', delete_at: 'int', profile_image: 'text' },
  emoji: { name: 'text', image: 'text' },
  post: { team: 'text', channel: 'text', ...thread },
  direct_channel: {
    members: ['text'],
    participants: [{ username: 'text', scheme_user: 'bool', scheme_admin: 'bool', scheme_guest: 'bool', notify_props: 'any', ...counts }],
    favorited_by: ['text'],
    shown_by: ['text'],
    header: 'text',
  },
  direct_post: { channel_members: ['text'], ...thread },
  scheme: { name: 'text' },
  role: { name: 'text' },
}

/** Reads one line. @throws SyntaxError where it is no JSON, or a field has another type than the server's struct. `null` counts as absent. */
export function readLine(text: string): Line {
  return fit(JSON.parse(text), LINE, 'line') as Line
}

function fit(value: unknown, shape: Shape, at: string): unknown {
  const wrong = (): never => {
    throw new SyntaxError(`json: cannot unmarshal into field ${at}`)
  }
  if (shape === 'any') return value
  if (shape === 'text') return typeof value === 'string' ? value.toWellFormed() : wrong()
  if (shape === 'int') return Number.isSafeInteger(value) ? value : wrong()
  if (shape === 'bool') return typeof value === 'boolean' ? value : wrong()
  if (typeof value !== 'object' || value === null) return wrong()
  if (Array.isArray(shape)) return Array.isArray(value) ? value.map((each) => fit(each, shape[0] as Shape, at)) : wrong()
  if (Array.isArray(value)) return wrong()
  const fields = shape as Readonly<Record<string, Shape>>
  const fitted: Record<string, unknown> = {}
  for (const [key, inner] of Object.entries(value)) {
    const expected = fields[key]
    if (expected !== undefined && inner !== null) fitted[key] = fit(inner, expected, `${at}.${key}`)
  }
  return fitted
}
