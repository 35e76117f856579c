import { collectionId, itemId } from '../../../src/contract/ids.ts'
import type { Group } from '../../../src/model/group.ts'
import { filled, type Wire } from '../wire.ts'
import { degraded, itemOf, type Mapped, type Mapping } from './mapped.ts'

/** A group as `GET /groups` gives it. `members`: ids of the people in it and in the groups inside it; undefined when they were not given. */
export function group(id: string, raw: Wire, members: readonly string[] | undefined, mapping: Mapping): Mapped<'group'> {
  const name = filled(raw['displayName']) ?? id
  const body: Group = {
    handle: filled(raw['mailNickname']) ?? name,
    name,
    description: filled(raw['description']) ?? '',
    members: members === undefined ? null : [...new Set(members)].toSorted().map((member) => itemId('account', member)),
    active: true,
  }
  const own = itemId('group', id)
  return {
    item: itemOf({ kind: 'group', id: own, nativeId: id, collection: collectionId('directory'), body, raw, blobs: [] }, mapping),
    losses: members === undefined ? [degraded(own, 'members', 'withheld-by-source', 'the members of this group were not given')] : [],
  }
}
