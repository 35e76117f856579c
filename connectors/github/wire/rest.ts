import { z } from 'zod'

/** Fields that may be missing or of a type nobody expects: null then, and the item stays whole without them. */
const text = z.string().nullable().catch(null).default(null)
const id = z.number().int()
const number = z.number().int().nullable().catch(null).default(null)
const flag = z.boolean().catch(false).default(false)
const list = <T extends z.ZodType>(entry: T) => z.array(entry).catch([]).default([])

/** An account as REST names it. */
export const User = z.object({ id, login: z.string(), node_id: text, type: text })
export type User = z.infer<typeof User>
const user = User.nullable().catch(null).default(null)
const signs = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const
/** Which of the eight signs something got, one bit for each; 0: none. */
const reactions = z
  .record(z.string(), z.unknown())
  .transform((counts) => signs.reduce((mask, sign, bit) => (Number(counts[sign]) > 0 ? mask | (1 << bit) : mask), 0))
  .catch(0)
  .default(0)

export const LabelRow = z.object({ id, name: z.string(), color: z.string(), description: text })
export type LabelRow = z.infer<typeof LabelRow>

export const MilestoneRow = z.object({
  id,
  number: z.number().int(),
  title: z.string(),
  description: text,
  state: z.enum(['open', 'closed']),
  creator: user,
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: text,
  due_on: text,
})
export type MilestoneRow = z.infer<typeof MilestoneRow>

/** One row of `GET /repos/{owner}/{repo}/issues`, which lists pull requests too. */
export const IssueRow = z.object({
  id,
  node_id: z.string(),
  number: z.number().int(),
  title: z.string(),
  body: text,
  user,
  state: z.enum(['open', 'closed']),
  state_reason: text,
  labels: list(z.union([z.string(), z.object({ name: text }).transform(({ name }) => name ?? '')])),
  milestone: z.object({ number: z.number().int() }).nullable().catch(null).default(null),
  assignees: list(User),
  created_at: z.string(),
  updated_at: z.string(),
  closed_at: text,
  closed_by: user,
  locked: flag,
  active_lock_reason: text,
  reactions,
  comments: z.number().int().catch(0).default(0),
  type: z.object({ name: text }).nullable().catch(null).default(null),
  parent_issue_url: text,
  pull_request: z.object({ merged_at: text }).nullable().catch(null).default(null),
})
export type IssueRow = z.infer<typeof IssueRow>

/** One row of `GET /repos/{owner}/{repo}/issues/comments`. */
export const CommentRow = z.object({
  id,
  node_id: z.string(),
  issue_url: z.string(),
  html_url: text,
  body: text,
  user,
  created_at: z.string(),
  updated_at: z.string(),
  reactions,
  minimized: z.object({ reason: text }).nullable().catch(null).default(null),
})
export type CommentRow = z.infer<typeof CommentRow>

const side = z.enum(['LEFT', 'RIGHT']).nullable().catch(null).default(null)

/** One row of `GET /repos/{owner}/{repo}/pulls/comments`. */
export const ReviewCommentRow = z.object({
  id,
  node_id: z.string(),
  pull_request_url: z.string(),
  pull_request_review_id: number,
  in_reply_to_id: number,
  body: text,
  user,
  created_at: z.string(),
  updated_at: z.string(),
  path: z.string(),
  diff_hunk: text,
  commit_id: z.string(),
  original_commit_id: z.string(),
  line: number,
  original_line: number,
  start_line: number,
  original_start_line: number,
  side,
  start_side: side,
  subject_type: text,
  reactions,
})
export type ReviewCommentRow = z.infer<typeof ReviewCommentRow>

/** One row of `GET /repos/{owner}/{repo}/comments`. */
export const CommitCommentRow = z.object({
  id,
  node_id: z.string(),
  body: text,
  user,
  created_at: z.string(),
  updated_at: z.string(),
  path: text,
  line: number,
  position: number,
  commit_id: z.string(),
  reactions,
})
export type CommitCommentRow = z.infer<typeof CommitCommentRow>

/** One row of `GET /repos/{owner}/{repo}/issues/events`. */
export const EventRow = z.object({
  id,
  event: z.string(),
  actor: user,
  created_at: z.string(),
  commit_id: text,
  issue: z.object({ number: z.number().int(), pull_request: z.unknown().optional() }).nullable().catch(null).default(null),
  label: z.object({ name: z.string(), color: text }).nullable().catch(null).default(null),
  milestone: z.object({ title: z.string() }).nullable().catch(null).default(null),
  assignee: user,
  requested_reviewer: user,
  rename: z.object({ from: z.string(), to: z.string() }).nullable().catch(null).default(null),
})
export type EventRow = z.infer<typeof EventRow>

export const AssetRow = z.object({
  id,
  name: z.string(),
  label: text,
  state: text,
  content_type: text,
  size: z.number().int(),
  digest: text,
  updated_at: text,
  uploader: user,
  browser_download_url: text,
})
export type AssetRow = z.infer<typeof AssetRow>

export const ReleaseRow = z.object({
  id,
  node_id: z.string(),
  tag_name: z.string(),
  name: text,
  body: text,
  author: user,
  draft: flag,
  prerelease: flag,
  target_commitish: text,
  created_at: z.string(),
  published_at: text,
  assets: list(AssetRow),
  reactions,
})
export type ReleaseRow = z.infer<typeof ReleaseRow>
