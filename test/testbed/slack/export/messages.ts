import type { WorldChannel } from '../../world/model.ts'
import { microseconds } from '../../world/ts.ts'
import type { FileWire, Message } from '../../world/wire.ts'
import { renderMessage, renderUser, type RenderOptions } from '../render.ts'
import { pacificDay } from './day.ts'

/** A message as the export writes it: with a card of its author, the list of its replies, and no word about pins. */
export function exportedMessage(options: RenderOptions, channel: WorldChannel, stored: Message): Message {
  const { pinned_to: _pinned, pinned_info: _info, ...message } = renderMessage(options, channel, stored)
  const author = options.world.users.get(stored.user ?? '')
  if (author !== undefined && stored.subtype === undefined) {
    const { name, team_id = '', is_restricted = false, is_ultra_restricted = false, profile = {} } = renderUser(options, author, true)
    const { avatar_hash = '', image_48 = '', first_name = '', real_name = '', display_name = '' } = profile
    message.user_team = team_id
    message.source_team = team_id
    message.user_profile = {
      avatar_hash,
      image_72: image_48,
      first_name,
      real_name,
      display_name,
      team: team_id,
      name,
      is_restricted,
      is_ultra_restricted,
    }
  }
  if (message.reply_count !== undefined)
    message.replies = channel.messages
      .filter(({ ts, thread_ts }) => thread_ts === stored.ts && ts !== stored.ts)
      .map(({ ts, user, bot_id }) => ({ user: user ?? bot_id ?? '', ts }))
  return message
}

/** A conversation's messages by the name of their day file, oldest first. */
export function messagesByDay(options: RenderOptions, channel: WorldChannel): ReadonlyMap<string, readonly Message[]> {
  const days = new Map<string, Message[]>()
  for (const message of channel.messages) {
    const day = `${pacificDay(microseconds(message.ts) / 1000)}.json`
    const list = days.get(day) ?? []
    list.push(exportedMessage(options, channel, message))
    days.set(day, list)
  }
  return days
}

/** Addresses in exports carry a token of their own, which is as good as a key while it lives. */
export function withLinkToken(file: FileWire, token: string): FileWire {
  const marked = (url: string | undefined) => (url === undefined ? undefined : `${url}?t=${token}`)
  const { url_private, url_private_download } = file
  if (file.is_external === true || url_private === undefined) return file
  return {
    ...file,
    url_private: marked(url_private) ?? '',
    ...(url_private_download === undefined ? {} : { url_private_download: marked(url_private_download) ?? '' }),
  }
}
