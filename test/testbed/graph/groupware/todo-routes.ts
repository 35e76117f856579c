import { type Answer, type Call, Refusal, type Route } from '../call.ts'
import { listing } from '../pages.ts'
import { tasksOf } from './parts.ts'
import type { StoredFile, StoredTask, TodoStore } from './todo-store.ts'

const roles = ['Tasks.Read.All', 'Tasks.ReadWrite.All']
const notFound = (): Refusal => new Refusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store., canary text')

const storeOf = ({ tenant, params }: Call): TodoStore => tasksOf(tenant, params['user'] ?? '')
const path = ({ params }: Call, rest: string): string => `/users('${encodeURIComponent(params['user'] ?? '')}')/todo/${rest}`

function listOf(call: Call): string {
  const id = call.params['list'] ?? ''
  if (!storeOf(call).tasks.has(id)) throw notFound()
  return id
}
function taskOf(call: Call): StoredTask {
  const task = storeOf(call)
    .feed(listOf(call))
    .things.get(call.params['task'] ?? '')
  if (task === undefined) throw notFound()
  return task
}
/** Steps and links come only when they are expanded. */
function shape({ etag, checklistItems, linkedResources, ...task }: StoredTask, query: URLSearchParams): object {
  const expanded = query.get('$expand')?.split(',') ?? []
  return {
    '@odata.etag': `W/"${etag}"`,
    ...task,
    ...(expanded.includes('checklistItems') ? { checklistItems } : {}),
    ...(expanded.includes('linkedResources') ? { linkedResources } : {}),
  }
}
function fileOf(call: Call): StoredFile {
  const file = storeOf(call)
    .files.get(taskOf(call).id)
    ?.get(call.params['attachment'] ?? '')
  if (file === undefined) throw notFound()
  return file
}
function fileList(call: Call): Answer {
  const all = [...(storeOf(call).files.get(taskOf(call).id)?.values() ?? [])].map(({ wire }) => ({
    '@odata.type': '#microsoft.graph.taskFileAttachment',
    ...wire,
  }))
  return listing(
    call,
    path(call, `lists('${encodeURIComponent(listOf(call))}')/tasks('${encodeURIComponent(taskOf(call).id)}')/attachments`),
    all,
    {
      most: 100,
      usual: 10,
      type: 'attachments',
    },
  )
}

const get = (name: string, at: string, answer: Route['answer']): Route => ({
  name,
  method: 'GET',
  path: `/users/:user/todo/${at}`,
  roles,
  mailbox: true,
  answer,
})

export const todoRoutes: readonly Route[] = [
  get('todo.lists.delta', 'lists/delta', (call) =>
    storeOf(call).lists.delta(call, path(call, 'lists/delta'), 'todoTaskList', (list) => list),
  ),
  get('todo.tasks.delta', 'lists/:list/tasks/delta', (call) => {
    const list = listOf(call)
    return storeOf(call)
      .feed(list)
      .delta(call, path(call, `lists('${encodeURIComponent(list)}')/tasks/delta`), 'todoTask', shape)
  }),
  get('todo.lists.list', 'lists', (call) => storeOf(call).lists.list(call, path(call, 'lists'), 'lists', (list) => list)),
  get('todo.tasks.list', 'lists/:list/tasks', (call) => {
    const list = listOf(call)
    return storeOf(call)
      .feed(list)
      .list(call, path(call, `lists('${encodeURIComponent(list)}')/tasks`), 'tasks', shape)
  }),
  get('todo.tasks.get', 'lists/:list/tasks/:task', (call) => ({
    json: { '@odata.context': `${call.base}/$metadata#todoTask/$entity`, ...shape(taskOf(call), call.query) },
  })),
  get('todo.attachments.list', 'lists/:list/tasks/:task/attachments', fileList),
  get('todo.attachments.value', 'lists/:list/tasks/:task/attachments/:attachment/$value', (call) => {
    const { wire, bytes } = fileOf(call)
    return { bytes: [bytes], mediaType: wire.contentType ?? 'application/octet-stream' }
  }),
]
