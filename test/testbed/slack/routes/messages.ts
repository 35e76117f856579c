import type { ConversationsHistoryResponse, ConversationsRepliesResponse, PinsListResponse } from '@slack/web-api'
import type { WorldChannel } from '../../world/model.ts'
import { microseconds } from '../../world/ts.ts'
import { published, type Message, type Open } from '../../world/wire.ts'
import type { Call, Method } from '../call.ts'
import { Refusal } from '../errors.ts'
import { renderFile, renderMessage } from '../render.ts'
import { channelOf, readableChannel } from '../sight.ts'
import { firstFrom, indexOf } from '../threads.ts'

const FREE_PLAN_DAYS = 90

/** Messages a page of history may speak of. `limited`: the free plan hides older ones. */
function visible({ world }: Call, channel: WorldChannel): { readonly messages: readonly Message[]; readonly limited: boolean } {
  const { listed } = indexOf(channel)
  if (world.team.plan === 'paid') return { messages: listed, limited: false }
  const hidden = firstFrom(listed, (world.nowSeconds - FREE_PLAN_DAYS * 86_400) * 1e6)
  return { messages: listed.slice(hidden), limited: hidden > 0 }
}

function moment(call: Call, name: 'oldest' | 'latest'): number | undefined {
  const value = call.args.text(name)
  if (value === undefined || value === '' || value === 'now') return undefined
  if (!/^\d+(\.\d+)?$/.test(value)) throw new Refusal(`invalid_ts_${name}`)
  return microseconds(value)
}

/** Between `oldest` and `latest`, both outside unless `inclusive`. */
function within(call: Call, messages: readonly Message[]): readonly Message[] {
  const oldest = moment(call, 'oldest')
  const latest = moment(call, 'latest')
  const inclusive = call.args.flag('inclusive')
  const from = oldest === undefined ? 0 : firstFrom(messages, inclusive ? oldest : oldest + 1)
  const to = latest === undefined ? messages.length : firstFrom(messages, inclusive ? latest + 1 : latest)
  return messages.slice(from, to)
}

/** An unapproved distributed app gets 15 objects however many it asks for. */
const asked = (call: Call): number | undefined => (call.limits.distributed ? Math.min(call.args.limit() ?? 15, 15) : call.args.limit())

export const history: Method = {
  tier: 3,
  scopes: [],
  answer(
    call,
  ): Omit<Open<ConversationsHistoryResponse>, 'channel_actions_ts'> & { channel_actions_ts: null; is_limited?: boolean; ok: boolean } {
    const channel = readableChannel(call)
    const { messages, limited } = visible(call, channel)
    const before = call.pager.position(call.args.text('cursor'))
    const window = within(call, messages)
    const rest = before === undefined ? window : window.slice(0, firstFrom(window, Number(before) + 1))
    const size = call.pager.sizeAt(before ?? 'newest', asked(call), { usual: 100, most: 999, gaps: false })
    const page = rest.slice(-size).toReversed()
    const next = rest[rest.length - size - 1]
    return {
      ok: true,
      messages: published(page.map((message) => renderMessage(call, channel, message))),
      has_more: next !== undefined,
      pin_count: channel.pins.length,
      channel_actions_ts: null,
      channel_actions_count: 0,
      ...(limited && next === undefined ? { is_limited: true } : {}),
      ...(next === undefined ? {} : { response_metadata: { next_cursor: call.pager.cursor(String(microseconds(next.ts))) } }),
    }
  },
}

export const replies: Method = {
  tier: 3,
  scopes: [],
  answer(call): Open<ConversationsRepliesResponse> {
    const channel = readableChannel(call)
    const ts = call.args.required('ts')
    const { byTs, replies: threads } = indexOf(channel)
    const parent = byTs.get(ts)
    if (parent === undefined) throw new Refusal('thread_not_found')
    const after = call.pager.position(call.args.text('cursor'))
    const window = within(call, threads.get(ts) ?? [])
    const rest = after === undefined ? window : window.slice(firstFrom(window, Number(after) + 1))
    const limit = asked(call)
    const size = call.pager.sizeAt(after ?? ts, limit === undefined ? undefined : Math.max(1, limit - 1), {
      usual: 999,
      most: 999,
      gaps: false,
    })
    const page = rest.slice(0, size)
    const last = page.at(-1)
    const more = rest.length > page.length && last !== undefined
    return {
      ok: true,
      messages: published([parent, ...page].map((message) => renderMessage(call, channel, message))),
      has_more: more,
      ...(more ? { response_metadata: { next_cursor: call.pager.cursor(String(microseconds(last.ts))) } } : {}),
    }
  },
}

export const pins: Method = {
  tier: 2,
  scopes: ['pins:read'],
  answer(call): Open<PinsListResponse> {
    const channel = channelOf(call)
    type Pinned = NonNullable<Open<PinsListResponse>['items']>
    const items = channel.pins.flatMap(({ ts, file, by, created }): Pinned => {
      const message = indexOf(channel).byTs.get(ts ?? '')
      if (message !== undefined) {
        const [shown] = published([{ ...renderMessage(call, channel, message), permalink: permalink(call, channel, message.ts) }])
        return [{ type: 'message', channel: channel.id, created, created_by: by, message: shown as NonNullable<Pinned[number]['message']> }]
      }
      const stored = call.world.files.get(file ?? '')
      return stored === undefined ? [] : [{ type: 'file', created, created_by: by, file: renderFile(call, stored) }]
    })
    return { ok: true, items }
  },
}

const permalink = ({ world }: Call, channel: WorldChannel, ts: string): string =>
  `https://${world.team.domain}.slack.com/archives/${channel.id}/p${ts.replace('.', '')}`
