import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Ledger, Observed } from '../../../src/contract/target.ts'
import { type RemoteId, remoteId } from '../../../src/contract/ids.ts'
import type { MattermostClient } from '../client.ts'
import type { Work } from '../apply.ts'
import { bookmarksIn } from '../delta/bookmarks.ts'
import { customGroups, membersOf } from '../delta/groups.ts'
import {
  channelRemote,
  emojiRemote,
  groupRemote,
  observedChannel,
  observedPost,
  observedUser,
  placeOf,
  postRemote,
  userRemote,
} from '../expect.ts'
import type { Place } from '../map/operations.ts'
import type { ServerPlaces } from '../places.ts'
import { type Channel, Member, type Post, Reaction, User } from '../wire.ts'

/**
 * Reads back everything that stands where this configuration writes: people, emoji, channels of the team (archived ones too), conversations the
 * ledger knows, and every post in them, with the hash of every file's bytes. Knows nothing of what was intended.
 */
export async function* observe(
  { client, features }: Pick<Work, 'client' | 'features'>,
  world: ServerPlaces,
  teamName: string,
  ledger: Ledger,
  signal: AbortSignal,
): AsyncGenerator<Observed> {
  world.forget()
  for (const user of (await world.users(signal)).values()) {
    const known = ledger.byRemote(userRemote(user.username))
    if (known !== undefined) yield { remote: known.remote, fields: observedUser(user, known.notes['ours'] === true) }
  }
  for await (const emoji of world.emoji(signal)) {
    const known = ledger.byRemote(emojiRemote(emoji.name))
    if (known === undefined) continue
    const image = known.notes['ours'] === true ? { image: await hashOf(client, `/emoji/${emoji.id}/image`, signal) } : {}
    yield { remote: known.remote, fields: { name: emoji.name, ...image } }
  }
  if (features.customGroups)
    for await (const group of customGroups(client, signal)) {
      const known = ledger.byRemote(groupRemote(group.name ?? ''))
      if (known === undefined) continue
      const members = [...(await membersOf(client, group.id, signal)).values()].toSorted()
      const shown = known.notes['ours'] === true ? { title: group.display_name, description: group.description, members } : {}
      yield { remote: known.remote, fields: { name: group.name ?? '', ...shown } }
    }
  // Bookmarks of others are not ours to judge.
  const me = features.bookmarks ? (await client.get(User, '/users/me', {}, signal)).id : undefined
  for await (const channel of world.channels(signal))
    yield* channelAndPosts(client, world, teamName, { type: 'channel', name: channel.name }, channel, me, signal)
  const seen = new Set<string>()
  for (const { remote } of ledger.entries({})) {
    const place = placeOf(remote)?.place
    if (place?.type !== 'direct' || seen.has(place.members.join())) continue
    seen.add(place.members.join())
    const channel = await world.channel(place, signal)
    if (channel !== undefined) yield* channelAndPosts(client, world, teamName, place, channel, undefined, signal)
  }
}

async function* channelAndPosts(
  client: MattermostClient,
  world: ServerPlaces,
  team: string,
  place: Place,
  channel: Channel,
  me: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Observed> {
  const members: string[] = []
  for await (const { user_id } of client.pages(z.array(Member), `/channels/${channel.id}/members`, {}, signal))
    members.push(await world.username(user_id, signal))
  const bookmarks = me === undefined ? undefined : (await bookmarksIn(client, channel.id, signal)).filter(({ owner_id }) => owner_id === me)
  yield { remote: channelRemote(team, place), fields: observedChannel(channel, members, bookmarks) }
  // Pages come newest first: a reply comes before its root, whose time is part of what is observed. It waits for the root, not for all the rest.
  const roots = new Map<string, number>()
  const waiting = new Map<string, Post[]>()
  for await (const post of world.posts(channel.id, signal)) {
    if (post.type.startsWith('system_')) continue
    if (post.root_id !== '' && !roots.has(post.root_id)) {
      const others = waiting.get(post.root_id)
      if (others === undefined) waiting.set(post.root_id, [post])
      else others.push(post)
      continue
    }
    if (post.root_id === '') roots.set(post.id, post.create_at)
    yield await observed(client, world, team, place, post, roots, signal)
    for (const reply of waiting.get(post.id) ?? []) yield await observed(client, world, team, place, reply, roots, signal)
    waiting.delete(post.id)
  }
  for (const replies of waiting.values())
    for (const reply of replies) yield await observed(client, world, team, place, reply, roots, signal)
}

async function observed(
  client: MattermostClient,
  world: ServerPlaces,
  team: string,
  place: Place,
  post: Post,
  roots: ReadonlyMap<string, number>,
  signal: AbortSignal,
): Promise<Observed> {
  const reactions =
    post.metadata?.reactions ??
    (post.metadata === undefined || post.metadata === null
      ? ((await client.get(z.array(Reaction).nullable(), `/posts/${post.id}/reactions`, {}, signal)) ?? [])
      : [])
  const names = await Promise.all(
    reactions.map(async ({ user_id, emoji_name }) => `${emoji_name}:${await world.username(user_id, signal)}`),
  )
  const files: string[] = []
  const listed = post.metadata?.files ?? []
  for (const id of post.file_ids ?? []) {
    const name =
      listed.find((file) => file.id === id)?.name ??
      (await client.get(z.object({ name: z.string() }), `/files/${id}/info`, {}, signal)).name
    files.push(`${await hashOf(client, `/files/${id}`, signal)} ${name}`)
  }
  const rootAt = roots.get(post.root_id)
  const root: RemoteId | null =
    post.root_id === '' ? null : rootAt === undefined ? remoteId('post/missing') : postRemote(team, place, rootAt)
  return {
    remote: postRemote(team, place, post.create_at),
    fields: observedPost(post, await world.username(post.user_id, signal), names, files, root),
  }
}

async function hashOf(client: MattermostClient, path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of await client.stream(path, signal)) hash.update(chunk)
  return hash.digest('hex')
}
