import type { ItemKind, ItemRow } from './item-rows.ts'
import type { ProjectRow } from './rows.ts'
import type { World } from './world.ts'

/** An open issue or merge request of which only number and author are known. */
export function blankItem(world: World, project: ProjectRow, kind: ItemKind, author_id: number, iid: number): ItemRow {
  const now = world.now()
  return {
    id: world.next(kind),
    project_id: project.id,
    kind,
    iid,
    title: '',
    description: null,
    state: 'opened',
    author_id,
    created_at: now,
    updated_at: now,
    closed_at: null,
    closed_by_id: null,
    label_ids: [],
    milestone_id: null,
    assignee_ids: [],
    confidential: false,
    discussion_locked: null,
    due_date: null,
    issue_type: 'issue',
    awards: [],
    label_events: [],
    milestone_events: [],
    state_events: [],
    imported: false,
    source_branch: '',
    target_branch: '',
    source_project_id: null,
    draft: false,
    merge_commit_sha: null,
    squash_commit_sha: null,
    merged_by_id: null,
    merged_at: null,
    reviewers: [],
    approvals: [],
  }
}
