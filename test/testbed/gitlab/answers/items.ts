import type {
  AwardEmojiSchema,
  DiscussionNoteSchema,
  DiscussionSchema,
  ExpandedMergeRequestSchema,
  IssueSchema,
  NoteSchema,
} from '@gitbeaker/rest'
import type { AwardRow, DiffFile, ItemRow, NoteRow, ResourceEventRow } from '../item-rows.ts'
import type { ProjectRow } from '../rows.ts'
import type { World } from '../world.ts'
import { userAnswer } from './people.ts'
import { labelAnswer, milestoneAnswer } from './projects.ts'
import type { Told } from './told.ts'

type Person = IssueSchema['author']
const person = (world: World, id: number): Person => userAnswer(world, id) as Person
const maybe = (world: World, id: number | null): Person | null => (id === null ? null : person(world, id))
const NO_TIME = { time_estimate: 0, total_time_spent: 0, human_time_estimate: null, human_total_time_spent: null }
const votes = (item: ItemRow, name: string): number => item.awards.filter((award) => award.name === name).length

function shared(world: World, project: ProjectRow, item: ItemRow, sign: string, room: string): Record<string, unknown> {
  const path = world.pathOf(project)
  const milestone = item.milestone_id === null ? undefined : world.milestones.get(item.milestone_id)
  return {
    id: item.id,
    iid: item.iid,
    project_id: item.project_id,
    title: item.title,
    description: item.description,
    state: item.state,
    created_at: item.created_at,
    updated_at: item.updated_at,
    closed_at: item.closed_at,
    closed_by: maybe(world, item.closed_by_id),
    labels: labelTitles(world, item),
    milestone: milestone === undefined ? null : milestoneAnswer(world, milestone),
    assignees: item.assignee_ids.map((id) => person(world, id)),
    assignee: maybe(world, item.assignee_ids[0] ?? null),
    author: person(world, item.author_id),
    user_notes_count: world.items.countNotes(item.project_id, item.kind, item.iid),
    upvotes: votes(item, 'thumbsup'),
    downvotes: votes(item, 'thumbsdown'),
    discussion_locked: item.discussion_locked,
    imported: item.imported,
    imported_from: item.imported ? 'gitlab_project' : 'none',
    web_url: `${world.url}/${path}/-/${room}/${item.iid}`,
    references: { short: `${sign}${item.iid}`, relative: `${sign}${item.iid}`, full: `${path}${sign}${item.iid}` },
    time_stats: NO_TIME,
    task_completion_status: { count: 0, completed_count: 0 },
  }
}
export const labelTitles = (world: World, item: ItemRow): string[] =>
  item.label_ids.flatMap((id) => world.labels.get(id)?.title ?? []).toSorted((a, b) => (a < b ? -1 : 1))

export function issueAnswer(world: World, project: ProjectRow, item: ItemRow): Told<IssueSchema> {
  const api = `${world.url}/api/v4/projects/${project.id}`
  return {
    ...shared(world, project, item, '#', 'issues'),
    type: item.issue_type.toUpperCase(),
    issue_type: item.issue_type,
    due_date: item.due_date,
    confidential: item.confidential,
    merge_requests_count: 0,
    has_tasks: false,
    task_status: '',
    severity: 'UNKNOWN',
    moved_to_id: null,
    _links: {
      self: `${api}/issues/${item.iid}`,
      notes: `${api}/issues/${item.iid}/notes`,
      award_emoji: `${api}/issues/${item.iid}/award_emoji`,
      project: api,
    },
  }
}
export function mergeRequestAnswer(world: World, project: ProjectRow, item: ItemRow): Told<ExpandedMergeRequestSchema> {
  const diff = world.items.diffSummary(item.project_id, item.iid)
  return {
    ...shared(world, project, item, '!', 'merge_requests'),
    merged_by: maybe(world, item.merged_by_id),
    merge_user: maybe(world, item.merged_by_id),
    merged_at: item.merged_at,
    target_branch: item.target_branch,
    source_branch: item.source_branch,
    source_project_id: item.source_project_id,
    target_project_id: item.project_id,
    reviewers: item.reviewers.map(({ user_id }) => person(world, user_id)),
    draft: item.draft,
    work_in_progress: item.draft,
    merge_when_pipeline_succeeds: false,
    merge_status: 'unchecked',
    detailed_merge_status: item.state === 'opened' ? 'unchecked' : 'not_open',
    sha: diff?.head_commit_sha ?? null,
    merge_commit_sha: item.merge_commit_sha,
    squash_commit_sha: item.squash_commit_sha,
    should_remove_source_branch: null,
    force_remove_source_branch: false,
    reference: `!${item.iid}`,
    squash: false,
    has_conflicts: false,
    blocking_discussions_resolved: true,
    changes_count: diff?.real_size ?? null,
    diff_refs:
      diff === undefined ? null : { base_sha: diff.base_commit_sha, head_sha: diff.head_commit_sha, start_sha: diff.start_commit_sha },
    merge_error: null,
    pipeline: null,
    head_pipeline: null,
  }
}
export const diffAnswer = (file: DiffFile): Record<string, unknown> => ({ ...file, collapsed: false, generated_file: false })

