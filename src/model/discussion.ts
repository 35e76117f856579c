import { z } from 'zod'
import { Actor, CodeReaction } from './actor.ts'
import { FileRef } from './file.ts'

/** A conversation that is no issue; it shares the sequence of numbers with issues. `answer`: item id of the comment that was taken as the answer. */
export const Discussion = z.strictObject({
  repository: z.string(),
  number: z.number().int(),
  title: z.string(),
  text: z.string(),
  author: Actor.nullable(),
  category: z.strictObject({ name: z.string(), answerable: z.boolean() }),
  answer: z.string().nullable(),
  labels: z.array(z.string()),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().nullable(),
  locked: z.boolean(),
  reactions: z.array(CodeReaction),
  attachments: z.array(FileRef),
})
export type Discussion = z.infer<typeof Discussion>
