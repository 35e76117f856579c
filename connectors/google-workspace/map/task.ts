import type { Loss } from '../../../src/contract/fidelity.ts'
import { type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import { canonicalJson } from '../../../src/model/canonical.ts'
import type { FileRef } from '../../../src/model/file.ts'
import type { Task } from '../../../src/model/task.ts'
import type { Extra } from '../../../src/standards/extra.ts'
import { composeTask } from '../../../src/standards/task.ts'
import type { When } from '../../../src/standards/when.ts'
import { filled, flag, instant, type Json, object, objects, text } from '../json.ts'
import { degraded } from './item.ts'

export interface MappedTask {
  readonly id: ItemId
  readonly body: Task
  readonly losses: readonly Loss[]
}

export const taskId = (person: string, list: string, task: string): ItemId => itemId('task', person, list, task)

/** A task of the Tasks API. `due` is a day: the time of day is not given. Read 2026-11-25: https://developers.google.com/workspace/tasks/reference/rest/v1/tasks */
export function task(given: Json, person: string, list: string, tasklist: ItemId): MappedTask {
  const native = text(given['id'])
  const id = taskId(person, list, native)
  const losses: Loss[] = []
  const due = dueOf(given['due'])
  if (due === undefined) losses.push(degraded(id, 'due', 'invalid-at-source', 'the day it is due is no date'))
  const completed = instant(given['completed'])
  if (filled(given['completed']) !== null && completed === null)
    losses.push(degraded(id, 'completed', 'invalid-at-source', 'when it was completed is no time'))
  const done = text(given['status']) === 'completed'
  const parent = filled(given['parent'])
  const position = filled(given['position'])
  const links = objects(given['links']).flatMap((link) => {
    const url = filled(link['link'])
    return url === null ? [] : [{ url, name: filled(link['description']), type: filled(link['type']) }]
  })
  const body: Task = {
    tasklist,
    uid: native,
    ics: composeTask({
      uid: native,
      summary: text(given['title']),
      description: text(given['notes']),
      start: null,
      due: due ?? null,
      completedAt: done ? completed : null,
      percent: done ? 100 : null,
      status: done ? 'completed' : 'needs-action',
      priority: null,
      parent,
      order: position !== null && /^\d{1,20}$/.test(position) ? Number(position) : null,
      categories: [],
      alarms: [],
      recurrence: [],
      attachments: links.map(({ url, name }) => ({ url, name, mediaType: null })),
      url: filled(object(given['assignmentInfo'])?.['linkToTask']),
      extra: extraOf(given, position),
      createdAt: null,
      updatedAt: instant(given['updated']),
    }),
    parent: parent === null ? null : taskId(person, list, parent),
    attachments: links.map(({ url, name, type }): FileRef => ({
      nativeId: url,
      name: name ?? 'link',
      title: name,
      mediaType: type === 'email' ? 'message/rfc822' : 'application/octet-stream',
      bytes: null,
      form: 'external',
      state: 'link',
      blob: null,
      url,
      owner: null,
    })),
  }
  return { id, body, losses }
}

/** Undefined: there is one, and it is no day. */
function dueOf(value: unknown): When | null | undefined {
  if (filled(value) === null) return null
  const at = instant(value)
  return at === null ? undefined : { type: 'date', date: at.slice(0, 10) }
}

function extraOf(given: Json, position: string | null): readonly Extra[] {
  const assignment = object(given['assignmentInfo'])
  return [
    // Longer than any whole number that is exact everywhere: here it stays as it is.
    ...(position === null ? [] : [{ name: 'X-GOOGLE-POSITION', value: position }]),
    ...(flag(given['hidden']) ? [{ name: 'X-GOOGLE-HIDDEN', value: 'TRUE' }] : []),
    ...(assignment === undefined ? [] : [{ name: 'X-GOOGLE-ASSIGNMENT', value: canonicalJson(assignment as JsonValue) }]),
  ]
}
