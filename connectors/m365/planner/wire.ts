import { z } from 'zod'
import { flag, number, text } from '../fields.ts'

/** Open types of Planner: names that somebody chose, each with an object or a flag. Entries of other shapes are left out. */
const open = <S extends z.ZodType>(entry: S) =>
  z
    .record(z.string(), z.unknown())
    .catch({})
    .transform((given): readonly (readonly [string, z.output<S>])[] =>
      Object.entries(given).flatMap(([key, value]) => {
        const read = key.startsWith('@') ? undefined : entry.safeParse(value)
        return read?.success === true ? [[key, read.data] as const] : []
      }),
    )
const By = z
  .object({ user: z.object({ id: text }).nullable().catch(null) })
  .nullable()
  .catch(null)

const Assignment = z.object({ assignedDateTime: text, orderHint: text, assignedBy: By })
const ChecklistEntry = z.object({ title: text, isChecked: flag, orderHint: text, lastModifiedDateTime: text })
export type ChecklistEntry = z.infer<typeof ChecklistEntry>
const Reference = z.object({ alias: text, type: text, previewPriority: text })

/** https://learn.microsoft.com/graph/api/resources/plannertaskdetails (read 2026-11-25). */
export const WireTaskDetails = z.object({
  '@odata.etag': text,
  description: text,
  checklist: open(ChecklistEntry),
  references: open(Reference),
})
export type WireTaskDetails = z.infer<typeof WireTaskDetails>

/** https://learn.microsoft.com/graph/api/resources/plannertask (read 2026-11-25). */
export const WirePlannerTask = z.object({
  '@odata.etag': text,
  id: z.string().min(1),
  title: text,
  bucketId: text,
  orderHint: text,
  percentComplete: number,
  priority: number,
  startDateTime: text,
  dueDateTime: text,
  completedDateTime: text,
  createdDateTime: text,
  createdBy: By,
  completedBy: By,
  conversationThreadId: text,
  appliedCategories: open(z.boolean()),
  assignments: open(Assignment),
  details: WireTaskDetails.nullable().catch(null),
})
export type WirePlannerTask = z.infer<typeof WirePlannerTask>

/** https://learn.microsoft.com/graph/api/resources/plannerplan (read 2026-11-25). */
export const WirePlan = z.object({ '@odata.etag': text, id: z.string().min(1), title: text })
export type WirePlan = z.infer<typeof WirePlan>
export const WirePlanDetails = z.object({ '@odata.etag': text, categoryDescriptions: open(z.string()) })
export const WireBucket = z.object({ id: z.string().min(1), name: text, orderHint: text })
export type WireBucket = z.infer<typeof WireBucket>
