import type { Loss } from '../../../src/contract/fidelity.ts'
import { collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { FileRef } from '../../../src/model/file.ts'
import type { Task } from '../../../src/model/task.ts'
import type { Extra } from '../../../src/standards/extra.ts'
import { composeTask, type TaskParts } from '../../../src/standards/task.ts'
import type { When } from '../../../src/standards/when.ts'
import { filled } from '../fields.ts'
import type { ChecklistEntry, WireBucket, WirePlannerTask, WireTaskDetails } from '../planner/wire.ts'
import { degraded, itemOf, type Mapping } from './mapped.ts'
import { orderOf } from './order-hint.ts'
import { bareTask } from './task-parts.ts'
import { planId } from './tasklist.ts'
import { uidOf } from './uid.ts'
import { stampOf } from './when.ts'

export const plannerTaskId = (plan: string, ...native: readonly string[]): ItemId => itemId('task', 'planner', plan, ...native)

export interface PlannerGiven {
  readonly group: string
  readonly plan: string
  readonly task: WirePlannerTask
  /** Undefined: they were not given. */
  readonly details: WireTaskDetails | undefined
  readonly bucket: WireBucket | undefined
  /** What people call the plan's labels: `category1` → `Urgent`. */
  readonly labels: ReadonlyMap<string, string>
  readonly addressOf: (user: string) => { readonly address: string | null; readonly name: string | null }
  readonly raw: unknown
}

/**
 * A task of Planner, and each entry of its checklist as a task below it. Its bucket and labels are categories; who it is assigned to are
 * its attendees. Pages: https://learn.microsoft.com/graph/api/resources/plannertask, plannertaskdetails (read 2026-11-25).
 */
export function plannerTask(
  given: PlannerGiven,
  mapping: Mapping,
): { readonly items: readonly SourceItem<'task'>[]; readonly losses: readonly Loss[] } {
  const { plan, task, details, group, raw } = given
  const id = plannerTaskId(plan, task.id)
  const uid = uidOf(task.id)
  const losses: Loss[] = []
  if (details === undefined) losses.push(degraded(id, 'details', 'withheld-by-source', 'description, checklist and links were not given'))
  if (filled(task.conversationThreadId) !== null)
    losses.push(degraded(id, 'comments', 'withheld-by-source', "comments stand in a conversation of the group's mailbox, not in the task"))
  const refs = (details?.references ?? []).map(([key, { alias }]): FileRef => {
    const url = decodeKey(key)
    return {
      nativeId: key,
      name: filled(alias) ?? url,
      title: alias,
      mediaType: 'text/html',
      bytes: null,
      form: 'reference',
      state: 'link',
      blob: null,
      url,
      owner: null,
    }
  })
  const done = task.percentComplete === 100
  const parts: TaskParts = {
    ...bareTask,
    uid,
    summary: task.title ?? '',
    description: details?.description ?? '',
    start: dayOr(task.startDateTime),
    due: dayOr(task.dueDateTime),
    completedAt: done ? stampOf(task.completedDateTime) : null,
    percent: task.percentComplete,
    status: done ? 'completed' : (task.percentComplete ?? 0) > 0 ? 'in-process' : 'needs-action',
    priority: priorityOf(task.priority),
    order: orderOf(task.orderHint),
    categories: categoriesOf(given),
    attachments: refs.flatMap(({ url, name }) => (url === null ? [] : [{ url, name, mediaType: null }])),
    extra: extrasOf(given),
    createdAt: stampOf(task.createdDateTime),
  }
  const collection = collectionId(`planner/${group}`)
  const tasklist = planId(plan)
  const body: Task = { tasklist, uid, ics: composeTask(parts), parent: null, attachments: refs }
  const whole = itemOf({ kind: 'task', id, nativeId: task.id, collection, body, raw, blobs: [] }, mapping)
  const entries = (details?.checklist ?? []).map(([key, entry]): SourceItem<'task'> => {
    const own: Task = {
      tasklist,
      uid: uidOf(task.id, key),
      ics: composeTask(entryParts(entry, uid, uidOf(task.id, key))),
      parent: id,
      attachments: [],
    }
    return itemOf(
      { kind: 'task', id: plannerTaskId(plan, task.id, key), nativeId: key, collection, body: own, raw: entry, blobs: [] },
      mapping,
    )
  })
  return { items: [whole, ...entries], losses }
}

const entryParts = (entry: ChecklistEntry, parent: string, uid: string): TaskParts => ({
  ...bareTask,
  uid,
  summary: entry.title ?? '',
  parent,
  order: orderOf(entry.orderHint),
  status: entry.isChecked === true ? 'completed' : 'needs-action',
  percent: entry.isChecked === true ? 100 : null,
  updatedAt: stampOf(entry.lastModifiedDateTime),
})

/** Planner shows days, and writes them as ten o'clock in UTC or as midnight. Another time of day is kept as it is. */
function dayOr(given: string | null): When | null {
  const at = stampOf(given)
  if (at === null) return null
  return /T(00|10|12):00:00Z$/.test(at) ? { type: 'date', date: at.slice(0, 10) } : { type: 'utc', at }
}

/** As Planner itself reads the numbers: urgent, important, medium, low. */
function priorityOf(priority: number | null): number | null {
  if (priority === null) return null
  return priority <= 1 ? 1 : priority <= 4 ? 3 : priority <= 7 ? 5 : 9
}

function categoriesOf({ bucket, task, labels }: PlannerGiven): readonly string[] {
  const applied = task.appliedCategories.filter(([, on]) => on).map(([key]) => key)
  const named = applied.toSorted((a, b) => Number(a.slice(8)) - Number(b.slice(8))).map((key) => labels.get(key) ?? key)
  return [...new Set([...[bucket?.name ?? null].flatMap((name) => filled(name) ?? []), ...named])]
}

function extrasOf({ task, bucket, addressOf }: PlannerGiven): readonly Extra[] {
  const assignees = task.assignments.map(([user]) => user).toSorted()
  const by = (name: string, user: string | null | undefined): readonly Extra[] =>
    user == null ? [] : [{ name, value: addressOf(user).address ?? user }]
  return [
    ...assignees.map((user): Extra => {
      const { address, name } = addressOf(user)
      const params = { ...(name === null ? {} : { CN: name }), VALUE: 'CAL-ADDRESS' }
      return address === null
        ? { name: 'X-MICROSOFT-PLANNER-ASSIGNEE', value: user }
        : { name: 'ATTENDEE', value: `mailto:${address}`, params }
    }),
    ...(bucket === undefined ? [] : [{ name: 'X-MICROSOFT-PLANNER-BUCKET', value: filled(bucket.name) ?? bucket.id }]),
    ...by('X-MICROSOFT-PLANNER-CREATED-BY', task.createdBy?.user?.id),
    ...by('X-MICROSOFT-PLANNER-COMPLETED-BY', task.completedBy?.user?.id),
  ]
}

/** The names of references are addresses in which five letters are written as `%3A` and the like. */
function decodeKey(key: string): string {
  return key.replaceAll(/%(25|2E|3A|40|23)/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
}
