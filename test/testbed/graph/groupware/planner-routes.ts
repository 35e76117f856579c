import { type Answer, type Call, Refusal, type Route } from '../call.ts'
import { listing } from '../pages.ts'
import { plannerOf } from './parts.ts'
import type { PlanGiven, StoredPlannerTask } from './planner-store.ts'

const roles = ['Tasks.Read.All', 'Tasks.ReadWrite.All']
const etag = (serial: number): string => `W/"JzEtVGFzayAgQEBAQEBAQEBAQEBAQEBA${serial}"`

/** @throws Refusal 403 or 404 */
function planOf({ tenant, params }: Call): PlanGiven {
  const plan = plannerOf(tenant).plans.get(params['plan'] ?? '')
  if (plan === undefined) throw new Refusal(404, '', 'The requested item is not found.')
  if (plan.forbidden) throw new Refusal(403, '', 'You do not have the required permissions to access this item.')
  return plan
}
const detailsOf = ({ details, detailsEtag, id }: StoredPlannerTask): object => ({
  '@odata.etag': etag(detailsEtag),
  id,
  description: '',
  checklist: {},
  references: {},
  ...details,
})

function taskList(call: Call): Answer {
  const plan = planOf(call)
  const expanded = call.query.get('$expand') === 'details'
  if (expanded && !plannerOf(call.tenant).expands) throw new Refusal(400, '', 'The request is invalid: details cannot be expanded.')
  const all = [...plan.tasks.values()].map((task) => ({
    '@odata.etag': etag(task.etag),
    ...task.wire,
    id: task.id,
    ...(expanded ? { details: detailsOf(task) } : {}),
  }))
  return listing(call, `/planner/plans('${plan.id}')/tasks`, all, { most: 400, usual: 400, type: 'tasks' })
}

const get = (name: string, path: string, answer: Route['answer']): Route => ({ name, method: 'GET', path, roles, answer })

export const plannerRoutes: readonly Route[] = [
  get('planner.plans.list', '/groups/:group/planner/plans', (call) => {
    const group = call.params['group'] ?? ''
    const plans = [...plannerOf(call.tenant).plans.values()].filter((plan) => plan.group === group)
    const all = plans.map(({ id, wire }) => ({ '@odata.etag': etag(1), ...wire, id }))
    return listing(call, `/groups('${group}')/planner/plans`, all, { most: 400, usual: 400, type: 'plans' })
  }),
  get('planner.plans.details', '/planner/plans/:plan/details', (call) => ({
    json: { '@odata.etag': etag(2), id: planOf(call).id, ...planOf(call).details },
  })),
  get('planner.buckets.list', '/planner/plans/:plan/buckets', (call) =>
    listing(call, `/planner/plans('${planOf(call).id}')/buckets`, [...planOf(call).buckets.values()], {
      most: 400,
      usual: 400,
      type: 'buckets',
    }),
  ),
  get('planner.tasks.list', '/planner/plans/:plan/tasks', taskList),
  get('planner.tasks.details', '/planner/tasks/:task/details', (call) => {
    for (const { tasks } of plannerOf(call.tenant).plans.values()) {
      const task = tasks.get(call.params['task'] ?? '')
      if (task !== undefined) return { json: detailsOf(task) }
    }
    throw new Refusal(404, '', 'The requested item is not found.')
  }),
]
