import { createHash } from 'node:crypto'
import type {
  PlannerAssignment,
  PlannerBucket,
  PlannerChecklistItem,
  PlannerExternalReference,
  PlannerPlan,
  PlannerPlanDetails,
  PlannerTask,
  PlannerTaskDetails,
} from '@microsoft/microsoft-graph-types'

export interface PlanGiven {
  readonly id: string
  readonly group: string
  wire: PlannerPlan
  details: PlannerPlanDetails
  readonly buckets: Map<string, PlannerBucket & { readonly id: string }>
  readonly tasks: Map<string, StoredPlannerTask>
  /** Whether the app may not look into it. */
  forbidden: boolean
}
/** Graph's types leave out what these hold: names that somebody chose. */
export interface Details extends Omit<PlannerTaskDetails, 'checklist' | 'references'> {
  readonly checklist?: Readonly<Record<string, PlannerChecklistItem>>
  readonly references?: Readonly<Record<string, PlannerExternalReference>>
}
export interface TaskWire extends Omit<PlannerTask, 'assignments' | 'appliedCategories' | 'details'> {
  readonly assignments?: Readonly<Record<string, PlannerAssignment>>
  readonly appliedCategories?: Readonly<Record<string, boolean>>
}
export interface StoredPlannerTask {
  readonly id: string
  wire: TaskWire
  details: Details
  etag: number
  detailsEtag: number
}

/** Planner of a whole tenant. */
export class PlannerStore {
  readonly plans = new Map<string, PlanGiven>()
  /** Whether `$expand=details` is answered at all, which Microsoft does not document. */
  expands = true
  #serial = 0

  addPlan(group: string, title: string, labels: PlannerPlanDetails['categoryDescriptions'] = {}): PlanGiven {
    const id = plannerId(++this.#serial)
    const wire = { title, owner: group, createdDateTime: '2026-01-05T09:00:00Z', container: { containerId: group, type: 'group' } } as const
    const plan: PlanGiven = {
      id,
      group,
      wire,
      details: { categoryDescriptions: labels },
      buckets: new Map(),
      tasks: new Map(),
      forbidden: false,
    }
    this.plans.set(id, plan)
    return plan
  }
  addBucket(plan: PlanGiven, name: string, orderHint: string): string {
    const id = plannerId(++this.#serial)
    plan.buckets.set(id, { id, name, orderHint, planId: plan.id })
    return id
  }
  addTask(plan: PlanGiven, wire: TaskWire, details: Details = {}): StoredPlannerTask {
    const id = plannerId(++this.#serial)
    const task: StoredPlannerTask = {
      id,
      wire: {
        percentComplete: 0,
        priority: 5,
        orderHint: `85857687${1e11 - this.#serial} P`,
        createdDateTime: '2026-02-01T08:00:00Z',
        assignments: {},
        appliedCategories: {},
        ...wire,
        planId: plan.id,
      },
      details,
      etag: ++this.#serial,
      detailsEtag: ++this.#serial,
    }
    plan.tasks.set(id, task)
    return task
  }
  edit(task: StoredPlannerTask, wire: TaskWire): void {
    task.wire = { ...task.wire, ...wire }
    task.etag = ++this.#serial
  }
  /** The task itself keeps its version. */
  editDetails(task: StoredPlannerTask, details: Details): void {
    task.details = { ...task.details, ...details }
    task.detailsEtag = ++this.#serial
  }
}

/** 28 letters, as Planner has them. */
const plannerId = (serial: number): string => createHash('sha256').update(`planner ${serial}`).digest('base64url').slice(0, 28)
