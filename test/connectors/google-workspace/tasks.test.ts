import { describe, expect, test } from 'vitest'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { GoogleTestbedOptions } from '../../testbed/google/testbed.ts'
import { adasNights, type Nights } from './nights.ts'
import { Held, never, open, run } from './world.ts'

const who = 'ada@example.org'
const nights = (options: GoogleTestbedOptions = {}): Promise<Nights> => adasNights('tasks', { pages: 'full', ...options })
const listOf = (ada: Nights, at = 0): string => [...ada.bed.groupware.taskLists.of(who).keys()][at] ?? ''
const idOf = (ada: Nights, list: string, task: string | null | undefined): ItemId =>
  `task/${ada.bed.company.user('ada').id}/${list}/${task}` as ItemId
const tasks = (held: Held): readonly string[] => [...held.items.keys()].filter((id) => id.startsWith('task/'))

describe('the first night', () => {
  test('gives every list and task, completed, hidden and assigned ones too, deleted ones not', async () => {
    await using ada = await nights()
    const { taskLists } = ada.bed.groupware
    const gone = taskLists.addTask(who, listOf(ada), { title: 'never mind' })
    taskLists.deleteTask(who, listOf(ada), gone.id ?? '')
    taskLists.addList(who, 'Second')
    const held = await ada.night()
    expect(tasks(held)).toHaveLength(3)
    expect([...held.items.values()].flatMap((item) => (item.kind === 'tasklist' ? [item.body] : []))).toMatchObject([
      { name: 'My Tasks', primary: true },
      { name: 'Second', primary: false },
    ])
  })

  test('killed anywhere it goes on, and ends the same', async () => {
    await using ada = await nights({ pages: 'small', tasksEach: 20 })
    ada.bed.groupware.taskLists.addList(who, 'Second')
    await using connector = await open(ada.bed)
    const whole = await run(connector, ada.collection)
    const stops = whole.changes.filter(({ type }) => type === 'checkpoint').length
    for (let stop = 1; stop < stops; stop++) {
      const held = new Held()
      let met = 0
      for await (const change of connector.changes({ id: ada.collection as never, title: '', kinds: [] }, undefined, never)) {
        held.take(change)
        if (change.type === 'checkpoint' && (met += 1) === stop) break
      }
      await run(connector, ada.collection, held)
      expect([...held.items.keys()].toSorted()).toEqual([...whole.items.keys()].toSorted())
    }
  })
})

describe('the next night', () => {
  test('costs one request for the lists and one per list when nothing changed', async () => {
    await using ada = await nights()
    await ada.night()
    const held = await ada.night()
    expect(held.changes.filter(({ type }) => type !== 'checkpoint')).toEqual([])
    expect(ada.bed.calls.byRoute).toEqual({
      token: 2,
      'directory.users.list': expect.any(Number),
      'tasks.tasklists.list': 1,
      'tasks.list': 1,
    })
  })

  test('brings what is new, what was completed, and takes away what was deleted', async () => {
    await using ada = await nights()
    await ada.night()
    const { taskLists } = ada.bed.groupware
    const list = listOf(ada)
    const [first, second] = [...taskLists.list(who, list).tasks.keys()]
    const fresh = taskLists.addTask(who, list, { title: 'new' })
    taskLists.editTask(who, list, first ?? '', { status: 'completed', completed: '2026-11-25T10:00:00.000Z' })
    taskLists.deleteTask(who, list, second ?? '')
    await ada.night()
    expect(ada.said.toSorted()).toEqual(
      [`+ ${idOf(ada, list, fresh.id)}`, `+ ${idOf(ada, list, first)}`, `- ${idOf(ada, list, second)}`].toSorted(),
    )
    expect(ada.held.of('delete')).toMatchObject([{ evidence: 'deleted in tasks.list' }])
  })

  test('sees a change that is shown late, by a clock a little behind', async () => {
    await using ada = await nights()
    await ada.night()
    const { taskLists } = ada.bed.groupware
    const late = taskLists.addTask(who, listOf(ada), { title: 'late' })
    taskLists.editTask(who, listOf(ada), late.id ?? '', { updated: new Date(Date.now() - 5 * 60_000).toISOString() })
    await ada.night()
    expect(ada.said).toEqual([`+ ${idOf(ada, listOf(ada), late.id)}`])
  })

  test('finds in its weekly look at everything what went without a trace', async () => {
    await using ada = await nights()
    await ada.night()
    const { taskLists } = ada.bed.groupware
    const [first] = [...taskLists.list(who, listOf(ada)).tasks.keys()]
    taskLists.purgeTask(who, listOf(ada), first ?? '')
    await ada.night()
    expect(ada.said).toEqual([])
    ada.pass(8)
    await ada.night()
    expect(ada.said).toEqual([`- ${idOf(ada, listOf(ada), first)}`])
    expect(ada.held.of('delete')).toMatchObject([{ evidence: 'absent-from-tasks.list' }])
  })

  test('a task that was put into another list is gone from the first one at once', async () => {
    await using ada = await nights()
    const { taskLists } = ada.bed.groupware
    const second = taskLists.addList(who, 'Second')
    await ada.night()
    const [first] = [...taskLists.list(who, listOf(ada)).tasks.values()]
    taskLists.purgeTask(who, listOf(ada), first?.id ?? '')
    const { updated: _, ...task } = first ?? {}
    taskLists.addTask(who, second, task)
    await ada.night()
    expect(ada.said.toSorted()).toEqual([`+ ${idOf(ada, second, first?.id)}`, `- ${idOf(ada, listOf(ada), first?.id)}`].toSorted())
  })

  test('a list that was renamed, and one that is gone with everything in it', async () => {
    await using ada = await nights()
    const { taskLists } = ada.bed.groupware
    const second = taskLists.addList(who, 'Second')
    const task = taskLists.addTask(who, second, { title: 'in it' })
    await ada.night()
    taskLists.renameList(who, listOf(ada), 'Mine')
    taskLists.deleteList(who, second)
    await ada.night()
    const { id } = ada.bed.company.user('ada')
    expect(ada.said.toSorted()).toEqual(
      [`+ tasklist/${id}/${listOf(ada)}`, `- ${idOf(ada, second, task.id)}`, `- tasklist/${id}/${second}`].toSorted(),
    )
  })

  test('a list that is refused leaves the others alone and loses nothing', async () => {
    await using ada = await nights()
    const { taskLists } = ada.bed.groupware
    const second = taskLists.addList(who, 'Second')
    taskLists.addTask(who, second, { title: 'in it' })
    await ada.night()
    const before = tasks(ada.held)
    taskLists.list(who, second).refuses = 403
    const fresh = taskLists.addTask(who, listOf(ada), { title: 'new' })
    const held = await ada.night()
    expect(ada.said).toEqual([`+ ${idOf(ada, listOf(ada), fresh.id)}`])
    expect(held.losses).toEqual([`tasklist/${ada.bed.company.user('ada').id}/${second} withheld-by-source`])
    expect(tasks(held)).toHaveLength(before.length + 1)
  })
})
