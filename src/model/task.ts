import { z } from 'zod'
import { FileRef } from './file.ts'

/** One task. `ics` is an iCalendar object with one VTODO (see `event.ts`); subtasks name their parent by RELATED-TO, order is X-APPLE-SORT-ORDER. */
export const Task = z.strictObject({
  /** Item id of the task list. */
  tasklist: z.string(),
  uid: z.string(),
  ics: z.string(),
  /** Item id of the task it is part of. */
  parent: z.string().nullable(),
  attachments: z.array(FileRef),
})
export type Task = z.infer<typeof Task>
