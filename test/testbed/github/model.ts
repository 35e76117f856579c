import type { Repository } from './repository.ts'
import type { Team } from './settings.ts'

/** Times everywhere: `2026-11-25T03:00:00Z`, in which order of text is order of time. */
export type Time = string

export interface Person {
  readonly id: number
  login: string
  readonly type: 'User' | 'Bot'
  readonly name: string | null
  readonly email: string | null
  readonly createdAt: Time
  /** The account is deleted: what it wrote stays, under the name of ghost. */
  deleted?: boolean
  /** GitHub took the account out of sight, and all it ever wrote with it. */
  suspended?: boolean
}

export interface Label {
  readonly id: number
  name: string
  color: string
  description: string | null
  readonly isDefault: boolean
}

export interface Milestone {
  readonly id: number
  readonly number: number
  title: string
  description: string | null
  state: 'open' | 'closed'
  readonly creator: Person
  readonly createdAt: Time
  updatedAt: Time
  closedAt: Time | null
  dueOn: Time | null
}

export const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'] as const
export type ReactionContent = (typeof REACTIONS)[number]

export interface Reaction {
  readonly id: number
  readonly content: ReactionContent
  readonly user: Person
  readonly createdAt: Time
}

/** What every table holds: in order of creation and of change. */
export interface Row {
  readonly id: number
  readonly createdAt: Time
  updatedAt: Time
}

/** Rows that belong to an issue or pull request of the repository. */
export interface Part extends Row {
  readonly item: number
}

export interface Pull {
  draft: boolean
  /** `repository` is null when the fork is gone, and so is the branch's home. */
  readonly head: { readonly ref: string; sha: string; repository: Repository | null; readonly owner: Person | null }
  readonly base: { ref: string; sha: string }
  mergeSha: string | null
  mergedAt: Time | null
  mergedBy: Person | null
  requestedReviewers: Person[]
  requestedTeams: Team[]
}

/** An issue, or a pull request when `pull` is there: one sequence of numbers for both. */
export interface Item extends Row {
  readonly number: number
  title: string
  body: string | null
  readonly author: Person
  state: 'open' | 'closed'
  stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null
  labels: Label[]
  assignees: Person[]
  milestone: Milestone | null
  locked: null | 'off-topic' | 'too heated' | 'resolved' | 'spam' | 'unspecified'
  closedAt: Time | null
  closedBy: Person | null
  readonly reactions: Reaction[]
  /** Who wrote what before: newest first. */
  readonly edits: Edit[]
  parent: number | null
  /** One of the organisation's types of issues. */
  type: string | null
  readonly pull?: Pull
}

export interface Edit {
  readonly id: number
  readonly editor: Person
  readonly editedAt: Time
  readonly diff: string
}

export interface Comment extends Part {
  readonly author: Person
  body: string
  readonly reactions: Reaction[]
  readonly edits: Edit[]
  minimized: string | null
}

export interface Review extends Part {
  readonly author: Person
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING'
  body: string
  readonly commitId: string
  readonly reactions: Reaction[]
}

export interface ReviewComment extends Part {
  readonly thread: number
  readonly review: number
  readonly author: Person
  body: string
  readonly path: string
  readonly diffHunk: string
  commitId: string
  readonly originalCommitId: string
  /** null: the line is gone. */
  line: number | null
  readonly originalLine: number
  startLine: number | null
  readonly originalStartLine: number | null
  readonly side: 'LEFT' | 'RIGHT'
  position: number | null
  readonly originalPosition: number
  /** The id of the thread's first comment, which may be deleted. */
  readonly inReplyTo: number | null
  readonly subject: 'line' | 'file'
  readonly reactions: Reaction[]
}

/** The state of a thread of review comments, which REST never tells. */
export interface Thread extends Part {
  readonly path: string
  resolvedBy: Person | null
}

export interface Event extends Part {
  readonly event: EventName
  readonly actor: Person | null
  readonly commitId?: string
  readonly label?: Label
  readonly milestone?: string
  readonly assignee?: Person
  readonly rename?: { readonly from: string; readonly to: string }
  readonly lockReason?: Item['locked']
  readonly stateReason?: Item['stateReason']
  readonly reviewer?: Person
  readonly before?: string
  readonly after?: string
}
export type EventName =
  | 'closed'
  | 'reopened'
  | 'merged'
  | 'labeled'
  | 'unlabeled'
  | 'milestoned'
  | 'demilestoned'
  | 'assigned'
  | 'unassigned'
  | 'renamed'
  | 'locked'
  | 'unlocked'
  | 'head_ref_force_pushed'
  | 'head_ref_deleted'
  | 'review_requested'
  | 'convert_to_draft'
  | 'ready_for_review'
  | 'mentioned'
  | 'subscribed'
  | 'referenced'
  | 'pinned'
  | 'transferred'

/** Somebody wrote of this item elsewhere. No list of events has it, and it changes no `updated_at`. */
export interface CrossReference extends Part {
  readonly actor: Person | null
  readonly source: { readonly repository: Repository; readonly number: number }
  readonly willClose: boolean
}

export interface Asset {
  readonly id: number
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array
  readonly uploader: Person | null
  readonly createdAt: Time
  label: string | null
  state: 'uploaded' | 'open'
  /** null: uploaded before GitHub counted hashes. */
  digest: string | null
}

export interface Release extends Row {
  readonly tag: string
  name: string | null
  body: string | null
  readonly author: Person
  draft: boolean
  prerelease: boolean
  readonly target: string
  readonly publishedAt: Time | null
  readonly assets: Asset[]
  readonly reactions: Reaction[]
}

export interface DiscussionCategory {
  readonly id: number
  readonly name: string
  readonly slug: string
  readonly emoji: string
  readonly isAnswerable: boolean
}
export interface DiscussionComment extends Part {
  readonly author: Person
  body: string
  readonly replyTo: number | null
  readonly reactions: Reaction[]
  /** Deleted with answers below: the place stays. */
  deleted?: boolean
}
export interface Discussion extends Row {
  readonly number: number
  title: string
  body: string
  readonly author: Person
  readonly category: DiscussionCategory
  answer: number | null
  answeredBy: Person | null
  locked: boolean
  closedAt: Time | null
  readonly labels: Label[]
  readonly reactions: Reaction[]
}
export interface CommitComment extends Row {
  readonly commitId: string
  readonly author: Person
  readonly body: string
  readonly path: string | null
  readonly line: number | null
  readonly reactions: Reaction[]
}
