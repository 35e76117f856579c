import { z } from 'zod'
import { Actor } from './actor.ts'
import { tracked } from './tracked.ts'

/** One side of a change request: a branch, and the commit it pointed to when last seen. `repository`: `owner/name`; null when it is gone. */
export const Tip = z.strictObject({ ref: z.string(), oid: z.string(), repository: z.string().nullable() })
export type Tip = z.infer<typeof Tip>

/** A pull request or merge request. `merged` is a state of its own: closed and merged is `merged`. */
export const ChangeRequest = z.strictObject({
  ...tracked,
  state: z.enum(['open', 'closed', 'merged']),
  draft: z.boolean(),
  head: Tip,
  base: Tip,
  mergedAt: z.string().nullable(),
  mergedBy: Actor.nullable(),
  /** The commit that the merge made; null where nothing was merged. */
  mergeCommit: z.string().nullable(),
  /** Asked to review and have not yet. */
  reviewers: z.array(Actor),
  /** Item ids of groups asked to review. */
  reviewerGroups: z.array(z.string()),
})
export type ChangeRequest = z.infer<typeof ChangeRequest>
