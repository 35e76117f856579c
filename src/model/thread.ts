import { z } from 'zod'
import { Actor } from './actor.ts'

/** A conversation on a line of a change request. `root`: item id of its first comment. */
export const Thread = z.strictObject({
  repository: z.string(),
  changeRequest: z.string(),
  root: z.string(),
  resolved: z.boolean(),
  resolvedBy: Actor.nullable(),
  outdated: z.boolean(),
})
export type Thread = z.infer<typeof Thread>
