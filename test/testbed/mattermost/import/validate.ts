import { isUsername } from '../people.ts'
import { isChannelName, isReservedTeam, isTeamName } from '../places.ts'
import { MAX_MESSAGE_RUNES, runes } from '../messages.ts'
import { Refusal } from '../refusal.ts'
import type { Abilities } from '../version.ts'
import type {
  ChannelLine,
  DirectChannelLine,
  DirectPostLine,
  EmojiLine,
  PostLine,
  ReactionLine,
  ReplyLine,
  TeamLine,
  UserLine,
} from './shapes.ts'
import { wordingOf } from './wording.ts'

/** Stops a run with one of the server's error ids. */
export function abort(id: string, detail = '', message = wordingOf(id)): never {
  throw new Refusal(id, 400, message, detail)
}
const bytes = (text: string): number => Buffer.byteLength(text)

/** Returns the first rule a line breaks, as id below `app.import.`. */
type Rule = readonly [broken: boolean, id: string]
function check(kind: string, ...rules: readonly Rule[]): void {
  for (const [broken, id] of rules) if (broken) abort(`app.import.validate_${kind}_import_data.${id}.error`)
}
const cased = (can: Abilities, name: string | undefined): string => (can.forgivesCase ? (name ?? '').toLowerCase() : (name ?? ''))

export function validateTeam(team: TeamLine, can: Abilities): void {
  check(
    'team',
    [team.name === undefined, 'name_missing'],
    [bytes(team.name ?? '') > 64, 'name_length'],
    [isReservedTeam(team.name ?? ''), 'name_reserved'],
    [!isTeamName(cased(can, team.name)), 'name_characters'],
    [team.display_name === undefined, 'display_name_missing'],
    [team.display_name === '' || runes(team.display_name ?? '') > 64, 'display_name_length'],
    [team.type === undefined, 'type_missing'],
    [team.type !== 'O' && team.type !== 'I', 'type_invalid'],
    [bytes(team.description ?? '') > 255, 'description_length'],
  )
}

export function validateChannel(channel: ChannelLine, can: Abilities): void {
  const display = channel.display_name ?? ''
  check(
    'channel',
    [channel.team === undefined, 'team_missing'],
    [channel.name === undefined, 'name_missing'],
    [bytes(channel.name ?? '') > 64, 'name_length'],
    [!isChannelName(cased(can, channel.name)), 'name_characters'],
    [!can.displayNameOptional && channel.display_name === undefined, 'display_name_missing'],
    [(!can.displayNameOptional && display === '') || runes(display) > 64, 'display_name_length'],
    [channel.type === undefined, 'type_missing'],
    [channel.type !== 'O' && channel.type !== 'P', 'type_invalid'],
    [runes(channel.header ?? '') > 1024, 'header_length'],
    [runes(channel.purpose ?? '') > 250, 'purpose_length'],
  )
}

const AUTH_SERVICES = new Set(['', 'email', 'gitlab', 'saml', 'ldap', 'google', 'office365', 'openid'])
const isRoles = (roles: string): boolean => roles.trim() !== '' && roles.split(/\s+/).every((role) => /^[a-z0-9_]{1,64}$/.test(role))
const among = (value: string | undefined, ...allowed: readonly string[]): boolean => value === undefined || allowed.includes(value)

export function validateUser(user: UserLine, can: Abilities): void {
  const service = user.auth_service ?? ''
  const identity = user.auth_data ?? ''
  const props = user.notify_props ?? {}
  check(
    'user',
    [user.username === undefined, 'username_missing'],
    [!isUsername(cased(can, user.username)), 'username_invalid'],
    [user.email === undefined, 'email_missing'],
    [user.email === '' || bytes(user.email ?? '') > 128, 'email_length'],
    [user.auth_data !== undefined && user.password !== undefined, 'auth_data_and_password'],
    [bytes(identity) > 128, 'auth_data_length'],
    [(service === '') !== (identity === ''), 'auth_data_and_service_dependency'],
    [can.authServicesChecked && !AUTH_SERVICES.has(service), 'invalid_auth_service'],
    [user.password === '' || bytes(user.password ?? '') > 72, 'password_length'],
    [runes(user.nickname ?? '') > 64, 'nickname_length'],
    [runes(user.first_name ?? '') > 64, 'first_name_length'],
    [runes(user.last_name ?? '') > 64, 'last_name_length'],
    [runes(user.position ?? '') > 128, 'position_length'],
    [user.roles !== undefined && !isRoles(user.roles), 'roles_invalid'],
    [can.guestRolesChecked && mixesGuestRoles(user), 'guest_roles_conflict'],
    [!among(props.desktop, 'all', 'mention', 'none'), 'notify_props_desktop_invalid'],
    [!among(props.desktop_sound, 'true', 'false'), 'notify_props_desktop_sound_invalid'],
    [!among(props.email, 'true', 'false'), 'notify_props_email_invalid'],
    [!among(props.mobile, 'all', 'mention', 'none'), 'notify_props_mobile_invalid'],
    [!among(props.mobile_push_status, 'online', 'away', 'offline'), 'notify_props_mobile_push_status_invalid'],
    [!among(props.channel, 'true', 'false'), 'notify_props_channel_trigger_invalid'],
    [!among(props.comments, 'any', 'root', 'never'), 'notify_props_comments_trigger_invalid'],
  )
  for (const team of user.teams ?? []) {
    check('user_teams', [team.name === undefined, 'team_name_missing'], [team.roles !== undefined && !isRoles(team.roles), 'invalid_roles'])
    for (const channel of team.channels ?? []) {
      check(
        'user_channels',
        [channel.name === undefined, 'channel_name_missing'],
        [channel.roles !== undefined && !isRoles(channel.roles), 'invalid_roles'],
        [!among(channel.notify_props?.desktop, 'default', 'all', 'mention', 'none'), 'invalid_notify_props_desktop'],
        [!among(channel.notify_props?.mobile, 'default', 'all', 'mention', 'none'), 'invalid_notify_props_mobile'],
        [!among(channel.notify_props?.mark_unread, 'all', 'mention'), 'invalid_notify_props_mark_unread'],
      )
    }
  }
}

