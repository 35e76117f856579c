import type { JsonObject } from '../../../src/contract/json.ts'
import type { CommitRecord } from '../../../src/git/commit-records.ts'
import type { FileDiff } from '../../../src/git/file-diff.ts'
import type { MergeRequestOperation } from '../operations.ts'
import type { Shas } from './anchors.ts'
import { awardRecords } from './awards.ts'
import type { Branches } from './branches.ts'
import { type Hanging, activity } from './hanging.ts'
import type { FilePeople } from './people.ts'
import { type FilePlaces, PROJECT, labelLinks } from './places.ts'

/** Another project than this one, whichever. */
const FORK = 2

export interface MergeRequestDiff {
  readonly shas: Shas
  readonly files: readonly FileDiff[]
  readonly overflow: boolean
  readonly commits: readonly CommitRecord[]
  readonly totalCommits: number
}
export interface MergeRequestParts {
  readonly branches: Branches
  /** Undefined: its commits are not in the archive. */
  readonly diff: MergeRequestDiff | undefined
  readonly hanging: Hanging
  readonly mergeCommit: string | null
}

/** A line of `merge_requests` (lib/gitlab/import_export/project/import_export.yml, read 2026-11-25). */
export function mergeRequestRecord(
  op: MergeRequestOperation,
  parts: MergeRequestParts,
  people: FilePeople,
  places: FilePlaces,
): JsonObject {
  const { branches, diff, hanging, mergeCommit } = parts
  const author_id = people.id(op.author)
  const mergedBy = op.mergedBy === null ? null : people.id(op.mergedBy)
  const closedBy = op.closedBy === null ? null : people.id(op.closedBy)
  const events = [activity('created', author_id, op.createdAt, 'MergeRequest')]
  if (op.state === 'merged' && op.mergedAt !== null && mergedBy !== null)
    events.push(activity('merged', mergedBy, op.mergedAt, 'MergeRequest'))
  if (op.state === 'closed' && op.closedAt !== null && closedBy !== null)
    events.push(activity('closed', closedBy, op.closedAt, 'MergeRequest'))
  return {
    iid: op.iid,
    title: op.title,
    description: op.text,
    state: op.state,
    draft: op.draft,
    author_id,
    created_at: op.createdAt,
    updated_at: op.updatedAt,
    source_project_id: branches.fromFork ? FORK : PROJECT,
    target_project_id: PROJECT,
    source_branch: branches.source,
    target_branch: op.base.ref,
    diff_head_sha: op.head.oid,
    source_branch_sha: op.head.oid,
    target_branch_sha: op.base.oid,
    merge_status: 'unchecked',
    merge_user_id: mergedBy,
    merge_commit_sha: mergeCommit,
    discussion_locked: op.locked ? true : null,
    metrics: {
      created_at: op.createdAt,
      updated_at: op.updatedAt,
      target_project_id: PROJECT,
      merged_by_id: mergedBy,
      merged_at: op.mergedAt,
      latest_closed_by_id: op.state === 'closed' ? closedBy : null,
      latest_closed_at: op.state === 'closed' ? op.closedAt : null,
    },
    milestone: places.milestone(op.milestone),
    merge_request_assignees: op.assignees.map((who) => ({ user_id: people.id(who), created_at: op.createdAt })),
    merge_request_reviewers: op.reviewers.map((who) => ({ user_id: people.id(who), created_at: op.createdAt, state: 'unreviewed' })),
    approvals: hanging.approvals,
    label_links: labelLinks(op, places),
    award_emoji: awardRecords(op.awards, 'MergeRequest', people),
    resource_label_events: hanging.labelEvents,
    resource_milestone_events: hanging.milestoneEvents,
    resource_state_events: hanging.stateEvents,
    events,
    merge_request_diff: diff === undefined ? emptyDiff(op) : diffRecord(op, diff),
    notes: hanging.notes,
  }
}

/** Names its commits and shows nothing: without any, the importer would try to compare branches that are not there. */
const emptyDiff = ({ base, head, createdAt, updatedAt }: MergeRequestOperation): JsonObject => ({
  state: 'empty',
  created_at: createdAt,
  updated_at: updatedAt,
  base_commit_sha: base.oid,
  start_commit_sha: base.oid,
  head_commit_sha: head.oid,
  real_size: '0',
  commits_count: 0,
  files_count: 0,
  merge_request_diff_commits: [],
  merge_request_diff_files: [],
})

function diffRecord({ createdAt, updatedAt }: MergeRequestOperation, diff: MergeRequestDiff): JsonObject {
  const { shas, files, overflow, commits, totalCommits } = diff
  return {
    state: overflow ? 'overflow' : files.length === 0 ? 'empty' : 'collected',
    created_at: createdAt,
    updated_at: updatedAt,
    base_commit_sha: shas.base,
    start_commit_sha: shas.start,
    head_commit_sha: shas.head,
    real_size: overflow ? `${files.length}+` : String(files.length),
    commits_count: totalCommits,
    files_count: files.length,
    sorted: false,
    merge_request_diff_commits: commits.map(commitRecord),
    merge_request_diff_files: files.map(fileRecord),
  }
}

function commitRecord({ oid, message, author, committer }: CommitRecord, relative_order: number): JsonObject {
  return {
    relative_order,
    sha: oid,
    message,
    authored_date: author.at ?? null,
    committed_date: committer.at ?? null,
    commit_author: { name: author.name, email: author.email },
    committer: { name: committer.name, email: committer.email },
  }
}

function fileRecord(file: FileDiff, relative_order: number): JsonObject {
  return {
    relative_order,
    utf8_diff: file.diff,
    new_path: file.newPath,
    old_path: file.oldPath,
    a_mode: file.oldMode,
    b_mode: file.newMode,
    new_file: file.newFile,
    renamed_file: file.renamedFile,
    deleted_file: file.deletedFile,
    too_large: file.tooLarge,
    binary: false,
  }
}
