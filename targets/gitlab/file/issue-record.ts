import type { JsonObject } from '../../../src/contract/json.ts'
import type { IssueOperation } from '../operations.ts'
import { awardRecords } from './awards.ts'
import { type Hanging, activity } from './hanging.ts'
import type { FilePeople } from './people.ts'
import { type FilePlaces, PROJECT, labelLinks } from './places.ts'

/** A line of `issues` (lib/gitlab/import_export/project/import_export.yml, read 2026-11-25). */
export function issueRecord(op: IssueOperation, hanging: Hanging, people: FilePeople, places: FilePlaces): JsonObject {
  const author_id = people.id(op.author)
  const closedBy = op.closedBy === null ? null : people.id(op.closedBy)
  const events = [activity('created', author_id, op.createdAt, 'Issue')]
  if (op.closedAt !== null && closedBy !== null) events.push(activity('closed', closedBy, op.closedAt, 'Issue'))
  return {
    iid: op.iid,
    title: op.title,
    description: op.text,
    state: op.state,
    author_id,
    project_id: PROJECT,
    created_at: op.createdAt,
    updated_at: op.updatedAt,
    closed_at: op.closedAt,
    closed_by_id: closedBy,
    confidential: false,
    discussion_locked: op.locked ? true : null,
    work_item_type: { base_type: 'issue' },
    milestone: places.milestone(op.milestone),
    issue_assignees: op.assignees.map((who) => ({ user_id: people.id(who) })),
    label_links: labelLinks(op, places),
    award_emoji: awardRecords(op.awards, 'Issue', people),
    resource_label_events: hanging.labelEvents,
    resource_milestone_events: hanging.milestoneEvents,
    resource_state_events: hanging.stateEvents,
    events,
    notes: hanging.notes,
  }
}
