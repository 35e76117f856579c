import { channelAnswer, channelMemberAnswer, channelWithTeam } from '../answers.ts'
import { isAdmin, joinChannel } from '../people.ts'
import { directChannel, groupChannel, saveChannel } from '../places.ts'
import { changeChannel, mailAdded, say } from './channel-changes.ts'
import { badBody, notAllowed, Refusal } from '../refusal.ts'
import type { ChannelRow } from '../rows.ts'
import {
  type Ask,
  body,
  channelIn,
  contentsOf,
  flag,
  json,
  listBody,
  ok,
  pageOf,
  param,
  readable,
  requireAdmin,
  type Route,
  selfOrAdmin,
  teamIn,
  textOf,
  userIn,
} from './ask.ts'

const noChannel = (): Refusal => new Refusal('app.channel.get_by_name.missing.app_error', 404, 'Channel does not exist.')
const byDisplayName = (a: ChannelRow, b: ChannelRow): number => (a.display_name < b.display_name ? -1 : 1)
const inTeam = (channel: ChannelRow): boolean => channel.type === 'O' || channel.type === 'P'

function writable(ask: Ask, channel: ChannelRow): ChannelRow {
  if (!isAdmin(ask.me) && ask.store.channelMember(channel.id, ask.me.id) === undefined) throw notAllowed()
  return channel
}

function named(ask: Ask, teamId: string): ChannelRow {
  const channel = ask.store.channelNamed(teamId, param(ask, 'channel_name').toLowerCase())
  if (channel === undefined || (channel.delete_at !== 0 && !flag(ask, 'include_deleted'))) throw noChannel()
  return readable(ask, channel)
}

