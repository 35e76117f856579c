import type { WorldChannel } from '../world/model.ts'
import { microseconds } from '../world/ts.ts'
import type { Message } from '../world/wire.ts'

/** A channel as it is read: what history lists, and who answered whom. Built once per change of the channel, not per request. */
export interface ChannelIndex {
  readonly byTs: ReadonlyMap<string, Message>
  readonly replies: ReadonlyMap<string, readonly Message[]>
  /** Roots and replies shown aloud, oldest first. */
  readonly listed: readonly Message[]
}

const known = new WeakMap<WorldChannel, ChannelIndex & { readonly revision: number }>()

export function indexOf(channel: WorldChannel): ChannelIndex {
  const cached = known.get(channel)
  if (cached?.revision === channel.revision) return cached
  const byTs = new Map<string, Message>()
  const replies = new Map<string, Message[]>()
  const listed: Message[] = []
  for (const message of channel.messages) {
    const { ts, thread_ts, subtype } = message
    byTs.set(ts, message)
    const isReply = thread_ts !== undefined && thread_ts !== ts
    if (isReply) push(replies, thread_ts, message)
    if (!isReply || subtype === 'thread_broadcast') listed.push(message)
  }
  const index = { byTs, replies, listed, revision: channel.revision }
  known.set(channel, index)
  return index
}

function push(lists: Map<string, Message[]>, key: string, message: Message): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [message])
  else list.push(message)
}

/** What follows from the replies that are there: Slack counts them at the root. Nothing when there are none. */
export function threadFacts(
  channel: WorldChannel,
  root: string,
): Pick<Message, 'reply_count' | 'reply_users' | 'reply_users_count' | 'latest_reply'> {
  const replies = indexOf(channel).replies.get(root) ?? []
  const users = [...new Set(replies.map(({ user, bot_id }) => user ?? bot_id ?? ''))]
  const latest = replies.at(-1)
  if (latest === undefined) return {}
  return { reply_count: replies.length, reply_users: users.slice(0, 5), reply_users_count: users.length, latest_reply: latest.ts }
}

/** Index of the first message at or after this moment, in a list ordered by time. */
export function firstFrom(messages: readonly Message[], moment: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (microseconds(messages[middle]?.ts ?? '') < moment) low = middle + 1
    else high = middle
  }
  return low
}