/** Comments on merge requests, except the plain ones, can be resolved. */
const resolvable = (note: NoteRow): boolean => note.kind === 'merge_request' && !note.system && note.type !== null
export function noteAnswer(world: World, note: NoteRow): Told<NoteSchema & DiscussionNoteSchema> {
  const item = world.items.find(note.project_id, note.kind, note.iid)
  const resolved = note.resolved_at !== null
  return {
    id: note.id,
    type: note.type === 'LegacyDiffNote' ? 'DiffNote' : note.type,
    body: note.body,
    attachment: null,
    author: person(world, note.author_id),
    created_at: note.created_at,
    updated_at: note.updated_at,
    system: note.system,
    noteable_id: item?.id ?? 0,
    noteable_type: note.kind === 'issue' ? 'Issue' : 'MergeRequest',
    noteable_iid: note.iid,
    project_id: note.project_id,
    resolvable: resolvable(note),
    confidential: note.confidential,
    internal: note.confidential,
    imported: note.imported,
    imported_from: note.imported ? 'gitlab_project' : 'none',
    ...(resolvable(note) ? { resolved, resolved_by: maybe(world, note.resolved_by_id), resolved_at: note.resolved_at } : {}),
    ...(note.position === null ? {} : { position: note.position, commit_id: null }),
    commands_changes: {},
  }
}
export function discussionsOf(world: World, notes: readonly NoteRow[]): Told<DiscussionSchema>[] {
  const threads = new Map<string, NoteRow[]>()
  for (const note of notes) threads.set(note.discussion_id, [...(threads.get(note.discussion_id) ?? []), note])
  return [...threads].map(([id, list]) => ({
    id,
    individual_note: list.length === 1 && list[0]?.type === null,
    notes: list.map((note) => noteAnswer(world, note)) as never,
  }))
}
export function awardAnswer(world: World, award: AwardRow, id: number, type: string): Told<AwardEmojiSchema> {
  const { name, created_at, updated_at } = award
  return {
    id: award.id,
    name,
    created_at,
    updated_at,
    user: person(world, award.user_id) as never,
    awardable_id: id,
    awardable_type: type,
    url: null,
  }
}
export function eventAnswer(world: World, item: ItemRow, event: ResourceEventRow): Record<string, unknown> {
  const shown = {
    id: event.id,
    user: person(world, event.user_id),
    created_at: event.created_at,
    resource_type: item.kind === 'issue' ? 'Issue' : 'MergeRequest',
    resource_id: item.id,
  }
  if (event.label_id !== null) {
    const label = world.labels.get(event.label_id)
    return { ...shown, label: label === undefined ? null : labelAnswer(label), action: event.action }
  }
  if (event.milestone_id === null) return { ...shown, source_commit: null, source_merge_request_id: null, state: event.action }
  const milestone = world.milestones.get(event.milestone_id)
  return { ...shown, milestone: milestone === undefined ? null : milestoneAnswer(world, milestone), action: event.action }
}
/** The conversations on one commit; each comment is one of its own here. */
export const commitDiscussions = (world: World, project: number, sha: string): Told<DiscussionSchema>[] =>
  world.commitNotes
    .filter((note) => note.project_id === project && note.sha === sha)
    .map(({ id, discussion_id, body, author_id, created_at, updated_at, system }) => ({
      id: discussion_id,
      individual_note: true,
      notes: [
        {
          id,
          type: null,
          body,
          attachment: null,
          author: person(world, author_id),
          created_at,
          updated_at,
          system,
          noteable_id: null,
          noteable_type: 'Commit',
          project_id: project,
          resolvable: false,
          confidential: false,
          commit_id: sha,
        },
      ] as never,
    }))
