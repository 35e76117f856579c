import { describe, expect, test } from 'vitest'
import { itemId } from '../../../../src/contract/ids.ts'
import { plannerOf } from '../../../testbed/graph/groupware/parts.ts'
import type { PlanGiven, PlannerStore, StoredPlannerTask } from '../../../testbed/graph/groupware/planner-store.ts'
import type { GraphTestbed } from '../../../testbed/graph/testbed.ts'
import { bed, linesOf, of, type Pass, run, said, testPorts } from './reading.ts'

const storeOf = (graph: GraphTestbed): PlannerStore => plannerOf(graph.tenant)
function planOf(graph: GraphTestbed): PlanGiven {
  const [plan] = storeOf(graph).plans.values()
  if (plan === undefined) throw new Error('no plan')
  return plan
}
function taskOf(plan: PlanGiven, title: string): StoredPlannerTask {
  const found = [...plan.tasks.values()].find(({ wire }) => wire.title === title)
  if (found === undefined) throw new Error(`no task ${title}`)
  return found
}
const titles = (pass: Pass): readonly string[] =>
  of(pass, 'task')
    .flatMap(
      ({ body }) =>
        linesOf(body.ics)
          .find((line) => line.startsWith('SUMMARY:'))
          ?.slice(8) ?? [],
    )
    .toSorted()

describe('the first run', () => {
  test('gives plans, tasks with their details, and checklists as tasks below them', async () => {
    await using graph = await bed()
    const plan = planOf(graph)
    const pass = await run(graph, 'planner')
    expect(of(pass, 'tasklist').map(({ id, body }) => [id, body.name, body.owner])).toEqual([
      [itemId('tasklist', 'planner', plan.id), 'Umzug', itemId('group', plan.group)],
    ])
    expect(titles(pass)).toEqual(['Angebot', 'Auftrag', 'Möbel bestellen', 'Schlüssel'])
    const furniture = of(pass, 'task').find(({ body }) => body.ics.includes('Möbel'))
    expect(linesOf(furniture?.body.ics ?? '')).toEqual(
      expect.arrayContaining([
        'STATUS:IN-PROCESS',
        'PERCENT-COMPLETE:50',
        'PRIORITY:1',
        'DUE;VALUE=DATE:20260401',
        'CATEGORIES:Bald,Dringend',
        String.raw`DESCRIPTION:Tische\nStühle`,
        'ATTENDEE;CN=Ada Weiß;VALUE=CAL-ADDRESS:mailto:ada@example.org',
        'X-MICROSOFT-PLANNER-BUCKET:Bald',
        'ATTACH;FILENAME=Tische:https://shop.example/tische',
      ]),
    )
    const entries = of(pass, 'task').filter(({ body }) => body.parent === furniture?.id)
    expect(entries).toHaveLength(2)
    expect(linesOf(entries.find(({ body }) => body.ics.includes('Angebot'))?.body.ics ?? '')).toContain('STATUS:COMPLETED')
  })

  test('puts tasks in the order of their hints', async () => {
    await using graph = await bed()
    const plan = planOf(graph)
    storeOf(graph).addTask(plan, { title: 'z', orderHint: '8585768731950308409' })
    storeOf(graph).addTask(plan, { title: 'y', orderHint: '8585768731950308409P' })
    storeOf(graph).addTask(plan, { title: 'x', orderHint: '8587393948437355807' })
    const order = (title: string, pass: Pass): number =>
      Number(
        linesOf(of(pass, 'task').find(({ body }) => body.ics.includes(`SUMMARY:${title}\r\n`))?.body.ics ?? '')
          .find((line) => line.startsWith('X-APPLE-SORT-ORDER:'))
          ?.slice(19),
      )
    const pass = await run(graph, 'planner')
    expect([order('z', pass) < order('y', pass), order('y', pass) < order('x', pass)]).toEqual([true, true])
    expect(Number.isSafeInteger(order('x', pass))).toBe(true)
  })

  test('says of a task that people talked about it elsewhere', async () => {
    await using graph = await bed()
    storeOf(graph).addTask(planOf(graph), { title: 'Besprochen', conversationThreadId: 'AAQkADk' })
    expect((await run(graph, 'planner')).losses).toMatchObject([{ code: 'withheld-by-source', effect: { field: 'comments' } }])
  })

  test('a plan that may not be read leaves the others, and what was read of it', async () => {
    await using graph = await bed()
    const other = storeOf(graph).addPlan(planOf(graph).group, 'Geheim')
    storeOf(graph).addTask(other, { title: 'geheim' })
    const first = await run(graph, 'planner')
    other.forbidden = true
    storeOf(graph).edit(taskOf(planOf(graph), 'Schlüssel'), { title: 'Schlüssel abholen' })
    const pass = await run(graph, 'planner', first)
    expect(titles(pass)).toEqual(['Schlüssel abholen'])
    expect(pass.losses).toMatchObject([
      { item: itemId('tasklist', 'planner', other.id), code: 'withheld-by-source', effect: { type: 'dropped' } },
    ])
    expect(pass.deleted).toEqual([])
    expect(said(await run(graph, 'planner', pass))).toEqual([])
  })
})

