import { draftPost, insertPosts } from '../messages.ts'
import { isChannelName } from '../places.ts'
import { Refusal } from '../refusal.ts'
import type { ChannelRow, PostRow, UserRow } from '../rows.ts'
import type { Store } from '../store.ts'
import { type Ask, textOf } from './ask.ts'

/** Archiving and renaming leave a line in the channel for everyone to see, as on the real server. */
export function say(ask: Ask, channel: ChannelRow, type: string, message: string, props: Record<string, unknown> = {}): PostRow {
  const post = draftPost(ask.store, {
    channel_id: channel.id,
    user_id: ask.me.id,
    message: `${ask.me.username} ${message}`,
    type,
    props: { username: ask.me.username, ...props },
  })
  insertPosts(ask.store, [post])
  return post
}

/**
 * The message about somebody who was added counts as a mention of them and is mailed, unless mails are off for the server or for them, or their
 * address is not verified where that is asked for (`app/notification.go` of 5.36.1 and 10.x). Nobody is online here. No system message is pushed.
 */
export function mailAdded({ config, notifications }: Store, user: UserRow, post: PostRow): void {
  const { SendEmailNotifications, RequireEmailVerification } = config.EmailSettings
  if (!SendEmailNotifications || user.delete_at !== 0 || user.notify_props['email'] === 'false') return
  if (RequireEmailVerification && !user.email_verified) return
  notifications.push({ user_id: user.id, post_id: post.id, reason: 'added' })
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
