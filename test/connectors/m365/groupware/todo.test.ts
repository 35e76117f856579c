import { describe, expect, test } from 'vitest'
import { itemId, type ItemId } from '../../../../src/contract/ids.ts'
import { tasksOf } from '../../../testbed/graph/groupware/parts.ts'
import type { TodoStore } from '../../../testbed/graph/groupware/todo-store.ts'
import type { GraphTestbed } from '../../../testbed/graph/testbed.ts'
import { bed, connect, linesOf, never, of, type Pass, run, said } from './reading.ts'

const storeOf = (graph: GraphTestbed): TodoStore => tasksOf(graph.tenant, 'ada')
const taskId = (graph: GraphTestbed, id: string, ...step: readonly string[]): ItemId =>
  itemId('task', graph.tenant.user('ada').id, storeOf(graph).find(id).list, id, ...step)
const titles = (pass: Pass): readonly string[] =>
  of(pass, 'task')
    .flatMap(
      ({ body }) =>
        linesOf(body.ics)
          .find((line) => line.startsWith('SUMMARY:'))
          ?.slice(8) ?? [],
    )
    .toSorted()
const linesIn = (pass: Pass, id: ItemId): readonly string[] => {
  const item = pass.items.get(id)
  return item?.kind === 'task' ? linesOf(item.body.ics) : []
}
const utc = (dateTime: string) => ({ dateTime: `${dateTime}.0000000`, timeZone: 'UTC' })

describe('the first run', () => {
  test('gives lists, tasks, and steps as tasks below them', async () => {
    await using graph = await bed()
    const pass = await run(graph, 'tasks')
    expect(
      of(pass, 'tasklist')
        .map(({ body }) => `${body.name} ${body.primary}`)
        .toSorted(),
    ).toEqual(['Aufgaben true', 'E-Mail-Kennzeichnung false'])
    expect(titles(pass)).toEqual(['Belege', 'Formular', 'Milch', 'Steuer'])
    const tax = storeOf(graph).titled('Steuer')
    expect(linesIn(pass, taskId(graph, tax))).toEqual(
      expect.arrayContaining(['DUE;VALUE=DATE:20260531', 'PRIORITY:1', 'STATUS:NEEDS-ACTION']),
    )
    const uid = linesIn(pass, taskId(graph, tax))
      .find((line) => line.startsWith('UID:'))
      ?.slice(4)
    const step = pass.items.get(taskId(graph, tax, 'c-1'))
    expect(step?.kind === 'task' && step.body.parent).toBe(taskId(graph, tax))
    expect(linesIn(pass, taskId(graph, tax, 'c-1'))).toEqual(
      expect.arrayContaining([`RELATED-TO:${uid}`, 'STATUS:COMPLETED', 'COMPLETED:20260301T100000Z']),
    )
    expect(graph.mutable).toEqual([])
  })

  test.each<readonly [string, object, readonly string[]]>([
    ['in progress', { status: 'inProgress' }, ['STATUS:IN-PROCESS']],
    [
      'done',
      { status: 'completed', completedDateTime: utc('2026-03-01T12:00:00') },
      ['STATUS:COMPLETED', 'PERCENT-COMPLETE:100', 'COMPLETED:20260301T120000Z'],
    ],
    ['waiting for others', { status: 'waitingOnOthers' }, ['STATUS:NEEDS-ACTION', 'X-MICROSOFT-TODO-STATUS:waitingOnOthers']],
    ['put off', { status: 'deferred' }, ['X-MICROSOFT-TODO-STATUS:deferred']],
    ['of low importance', { importance: 'low' }, ['PRIORITY:9']],
    ['with a reminder', { isReminderOn: true, reminderDateTime: utc('2026-03-04T07:30:00') }, ['TRIGGER;VALUE=DATE-TIME:20260304T073000Z']],
    ['with a text', { body: { contentType: 'html', content: '<p>Eins</p><p>Zwei</p>' } }, [String.raw`DESCRIPTION:Eins\n\nZwei`]],
    ['due at a time of day', { dueDateTime: utc('2026-03-04T17:30:00') }, ['DUE:20260304T173000Z']],
    [
      'that comes again',
      {
        dueDateTime: utc('2026-03-02T00:00:00'),
        recurrence: {
          pattern: { type: 'weekly', interval: 1, daysOfWeek: ['monday'], firstDayOfWeek: 'monday' },
          range: { type: 'noEnd', startDate: '2026-03-02' },
        },
      },
      ['RRULE:FREQ=WEEKLY;BYDAY=MO;WKST=MO', 'DUE;VALUE=DATE:20260302'],
    ],
    [
      'with links',
      { linkedResources: [{ id: 'l', webUrl: 'https://outlook.office.com/mail/x', applicationName: 'Outlook', displayName: 'Angebot' }] },
      ['URL:https://outlook.office.com/mail/x', 'ATTACH;FILENAME=Angebot:https://outlook.office.com/mail/x'],
    ],
    ['with control letters', { title: 'a\u0000b\u0001' }, ['SUMMARY:ab']],
    ['in categories', { categories: ['Rot', 'a;b'] }, [String.raw`CATEGORIES:Rot,a\;b`]],
  ])('knows a task %s', async (_, wire, expected) => {
    await using graph = await bed()
    const store = storeOf(graph)
    const list = store.find(store.titled('Milch')).list
    const id = store.add(list, { title: 'Probe', ...wire })
    const pass = await run(graph, 'tasks')
    expect(linesIn(pass, taskId(graph, id))).toEqual(expect.arrayContaining([...expected]))
    expect(pass.losses).toEqual([])
  })

  test('gives the bytes of files', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const id = store.titled('Milch')
    store.attach(id, { name: 'Zettel.txt', contentType: 'text/plain' }, Buffer.from('Milch, Brot'))
    const pass = await run(graph, 'tasks')
    const item = pass.items.get(taskId(graph, id))
    expect(item?.kind === 'task' && item.body.attachments).toMatchObject([{ name: 'Zettel.txt', state: 'stored', blob: 0 }])
    const [blob] = item?.blobs ?? []
    await using connector = connect(graph, ['tasks'])
    const bytes = await Array.fromAsync(await connector.blob(blob?.type === 'handle' ? blob.handle : '', never))
    expect(Buffer.concat(bytes).toString()).toBe('Milch, Brot')
  })
})

