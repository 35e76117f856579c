import { defaultChannelNotifyProps } from '../people.ts'
import { directChannel, groupChannel } from '../places.ts'
import type { ChannelRow, UserRow } from '../rows.ts'
import type { Store } from '../store.ts'
import { usersByName } from './posts.ts'
import type { Run } from './run-context.ts'
import type { DirectChannelLine } from './shapes.ts'
import { validateDirectChannel } from './validate.ts'

/** The conversation of these people: two names make a direct channel (the same name twice is a talk with oneself), more make a group. */
export function conversation(store: Store, members: readonly string[], users: ReadonlyMap<string, UserRow>): ChannelRow {
  const people = members.flatMap((name) => users.get(name) ?? [])
  const [a, b] = people
  if (people.length === 2 && a !== undefined && b !== undefined) return directChannel(store, a, b)
  return groupChannel(store, people)
}

export function importDirectChannel({ store }: Run, line: DirectChannelLine): void {
  const members = validateDirectChannel(line, store.can)
  const users = usersByName(store, members)
  const channel = conversation(store, members, users)
  const shownBy = store.can.participants ? (line.shown_by ?? []) : members
  for (const name of shownBy) store.setPreference(users.get(name)?.id ?? '', 'direct_channel_show', channel.id, 'true')
  for (const name of line.favorited_by ?? []) store.setPreference(users.get(name)?.id ?? '', 'favorite_channel', channel.id, 'true')
  if (line.header !== undefined) channel.header = line.header
  if (!store.can.participants) return
  for (const each of line.participants ?? []) {
    const user = users.get(each.username ?? '')
    const known = user === undefined ? undefined : store.channelMember(channel.id, user.id)
    if (user === undefined || (known?.last_viewed_at ?? 0) > (each.last_viewed_at ?? 0)) continue
    // Flags that a line leaves out become false: a member without `scheme_user` cannot post in their own conversation.
    store.setChannelMember({
      channel_id: channel.id,
      user_id: user.id,
      last_viewed_at: each.last_viewed_at ?? 0,
      msg_count: each.msg_count ?? 0,
      msg_count_root: each.msg_count_root ?? 0,
      mention_count: each.mention_count ?? 0,
      mention_count_root: each.mention_count_root ?? 0,
      notify_props: defaultChannelNotifyProps(),
      last_update_at: store.now(),
      scheme_user: each.scheme_user ?? false,
      scheme_admin: each.scheme_admin ?? false,
      scheme_guest: each.scheme_guest ?? false,
      explicit_roles: '',
    })
  }
}
