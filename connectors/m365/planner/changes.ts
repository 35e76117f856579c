import type { Change } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Cursor } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import { type Graph, seg } from '../graph.ts'
import { Known, markOf } from '../known.ts'
import { dropped } from '../map/mapped.ts'
import { plannerTask, type PlannerGiven, plannerTaskId } from '../map/planner-task.ts'
import { plan as mapPlan, planId } from '../map/tasklist.ts'
import { detailsOf, type ListedTask, type Plan, readPlan } from './plan.ts'
import { WirePlan } from './wire.ts'

const day = 86_400_000
/** Where details do not come with the tasks, a changed description changes no version that is listed: so often all are read. */
const sweepDays = 7

/** A group whose plans are read, and who the ids in them are. */
export interface PlanningGroup {
  readonly id: string
  readonly addressOf: PlannerGiven['addressOf']
}
interface Round {
  readonly graph: Graph
  readonly group: PlanningGroup
  readonly known: Known
  readonly due: boolean
  readonly losses: Loss[]
}

/** The changes of a group's plans since a cursor. There is nothing to ask what changed: each plan is listed, one request for itself and three for what is in it. */
export async function* plannerChanges(
  graph: Graph,
  group: PlanningGroup,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const read = since === undefined ? new Known() : Known.decode(since)
  const known = read ?? new Known()
  const plans = await plansOf(graph, group, signal)
  if (read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const now = graph.ports.clock.now().getTime()
  const due = known.swept === null || now - known.swept >= sweepDays * day
  const round: Round = { graph, group, known, due, losses: [] }
  const here = new Set<string>()
  for (const raw of plans ?? []) {
    const parsed = WirePlan.safeParse(raw)
    if (!parsed.success) {
      round.losses.push(dropped(planId('unnamed'), 'invalid-at-source', 'a plan without an id'))
      continue
    }
    here.add(parsed.data.id)
    yield* onePlan(round, parsed.data, raw, signal)
    if (read !== undefined) yield { type: 'checkpoint', cursor: known.encode() }
  }
  if (plans === undefined)
    round.losses.push(dropped(planId(`group-${group.id}`), 'withheld-by-source', "this group's plans may not be read"))
  else for (const id of known.places.keys()) if (!here.has(id)) yield* gonePlan(known, id)
  const about = markOf(round.losses)
  if (about !== known.losses) for (const loss of round.losses) yield { type: 'loss', loss }
  known.losses = about
  if (due) known.swept = now
  yield { type: 'checkpoint', cursor: known.encode() }
}

/** Undefined: they may not be read. A group that never had plans answers with none, or that there is no such thing. */
async function plansOf(
  graph: Graph,
  { id }: PlanningGroup,
  signal: AbortSignal,
): Promise<readonly Readonly<Record<string, unknown>>[] | undefined> {
  try {
    return (await Array.fromAsync(graph.pages(`/groups/${seg(id)}/planner/plans`, {}, {}, signal))).flatMap(({ value }) => value)
  } catch (error) {
    if (error instanceof Fault && error.code === 'gone') return []
    if (error instanceof Fault && error.code === 'permission') return undefined
    throw error
  }
}

async function* onePlan(round: Round, given: WirePlan, raw: unknown, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, group, known } = round
  let plan: Plan
  try {
    plan = await readPlan(graph, given.id, signal)
  } catch (error) {
    // The others are read all the same; what was read of this one before stays.
    if (error instanceof Fault && error.code === 'permission') {
      round.losses.push(dropped(planId(given.id), 'withheld-by-source', 'this plan may not be read'))
      return
    }
    if (error instanceof Fault && error.code === 'gone') {
      yield* gonePlan(known, given.id)
      return
    }
    throw error
  }
  const mapping = { source: graph.source, fetchedAt: graph.ports.clock.now().toISOString(), endpoint: 'groups/planner/plans' }
  const item = mapPlan(group.id, given, raw, mapping)
  const mark = markOf(item.revision)
  if (known.places.get(given.id)?.item !== mark) yield { type: 'upsert', item }
  known.places.set(given.id, { object: '', item: mark })
  if (plan.unreadable > 0)
    round.losses.push(dropped(plannerTaskId(given.id, 'unnamed'), 'invalid-at-source', `${plan.unreadable} tasks without an id`))
  for (const task of plan.tasks) yield* oneTask(round, given.id, plan, task, signal)
  const here = new Set(plan.tasks.map(({ task }) => task.id))
  for (const [id, { place }] of known.things)
    if (place === given.id && !here.has(id)) yield* goneTask(known, id, 'absent from the tasks of its plan')
}

/** Of a task, the names of its checklist's entries are remembered: only they tell which one is gone. */
const entriesOf = (more: string): readonly string[] => (more === '' ? [] : more.split(' '))

async function* oneTask(
  round: Round,
  plan: string,
  { labels, buckets, whole }: Plan,
  { task, raw }: ListedTask,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const { graph, group, known, due } = round
  const bucket = buckets.get(task.bucketId ?? '')
  const named = task.appliedCategories.map(([key]) => labels.get(key))
  const mark = markOf([task['@odata.etag'] ?? raw, task.details?.['@odata.etag'] ?? task.details, bucket?.name, named])
  const before = known.things.get(task.id)
  if (before?.mark === mark && before.place === plan && (whole || !due)) return
  let details = task.details ?? undefined
  try {
    details ??= await detailsOf(graph, task.id, signal)
  } catch (error) {
    // It was deleted since it was listed; the next run notices.
    if (error instanceof Fault && error.code === 'gone') return
    throw error
  }
  const kept = task.details === null && details !== undefined ? { ...raw, details } : raw
  const given = { group: group.id, plan, task, details, bucket, labels, addressOf: group.addressOf, raw: kept }
  const { items, losses } = plannerTask(given, {
    source: graph.source,
    fetchedAt: graph.ports.clock.now().toISOString(),
    endpoint: 'planner/plans/tasks',
  })
  for (const item of items) yield { type: 'upsert', item }
  for (const loss of losses) yield { type: 'loss', loss }
  const entries = (details?.checklist ?? []).map(([key]) => key)
  for (const entry of entriesOf(before?.more ?? ''))
    if (!entries.includes(entry))
      yield { type: 'delete', id: plannerTaskId(before?.place ?? plan, task.id, entry), evidence: 'absent from its checklist' }
  if (before !== undefined && before.place !== plan)
    yield { type: 'delete', id: plannerTaskId(before.place, task.id), evidence: 'moved to another plan' }
  known.things.set(task.id, { place: plan, mark, more: entries.join(' ') })
}

function* goneTask({ things }: Known, id: string, evidence: string): Generator<Change> {
  const known = things.get(id)
  if (known === undefined) return
  for (const entry of entriesOf(known.more)) yield { type: 'delete', id: plannerTaskId(known.place, id, entry), evidence }
  yield { type: 'delete', id: plannerTaskId(known.place, id), evidence }
  things.delete(id)
}

function* gonePlan(known: Known, plan: string): Generator<Change> {
  for (const [id, { place }] of known.things) if (place === plan) yield* goneTask(known, id, 'its plan is not listed any more')
  if (known.places.delete(plan)) yield { type: 'delete', id: planId(plan), evidence: 'absent from planner/plans' }
}
