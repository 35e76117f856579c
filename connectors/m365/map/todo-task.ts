import type { Loss } from '../../../src/contract/fidelity.ts'
import { collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { FileRef } from '../../../src/model/file.ts'
import type { Task } from '../../../src/model/task.ts'
import type { Attachment } from '../../../src/standards/properties.ts'
import { composeTask, type TaskParts } from '../../../src/standards/task.ts'
import { instantOf, type When } from '../../../src/standards/when.ts'
import { type DateTimeZone, filled } from '../fields.ts'
import { seg } from '../graph.ts'
import type { ChecklistItem, WireTaskFile, WireTodoTask } from '../todo/wire.ts'
import { describe } from './event-text.ts'
import { degraded, itemOf, type Mapping } from './mapped.ts'
import { ruleOf } from './recurrence.ts'
import { bareTask } from './task-parts.ts'
import { todoListId } from './tasklist.ts'
import { uidOf } from './uid.ts'
import { stampOf, whenOf, zoneOf } from './when.ts'

export const todoTaskId = (person: string, list: string, ...native: readonly string[]): ItemId => itemId('task', person, list, ...native)

export interface TodoGiven {
  readonly person: { readonly id: string }
  readonly list: string
  readonly task: WireTodoTask
  readonly files: readonly WireTaskFile[]
  readonly raw: unknown
}

const statuses: Readonly<Record<string, TaskParts['status']>> = { inProgress: 'in-process', completed: 'completed' }
const priorities: Readonly<Record<string, number>> = { high: 1, low: 9 }

/**
 * A task of To Do, and each of its steps as a task below it. Steps become tasks rather than lines of text, so that whoever ticks one off
 * later still can. Page: https://learn.microsoft.com/graph/api/resources/todotask (read 2026-11-25).
 */
export function todoTask(
  given: TodoGiven,
  mapping: Mapping,
): { readonly items: readonly SourceItem<'task'>[]; readonly losses: readonly Loss[] } {
  const { person, list, task, raw } = given
  const id = todoTaskId(person.id, list, task.id)
  const uid = uidOf(task.id)
  const { refs, blobs, lines } = filesOf(given)
  const rule = task.recurrence === null ? undefined : ruleOf(task.recurrence)
  const losses = rule?.problem == null ? [] : [degraded(id, 'recurrence', rule.problem.code, rule.problem.detail)]
  const reminder = task.isReminderOn === false ? undefined : whenOf(task.reminderDateTime, undefined, false)
  const at = reminder === undefined ? undefined : instantOf(reminder)
  const parts: TaskParts = {
    ...bareTask,
    uid,
    summary: task.title ?? '',
    description: describe(task.body),
    start: dayOr(task.startDateTime),
    due: dayOr(task.dueDateTime),
    completedAt: task.status === 'completed' ? completedOf(task.completedDateTime) : null,
    percent: task.status === 'completed' ? 100 : null,
    status: statuses[task.status ?? ''] ?? 'needs-action',
    priority: priorities[task.importance ?? ''] ?? null,
    categories: task.categories,
    alarms: at === undefined ? [] : [{ method: 'popup', at }],
    recurrence: rule?.rule === undefined ? [] : [`RRULE:${rule.rule}`],
    attachments: lines,
    url: task.linkedResources.flatMap(({ webUrl }) => filled(webUrl) ?? [])[0] ?? null,
    extra: task.status === 'waitingOnOthers' || task.status === 'deferred' ? [{ name: 'X-MICROSOFT-TODO-STATUS', value: task.status }] : [],
    createdAt: stampOf(task.createdDateTime),
    updatedAt: stampOf(task.lastModifiedDateTime),
  }
  const collection = collectionId(`tasks/${person.id}`)
  const tasklist = todoListId(person.id, list)
  const body: Task = { tasklist, uid, ics: composeTask(parts), parent: null, attachments: [...refs] }
  const whole = itemOf({ kind: 'task', id, nativeId: task.id, collection, body, raw, blobs }, mapping)
  const steps = task.checklistItems.map((step): SourceItem<'task'> => {
    const own: Task = {
      tasklist,
      uid: uidOf(task.id, step.id),
      ics: composeTask(stepParts(step, uid, uidOf(task.id, step.id))),
      parent: id,
      attachments: [],
    }
    const ids = { id: todoTaskId(person.id, list, task.id, step.id), nativeId: step.id }
    return itemOf({ kind: 'task', ...ids, collection, body: own, raw: step, blobs: [] }, mapping)
  })
  return { items: [whole, ...steps], losses }
}

const stepParts = (step: ChecklistItem, parent: string, uid: string): TaskParts => ({
  ...bareTask,
  uid,
  summary: step.displayName ?? '',
  parent,
  status: step.isChecked === true ? 'completed' : 'needs-action',
  percent: step.isChecked === true ? 100 : null,
  completedAt: step.isChecked === true ? stampOf(step.checkedDateTime) : null,
  createdAt: stampOf(step.createdDateTime),
})

/** To Do has days only, and writes them as midnight. Another time of day is kept as it is. */
function dayOr(stamp: DateTimeZone): When | null {
  if (stamp === null) return null
  const midnight = /^(\d{4}-\d\d-\d\d)T00:00:00/.exec(stamp.dateTime)?.[1]
  return midnight === undefined ? (whenOf(stamp, zoneOf(stamp.timeZone), false) ?? null) : { type: 'date', date: midnight }
}

function completedOf(stamp: DateTimeZone): string | null {
  const when = whenOf(stamp, undefined, false)
  return when === undefined ? null : (instantOf(when) ?? null)
}

function filesOf({ person, list, task, files }: TodoGiven): {
  readonly refs: readonly FileRef[]
  readonly blobs: readonly RemoteBlob[]
  readonly lines: readonly Attachment[]
} {
  const blobs = files.map(({ id, name, contentType, lastModifiedDateTime }): RemoteBlob => {
    const path = `/users/${seg(person.id)}/todo/lists/${seg(list)}/tasks/${seg(task.id)}/attachments/${seg(id)}/$value`
    const mediaType = filled(contentType) ?? 'application/octet-stream'
    const key = `todo-attachment/${id}/${lastModifiedDateTime ?? ''}`
    return { type: 'handle', mediaType, name: filled(name) ?? 'attachment', key, handle: `tasks:${path}` }
  })
  const stored = blobs.map(({ name, mediaType, ...blob }, at): FileRef => {
    const url = 'handle' in blob ? `https://graph.microsoft.com/v1.0${blob.handle.slice('tasks:'.length)}` : null
    return {
      nativeId: files[at]?.id ?? '',
      name,
      title: null,
      mediaType,
      bytes: null,
      form: 'file',
      state: 'stored',
      blob: at,
      url,
      owner: null,
    }
  })
  const linked = task.linkedResources.flatMap((link): FileRef[] => {
    const url = filled(link.webUrl)
    if (url === null) return []
    const name = filled(link.displayName) ?? filled(link.applicationName) ?? url
    const mediaType = 'text/html'
    return [
      {
        nativeId: link.id ?? url,
        name,
        title: link.applicationName,
        mediaType,
        bytes: null,
        form: 'link',
        state: 'link',
        blob: null,
        url,
        owner: null,
      },
    ]
  })
  const refs = [...stored, ...linked]
  const lines = refs.flatMap(({ url, name, mediaType, state }) =>
    url === null ? [] : [{ url, name, mediaType: state === 'link' ? null : mediaType }],
  )
  return { refs, blobs, lines }
}
