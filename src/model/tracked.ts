import { z } from 'zod'
import { Actor, CodeReaction } from './actor.ts'
import { FileRef } from './file.ts'

/** What issues and change requests have in common. Texts are Markdown as people typed it; times are ISO 8601, UTC. */
export const tracked = {
  /** Item id of the repository. */
  repository: z.string(),
  number: z.number().int(),
  title: z.string(),
  text: z.string(),
  author: Actor.nullable(),
  /** Names of labels of the repository. */
  labels: z.array(z.string()),
  /** Item id. */
  milestone: z.string().nullable(),
  assignees: z.array(Actor),
  createdAt: z.string(),
  updatedAt: z.string(),
  closedAt: z.string().nullable(),
  closedBy: Actor.nullable(),
  locked: z.boolean(),
  lockReason: z.string().nullable(),
  reactions: z.array(CodeReaction),
  /** Files whose addresses stand in the text; `url` is the address as it stands there. */
  attachments: z.array(FileRef),
}
