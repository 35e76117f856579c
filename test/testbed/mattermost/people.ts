import { draftPost, insertPosts } from './messages.ts'
import { Refusal, refuseNulIn } from './refusal.ts'
import type { TeamMemberRow, UserRow } from './rows.ts'
import { digest, type Store } from './store.ts'

export const defaultNotifyProps = (): Record<string, string> => ({
  channel: 'true',
  comments: 'never',
  desktop: 'mention',
  desktop_sound: 'true',
  email: 'true',
  first_name: 'false',
  mention_keys: '',
  push: 'mention',
  push_status: 'away',
})

const RESERVED_USERNAMES = new Set(['all', 'channel', 'matterbot', 'system'])
/** 5.36 wants a letter first only for names made by itself; what people may be called is letters, digits, dot, dash and underscore. */
export const isUsername = (name: string): boolean => /^[a-z0-9._-]{1,64}$/.test(name) && !RESERVED_USERNAMES.has(name)

/** The password rules of the configuration, as sign-up, password change and import all apply them. */
export function checkPasswordRules(store: Store, password: string): void {
  const rules = store.config.PasswordSettings
  const fits =
    password.length >= rules.MinimumLength &&
    password.length <= 72 &&
    (!rules.Lowercase || /[a-z]/.test(password)) &&
    (!rules.Uppercase || /[A-Z]/.test(password)) &&
    (!rules.Number || /[0-9]/.test(password)) &&
    (!rules.Symbol || /[ !"\\#$%&'()*+,./:;<=>?@[\]^_`|~-]/.test(password))
  if (!fits)
    throw new Refusal('model.user.is_valid.pwd_lowercase_uppercase_number_symbol.app_error', 400, 'The password does not meet the rules.')
}

/** What the database will not take in the text columns of an account. */
export const refuseText = (...texts: readonly (string | undefined)[]): void => refuseNulIn('app.user.save.app_error', 'account', ...texts)

export type NewUser = Partial<Omit<UserRow, 'id' | 'create_at' | 'passwordDigest'>> &
  Pick<UserRow, 'username' | 'email'> & { password?: string }

/** Stores a person after the checks every road to a new account makes: rules of the password, form of name and address, both unused. */
export function saveUser(store: Store, { password = '', ...fields }: NewUser): UserRow {
  const username = fields.username.toLowerCase()
  const email = fields.email.toLowerCase()
  if ((fields.auth_service ?? '') === '' && fields.bot === undefined) checkPasswordRules(store, password)
  if (!isUsername(username)) throw new Refusal('model.user.is_valid.username.app_error', 400, 'The username is not valid.')
  if (!/^[^@\s]+@[^@\s]+$/.test(email) || email.length > 128)
    throw new Refusal('model.user.is_valid.email.app_error', 400, 'Invalid email.')
  refuseText(fields.nickname, fields.first_name, fields.last_name, fields.position)
  if (store.userWithEmail(email))
    throw new Refusal('app.user.save.email_exists.app_error', 400, 'An account with that email already exists.')
  if (store.userNamed(username))
    throw new Refusal('app.user.save.username_exists.app_error', 400, 'An account with that username already exists.')
  const now = store.now()
  return store.addUser({
    nickname: '',
    first_name: '',
    last_name: '',
    position: '',
    roles: 'system_user',
    locale: store.config.LocalizationSettings.DefaultClientLocale,
    delete_at: 0,
    auth_service: '',
    auth_data: null,
    email_verified: false,
    notify_props: defaultNotifyProps(),
    props: {},
    timezone: { automaticTimezone: '', manualTimezone: '', useAutomaticTimezone: 'true' },
    last_picture_update: 0,
    ...fields,
    update_at: now,
    last_password_update: now,
    id: store.id(),
    create_at: now,
    username,
    email,
    passwordDigest: password === '' ? '' : digest(password),
  })
}

/** The trap of a re-import: a new password also cuts the link to single sign-on. */
export function setPassword(store: Store, user: UserRow, password: string): void {
  checkPasswordRules(store, password)
  user.passwordDigest = digest(password)
  user.auth_data = null
  user.auth_service = ''
  user.last_password_update = user.update_at = store.now()
}

export const isGuest = (user: UserRow): boolean => user.roles.split(' ').includes('system_guest')
export const isAdmin = (user: UserRow): boolean => user.roles.split(' ').includes('system_admin')

export const activeMembersOf = (store: Store, teamId: string): readonly TeamMemberRow[] =>
  store.membersOfTeam(teamId).filter((member) => store.users.get(member.user_id)?.delete_at === 0)

/** Adds a person to a team through the API: also to `town-square` and, unless a guest, to `off-topic`. */
export function joinTeam(store: Store, teamId: string, user: UserRow, admin = false): TeamMemberRow {
  const key = `${teamId}/${user.id}`
  const known = store.teamMembers.get(key)
  if (known !== undefined && known.delete_at === 0) return known
  if (activeMembersOf(store, teamId).length >= store.config.TeamSettings.MaxUsersPerTeam)
    throw new Refusal(
      'api.team.join_user_to_team.max_accounts.app_error',
      400,
      'This team has reached the maximum number of allowed accounts.',
    )
  const member: TeamMemberRow = {
    team_id: teamId,
    user_id: user.id,
    delete_at: 0,
    scheme_guest: isGuest(user),
    scheme_user: !isGuest(user),
    scheme_admin: admin,
    explicit_roles: '',
  }
  store.teamMembers.set(key, member)
  if (!isGuest(user)) {
    for (const name of ['town-square', 'off-topic']) {
      const channel = store.channelNamed(teamId, name)
      if (channel === undefined || channel.delete_at !== 0) continue
      joinChannel(store, channel.id, user)
      const inTeam = name === 'town-square'
      insertPosts(store, [
        draftPost(store, {
          channel_id: channel.id,
          user_id: user.id,
          message: `${user.username} joined the ${inTeam ? 'team' : 'channel'}.`,
          type: inTeam ? 'system_join_team' : 'system_join_channel',
          props: { username: user.username },
        }),
      ])
    }
  }
  return member
}

export const defaultChannelNotifyProps = (): Record<string, string> => ({
  desktop: 'default',
  email: 'default',
  ignore_channel_mentions: 'default',
  mark_unread: 'all',
  push: 'default',
})

export function joinChannel(store: Store, channelId: string, user: UserRow, admin = false): void {
  if (store.channelMember(channelId, user.id) !== undefined) return
  store.setChannelMember({
    channel_id: channelId,
    user_id: user.id,
    last_viewed_at: 0,
    msg_count: 0,
    mention_count: 0,
    msg_count_root: 0,
    mention_count_root: 0,
    notify_props: defaultChannelNotifyProps(),
    last_update_at: store.now(),
    scheme_guest: isGuest(user),
    scheme_user: !isGuest(user),
    scheme_admin: admin,
    explicit_roles: '',
  })
}
