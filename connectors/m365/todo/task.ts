import type { Change } from '../../../src/contract/connector.ts'
import { Fault } from '../../../src/fault.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { hasNoMailbox } from '../graph-fault.ts'
import { type Known, markOf } from '../known.ts'
import { degraded, dropped } from '../map/mapped.ts'
import { todoTask, todoTaskId } from '../map/todo-task.ts'
import type { Wire } from '../wire.ts'
import { type WireTaskFile, WireTaskFile as TaskFile, WireTodoTask } from './wire.ts'

/** Of a task, the ids of its steps are remembered: only they tell which step is gone. */
const stepsOf = (more: string): readonly string[] => (more === '' ? [] : more.split(' '))

/** A task as `tasks/delta` gives it, with its steps, if it is another than was known or everything has to be named. */
export async function* taskItems(
  {
    graph,
    person,
    known,
    everything,
  }: { readonly graph: Graph; readonly person: GraphPerson; readonly known: Known; readonly everything: boolean },
  list: string,
  raw: Wire,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const read = WireTodoTask.safeParse(raw)
  if (!read.success) {
    yield { type: 'loss', loss: dropped(todoTaskId(person.id, list, 'unnamed'), 'invalid-at-source', 'a task without an id') }
    return
  }
  const task = read.data
  known.removed.delete(task.id)
  const { '@odata.context': _, ...own } = raw
  const mark = markOf(own)
  const before = known.things.get(task.id)
  if (before?.mark === mark && !everything) return
  const files = task.hasAttachments === true ? await filesOf(graph, person, list, task.id, signal) : []
  const mapping = { source: graph.source, fetchedAt: graph.ports.clock.now().toISOString(), endpoint: 'users/todo/lists/tasks/delta' }
  const kept = files === undefined || files.length === 0 ? raw : { ...raw, attachments: files }
  const { items, losses } = todoTask({ person, list, task, files: files ?? [], raw: kept }, mapping)
  for (const item of items) yield { type: 'upsert', item }
  for (const loss of losses) yield { type: 'loss', loss }
  if (files === undefined)
    yield {
      type: 'loss',
      loss: degraded(todoTaskId(person.id, list, task.id), 'attachments', 'withheld-by-source', 'the files of this task were not given'),
    }
  const steps = task.checklistItems.map(({ id }) => id)
  for (const step of stepsOf(before?.more ?? ''))
    if (!steps.includes(step)) yield { type: 'delete', id: todoTaskId(person.id, list, task.id, step), evidence: 'absent from its task' }
  known.things.set(task.id, { place: list, mark, more: steps.join(' ') })
}

/** Undefined: they may not be read. */
async function filesOf(
  graph: Graph,
  person: GraphPerson,
  list: string,
  task: string,
  signal: AbortSignal,
): Promise<readonly WireTaskFile[] | undefined> {
  const path = `/users/${seg(person.id)}/todo/lists/${seg(list)}/tasks/${seg(task)}/attachments`
  const files: WireTaskFile[] = []
  try {
    for await (const { value } of graph.pages(path, {}, {}, signal))
      for (const raw of value) files.push(...(TaskFile.safeParse(raw).data === undefined ? [] : [TaskFile.parse(raw)]))
    return files
  } catch (error) {
    if (!(error instanceof Fault) || hasNoMailbox(error)) throw error
    if (error.code === 'gone') return []
    if (error.code === 'permission' || error.code === 'rejected') return undefined
    throw error
  }
}

/** The task and its steps. */
export function* goneTask(person: GraphPerson, { things }: Known, id: string, evidence: string): Generator<Change> {
  const known = things.get(id)
  if (known === undefined) return
  for (const step of stepsOf(known.more)) yield { type: 'delete', id: todoTaskId(person.id, known.place, id, step), evidence }
  yield { type: 'delete', id: todoTaskId(person.id, known.place, id), evidence }
  things.delete(id)
}
