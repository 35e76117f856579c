import { z } from 'zod'
import { Actor } from './actor.ts'

/** Something that happened to an issue or change request besides a comment. `type` in the source's words (`labeled`, `closed`, `renamed`). */
export const TimelineEvent = z.strictObject({
  repository: z.string(),
  /** Item id. */
  on: z.string(),
  type: z.string(),
  actor: Actor.nullable(),
  at: z.string(),
  label: z.strictObject({ name: z.string(), color: z.string() }).nullable(),
  /** Title. */
  milestone: z.string().nullable(),
  /** Who was assigned or asked to review. */
  subject: Actor.nullable(),
  rename: z.strictObject({ from: z.string(), to: z.string() }).nullable(),
  commit: z.string().nullable(),
  /** Web address of what refers to it. */
  reference: z.string().nullable(),
})
export type TimelineEvent = z.infer<typeof TimelineEvent>
