import { z } from 'zod'

const Action = z.object({
  href: z.string(),
  header: z.record(z.string(), z.string()).optional(),
  expires_in: z.number().optional(),
  expires_at: z.string().optional(),
})
/**
 * What of the answer to a batch request is read.
 * https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md, read 2026-11-25
 */
export const Batch = z.object({
  transfer: z.string().optional(),
  hash_algo: z.string().optional(),
  objects: z.array(
    z.object({
      oid: z.string(),
      size: z.number().optional(),
      actions: z.object({ download: Action.optional(), upload: Action.optional(), verify: Action.optional() }).optional(),
      error: z.object({ code: z.number(), message: z.string().optional() }).optional(),
    }),
  ),
})
export type BatchObject = z.infer<typeof Batch>['objects'][number]
export type LfsAction = z.infer<typeof Action>
