import type { Change } from '../../../src/contract/connector.ts'
import type { Cursor } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import { deltaPages, isRemoved } from '../delta.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { hasNoMailbox } from '../graph-fault.ts'
import type { Known } from '../known.ts'
import { deltaRounds } from '../rounds.ts'
import type { Wire } from '../wire.ts'
import { forgetList, goneLists, isForgotten, listItems, refreshLists } from './lists.ts'
import { goneTask, taskItems } from './task.ts'

interface Round {
  readonly graph: Graph
  readonly person: GraphPerson
  readonly known: Known
  readonly everything: boolean
}
const tasksAPage = 100
/** Steps and links come with the task: https://learn.microsoft.com/graph/api/todotask-delta (read 2026-11-25). */
const expanded = { $expand: 'checklistItems,linkedResources' }

/** The changes of somebody's To Do lists since a cursor: one request for the lists and one for each list when nothing changed. */
export const todoChanges = (graph: Graph, person: GraphPerson, since: Cursor | undefined, signal: AbortSignal): AsyncGenerator<Change> =>
  deltaRounds(since, {
    person: person.id,
    lacks: 'tasklist',
    refresh: (known) => refreshLists(graph, person, known, signal),
    round: (known, everything) => round({ graph, person, known, everything }, signal),
  })

async function* round(current: Round, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, known, everything } = current
  yield* listItems(graph, person, known, everything)
  // After a reset, what no page names is gone.
  const unseen = everything ? new Set(known.things.keys()) : undefined
  for (const id of known.places.keys()) if (!isForgotten(known, id)) yield* list(current, id, unseen, signal)
  for (const id of unseen ?? []) known.removed.add(id)
  yield* goneLists(person, known)
  yield* removals(current, signal)
  known.losses = ''
  yield { type: 'checkpoint', cursor: known.encode() }
}

async function* list(current: Round, id: string, unseen: Set<string> | undefined, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, known, everything } = current
  const path = `/users/${seg(person.id)}/todo/lists/${seg(id)}/tasks/delta`
  let pages = 0
  try {
    for await (const page of deltaPages(
      graph,
      known,
      { key: `tasks/${id}`, path, query: expanded, pageSize: tasksAPage, held: () => known.idsIn(id) },
      signal,
    )) {
      // What was worked on of the page before counts now.
      if (pages > 0 && !everything) yield { type: 'checkpoint', cursor: known.encode() }
      pages += 1
      for (const raw of page) {
        const native = raw['id']
        if (typeof native === 'string') unseen?.delete(native)
        if (!isRemoved(raw)) yield* taskItems(current, id, raw, signal)
        else if (typeof native === 'string' && known.things.has(native)) known.removed.add(native)
      }
    }
  } catch (error) {
    // The list went away after it was listed.
    if (!(error instanceof Fault) || error.code !== 'gone' || hasNoMailbox(error)) throw error
    forgetList(known, id)
  }
}

/** Whatever was called removed is asked for by itself before it counts as deleted. */
async function* removals(current: Round, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, known } = current
  for (const id of known.removed) {
    const place = known.things.get(id)?.place
    const path = `/users/${seg(person.id)}/todo/lists/${seg(place ?? '')}/tasks/${seg(id)}`
    const raw = place === undefined ? undefined : await stillThere(graph, path, signal)
    if (raw === undefined || place === undefined) yield* goneTask(person, known, id, 'removed in tasks/delta, then not found')
    else yield* taskItems(current, place, raw, signal)
    known.removed.delete(id)
  }
}

async function stillThere(graph: Graph, path: string, signal: AbortSignal): Promise<Wire | undefined> {
  try {
    return (await graph.get(path, expanded, {}, signal)) as Wire
  } catch (error) {
    if (error instanceof Fault && error.code === 'gone' && !hasNoMailbox(error)) return undefined
    throw error
  }
}