export const channelRoutes: readonly Route[] = [
  {
    route: 'GET /channels',
    answer: (ask) => {
      requireAdmin(ask)
      const standard = flag(ask, 'exclude_default_channels') ? new Set(['town-square', 'off-topic']) : new Set<string>()
      const all = [...ask.store.channels.values()]
        .filter((channel) => inTeam(channel) && !standard.has(channel.name) && (channel.delete_at === 0 || flag(ask, 'include_deleted')))
        .toSorted(byDisplayName)
      const page = pageOf(ask, all).map((channel) => channelWithTeam(ask.store, channel))
      return json(flag(ask, 'include_total_count') ? { channels: page, total_count: all.length } : page)
    },
  },
  {
    route: 'POST /channels',
    answer: async (ask) => {
      const fields = await body(ask, 'channel')
      const type = textOf(fields, 'type')
      const name = textOf(fields, 'name')
      const display_name = textOf(fields, 'display_name')
      if ((type !== 'O' && type !== 'P') || name === undefined || display_name === undefined) throw badBody('channel')
      const team = ask.store.teams.get(textOf(fields, 'team_id') ?? '')
      if (team === undefined) throw new Refusal('app.channel.get_channels.not_found.app_error', 404, 'No channels were found.')
      if (!isAdmin(ask.me) && ask.store.teamMembers.get(`${team.id}/${ask.me.id}`)?.delete_at !== 0) throw notAllowed()
      const channel = saveChannel(ask.store, {
        team_id: team.id,
        type,
        name,
        display_name,
        header: textOf(fields, 'header') ?? '',
        purpose: textOf(fields, 'purpose') ?? '',
        creator_id: ask.me.id,
      })
      joinChannel(ask.store, channel.id, ask.me, true)
      return json(channelAnswer(channel), 201)
    },
  },
  {
    route: 'POST /channels/direct',
    answer: async (ask) => {
      const [a = '', b = '', ...more] = await listBody(ask, 'user_ids')
      if (more.length > 0 || b === '') throw badBody('user_ids')
      if (!isAdmin(ask.me) && a !== ask.me.id && b !== ask.me.id) throw notAllowed()
      return json(channelAnswer(directChannel(ask.store, userIn(ask, a), userIn(ask, b))), 201)
    },
  },
  {
    route: 'POST /channels/group',
    answer: async (ask) => {
      const ids = new Set([...(await listBody(ask, 'user_ids')), ask.me.id])
      return json(
        channelAnswer(
          groupChannel(
            ask.store,
            [...ids].map((id) => userIn(ask, id)),
          ),
        ),
        201,
      )
    },
  },
  { route: 'GET /teams/{team_id}/channels', answer: (ask) => json(pageOf(ask, listed(ask, 'O', false)).map(channelAnswer)) },
  {
    route: 'GET /teams/{team_id}/channels/private',
    answer: (ask) => {
      requireAdmin(ask)
      return json(pageOf(ask, listed(ask, 'P', false)).map(channelAnswer))
    },
  },
  {
    route: 'GET /teams/{team_id}/channels/deleted',
    answer: (ask) => json(pageOf(ask, [...listed(ask, 'O', true), ...listed(ask, 'P', true)].toSorted(byDisplayName)).map(channelAnswer)),
  },
  { route: 'GET /teams/{team_id}/channels/name/{channel_name}', answer: (ask) => json(channelAnswer(named(ask, teamIn(ask).id))) },
  {
    route: 'GET /teams/name/{team_name}/channels/name/{channel_name}',
    answer: (ask) => json(channelAnswer(named(ask, ask.store.teamNamed(param(ask, 'team_name'))?.id ?? '-'))),
  },
  { route: 'GET /channels/{channel_id}', answer: (ask) => json(channelAnswer(readable(ask, channelIn(ask)))) },
  {
    route: 'PUT /channels/{channel_id}/patch',
    answer: async (ask) => json(channelAnswer(changeChannel(ask, writable(ask, channelIn(ask)), await body(ask, 'channel')))),
  },
  {
    route: 'PUT /channels/{channel_id}/privacy',
    answer: async (ask) => {
      const channel = writable(ask, channelIn(ask))
      const privacy = textOf(await body(ask, 'privacy'), 'privacy')
      if (privacy !== 'O' && privacy !== 'P') throw badBody('privacy')
      channel.type = privacy
      return json(channelAnswer(channel))
    },
  },
  {
    route: 'DELETE /channels/{channel_id}',
    answer: (ask) => {
      const channel = writable(ask, channelIn(ask))
      if (!inTeam(channel))
        throw new Refusal('api.channel.delete_channel.type.invalid', 400, 'Unable to delete direct or group message channels')
      if (flag(ask, 'permanent')) {
        if (!ask.store.config.ServiceSettings.EnableAPIChannelDeletion)
          throw new Refusal(
            'api.user.delete_channel.not_enabled.app_error',
            401,
            'Permanent channel deletion feature is not enabled. Please contact your System Administrator.',
          )
        ask.store.removeChannel(channel)
        return ok()
      }
      if (channel.name === 'town-square')
        throw new Refusal('api.channel.delete_channel.cannot.app_error', 400, 'Unable to delete the default channel town-square.')
      if (channel.delete_at !== 0)
        throw new Refusal('api.channel.delete_channel.deleted.app_error', 400, 'The channel has been archived or deleted.')
      say(ask, channel, 'system_channel_deleted', 'archived the channel.')
      channel.delete_at = channel.update_at = ask.store.now()
      return ok()
    },
  },
  {
    route: 'POST /channels/{channel_id}/restore',
    answer: (ask) => {
      const channel = writable(ask, channelIn(ask))
      if (channel.delete_at === 0)
        throw new Refusal('api.channel.restore_channel.restored.app_error', 400, 'Unable to unarchive: the channel is not archived.')
      channel.delete_at = 0
      channel.update_at = ask.store.now()
      say(ask, channel, 'system_channel_restored', 'unarchived the channel.')
      return json(channelAnswer(channel))
    },
  },
  {
    route: 'GET /channels/{channel_id}/stats',
    answer: (ask) => {
      const channel = readable(ask, channelIn(ask))
      const pinned = ask.store.postsOf(channel.id).filter((post) => post.is_pinned && post.delete_at === 0).length
      return json({
        channel_id: channel.id,
        member_count: ask.store.membersOf(channel.id).length,
        guest_count: 0,
        pinnedpost_count: pinned,
      })
    },
  },
  {
    route: 'GET /channels/{channel_id}/members',
    answer: (ask) => json(pageOf(ask, ask.store.membersOf(contentsOf(ask).id)).map(channelMemberAnswer)),
  },
  {
    route: 'POST /channels/{channel_id}/members',
    answer: async (ask) => {
      const channel = writable(ask, channelIn(ask))
      const user = userIn(ask, textOf(await body(ask, 'member'), 'user_id'))
      if (!inTeam(channel))
        throw new Refusal('api.channel.add_user_to_channel.type.app_error', 400, 'Can not add user to this channel type.')
      if (ask.store.teamMembers.get(`${channel.team_id}/${user.id}`)?.delete_at !== 0)
        throw new Refusal('app.team.get_member.missing.app_error', 404, 'No team member found for that user ID and team ID.')
      if (ask.store.channelMember(channel.id, user.id) === undefined) {
        joinChannel(ask.store, channel.id, user)
        const added = user.id !== ask.me.id
        const post = say(ask, channel, added ? 'system_add_to_channel' : 'system_join_channel', `${user.username} joined.`, {
          addedUserId: user.id,
        })
        if (added) mailAdded(ask.store, user, post)
      }
      return json(memberAnswer(ask, channel.id, user.id), 201)
    },
  },
  {
    route: 'GET /channels/{channel_id}/members/{user_id}',
    answer: (ask) => json(memberAnswer(ask, readable(ask, channelIn(ask)).id, userIn(ask).id)),
  },
  {
    route: 'DELETE /channels/{channel_id}/members/{user_id}',
    answer: (ask) => {
      const channel = writable(ask, channelIn(ask))
      if (channel.name === 'town-square')
        throw new Refusal('api.channel.remove.default.app_error', 400, 'Unable to remove user from the default channel town-square.')
      const user = userIn(ask)
      if (ask.store.removeChannelMember(channel.id, user.id))
        say(ask, channel, user.id === ask.me.id ? 'system_leave_channel' : 'system_remove_from_channel', `${user.username} left.`, {
          removedUserId: user.id,
        })
      return ok()
    },
  },
  {
    route: 'PUT /channels/{channel_id}/members/{user_id}/notify_props',
    answer: async (ask) => {
      const row = ask.store.channelMember(channelIn(ask).id, selfOrAdmin(ask, userIn(ask)).id)
      if (row === undefined) throw noMember()
      for (const [key, value] of Object.entries(await body(ask, 'notify_props')))
        if (typeof value === 'string' && key in row.notify_props) row.notify_props[key] = value
      return ok()
    },
  },
  {
    route: 'POST /channels/members/{user_id}/view',
    answer: async (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      const channel = channelIn(ask, textOf(await body(ask, 'channel_view'), 'channel_id'))
      const row = ask.store.channelMember(channel.id, user.id)
      if (row !== undefined) {
        row.last_viewed_at = Math.max(row.last_viewed_at, channel.last_post_at)
        row.msg_count = channel.total_msg_count
        row.mention_count = 0
      }
      return json({ status: 'OK', last_viewed_at_times: { [channel.id]: row?.last_viewed_at ?? 0 } })
    },
  },
  {
    route: 'GET /users/{user_id}/teams/{team_id}/channels',
    answer: (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      const team = teamIn(ask)
      const all = [...ask.store.channels.values()]
        .filter((channel) => channel.team_id === team.id || channel.team_id === '')
        .filter((channel) => channel.delete_at === 0 || flag(ask, 'include_deleted'))
        .filter((channel) => ask.store.channelMember(channel.id, user.id) !== undefined)
      return json(all.toSorted(byDisplayName).map(channelAnswer))
    },
  },
]

const noMember = (): Refusal =>
  new Refusal('app.channel.get_member.missing.app_error', 404, 'No channel member found for that user ID and channel ID.')

function memberAnswer(ask: Ask, channelId: string, userId: string): ReturnType<typeof channelMemberAnswer> {
  const row = ask.store.channelMember(channelId, userId)
  if (row === undefined) throw noMember()
  return channelMemberAnswer(row)
}

function listed(ask: Ask, type: 'O' | 'P', deleted: boolean): readonly ChannelRow[] {
  const team = teamIn(ask)
  return [...ask.store.channels.values()]
    .filter((channel) => channel.team_id === team.id && channel.type === type && (channel.delete_at !== 0) === deleted)
    .toSorted(byDisplayName)
}
