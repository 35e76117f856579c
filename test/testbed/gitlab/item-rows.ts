export type ItemKind = 'issue' | 'merge_request'
export interface AwardRow {
  readonly id: number
  readonly name: string
  readonly user_id: number
  readonly created_at: string
  readonly updated_at: string
}
export interface ResourceEventRow {
  readonly id: number
  readonly user_id: number
  readonly created_at: string
  readonly action: string
  readonly label_id: number | null
  readonly milestone_id: number | null
}
/** An issue or a merge request. What only the one kind has is empty at the other. */
export interface ItemRow {
  readonly id: number
  readonly project_id: number
  readonly kind: ItemKind
  readonly iid: number
  title: string
  description: string | null
  state: 'opened' | 'closed' | 'merged' | 'locked'
  author_id: number
  created_at: string
  updated_at: string
  closed_at: string | null
  closed_by_id: number | null
  label_ids: number[]
  milestone_id: number | null
  assignee_ids: number[]
  confidential: boolean
  discussion_locked: boolean | null
  due_date: string | null
  issue_type: string
  awards: AwardRow[]
  label_events: ResourceEventRow[]
  milestone_events: ResourceEventRow[]
  state_events: ResourceEventRow[]
  imported: boolean
  source_branch: string
  target_branch: string
  source_project_id: number | null
  draft: boolean
  merge_commit_sha: string | null
  squash_commit_sha: string | null
  merged_by_id: number | null
  merged_at: string | null
  reviewers: { readonly user_id: number; readonly state: string; readonly created_at: string }[]
  approvals: { readonly user_id: number; readonly created_at: string }[]
}
export interface Position {
  readonly position_type: string
  readonly base_sha: string
  readonly start_sha: string
  readonly head_sha: string
  readonly old_path: string | null
  readonly new_path: string | null
  readonly old_line: number | null
  readonly new_line: number | null
  readonly line_range: unknown
}
export interface NoteRow {
  readonly id: number
  readonly project_id: number
  readonly kind: ItemKind
  readonly iid: number
  readonly discussion_id: string
  readonly type: 'DiscussionNote' | 'DiffNote' | 'LegacyDiffNote' | null
  body: string
  readonly author_id: number
  readonly created_at: string
  updated_at: string
  readonly system: boolean
  readonly confidential: boolean
  readonly line_code: string | null
  readonly position: Position | null
  resolved_at: string | null
  resolved_by_id: number | null
  awards: AwardRow[]
  readonly imported: boolean
}
export interface DiffFile {
  readonly old_path: string
  readonly new_path: string
  readonly a_mode: string
  readonly b_mode: string
  readonly new_file: boolean
  readonly renamed_file: boolean
  readonly deleted_file: boolean
  readonly too_large: boolean
  readonly diff: string
}
export interface DiffCommit {
  readonly sha: string
  readonly message: string
  readonly author_name: string
  readonly author_email: string
  readonly authored_date: string
  readonly committer_name: string
  readonly committer_email: string
  readonly committed_date: string
}
/** What a list of merge requests says of a diff. */
export interface DiffSummary {
  readonly base_commit_sha: string
  readonly start_commit_sha: string
  readonly head_commit_sha: string
  readonly real_size: string
}
export interface DiffRow extends DiffSummary {
  readonly id: number
  readonly state: string
  readonly created_at: string
  readonly commits: readonly DiffCommit[]
  readonly files: readonly DiffFile[]
}
