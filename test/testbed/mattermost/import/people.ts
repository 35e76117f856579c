import {
  activeMembersOf,
  defaultChannelNotifyProps,
  defaultNotifyProps,
  isGuest,
  isUsername,
  refuseText,
  saveUser,
  setPassword,
} from '../people.ts'
import type { ChannelRow, TeamRow, UserRow } from '../rows.ts'
import type { Store } from '../store.ts'
import { entryName, readMember, type Run } from './run-context.ts'
import type { BotLine, UserChannelLine, UserLine, UserTeamLine } from './shapes.ts'
import { abort, validateUser } from './validate.ts'

/** What the server makes up when a line brings neither password nor single sign-on: nobody knows it. */
const madeUpPassword = (store: Store): string => `Aa1!${store.id()}`

const NOTIFY_KEYS = {
  desktop: 'desktop',
  desktop_sound: 'desktop_sound',
  email: 'email',
  mobile: 'push',
  mobile_push_status: 'push_status',
  channel: 'channel',
  comments: 'comments',
  mention_keys: 'mention_keys',
} as const

/**
 * Creates or rewrites an account. For a known one the traps are real: without `auth_data` it gets a password (made up unless given) and loses
 * single sign-on, its locale falls back to the default, roles given replace its roles, and every membership the line names is reset.
 */
export async function importUser(run: Run, line: UserLine): Promise<void> {
  const { store } = run
  if (line.profile_image !== undefined && !run.zip.has(entryName(line.profile_image) ?? '') && store.can.missingAttachmentAborts)
    abort('app.import.validate_user_import_data.profile_image.error')
  validateUser(line, store.can)
  const user = store.userNamed((line.username ?? '').toLowerCase())
  const saved = user === undefined ? createUser(store, line) : overwriteUser(store, user, line)
  if (line.profile_image !== undefined) {
    const image = await readMember(run, line.profile_image)
    if (image === undefined) run.warnings.push(`profile image ${line.profile_image} not found`)
    else {
      saved.image = image
      saved.last_picture_update = saved.update_at = store.now()
    }
  }
  if (line.theme !== undefined) store.setPreference(saved.id, 'theme', '', line.theme)
  importMemberships(store, saved, line.teams)
}

function notifyProps(line: UserLine, before: Readonly<Record<string, string>>): Record<string, string> {
  const props = { ...before }
  for (const [key, name] of Object.entries(NOTIFY_KEYS)) {
    const value = line.notify_props?.[key as keyof typeof NOTIFY_KEYS]
    if (value !== undefined) props[name] = value
  }
  return props
}

function createUser(store: Store, line: UserLine): UserRow {
  const password = line.auth_data === undefined ? (line.password ?? madeUpPassword(store)) : ''
  return saveUser(store, {
    username: line.username ?? '',
    email: line.email ?? '',
    email_verified: true,
    password,
    auth_service: line.auth_service ?? '',
    auth_data: line.auth_data ?? null,
    nickname: line.nickname ?? '',
    first_name: line.first_name ?? '',
    last_name: line.last_name ?? '',
    position: line.position ?? '',
    locale: line.locale ?? store.config.LocalizationSettings.DefaultClientLocale,
    roles: line.roles ?? 'system_user',
    delete_at: line.delete_at ?? 0,
    notify_props: notifyProps(line, defaultNotifyProps()),
  })
}

function overwriteUser(store: Store, user: UserRow, line: UserLine): UserRow {
  refuseText(line.nickname, line.first_name, line.last_name, line.position)
  const email = (line.email ?? '').toLowerCase()
  const holder = store.userWithEmail(email)
  if (holder !== undefined && holder !== user) abort('app.user.save.email_exists.app_error')
  user.email = email
  user.email_verified = true
  for (const key of ['nickname', 'first_name', 'last_name', 'position'] as const) user[key] = line[key] ?? user[key]
  user.locale = line.locale ?? store.config.LocalizationSettings.DefaultClientLocale
  user.roles = line.roles ?? user.roles
  user.notify_props = notifyProps(line, user.notify_props)
  user.update_at = store.now()
  if (line.auth_data === undefined) setPassword(store, user, line.password ?? madeUpPassword(store))
  else if (user.auth_data !== line.auth_data || user.auth_service !== line.auth_service) {
    user.auth_data = line.auth_data
    user.auth_service = line.auth_service ?? ''
    user.passwordDigest = ''
  }
  return user
}

