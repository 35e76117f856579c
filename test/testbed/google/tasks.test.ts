import { tasks as client, type tasks_v1 } from 'googleapis/build/src/apis/tasks/index.js'
import { expect, test } from 'vitest'
import { refusalOf, through } from './sdk.ts'
import { googleTestbed, type GoogleTestbed } from './testbed.ts'

const who = 'ada@example.org'
const asAda = (bed: GoogleTestbed): tasks_v1.Tasks => client({ version: 'v1', ...through(bed, who, 'tasks.readonly') })

test('tasks.tasklists.list and tasks.tasklists.get know the list that everybody has', async () => {
  await using bed = await googleTestbed()
  bed.groupware.taskLists.addList(who, 'Second')
  const api = asAda(bed)
  const lists = (await api.tasklists.list()).data.items ?? []
  expect(lists.map(({ title }) => title)).toEqual(['My Tasks', 'Second'])
  expect((await api.tasklists.get({ tasklist: '@default' })).data.id).toBe(lists[0]?.id)
  expect(await refusalOf(api.tasklists.get({ tasklist: 'none' }))).toBe('404 notFound')
})

test('tasks.list shows completed, hidden, assigned and deleted tasks to those who ask', async () => {
  await using bed = await googleTestbed({ pages: 'full' })
  const { taskLists } = bed.groupware
  const [tasklist = ''] = [...taskLists.of(who).keys()]
  const gone = taskLists.addTask(who, tasklist, { title: 'Gone' })
  taskLists.deleteTask(who, tasklist, gone.id ?? '')
  const titles = async (more: tasks_v1.Params$Resource$Tasks$List): Promise<readonly unknown[]> =>
    ((await asAda(bed).tasks.list({ tasklist, ...more })).data.items ?? []).map(({ title }) => title)
  expect(await titles({})).toEqual(['Move house'])
  expect(await titles({ showHidden: true, showAssigned: true })).toEqual(['Move house', 'Boxes', 'Read the plan'])
  expect(await titles({ showDeleted: true })).toEqual(['Move house', 'Gone'])
  expect(await titles({ showHidden: true, showCompleted: false })).toEqual(['Move house'])
})

test('tasks.list gives what changed since a moment, page by page', async () => {
  let now = Date.parse('2026-11-25T08:00:00Z')
  await using bed = await googleTestbed({ tasksEach: 10, now: () => now })
  const { taskLists } = bed.groupware
  const [tasklist = ''] = [...taskLists.of(who).keys()]
  now += 3_600_000
  const [task] = [...taskLists.list(who, tasklist).tasks.keys()]
  taskLists.editTask(who, tasklist, task ?? '', { title: 'Edited' })
  const api = asAda(bed)
  expect((await api.tasks.list({ tasklist, updatedMin: '2026-11-25T08:30:00Z' })).data.items).toMatchObject([{ title: 'Edited' }])
  const page = (await api.tasks.list({ tasklist, maxResults: 100 })).data
  expect(page.items).toHaveLength(3)
  expect(page.nextPageToken).toBeDefined()
  expect(await refusalOf(api.tasks.list({ tasklist, pageToken: 'none of ours' }))).toBe('400 invalid')
  expect(await refusalOf(api.tasks.list({ tasklist, updatedMin: 'soon' }))).toBe('400 invalid')
})
