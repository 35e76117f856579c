import { createHash } from 'node:crypto'
import { joinChannel } from './people.ts'
import { Refusal } from './refusal.ts'
import type { ChannelRow, TeamRow, UserRow } from './rows.ts'
import type { Store } from './store.ts'

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
const NAME = /^[a-z0-9]+([a-z\-0-9]+|(__)?)[a-z0-9]+$/
const CHANNEL_NAME = /^[a-z0-9]+([a-z\-_0-9]+|(__)?)[a-z0-9]+$/

export const isReservedTeam = (name: string): boolean => RESERVED_TEAMS.some((word) => name.toLowerCase().startsWith(word))
export const isTeamName = (name: string): boolean => name.length >= 2 && name.length <= 64 && NAME.test(name)
export const isChannelName = (name: string): boolean => name.length <= 64 && CHANNEL_NAME.test(name)

export type NewTeam = Pick<TeamRow, 'name' | 'display_name' | 'type'> & Partial<TeamRow>

/** Stores a team and its two channels that every team has. */
export function saveTeam(store: Store, fields: NewTeam): TeamRow {
  if (isReservedTeam(fields.name)) throw new Refusal('model.team.is_valid.reserved.app_error', 400, 'This URL is unavailable.')
  if (!isTeamName(fields.name))
    throw new Refusal('model.team.is_valid.characters.app_error', 400, 'The name has characters that are not allowed.')
  if (store.teamNamed(fields.name)) throw new Refusal('app.team.save.existing.app_error', 400, 'Must call update for existing team.')
  const now = store.now()
  const team: TeamRow = {
    description: '',
    email: '',
    allow_open_invite: false,
    allowed_domains: '',
    company_name: '',
    delete_at: 0,
    ...fields,
    id: store.id(),
    invite_id: store.id(),
    create_at: now,
    update_at: now,
  }
  store.teams.set(team.id, team)
  saveChannel(store, { team_id: team.id, name: 'town-square', display_name: 'Town Square', type: 'O' })
  saveChannel(store, { team_id: team.id, name: 'off-topic', display_name: 'Off-Topic', type: 'O' })
  return team
}

export type NewChannel = Pick<ChannelRow, 'team_id' | 'name' | 'display_name' | 'type'> & Partial<ChannelRow>

/** Stores a channel after counting those of its team that are not archived. */
export function saveChannel(store: Store, fields: NewChannel): ChannelRow {
  const inTeam = fields.type === 'O' || fields.type === 'P'
  if (inTeam) {
    if (!isChannelName(fields.name)) throw new Refusal('model.channel.is_valid.2_or_more.app_error', 400, 'The name is not valid.')
    const known = store.channelNamed(fields.team_id, fields.name)
    if (known !== undefined)
      throw new Refusal('store.sql_channel.save_channel.exists.app_error', 400, 'A channel with that name already exists on the same team.')
    const limit = store.config.TeamSettings.MaxChannelsPerTeam
    const count = [...store.channels.values()].filter((channel) => channel.team_id === fields.team_id && channel.delete_at === 0).length
    if (count >= limit)
      throw new Refusal(
        'store.sql_channel.save_channel.limit.app_error',
        400,
        "You've reached the limit of the number of allowed channels.",
      )
  }
  const now = store.now()
  return store.addChannel({
    header: '',
    purpose: '',
    creator_id: '',
    delete_at: 0,
    last_post_at: 0,
    total_msg_count: 0,
    total_msg_count_root: 0,
    ...fields,
    id: store.id(),
    create_at: now,
    update_at: now,
  })
}

/** The conversation of two people, made on first use. Its name is their ids in order; with oneself, twice the same. */
export function directChannel(store: Store, a: UserRow, b: UserRow): ChannelRow {
  const name = [a.id, b.id].toSorted().join('__')
  const known = store.channelNamed('', name)
  if (known !== undefined) return known
  const channel = saveChannel(store, { team_id: '', name, display_name: '', type: 'D', creator_id: a.id })
  joinChannel(store, channel.id, a)
  joinChannel(store, channel.id, b)
  return channel
}

/** The conversation of three to eight people. Its name is a hash of their ids, so the same people always meet in the same place. */
export function groupChannel(store: Store, people: readonly UserRow[]): ChannelRow {
  const ids = [...new Set(people.map((user) => user.id))].toSorted()
  if (ids.length < 3 || ids.length > 8)
    throw new Refusal(
      'api.channel.create_group.bad_size.app_error',
      400,
      'Group message channels must contain at least 3 and no more than 8 users.',
    )
  const name = createHash('sha1').update(ids.join('')).digest('hex')
  const known = store.channelNamed('', name)
  if (known !== undefined) return known
  const display_name = people
    .map((user) => user.username)
    .toSorted()
    .join(', ')
  const channel = saveChannel(store, { team_id: '', name, display_name, type: 'G' })
  for (const user of people) joinChannel(store, channel.id, user)
  return channel
}
