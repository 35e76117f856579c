import { type CollectionId, collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { Tasklist } from '../../../src/model/tasklist.ts'
import { filled } from '../fields.ts'
import type { WirePlan } from '../planner/wire.ts'
import type { WireTodoList } from '../todo/wire.ts'
import { itemOf, type Mapping } from './mapped.ts'

export const todoListId = (person: string, native: string): ItemId => itemId('tasklist', person, native)
export const planId = (native: string): ItemId => itemId('tasklist', 'planner', native)

/** A list of To Do. */
export function todoList(
  person: { readonly id: string; readonly account: ItemId },
  given: WireTodoList,
  raw: unknown,
  mapping: Mapping,
): SourceItem<'tasklist'> {
  const name = filled(given.displayName) ?? 'Tasks'
  const primary = given.wellknownListName === 'defaultList'
  return tasklist(
    todoListId(person.id, given.id),
    given.id,
    collectionId(`tasks/${person.id}`),
    { owner: person.account, name, primary },
    raw,
    mapping,
  )
}

/** A plan of Planner belongs to a group, so its owner is one. */
export function plan(group: string, given: WirePlan, raw: unknown, mapping: Mapping): SourceItem<'tasklist'> {
  const body = { owner: itemId('group', group), name: filled(given.title) ?? 'Plan', primary: false }
  return tasklist(planId(given.id), given.id, collectionId(`planner/${group}`), body, raw, mapping)
}

function tasklist(
  id: ItemId,
  nativeId: string,
  collection: CollectionId,
  { owner, name, primary }: { readonly owner: ItemId; readonly name: string; readonly primary: boolean },
  raw: unknown,
  mapping: Mapping,
): SourceItem<'tasklist'> {
  const body: Tasklist = { owner, name, color: null, primary }
  return itemOf({ kind: 'tasklist', id, nativeId, collection, body, raw, blobs: [] }, mapping)
}
