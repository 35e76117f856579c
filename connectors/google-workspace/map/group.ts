import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Provenance } from '../../../src/contract/item.ts'
import type { Group } from '../../../src/model/group.ts'
import { Group as GroupWire } from '../directory/wire.ts'
import { accountId, degraded, directory, dropped, groupId, itemOf, type Mapped, sorted } from './item.ts'

/** Who is in a group, groups inside of it resolved. `ids`: null if Google did not say. */
export interface Membership {
  readonly ids: readonly string[] | null
  /** Members outside of the organisation. */
  readonly strangers: number
  /** Groups inside of it whose members are not known. */
  readonly opaque: number
}

/** A group as `groups.list` gives it. `members` in `raw` are as `members.list` gives them, before groups inside are resolved. */
export function group(given: object, members: readonly object[], membership: Membership, provenance: Provenance): Mapped<'group'> {
  const parsed = GroupWire.safeParse(given)
  if (!parsed.success) return { item: undefined, losses: [dropped(groupId('unnamed'), 'invalid-at-source', 'a group without an id')] }
  const { id: native, email, name, description } = parsed.data
  const id = groupId(native)
  const { ids, strangers, opaque } = membership
  const body: Group = {
    handle: email.replace(/@.*$/s, ''),
    name: name ?? email,
    description: description ?? '',
    members: ids === null ? null : sorted(ids.map(accountId)),
    active: true,
  }
  const losses: Loss[] = []
  if (ids === null) losses.push(degraded(id, 'members', 'withheld-by-source', 'the members of this group were not given'))
  if (opaque > 0)
    losses.push(degraded(id, 'members', 'withheld-by-source', `${opaque} groups inside of this one did not give their members`))
  if (strangers > 0) losses.push(degraded(id, 'members', 'no-such-concept', `${strangers} members are outside of the organisation`))
  const raw = { ...given, members }
  return { item: itemOf({ kind: 'group', id, collection: directory, body, raw, blobs: [], provenance }), losses }
}
