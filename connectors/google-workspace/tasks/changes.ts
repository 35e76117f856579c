import type { Change } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { type CollectionId, collectionId, type Cursor, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { Google, GooglePerson } from '../google.ts'
import { hashOf } from '../hash.ts'
import { flag, instant, type Json, text } from '../json.ts'
import { degraded, dropped, itemOf } from '../map/item.ts'
import { task, taskId } from '../map/task.ts'
import { tasklist } from '../map/tasklist.ts'
import { refused } from '../token-lost.ts'
import { taskReading, type TaskReading } from './reading.ts'
import { decode, encode, freshList, freshState, type ListState, type State } from './state.ts'

interface Run {
  readonly reading: TaskReading
  readonly collection: CollectionId
  readonly state: State
  /** Said once, for as long as they stand. */
  readonly losses: Loss[]
  /** Between a reset and the end of its listing nothing may be called complete. */
  readonly whole: boolean
}

/** Changes that Google shows late: so far behind the newest one seen the next run begins. */
const overlapMs = 10 * 60_000

/** The tasks of one person: one request for the lists and one per list when nothing changed. */
export async function* taskChanges(
  google: Google,
  person: GooglePerson,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const read = since === undefined ? freshState() : decode(since)
  if (read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const reading = await taskReading(google, person)
  const run: Run = {
    reading,
    collection: collectionId(`tasks/${person.id}`),
    state: read ?? freshState(),
    losses: [],
    whole: read === undefined,
  }
  const { state, losses } = run
  const lists = (await reading.lists(signal)).filter((list) => text(list['id']) !== '')
  await findPrimary(run, lists, signal)
  for (const list of lists) yield* oneList(run, list, signal)
  const listed = new Set(lists.map((list) => text(list['id'])))
  for (const [native, known] of state.lists) {
    if (listed.has(native)) continue
    const evidence = 'absent-from-tasklists.list'
    for (const id of known.tasks.keys()) yield { type: 'delete', id: taskId(person.id, native, id), evidence }
    yield { type: 'delete', id: listId(run, native), evidence }
    state.lists.delete(native)
  }
  const about = losses.length === 0 ? '' : hashOf(losses)
  if (about !== state.losses) for (const loss of losses) yield { type: 'loss', loss }
  state.losses = about
  yield { type: 'checkpoint', cursor: encode(state) }
}

const listId = ({ reading }: Run, native: string): ItemId => itemId('tasklist', reading.person.id, native)

/** Which list everybody has is said by none of the lists; it is asked when there are others than before. */
async function findPrimary({ reading, state }: Run, lists: readonly Json[], signal: AbortSignal): Promise<void> {
  const of = hashOf(lists.map((list) => text(list['id'])).toSorted())
  if (of === state.primary.of) return
  try {
    state.primary = { id: await reading.primary(signal), of }
  } catch (error) {
    if (!refused(error)) throw error
    state.primary = { id: text(lists[0]?.['id']), of }
  }
}

/** One list. What Google refuses of it stops nobody else and deletes nothing. */
async function* oneList(run: Run, list: Json, signal: AbortSignal): AsyncGenerator<Change> {
  const { reading, collection, state } = run
  const { google, person } = reading
  const native = text(list['id'])
  const known = state.lists.get(native) ?? freshList()
  state.lists.set(native, known)
  const id = listId(run, native)
  const body = tasklist(list, native === state.primary.id, person.account)
  const item = itemOf({
    kind: 'tasklist',
    id,
    collection,
    body,
    raw: list,
    blobs: [],
    provenance: google.provenance(native, 'tasklists.list'),
  })
  if (item.revision !== known.item) yield { type: 'upsert', item }
  known.item = item.revision
  const now = google.ports.clock.now().getTime()
  const due = known.sweptAt === '' || now - Date.parse(known.sweptAt) >= google.config.settingsDays * 86_400_000
  try {
    const since = due || known.newest === null ? undefined : new Date(Date.parse(known.newest) - overlapMs).toISOString()
    const moved = yield* tasksOf(run, native, known, since, signal)
    if (since === undefined) known.sweptAt = new Date(now).toISOString()
    if (!run.whole) yield { type: 'checkpoint', cursor: encode(state) }
    // A task that came from another list is gone there, and Google may not say so.
    for (const other of moved) {
      const left = state.lists.get(other)
      if (left !== undefined) yield* tasksOf(run, other, left, undefined, signal)
    }
  } catch (error) {
    if (!refused(error)) throw error
    run.losses.push(degraded(id, 'tasks', 'withheld-by-source', `its tasks could not be read: ${error.message}`))
  }
}

/** Tasks that are not what they were. Without `since` all are listed, and one that is not named is gone. Gives lists that tasks came from. */
async function* tasksOf(
  run: Run,
  list: string,
  known: ListState,
  since: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change, ReadonlySet<string>> {
  const { reading, collection, state } = run
  const { google, person } = reading
  const seen = new Set<string>()
  const moved = new Set<string>()
  let newest = known.newest
  for await (const page of reading.tasks(list, since, signal))
    for (const given of page) {
      const native = text(given['id'])
      if (native === '') {
        yield { type: 'loss', loss: dropped(taskId(person.id, list, 'unnamed'), 'invalid-at-source', 'a task without an id') }
        continue
      }
      const updated = instant(given['updated'])
      if (updated !== null && (newest === null || updated > newest)) newest = updated
      if (flag(given['deleted'])) {
        if (known.tasks.delete(native)) yield { type: 'delete', id: taskId(person.id, list, native), evidence: 'deleted in tasks.list' }
        continue
      }
      seen.add(native)
      const { id, body, losses } = task(given, person.id, list, listId(run, list))
      const provenance = google.provenance(`${list}/${native}`, 'tasks.list')
      const item = itemOf({ kind: 'task', id, collection, body, raw: given, blobs: [], provenance })
      if (known.tasks.get(native) === item.revision.slice(0, 8)) continue
      if (!known.tasks.has(native)) for (const [other, { tasks }] of state.lists) if (other !== list && tasks.has(native)) moved.add(other)
      known.tasks.set(native, item.revision.slice(0, 8))
      yield { type: 'upsert', item }
      for (const loss of losses) yield { type: 'loss', loss }
    }
  if (since === undefined)
    for (const native of known.tasks.keys()) {
      if (seen.has(native)) continue
      known.tasks.delete(native)
      yield { type: 'delete', id: taskId(person.id, list, native), evidence: 'absent-from-tasks.list' }
    }
  known.newest = newest
  return moved
}
