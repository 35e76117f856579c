import type { Change } from '../../../src/contract/connector.ts'
import { deltaPages, isRemoved } from '../delta.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { jsonOf, type Known, markOf } from '../known.ts'
import { todoList, todoListId } from '../map/tasklist.ts'
import { WireTodoList } from './wire.ts'
import { goneTask } from './task.ts'

const gone = 'gone'

/** Brings the lists in `known` up to date: one request. @throws Expired */
export async function refreshLists(graph: Graph, person: GraphPerson, known: Known, signal: AbortSignal): Promise<void> {
  const listing = {
    key: 'lists',
    path: `/users/${seg(person.id)}/todo/lists/delta`,
    query: {},
    pageSize: 100,
    held: () => [...known.places.keys()],
  }
  const unseen = new Set(known.links.has(listing.key) ? [] : known.places.keys())
  for await (const page of deltaPages(graph, known, listing, signal))
    for (const raw of page) {
      const read = WireTodoList.safeParse(raw)
      if (!read.success) continue
      unseen.delete(read.data.id)
      if (isRemoved(raw)) forgetList(known, read.data.id)
      else known.places.set(read.data.id, { object: JSON.stringify(read.data), item: known.places.get(read.data.id)?.item ?? '' })
    }
  for (const id of unseen) forgetList(known, id)
}

export function forgetList(known: Known, id: string): void {
  const place = known.places.get(id)
  if (place !== undefined) known.places.set(id, { ...place, object: gone })
  known.links.delete(`tasks/${id}`)
}
export const isForgotten = (known: Known, id: string): boolean => known.places.get(id)?.object === gone

/** Lists that are new, or called otherwise, or all of them. */
export function* listItems(graph: Graph, person: GraphPerson, known: Known, everything: boolean): Generator<Change> {
  const mapping = { source: graph.source, fetchedAt: graph.ports.clock.now().toISOString(), endpoint: 'users/todo/lists/delta' }
  for (const [id, { object, item: before }] of known.places) {
    const read = WireTodoList.safeParse(jsonOf(object))
    if (!read.success) continue
    const item = todoList(person, read.data, jsonOf(object), mapping)
    const mark = markOf(item.revision)
    if (mark !== before || everything) yield { type: 'upsert', item }
    known.places.set(id, { object, item: mark })
  }
}

/** A task that moves gets another id, so what stood in a list that is gone is gone with it. */
export function* goneLists(person: GraphPerson, known: Known): Generator<Change> {
  for (const [id, { object }] of known.places) {
    if (object !== gone) continue
    for (const [task, { place }] of known.things)
      if (place === id) yield* goneTask(person, known, task, 'its list was removed in lists/delta')
    known.places.delete(id)
    yield { type: 'delete', id: todoListId(person.id, id), evidence: 'removed in lists/delta' }
  }
}
