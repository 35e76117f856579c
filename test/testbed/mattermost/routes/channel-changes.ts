import { draftPost, insertPosts } from '../messages.ts'
import { isChannelName } from '../places.ts'
import { Refusal } from '../refusal.ts'
import type { ChannelRow } from '../rows.ts'
import { type Ask, textOf } from './ask.ts'

/** Archiving and renaming leave a line in the channel for everyone to see, as on the real server. */
export function say(ask: Ask, channel: ChannelRow, type: string, message: string, props: Record<string, unknown> = {}): void {
  insertPosts(ask.store, [
    draftPost(ask.store, {
      channel_id: channel.id,
      user_id: ask.me.id,
      message: `${ask.me.username} ${message}`,
      type,
      props: { username: ask.me.username, ...props },
    }),
  ])
}

/** Renames and rewords a channel. */
export function changeChannel(ask: Ask, channel: ChannelRow, fields: Readonly<Record<string, unknown>>): ChannelRow {
  const name = textOf(fields, 'name')
  if (name !== undefined && name !== channel.name) {
    if (!isChannelName(name)) throw new Refusal('model.channel.is_valid.2_or_more.app_error', 400, 'The name is not valid.')
    if (ask.store.channelNamed(channel.team_id, name))
      throw new Refusal('store.sql_channel.update.exists.app_error', 400, 'A channel with that handle already exists.')
    ask.store.renameChannel(channel, name)
  }
  const former = { ...channel }
  for (const key of ['display_name', 'header', 'purpose'] as const) channel[key] = textOf(fields, key) ?? channel[key]
  channel.update_at = ask.store.now()
  const changes = [
    ['display_name', 'displayname'],
    ['header', 'header'],
    ['purpose', 'purpose'],
  ] as const
  for (const [key, word] of changes)
    if (former[key] !== channel[key])
      say(ask, channel, `system_${word}_change`, `updated the channel ${key}`, {
        [`old_${word}`]: former[key],
        [`new_${word}`]: channel[key],
      })
  return channel
}
