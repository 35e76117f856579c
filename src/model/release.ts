import { z } from 'zod'
import { Actor, CodeReaction } from './actor.ts'
import { FileRef } from './file.ts'

/** A named version with its files. `target`: branch or commit that the tag was made from; times are ISO 8601, UTC. */
export const Release = z.strictObject({
  repository: z.string(),
  tag: z.string(),
  name: z.string(),
  text: z.string(),
  author: Actor.nullable(),
  draft: z.boolean(),
  prerelease: z.boolean(),
  target: z.string().nullable(),
  createdAt: z.string(),
  publishedAt: z.string().nullable(),
  assets: z.array(FileRef),
  reactions: z.array(CodeReaction),
  attachments: z.array(FileRef),
})
export type Release = z.infer<typeof Release>
