import { z } from 'zod'
import { tracked } from './tracked.ts'

export const Issue = z.strictObject({
  ...tracked,
  state: z.enum(['open', 'closed']),
  /** `completed`, `not_planned`, `duplicate`, `reopened`, as the source says. */
  stateReason: z.string().nullable(),
  /** Name of the issue type, where the organisation has types. */
  type: z.string().nullable(),
  /** Item id of the issue it is part of. */
  parent: z.string().nullable(),
})
export type Issue = z.infer<typeof Issue>
