import { z } from 'zod'
import type { Work } from '../apply.ts'
import type { Live } from '../bulk/compose.ts'
import type { ChannelOperation } from '../map/operations.ts'
import type { ServerPlaces } from '../places.ts'
import { Member } from '../wire.ts'

/**
 * Lets people who had an account before the import into their channels. Lines would reset their password and read state, so it is done through
 * the API, which writes a system message for each; these are removed again.
 */
export async function addMembers(
  { client, ports }: Work,
  world: ServerPlaces,
  channels: readonly ChannelOperation[],
  signal: AbortSignal,
): Promise<void> {
  const users = await world.users(signal)
  const team = await world.team(signal)
  if (team === undefined) return
  const inTeam = new Set<string>()
  for await (const { user_id } of client.pages(z.array(Member), `/teams/${team.id}/members`, {}, signal)) inTeam.add(user_id)
  const since = ports.clock.now().getTime()
  const joined = new Set<string>()
  const entered = new Map<string, Set<string>>()
  for (const { place, members } of channels) {
    if (place.type === 'direct' || members.length === 0) continue
    const channel = await world.channel(place, signal)
    if (channel === undefined || channel.delete_at !== 0) continue
    const there = new Set<string>()
    for await (const { user_id } of client.pages(z.array(Member), `/channels/${channel.id}/members`, {}, signal)) there.add(user_id)
    const missing = members
      .map((name) => users.get(name))
      .filter((user) => user !== undefined && !there.has(user.id) && user.delete_at === 0)
    if (missing.length === 0) continue
    for (const user of missing) {
      if (user === undefined) continue
      if (!inTeam.has(user.id)) {
        await client.post(z.unknown(), `/teams/${team.id}/members`, { team_id: team.id, user_id: user.id }, signal)
        inTeam.add(user.id)
        joined.add(user.id)
      }
      await client.post(z.unknown(), `/channels/${channel.id}/members`, { user_id: user.id }, signal)
    }
    entered.set(channel.id, new Set(missing.map((user) => user?.id ?? '')))
  }
  if (entered.size === 0) return
  // The server answers first and writes its message a moment later.
  await ports.clock.sleep(500, signal)
  for (const [channel, added] of entered) await sweep(client, world, channel, added, since, signal)
  for (const name of joined.size === 0 ? [] : ['town-square', 'off-topic']) {
    const channel = await world.channel({ type: 'channel', name }, signal)
    if (channel !== undefined) await sweep(client, world, channel.id, joined, since, signal)
  }
}

/** Removes the system messages that adding these people left. */
async function sweep(
  client: Work['client'],
  world: ServerPlaces,
  channel: string,
  added: ReadonlySet<string>,
  since: number,
  signal: AbortSignal,
): Promise<void> {
  for await (const post of world.posts(channel, signal)) {
    // Clocks differ; a minute is more than they may.
    if (post.create_at < since - 60_000) return
    const named = post.props?.['addedUserId']
    const about = typeof named === 'string' ? named : post.user_id
    if (/^system_(?:add_to|join)_(?:channel|team)$/.test(post.type) && added.has(about))
      await client.delete(`/posts/${post.id}`, {}, signal)
  }
}

/** Opens an archived channel for what is to come, and removes the system messages about it. `archiveChannels` closes it again. */
export async function reopenChannel({ client }: Work, world: ServerPlaces, name: string, signal: AbortSignal): Promise<void> {
  const channel = await world.channel({ type: 'channel', name }, signal)
  if (channel === undefined) return
  await client.post(z.unknown(), `/channels/${channel.id}/restore`, {}, signal)
  world.forget()
  for await (const post of world.posts(channel.id, signal))
    if (/^system_channel_(deleted|restored)$/.test(post.type)) await client.delete(`/posts/${post.id}`, {}, signal)
}

/** Archives what is archived at the source, and brings back what is not any more. */
export async function archiveChannels(
  work: Work,
  world: ServerPlaces,
  channels: readonly Live<ChannelOperation>[],
  reopened: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  for (const stated of channels) {
    const { place, archived } = stated.op
    // What did not change at the source is left as people on the server want it.
    if (place.type === 'direct' || (stated.state === 'same' && !reopened.has(place.name))) continue
    const channel = await world.channel(place, signal)
    if (channel === undefined || (channel.delete_at !== 0) === archived) continue
    if (archived) await work.client.delete(`/channels/${channel.id}`, {}, signal)
    else await reopenChannel(work, world, place.name, signal)
  }
}