function importMemberships(store: Store, user: UserRow, lines: readonly UserTeamLine[] | undefined): void {
  const teams = (lines ?? []).map((line) => store.teamNamed(line.name ?? ''))
  if (teams.includes(undefined)) abort('app.import.get_teams_by_names.some_teams_not_found.error')
  for (const [index, line] of (lines ?? []).entries()) {
    const team = teams[index]
    if (team !== undefined) joinImported(store, user, team, line)
  }
  for (const [index, line] of (lines ?? []).entries()) {
    const team = teams[index]
    if (team !== undefined) importChannels(store, user, team, line.channels ?? [])
  }
}

function joinImported(store: Store, user: UserRow, team: TeamRow, line: UserTeamLine): void {
  const key = `${team.id}/${user.id}`
  const limit = store.config.TeamSettings.MaxUsersPerTeam
  const known = store.teamMembers.get(key)
  if (known === undefined) {
    const count = activeMembersOf(store, team.id).length + 1
    if (count > limit)
      abort(
        'app.import.import_user_teams.save_members.max_accounts.app_error',
        '',
        'Unable to import team membership because no more members are allowed in that team',
      )
  }
  store.teamMembers.set(key, { team_id: team.id, user_id: user.id, delete_at: 0, ...rolesOf('team', line.roles) })
  if (line.theme !== undefined) store.setPreference(user.id, 'theme', team.id, line.theme)
}

/** Roles given beside the known three are kept as explicit ones. Absent roles mean an ordinary member: admin flags are lost. */
function rolesOf(
  kind: 'team' | 'channel',
  roles: string | undefined,
): { scheme_guest: boolean; scheme_user: boolean; scheme_admin: boolean; explicit_roles: string } {
  const names = (roles ?? '').split(/\s+/).filter((name) => name !== '')
  const has = (role: string): boolean => names.includes(`${kind}_${role}`)
  return {
    scheme_guest: has('guest'),
    scheme_user: !has('guest') || has('user'),
    scheme_admin: has('admin'),
    explicit_roles: names.filter((name) => ![`${kind}_guest`, `${kind}_user`, `${kind}_admin`].includes(name)).join(' '),
  }
}

function importChannels(store: Store, user: UserRow, team: TeamRow, lines: readonly UserChannelLine[]): void {
  const named = new Map<ChannelRow, UserChannelLine>()
  const all = isGuest(user) || lines.some((line) => line.name === 'town-square') ? lines : [...lines, { name: 'town-square' }]
  for (const line of all) {
    const channel = store.channelNamed(team.id, line.name ?? '')
    if (channel === undefined || (channel.delete_at !== 0 && !store.can.archivedChannelsImport))
      return abort('app.import.import_user_channels.channel_not_found.error', '', 'Error importing user channels. Channel not found.')
    named.set(channel, line)
  }
  for (const [channel, line] of named) {
    const counts = store.can.readCounts ? line : {}
    const notify_props = defaultChannelNotifyProps()
    for (const [from, to] of [
      ['desktop', 'desktop'],
      ['mobile', 'push'],
      ['mark_unread', 'mark_unread'],
    ] as const)
      notify_props[to] = line.notify_props?.[from] ?? notify_props[to] ?? ''
    store.setChannelMember({
      channel_id: channel.id,
      user_id: user.id,
      last_viewed_at: counts.last_viewed_at ?? 0,
      msg_count: counts.msg_count ?? 0,
      msg_count_root: counts.msg_count_root ?? 0,
      mention_count: counts.mention_count ?? 0,
      mention_count_root: counts.mention_count_root ?? 0,
      notify_props,
      last_update_at: store.now(),
      ...rolesOf('channel', line.roles),
    })
    if (line.favorite === true) store.setPreference(user.id, 'favorite_channel', channel.id, 'true')
  }
}

/** A bot account. The owner may be a name nobody has (it is then kept as it is); `delete_at` is read and never applied. */
export async function importBot(run: Run, line: BotLine): Promise<void> {
  const { store } = run
  const username = (line.username ?? '').toLowerCase()
  if (!isUsername(username)) abort('app.import.validate_bot_import_data.username_invalid.error')
  if ((line.owner ?? '') === '') abort('app.import.validate_bot_import_data.owner_missing.error')
  const bot = {
    owner_id: store.userNamed(line.owner ?? '')?.id ?? line.owner ?? '',
    display_name: line.display_name ?? '',
    description: line.description ?? '',
  }
  const known = store.userNamed(username)
  const user = known ?? saveUser(store, { username, email: `${username}@localhost`, first_name: bot.display_name, bot })
  user.bot = bot
  user.first_name = bot.display_name
  const image = line.profile_image === undefined ? undefined : await readMember(run, line.profile_image)
  if (image !== undefined) user.image = image
}
