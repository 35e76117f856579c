import type { CollectionId, ItemId } from '../../../src/contract/ids.ts'
import type { LossCode } from '../../../src/contract/fidelity.ts'
import type { Directory, Entry } from '../../../src/contract/target.ts'
import type { Settings } from '../settings.ts'
import { channelName, free, plain, tail } from './names.ts'
import type { Place } from './operations.ts'
import type { People } from './people.ts'

/** Where one channel of the source goes, and what changes on the way. */
export interface PlannedChannel {
  readonly id: ItemId
  readonly place: Place
  readonly open: boolean
  /** Usernames, sorted, each once. */
  readonly members: readonly string[]
  /** Another channel of the source stands for this place already (equal member sets). */
  readonly merged: boolean
  readonly notes: readonly { readonly code: LossCode; readonly field: string; readonly detail: string }[]
}
export interface Places {
  channel(id: string): PlannedChannel | undefined
  /** The channel whose messages stand in a collection. */
  collection(id: CollectionId): PlannedChannel | undefined
  /** Left out because the configuration says so; the reason. */
  excluded(id: string): string | undefined
}

/** A conversation of the server has at most this many people; beyond, it is a private channel. */
const MAX_DIRECT = 8

export function planPlaces(directory: Directory, people: People, settings: Settings): Places {
  const planned = new Map<string, PlannedChannel>()
  const byCollection = new Map<string, PlannedChannel>()
  const excluded = new Map<string, string>()
  const taken = new Set<string>()
  const directs = new Set<string>()
  const order = [...directory.channels].toSorted(([a, left], [b, right]) => {
    const [x, y] = [`${left.body.createdAt ?? '~'}/${a}`, `${right.body.createdAt ?? '~'}/${b}`]
    return x < y ? -1 : 1
  })
  for (const [id, entry] of order) {
    const reason = entry.body.members === null && settings.onUnknownMembers === 'skip' ? 'the source does not say who is in it' : undefined
    if (reason !== undefined) {
      excluded.set(id, reason)
      continue
    }
    const channel = planOne(id, entry, people, taken, directs)
    planned.set(id, channel)
    byCollection.set(id, channel)
    if (entry.collection !== 'directory') byCollection.set(entry.collection, channel)
  }
  return { channel: (id) => planned.get(id), collection: (id) => byCollection.get(id), excluded: (id) => excluded.get(id) }
}

function planOne(id: ItemId, entry: Entry<'channel'>, people: People, taken: Set<string>, directs: Set<string>): PlannedChannel {
  const { body } = entry
  const notes: PlannedChannel['notes'][number][] = []
  const members = [
    ...new Set((body.members ?? []).map((account) => people.of(account)?.username).filter((name) => name !== undefined)),
  ].toSorted()
  const strangers = (body.members ?? []).filter((account) => people.of(account) === undefined).length
  if (strangers > 0) notes.push({ code: 'access-narrowed', field: 'members', detail: `${strangers} members are not in the directory` })
  const conversation = body.type === 'direct' || body.type === 'group-direct'
  if (conversation && strangers === 0 && members.length >= 1 && members.length <= MAX_DIRECT) {
    const [only] = members
    const place: Place = { type: 'direct', members: members.length === 1 && only !== undefined ? [only, only] : members }
    const merged = directs.has(place.members.join())
    directs.add(place.members.join())
    if (merged) notes.push({ code: 'name-changed', field: 'name', detail: 'merged with another conversation of the same people' })
    return { id, place, open: false, members, merged, notes }
  }
  if (body.members === null)
    notes.push({ code: 'access-narrowed', field: 'members', detail: 'the source does not say who is in it: private, and nobody is in it' })
  if (conversation)
    notes.push({
      code: 'no-such-concept',
      field: 'type',
      detail: `a conversation of ${body.members?.length ?? 'unknown'} people became a private channel`,
    })
  const base = conversation ? channelName(`group-${tail(id)}`) : channelName(body.name)
  const name = free(base, 'channel', tail(id), (name) => taken.has(name))
  taken.add(name)
  if (!conversation && name !== body.name)
    notes.push({ code: 'name-changed', field: 'name', detail: `"${plain(body.name)}" became "${name}"` })
  return { id, place: { type: 'channel', name }, open: body.type === 'public' && body.members !== null, members, merged: false, notes }
}