describe('the next run', () => {
  const planRequests = (graph: GraphTestbed): Readonly<Record<string, number>> =>
    Object.fromEntries(Object.entries(graph.calls.byRoute).filter(([route]) => route.startsWith('planner.')))

  test('costs one request for each group and three for each plan when nothing changed', async () => {
    await using graph = await bed({ pages: 'full' })
    const first = await run(graph, 'planner')
    graph.calls.clear()
    expect(said(await run(graph, 'planner', first))).toEqual([])
    const groups = graph.tenant.groups.size
    expect(planRequests(graph)).toEqual({
      'planner.plans.list': groups,
      'planner.plans.details': 1,
      'planner.buckets.list': 1,
      'planner.tasks.list': 1,
    })
  })

  test('finds a new description, though the version of its task stays', async () => {
    await using graph = await bed()
    const task = taskOf(planOf(graph), 'Schlüssel')
    const first = await run(graph, 'planner')
    storeOf(graph).editDetails(task, { description: 'beim Pförtner' })
    const pass = await run(graph, 'planner', first)
    expect(of(pass, 'task').map(({ body }) => linesOf(body.ics).find((line) => line.startsWith('DESCRIPTION')))).toEqual([
      'DESCRIPTION:beim Pförtner',
    ])
  })

  test('finds a task, an entry of a checklist and a plan that are gone, and a renamed bucket', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    const plan = planOf(graph)
    const furniture = taskOf(plan, 'Möbel bestellen')
    const first = await run(graph, 'planner')
    const key = taskOf(plan, 'Schlüssel')
    plan.tasks.delete(key.id)
    store.editDetails(furniture, { checklist: { 'k-2': { title: 'Auftrag', isChecked: true } } })
    for (const [id, bucket] of plan.buckets) plan.buckets.set(id, { ...bucket, name: 'Jetzt' })
    const pass = await run(graph, 'planner', first)
    expect(pass.deleted.toSorted()).toEqual(
      [itemId('task', 'planner', plan.id, key.id), itemId('task', 'planner', plan.id, furniture.id, 'k-1')].toSorted(),
    )
    expect(linesOf(of(pass, 'task').find(({ body }) => body.parent === null)?.body.ics ?? '')).toContain('CATEGORIES:Jetzt,Dringend')
    store.plans.delete(plan.id)
    expect((await run(graph, 'planner', pass)).deleted.toSorted()).toEqual(
      [
        itemId('tasklist', 'planner', plan.id),
        itemId('task', 'planner', plan.id, furniture.id),
        itemId('task', 'planner', plan.id, furniture.id, 'k-2'),
      ].toSorted(),
    )
  })

  test('reads details one by one where they cannot be expanded, again when a task changed, and all of them once a week', async () => {
    await using graph = await bed()
    const store = storeOf(graph)
    store.expands = false
    const expanded = await run(graph, 'planner')
    expect(titles(expanded)).toEqual(['Angebot', 'Auftrag', 'Möbel bestellen', 'Schlüssel'])
    graph.calls.clear()
    expect(said(await run(graph, 'planner', expanded))).toEqual([])
    expect(graph.calls.byRoute['planner.tasks.details']).toBeUndefined()
    const key = taskOf(planOf(graph), 'Schlüssel')
    store.editDetails(key, { description: 'beim Pförtner' })
    expect(said(await run(graph, 'planner', expanded))).toEqual([])
    const ports = testPorts()
    ports.advance(8 * 86_400_000)
    const swept = await run(graph, 'planner', expanded, ports)
    expect(of(swept, 'task').some(({ body }) => body.ics.includes('Pförtner'))).toBe(true)
  })
})
