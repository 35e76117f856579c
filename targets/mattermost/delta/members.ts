import { z } from 'zod'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { IdempotencyKey, ItemId } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import type { Adjustments } from '../adjust.ts'
import type { Work } from '../apply.ts'
import type { Live } from '../bulk/compose-options.ts'
import type { ChannelOperation } from '../map/operations.ts'
import type { ServerPlaces } from '../places.ts'
import { silently } from '../silence.ts'
import { Member, type User } from '../wire.ts'

/** The messages the server writes when people come and go. */
const COMINGS = /^system_(?:add_to|join|remove_from|leave)_(?:channel|team)$/
/** So often the server is asked for messages that it has not written yet. */
const SWEEPS = 5

/** One channel whose members are not yet those of the source. */
interface Change {
  readonly key: IdempotencyKey
  readonly item: ItemId
  readonly channel: string
  readonly enter: readonly User[]
  readonly leave: readonly User[]
  /** So many left here by themselves. */
  readonly out: number
}

/**
 * Lets people who had an account before the import into their channels, and out of those they have left at the source since we let them in.
 * Lines would reset their password and read state, so it is done through the API, which writes a system message for each; these are removed again.
 * Deactivated people are members like everybody. What the server refuses is a loss of that channel alone. Gives the losses by operation.
 */
export async function settleMembers(
  work: Work,
  world: ServerPlaces,
  channels: readonly Live<ChannelOperation>[],
  adjustments: Adjustments,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Loss[]>> {
  const changes = await changesOf(work, world, channels, signal)
  if (changes.length === 0) return new Map()
  if (work.settings.notifyMembers === 'leave-out')
    return new Map(
      changes.flatMap((change) =>
        change.enter.length === 0
          ? []
          : [[change.key, [left(change, change.enter.length, 'the configuration says `notifyMembers: leave-out`')]]],
      ),
    )
  return silently(work, adjustments, () => applyChanges(work, world, changes, signal), signal)
}

async function changesOf(
  { client }: Work,
  world: ServerPlaces,
  channels: readonly Live<ChannelOperation>[],
  signal: AbortSignal,
): Promise<readonly Change[]> {
  const users = await world.users(signal)
  const changes: Change[] = []
  for (const stated of channels) {
    const { key, item, place, members } = stated.op
    const before = stated.state === 'new' ? [] : namesIn(stated.known.notes['members'])
    if (stated.state === 'same' || place.type === 'direct' || members.length + before.length === 0) continue
    const channel = await world.channel(place, signal)
    if (channel === undefined || channel.delete_at !== 0) continue
    const there = new Set<string>()
    for await (const { user_id } of client.pages(z.array(Member), `/channels/${channel.id}/members`, {}, signal)) there.add(user_id)
    const wanted = new Set(members)
    const known = (names: readonly string[]) => names.map((name) => users.get(name)).filter((user) => user !== undefined)
    // Whoever was let in before and is not there any more left by themselves, and stays out.
    const out = known(before).filter(({ id, username }) => !there.has(id) && wanted.has(username))
    const enter = known(members).filter((user) => !there.has(user.id) && !out.includes(user))
    const leave = known(before).filter(({ id, username }) => there.has(id) && !wanted.has(username))
    if (enter.length + leave.length + out.length > 0) changes.push({ key, item, channel: channel.id, enter, leave, out: out.length })
  }
  return changes
}

async function applyChanges(
  { client, ports }: Work,
  world: ServerPlaces,
  changes: readonly Change[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Loss[]>> {
  const losses = new Map<string, readonly Loss[]>()
  const team = await world.team(signal)
  if (team === undefined) return losses
  const inTeam = new Set<string>()
  for await (const { user_id } of client.pages(z.array(Member), `/teams/${team.id}/members`, {}, signal)) inTeam.add(user_id)
  const since = ports.clock.now().getTime()
  const joined = new Set<string>()
  for (const change of changes) {
    const refused: Fault[] = []
    for (const user of change.enter)
      try {
        if (!inTeam.has(user.id)) {
          await client.post(z.unknown(), `/teams/${team.id}/members`, { team_id: team.id, user_id: user.id }, signal)
          inTeam.add(user.id)
          joined.add(user.id)
        }
        await client.post(z.unknown(), `/channels/${change.channel}/members`, { user_id: user.id }, signal)
      } catch (error) {
        if (!(error instanceof Fault) || ['auth', 'unavailable', 'throttled'].includes(error.code)) throw error
        refused.push(error)
      }
    for (const user of change.leave) await client.delete(`/channels/${change.channel}/members/${user.id}`, {}, signal)
    const [first] = refused
    const lost: Loss[] = first === undefined ? [] : [left(change, refused.length, first.why ?? first.message)]
    if (change.out > 0)
      lost.push({
        ...left(change, 0, ''),
        code: 'rejected-by-target',
        detail: `${change.out} people left here since they were added: they stay out`,
      })
    if (lost.length > 0) losses.set(change.key, lost)
  }
  // The server answers first and writes its messages a moment later.
  const expected = new Map(changes.map(({ channel, enter, leave }) => [channel, new Set([...enter, ...leave].map(({ id }) => id))]))
  for (const name of joined.size === 0 ? [] : ['town-square', 'off-topic']) {
    const channel = await world.channel({ type: 'channel', name }, signal)
    if (channel !== undefined) expected.set(channel.id, new Set([...(expected.get(channel.id) ?? []), ...joined]))
  }
  for (let sweeps = 0; sweeps < SWEEPS && expected.size > 0; sweeps++) {
    await ports.clock.sleep(500, signal)
    for (const [channel, people] of expected) {
      for (const id of await sweep(client, world, channel, people, since, signal)) people.delete(id)
      if (people.size === 0) expected.delete(channel)
    }
  }
  return losses
}

const left = ({ item }: Change, count: number, why: string): Loss => ({
  item,
  stage: 'apply',
  code: 'access-narrowed',
  effect: { type: 'degraded', field: 'members' },
  detail: `${count} people who had an account before were not added: ${why}`,
})
const namesIn = (names: unknown): readonly string[] =>
  Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : []

/** Removes the system messages about these people; gives the people it found some about. */
async function sweep(
  client: Work['client'],
  world: ServerPlaces,
  channel: string,
  people: ReadonlySet<string>,
  since: number,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const found: string[] = []
  for await (const post of world.posts(channel, signal)) {
    // Clocks differ; a minute is more than they may.
    if (post.create_at < since - 60_000) return found
    const named = post.props?.['addedUserId'] ?? post.props?.['removedUserId']
    const about = typeof named === 'string' ? named : post.user_id
    if (!COMINGS.test(post.type) || !people.has(about)) continue
    await client.delete(`/posts/${post.id}`, {}, signal)
    found.push(about)
  }
  return found
}
