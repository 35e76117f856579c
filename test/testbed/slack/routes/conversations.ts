import type {
  BookmarksListResponse,
  ConversationsInfoResponse,
  ConversationsJoinResponse,
  ConversationsListResponse,
  ConversationsMembersResponse,
} from '@slack/web-api'
import type { WorldChannel } from '../../world/model.ts'
import type { Open } from '../../world/wire.ts'
import type { Call, Method } from '../call.ts'
import { Refusal } from '../errors.ts'
import { renderChannel } from '../render.ts'
import { channelOf, family, sees } from '../sight.ts'
import { needScopes } from '../tokens.ts'

const TYPES = { public_channel: 'public', private_channel: 'private', mpim: 'mpim', im: 'im' } as const
type TypeName = keyof typeof TYPES
const isType = (name: string): name is TypeName => name in TYPES

/** @throws Refusal `invalid_types`, or `missing_scope` for the first type that is asked for and not granted. */
function wantedKinds(call: Call): ReadonlySet<WorldChannel['kind']> {
  const names = (call.args.text('types') ?? 'public_channel').split(',').map((name) => name.trim())
  const kinds = names.map((name) => {
    if (!isType(name)) throw new Refusal('invalid_types')
    return TYPES[name]
  })
  needScopes(
    call.grant,
    kinds.map((kind) => `${{ public: 'channels', private: 'groups', mpim: 'mpim', im: 'im' }[kind]}:read`),
  )
  return new Set(kinds)
}

/** Never more than 100 at once, whatever is asked for, and sometimes none with a cursor for more. */
function listing(call: Call, visible: (channel: WorldChannel) => boolean): Open<ConversationsListResponse> {
  const kinds = wantedKinds(call)
  const withoutArchived = call.args.flag('exclude_archived')
  const all = [...call.world.channels.values()].filter(
    (channel) => kinds.has(channel.kind) && visible(channel) && !(withoutArchived && channel.archived),
  )
  const page = call.pager.page(all, call.args.text('cursor'), call.args.limit(), { usual: 100, most: 100, gaps: true })
  return {
    ok: true,
    channels: page.items.map((channel) => renderChannel(call, channel, call.grant.user)),
    response_metadata: { next_cursor: page.next },
  }
}

export const list: Method = { tier: 2, scopes: [], answer: (call) => listing(call, (channel) => sees(call, channel)) }

/** Only those somebody is in, by default the token's owner. Without the two fields that would take Slack another look. */
export const ofUser: Method = {
  tier: 3,
  scopes: [],
  answer: (call) => {
    const user = call.args.text('user') ?? call.grant.user
    if (!call.world.users.has(user)) throw new Refusal('user_not_found')
    const { channels = [], ...answer } = listing(call, (channel) => sees(call, channel) && channel.members.includes(user))
    return { ...answer, channels: channels.map(({ is_member: _member, num_members: _counted, ...channel }) => channel) }
  },
}

export const info: Method = {
  tier: 3,
  scopes: [],
  answer(call): Open<ConversationsInfoResponse> {
    const channel = channelOf(call)
    needScopes(call.grant, [`${family(channel)}:read`])
    const { num_members, ...shown } = { num_members: channel.members.length, ...renderChannel(call, channel, call.grant.user) }
    const counted = call.args.flag('include_num_members') ? { num_members } : {}
    // The published type of this one answer has no `properties.canvas`; the list's has.
    return {
      ok: true,
      channel: { ...shown, ...counted, last_read: '0000000000.000000' } as NonNullable<Open<ConversationsInfoResponse>['channel']>,
    }
  },
}

export const members: Method = {
  tier: 4,
  scopes: [],
  answer(call): Open<ConversationsMembersResponse> {
    const channel = channelOf(call)
    needScopes(call.grant, [`${family(channel)}:read`])
    const page = call.pager.page(channel.members, call.args.text('cursor'), call.args.limit(), { usual: 100, most: 1000, gaps: false })
    return { ok: true, members: [...page.items], response_metadata: { next_cursor: page.next } }
  },
}

export const join: Method = {
  tier: 3,
  scopes: ['channels:join'],
  writes: true,
  answer(call): Open<ConversationsJoinResponse> {
    const channel = channelOf(call)
    if (channel.kind !== 'public') throw new Refusal('method_not_supported_for_channel_type')
    if (channel.archived) throw new Refusal('is_archived')
    const already = channel.members.includes(call.grant.user)
    call.world.joinChannel(channel.id, call.grant.user)
    return {
      ok: true,
      channel: renderChannel(call, channel, call.grant.user),
      ...(already ? { warning: 'already_in_channel', response_metadata: { warnings: ['already_in_channel'] } } : {}),
    }
  },
}

export const bookmarks: Method = {
  tier: 3,
  scopes: ['bookmarks:read'],
  answer(call): Open<BookmarksListResponse> {
    const id = call.args.required('channel_id')
    const channel = call.world.channels.get(id)
    if (channel === undefined || !sees(call, channel)) throw new Refusal('channel_not_found')
    return { ok: true, bookmarks: channel.bookmarks.map((bookmark) => ({ ...bookmark, channel_id: id })) }
  },
}
