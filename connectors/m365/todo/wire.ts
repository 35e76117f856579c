import { z } from 'zod'
import { DateTimeZone, flag, ItemBody, listOf, number, Recurrence, text, texts } from '../fields.ts'

const ChecklistItem = z.object({
  id: z.string().min(1),
  displayName: text,
  isChecked: flag,
  checkedDateTime: text,
  createdDateTime: text,
})
export type ChecklistItem = z.infer<typeof ChecklistItem>
const LinkedResource = z.object({ id: text, webUrl: text, applicationName: text, displayName: text, externalId: text })

/** A `todoTask` of Graph: https://learn.microsoft.com/graph/api/resources/todotask (read 2026-11-25). */
export const WireTodoTask = z.object({
  id: z.string().min(1),
  title: text,
  status: text,
  importance: text,
  body: ItemBody,
  categories: texts,
  createdDateTime: text,
  lastModifiedDateTime: text,
  startDateTime: DateTimeZone,
  dueDateTime: DateTimeZone,
  completedDateTime: DateTimeZone,
  reminderDateTime: DateTimeZone,
  isReminderOn: flag,
  recurrence: Recurrence,
  hasAttachments: flag,
  checklistItems: listOf(ChecklistItem),
  linkedResources: listOf(LinkedResource),
})
export type WireTodoTask = z.infer<typeof WireTodoTask>

/** https://learn.microsoft.com/graph/api/resources/todotasklist (read 2026-11-25). */
export const WireTodoList = z.object({ id: z.string().min(1), displayName: text, wellknownListName: text, isOwner: flag, isShared: flag })
export type WireTodoList = z.infer<typeof WireTodoList>

/** https://learn.microsoft.com/graph/api/resources/taskfileattachment (read 2026-11-25). */
export const WireTaskFile = z.object({ id: z.string().min(1), name: text, contentType: text, size: number, lastModifiedDateTime: text })
export type WireTaskFile = z.infer<typeof WireTaskFile>
