import { z } from 'zod'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { Fault } from '../../../src/fault.ts'
import type { Work } from '../apply.ts'
import { type MattermostClient, PAGE } from '../client.ts'
import type { ServerPlaces } from '../places.ts'
import { Group, GroupMembers } from '../wire.ts'
import type { GroupWork } from './finish.ts'

/** Custom groups of the server, by the API that came with version 6.3. */
export const customGroups = (client: MattermostClient, signal: AbortSignal): AsyncGenerator<Group> =>
  client.pages(z.array(Group), '/groups', { group_source: 'custom' }, signal)

/** Usernames by id of a group's people; the server names only those who are active. */
export async function membersOf(client: MattermostClient, group: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>()
  for (let page = 0; ; page++) {
    const { members } = await client.get(GroupMembers, `/groups/${group}/members`, { page, per_page: PAGE }, signal)
    for (const { id, username } of members ?? []) found.set(id, username)
    if ((members?.length ?? 0) < PAGE) return found
  }
}

/**
 * Makes and changes groups when their people are there. A group of the same name that was there before is somebody's own and stays as it is.
 * People who were put into one of ours on the server stay. What the server refuses is a loss of that group alone. Gives the losses by operation.
 */
export async function settleGroups(
  { client }: Work,
  world: ServerPlaces,
  groups: readonly GroupWork[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly Loss[]>> {
  const losses = new Map<string, readonly Loss[]>()
  const todo = groups.filter(({ stated, ours }) => ours && (stated.state !== 'same' || stated.known.state === 'staged'))
  if (todo.length === 0) return losses
  const standing = new Map<string, Group>()
  for await (const group of customGroups(client, signal)) standing.set(group.name ?? '', group)
  const users = await world.users(signal)
  for (const { stated } of todo) {
    const { op } = stated
    const wanted = op.members.map((name) => users.get(name)).filter((user) => user !== undefined && user.delete_at === 0)
    const user_ids = wanted.map((user) => user?.id ?? '')
    const about = { name: op.name, display_name: op.title, description: op.description }
    try {
      const group = standing.get(op.name)
      if (group === undefined) {
        await client.post(Group, '/groups', { ...about, source: 'custom', allow_reference: true, user_ids }, signal)
        continue
      }
      if (group.display_name !== op.title || group.description !== op.description)
        await client.put(Group, `/groups/${group.id}/patch`, { display_name: op.title, description: op.description }, signal)
      const there = await membersOf(client, group.id, signal)
      const missing = user_ids.filter((id) => !there.has(id))
      if (missing.length > 0) await client.post(z.unknown(), `/groups/${group.id}/members`, { user_ids: missing }, signal)
      const before = stated.state === 'new' ? [] : namesIn(stated.known.notes['members'])
      const leave = [...there].filter(([, name]) => before.includes(name) && !op.members.includes(name)).map(([id]) => id)
      if (leave.length > 0) await client.remove(`/groups/${group.id}/members`, { user_ids: leave }, signal)
    } catch (error) {
      if (!(error instanceof Fault) || ['auth', 'unavailable', 'throttled'].includes(error.code)) throw error
      const detail = error.why ?? error.message
      losses.set(op.key, [
        { item: op.item, stage: 'apply', code: 'rejected-by-target', effect: { type: 'degraded', field: 'members' }, detail },
      ])
    }
  }
  return losses
}

const namesIn = (names: unknown): readonly string[] =>
  Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string') : []
