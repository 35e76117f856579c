import { z } from 'zod'
import type { Work } from '../apply.ts'
import type { Live } from '../bulk/compose-options.ts'
import type { ChannelOperation } from '../map/operations.ts'
import type { ServerPlaces } from '../places.ts'

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
