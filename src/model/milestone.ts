import { z } from 'zod'
import { Actor } from './actor.ts'

/** Times are ISO 8601, UTC; `dueOn` is a day (`2026-05-31`). */
export const Milestone = z.strictObject({
  repository: z.string(),
  number: z.number().int(),
  title: z.string(),
  text: z.string(),
  state: z.enum(['open', 'closed']),
  author: Actor.nullable(),
  dueOn: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().nullable(),
})
export type Milestone = z.infer<typeof Milestone>
