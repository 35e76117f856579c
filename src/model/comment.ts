import { z } from 'zod'
import { Actor, CodeReaction } from './actor.ts'
import { FileRef } from './file.ts'

/**
 * Where in a change a comment stands. Lines count from 1 in the file of that side; `line` null: the line is gone from the present change, and
 * only `originalLine` in `originalCommit` says where it was. `hunk`: the piece of the diff that the author saw.
 */
export const Anchor = z.strictObject({
  path: z.string(),
  subject: z.enum(['line', 'file']),
  side: z.enum(['old', 'new']),
  line: z.number().int().nullable(),
  startLine: z.number().int().nullable(),
  startSide: z.enum(['old', 'new']).nullable(),
  commit: z.string(),
  originalLine: z.number().int().nullable(),
  originalStartLine: z.number().int().nullable(),
  originalCommit: z.string(),
  hunk: z.string().nullable(),
})
export type Anchor = z.infer<typeof Anchor>

/** What somebody wrote under an issue, a change request, a discussion or a commit. Text is Markdown; times are ISO 8601, UTC. */
export const Comment = z.strictObject({
  repository: z.string(),
  /** Item id of the issue, change request or discussion; `commit/<repository>/<oid>` for a commit. */
  on: z.string(),
  author: Actor.nullable(),
  text: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  reactions: z.array(CodeReaction),
  attachments: z.array(FileRef),
  /** Item id of the comment it answers; that one may be gone. */
  replyTo: z.string().nullable(),
  /** Item id of the review it was written in. */
  review: z.string().nullable(),
  /** Only of comments on a change or a commit. */
  anchor: Anchor.nullable(),
  /** Why it is hidden (`spam`, `outdated`, `resolved`); null: it is not. */
  hidden: z.string().nullable(),
})
export type Comment = z.infer<typeof Comment>
