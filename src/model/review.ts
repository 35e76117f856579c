import { z } from 'zod'
import { Actor, CodeReaction } from './actor.ts'
import { FileRef } from './file.ts'

/** A verdict on a change request. `commit`: what was looked at. Times are ISO 8601, UTC. */
export const Review = z.strictObject({
  repository: z.string(),
  /** Item id. */
  changeRequest: z.string(),
  author: Actor.nullable(),
  state: z.enum(['approved', 'changes-requested', 'commented', 'dismissed', 'pending']),
  text: z.string(),
  submittedAt: z.string(),
  commit: z.string().nullable(),
  reactions: z.array(CodeReaction),
  attachments: z.array(FileRef),
})
export type Review = z.infer<typeof Review>
