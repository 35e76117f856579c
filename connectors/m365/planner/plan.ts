import { type Graph, seg } from '../graph.ts'
import { Fault } from '../../../src/fault.ts'
import type { Wire } from '../wire.ts'
import { WireBucket, WirePlanDetails, WirePlannerTask, type WireTaskDetails, WireTaskDetails as Details } from './wire.ts'

export interface ListedTask {
  readonly task: WirePlannerTask
  readonly raw: Wire
}
/** What stands in one plan. `whole`: the tasks came with their details. */
export interface Plan {
  readonly labels: ReadonlyMap<string, string>
  readonly buckets: ReadonlyMap<string, WireBucket>
  readonly tasks: readonly ListedTask[]
  readonly unreadable: number
  readonly whole: boolean
}

/** Reads a plan's labels, buckets and tasks: three requests. Planner has no delta query for apps; versions are compared instead. */
export async function readPlan(graph: Graph, plan: string, signal: AbortSignal): Promise<Plan> {
  const home = `/planner/plans/${seg(plan)}`
  const details = WirePlanDetails.parse(await graph.get(`${home}/details`, {}, {}, signal))
  const buckets = new Map<string, WireBucket>()
  for await (const { value } of graph.pages(`${home}/buckets`, {}, {}, signal))
    for (const raw of value) {
      const read = WireBucket.safeParse(raw)
      if (read.success) buckets.set(read.data.id, read.data)
    }
  const { tasks, unreadable, whole } = await tasksOf(graph, `${home}/tasks`, signal)
  return { labels: new Map(details.categoryDescriptions), buckets, tasks, unreadable, whole }
}

/** That details may be expanded is not documented; where it is refused, they are read one by one. */
async function tasksOf(graph: Graph, path: string, signal: AbortSignal): Promise<Pick<Plan, 'tasks' | 'unreadable' | 'whole'>> {
  for (const whole of [true, false])
    try {
      const tasks: ListedTask[] = []
      let unreadable = 0
      for await (const { value } of graph.pages(path, whole ? { $expand: 'details' } : {}, {}, signal))
        for (const raw of value) {
          const read = WirePlannerTask.safeParse(raw)
          if (read.success) tasks.push({ task: read.data, raw })
          else unreadable += 1
        }
      return { tasks, unreadable, whole: whole && tasks.every(({ task }) => task.details !== null) }
    } catch (error) {
      if (!whole || !(error instanceof Fault) || error.code !== 'rejected') throw error
    }
  throw new TypeError('a listing that neither ended nor failed')
}

/** Undefined: they may not be read. @throws Fault `gone` */
export async function detailsOf(graph: Graph, task: string, signal: AbortSignal): Promise<WireTaskDetails | undefined> {
  try {
    return Details.parse(await graph.get(`/planner/tasks/${seg(task)}/details`, {}, {}, signal))
  } catch (error) {
    if (error instanceof Fault && (error.code === 'permission' || error.code === 'rejected')) return undefined
    throw error
  }
}
