import { z } from 'zod'
import { FileRef } from './file.ts'

/**
 * The history of one git repository as a chain of git bundles, oldest first: fetched one after the other into an empty repository they give
 * every commit; the refs are those in the header of the last one, which names them all. `head`: the ref that HEAD points to.
 */
export const GitHistory = z.strictObject({
  head: z.string().nullable(),
  refs: z.number().int(),
  bundles: z.array(FileRef),
})
export type GitHistory = z.infer<typeof GitHistory>

/** One repository of a code host, with its history. Times are ISO 8601, UTC. */
export const Repository = z.strictObject({
  owner: z.string(),
  name: z.string(),
  /** `owner/name` under which it was seen before: old links still mean it. */
  formerNames: z.array(z.string()),
  description: z.string().nullable(),
  homepage: z.string().nullable(),
  topics: z.array(z.string()),
  visibility: z.enum(['public', 'internal', 'private']),
  archived: z.boolean(),
  template: z.boolean(),
  /** `owner/name` of what it was forked from. */
  forkOf: z.string().nullable(),
  defaultBranch: z.string().nullable(),
  features: z.strictObject({ issues: z.boolean(), wiki: z.boolean(), discussions: z.boolean(), boards: z.boolean() }),
  createdAt: z.string(),
  /** Null: the repository is empty, or the source refuses it (an export loss says so). */
  git: GitHistory.nullable(),
  wiki: GitHistory.nullable(),
})
export type Repository = z.infer<typeof Repository>