/** A guest is a guest everywhere, or the line is refused. */
function mixesGuestRoles(user: UserLine): boolean {
  const guest = (roles: string | undefined, word: string): boolean => (roles ?? '').split(/\s+/).includes(word)
  const isGuest = guest(user.roles, 'system_guest')
  return (user.teams ?? []).some(
    (team) =>
      (isGuest || guest(team.roles, 'team_guest') || (team.channels ?? []).some((channel) => guest(channel.roles, 'channel_guest'))) &&
      !(isGuest && guest(team.roles, 'team_guest') && (team.channels ?? []).every((channel) => guest(channel.roles, 'channel_guest'))),
  )
}

export function validateReaction(reaction: ReactionLine, parentAt: number): void {
  check(
    'reaction',
    [reaction.user === undefined, 'user_missing'],
    [reaction.emoji_name === undefined, 'emoji_name_missing'],
    [runes(reaction.emoji_name ?? '') > 64, 'emoji_name_length'],
    [reaction.create_at === undefined, 'create_at_missing'],
    [reaction.create_at === 0, 'create_at_zero'],
    [(reaction.create_at ?? 0) < parentAt, 'create_at_before_parent'],
  )
}

function messageRules(line: ReplyLine): Rule[] {
  return [
    [line.user === undefined, 'user_missing'],
    [line.message === undefined, 'message_missing'],
    [runes(line.message ?? '') > MAX_MESSAGE_RUNES, 'message_length'],
    [line.create_at === undefined, 'create_at_missing'],
    [line.create_at === 0, 'create_at_zero'],
  ]
}

export function validateReply(reply: ReplyLine, parentAt: number, can: Abilities): void {
  check('reply', ...messageRules(reply), [can.earlyReplyAborts && (reply.create_at ?? 0) < parentAt, 'create_at_before_parent'])
}

/** Reactions and replies are looked at only when they are stored: a bad one stops the run with its root already in place. */
export function validatePost(post: PostLine, can: Abilities): void {
  check('post', [post.team === undefined, 'team_missing'], [post.channel === undefined, 'channel_missing'], ...messageRules(post), [
    runes(JSON.stringify(post.props ?? {})) > can.propsRunes,
    'props_too_large',
  ])
}

const MEMBER_RULES = (count: number): Rule[] => [
  [count !== 2 && count < 3, 'members_too_few'],
  [count > 8, 'members_too_many'],
]

export function validateDirectChannel(line: DirectChannelLine, can: Abilities): readonly string[] {
  const members = (can.participants ? line.participants?.map((each) => each.username ?? '') : undefined) ?? line.members
  check(
    'direct_channel',
    [members === undefined, 'members_required'],
    ...MEMBER_RULES(members?.length ?? 0),
    [runes(line.header ?? '') > 1024, 'header_length'],
    [(line.favorited_by ?? []).some((name) => members?.includes(name) === false), 'unknown_favoriter'],
  )
  return members ?? []
}

export function validateDirectPost(line: DirectPostLine): void {
  const members = line.channel_members
  check(
    'direct_post',
    [members === undefined, 'channel_members_required'],
    ...MEMBER_RULES(members?.length ?? 0).map(([broken, id]): Rule => [broken, `channel_${id}`]),
    ...messageRules(line),
    [(line.flagged_by ?? []).some((name) => members?.includes(name) === false), 'unknown_flagger'],
  )
}

/** Whether the name belongs to the server itself is for the caller: old servers refuse such a line, new ones skip it. */
export function validateEmoji(emoji: EmojiLine, can: Abilities): void {
  check('emoji', [(emoji.name ?? '') === '', 'name_missing'])
  if (!(can.emojiPlus ? /^[a-zA-Z0-9_+-]{1,64}$/ : /^[a-zA-Z0-9_-]{1,64}$/).test(emoji.name ?? '')) abort('model.emoji.name.app_error')
  check('emoji', [(emoji.image ?? '') === '', 'image_missing'])
}