describe('the next run', () => {
  test('costs one request for the lists and one for each list when nothing changed', async () => {
    await using graph = await bed({ pages: 'full' })
    const first = await run(graph, 'tasks')
    graph.calls.clear()
    const pass = await run(graph, 'tasks', first)
    expect(said(pass)).toEqual([])
    expect(graph.calls.byRoute).toEqual({ token: 1, 'users.list': 1, 'groups.list': 1, 'todo.lists.delta': 1, 'todo.tasks.delta': 2 })
  })

  test('finds a new task, an edited one, a deleted one, and a step that is gone', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const tax = store.titled('Steuer')
    const milk = store.titled('Milch')
    const gone = [taskId(graph, milk), taskId(graph, tax, 'c-1')]
    const first = await run(graph, 'tasks')
    store.edit(tax, { title: 'Steuer 2025', checklistItems: [{ id: 'c-2', displayName: 'Formular', isChecked: true }] })
    store.add(store.find(milk).list, { title: 'Brot' })
    store.remove(milk)
    const pass = await run(graph, 'tasks', first)
    expect(titles(pass)).toEqual(['Brot', 'Formular', 'Steuer 2025'])
    expect(pass.deleted.toSorted()).toEqual(gone.toSorted())
    expect(said(await run(graph, 'tasks', pass))).toEqual([])
  })

  test('a list that is gone takes its tasks and their steps with it; one that was renamed is renamed', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const list = store.addList('Urlaub')
    const id = store.add(list, { title: 'Packen', checklistItems: [{ id: 's', displayName: 'Hut' }] })
    const first = await run(graph, 'tasks')
    store.renameList(list, 'Ferien')
    const renamed = await run(graph, 'tasks', first)
    expect(of(renamed, 'tasklist').map(({ body }) => body.name)).toEqual(['Ferien'])
    const expected = [itemId('tasklist', graph.tenant.user('ada').id, list), taskId(graph, id), taskId(graph, id, 's')]
    store.removeList(list)
    expect((await run(graph, 'tasks', renamed)).deleted.toSorted()).toEqual(expected.toSorted())
  })

  test('a lost delta link begins anew, names everything, and finds what is gone', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const first = await run(graph, 'tasks')
    const gone = [taskId(graph, store.titled('Milch'))]
    store.remove(store.titled('Milch'))
    graph.expireTokens()
    const pass = await run(graph, 'tasks', first)
    expect(pass.resets).toHaveLength(1)
    expect(titles(pass)).toEqual(['Belege', 'Formular', 'Steuer'])
    expect(pass.deleted).toEqual(gone)
  })

  test('a task that was called removed and is there all the same stays', async () => {
    await using graph = await bed()
    const first = await run(graph, 'tasks')
    const id = storeOf(graph).titled('Milch')
    graph.after = (route, json) =>
      route === 'todo.tasks.delta' ? { ...(json as object), value: [{ id, '@removed': { reason: 'deleted' } }] } : json
    expect(said(await run(graph, 'tasks', first))).toEqual([])
  })

  test('in a mailbox that is full lists everything, and finds what is gone', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const first = await run(graph, 'tasks')
    graph.tenant.mailbox('ada').full = true
    expect(said(await run(graph, 'tasks', first))).toEqual([])
    const gone = [taskId(graph, store.titled('Milch'))]
    store.remove(store.titled('Milch'))
    const pass = await run(graph, 'tasks', first)
    expect([titles(pass), pass.deleted]).toEqual([[], gone])
  })
})
