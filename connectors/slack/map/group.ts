import type { Group } from '../../../src/model/group.ts'
import { type Wire, filled, text, texts, whole } from '../wire.ts'
import { accountId, clean, degraded, directory, dropped, groupId, itemOf, type Mapped, type Mapping } from './item.ts'
import { plainText } from './message.ts'

/** A user group as `usergroups.list` gives it with `include_users`. An active group without a list of members has unknown members. */
export function group(given: Wire, mapping: Mapping): Mapped<'group'> {
  const raw = clean(given, mapping)
  const native = text(raw['id'])
  if (native === undefined || native === '')
    return { item: undefined, losses: [dropped(groupId('unnamed'), 'invalid-at-source', 'a user group without an id')] }
  const id = groupId(native)
  const active = (whole(raw['date_delete']) ?? 0) === 0
  const members = Array.isArray(raw['users'])
    ? [...new Set(texts(raw['users']))].toSorted().map(accountId)
    : (whole(raw['user_count']) ?? (active ? 1 : 0)) === 0
      ? []
      : null
  const body: Group = {
    handle: filled(raw['handle']) ?? native.toLowerCase(),
    name: plainText(raw['name']) || (filled(raw['handle']) ?? native),
    description: plainText(raw['description']),
    members,
    active,
  }
  const losses = members === null ? [degraded(id, 'members', 'withheld-by-source', 'the members of this group were not given')] : []
  return { item: itemOf({ kind: 'group', id, nativeId: native, collection: directory, body, raw, blobs: [] }, mapping), losses }
}
