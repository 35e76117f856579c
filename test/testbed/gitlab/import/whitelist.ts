import { isFields, listOf } from '../fields.ts'
import type { Fields } from '../rows.ts'

/**
 * What the importer lets through, by relation: `included_attributes`, `methods` and the nested relations of
 * `lib/gitlab/import_export/project/import_export.yml` (gitlabhq/gitlabhq, read 2026-11-25), `excluded_attributes` taken out.
 * The rest is dropped without a word (`attributes_permitter.rb`).
 */
const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '')
const LABEL = 'title color project_id group_id created_at updated_at template description priority type priorities'
const MILESTONE = 'iid title project_id group_id description due_date created_at updated_at start_date state events'
const ACCESS = 'access_level created_at updated_at user_id group_id'
const PERMITTED: Readonly<Record<string, string>> = {
  user: 'id public_email username',
  author: 'name',
  approvals: 'user_id created_at updated_at',
  label: LABEL,
  labels: LABEL,
  priorities: 'project_id priority created_at updated_at',
  milestone: MILESTONE,
  milestones: MILESTONE,
  protected_branches:
    'project_id name created_at updated_at code_owner_approval_required allow_force_push merge_access_levels push_access_levels',
  protected_tags: 'project_id name created_at updated_at create_access_levels',
  create_access_levels: ACCESS,
  merge_access_levels: ACCESS,
  push_access_levels: ACCESS,
  releases: 'tag description project_id author_id created_at updated_at name sha released_at links milestone_releases',
  milestone_releases: 'milestone',
  links: 'url name created_at updated_at filepath link_type',
  project_feature: `project_id created_at updated_at ${words(
    'merge_requests issues wiki snippets builds repository pages forking metrics_dashboard operations monitor analytics security_and_compliance container_registry package_registry environments feature_flags releases infrastructure model_experiments model_registry',
  )
    .map((name) => `${name}_access_level`)
    .join(' ')}`,
  project_members:
    'access_level source_type user_id notification_level created_at updated_at created_by_id invite_email invite_accepted_at requested_at expires_at ldap override user',
  merge_requests: `target_branch source_branch source_project_id author_id title created_at updated_at state merge_status target_project_id iid
    description updated_by_id merge_error merge_params merge_user_id merge_commit_sha squash_commit_sha in_progress_merge_commit_sha lock_version
    approvals_before_merge rebase_commit_sha time_estimate squash last_edited_at last_edited_by_id discussion_locked allow_maintainer_to_push
    merge_ref_sha draft diff_head_sha source_branch_sha target_branch_sha approvals metrics award_emoji merge_request_assignees
    merge_request_reviewers notes merge_request_diff events timelogs label_links milestone resource_label_events resource_milestone_events
    resource_state_events`,
  award_emoji: 'user_id name awardable_type created_at updated_at',
  commit_author: 'name email',
  committer: 'name email',
  events: 'project_id target_type action author_id fingerprint created_at updated_at push_event_payload',
  label_links: 'target_type created_at updated_at label',
  merge_request_diff: `state created_at updated_at base_commit_sha real_size head_commit_sha start_commit_sha commits_count files_count sorted
    diff_type merge_request_diff_commits merge_request_diff_files`,
  merge_request_diff_commits:
    'author_name author_email committer_name committer_email relative_order sha authored_date committed_date message trailers commit_author committer',
  merge_request_diff_files:
    'relative_order new_file renamed_file deleted_file new_path old_path a_mode b_mode too_large binary encoded_file_path utf8_diff diff_export',
  metrics: `created_at updated_at latest_closed_by_id latest_closed_at merged_by_id merged_at latest_build_started_at latest_build_finished_at
    first_deployed_to_production_at first_comment_at first_commit_at last_commit_at diff_size modified_paths_size commits_count first_approved_at
    first_reassigned_at added_lines target_project_id removed_lines`,
  notes: `note noteable_type author_id created_at updated_at project_id attachment line_code commit_id system st_diff updated_by_id type position
    original_position change_position resolved_at resolved_by_id resolved_by_push discussion_id confidential last_edited_at author award_emoji
    system_note_metadata events suggestions note_diff_file`,
  commit_notes: `note noteable_type author_id created_at updated_at project_id attachment line_code commit_id system st_diff updated_by_id type
    position original_position change_position resolved_at resolved_by_id discussion_id last_edited_at author award_emoji`,
  resource_label_events: 'action user_id created_at label',
  resource_milestone_events: 'user_id action created_at state milestone',
  resource_state_events: 'user_id state created_at source_commit close_after_error_tracking_resolve close_auto_resolve_prometheus_alert',
  suggestions: 'relative_order applied commit_id from_content to_content outdated lines_above lines_below',
  system_note_metadata: 'commit_count action created_at updated_at',
  timelogs: 'time_spent user_id project_id spent_at created_at updated_at summary',
  issue_assignees: 'user_id',
  merge_request_assignees: 'user_id created_at',
  merge_request_reviewers: 'user_id created_at state',
  issues: `title author_id project_id created_at updated_at description state iid updated_by_id confidential closed_at closed_by_id due_date
    lock_version weight time_estimate relative_position external_author last_edited_at last_edited_by_id discussion_locked health_status
    external_key issue_type events timelogs notes label_links milestone resource_label_events resource_milestone_events resource_state_events
    designs design_versions issue_assignees zoom_meetings sentry_issue award_emoji work_item_type`,
  work_item_type: 'base_type',
  note_diff_file: 'new_file renamed_file deleted_file a_mode b_mode new_path old_path diff_export',
  boards: 'project_id created_at updated_at group_id weight name hide_backlog_list hide_closed_list lists',
  lists: 'list_type position created_at updated_at user_id max_issue_count max_issue_weight limit_metric label',
  project: `approvals_before_merge archived auto_cancel_pending_pipelines autoclose_referenced_issues build_allow_git_fetch build_timeout
    delete_error description has_external_issue_tracker has_external_wiki issues_template jobs_cache_index merge_requests_ff_only_enabled
    merge_requests_rebase_enabled merge_requests_template only_allow_merge_if_all_discussions_are_resolved
    only_allow_merge_if_pipeline_succeeds pages_https_only pending_delete printing_merge_request_link_enabled public_builds
    remove_source_branch_after_merge request_access_enabled reset_approvals_on_push resolve_outdated_diff_discussions service_desk_enabled
    shared_runners_enabled suggestion_commit_message visibility_level hooks issues_access_level forking_access_level
    merge_requests_access_level wiki_access_level snippets_access_level builds_access_level repository_access_level pages_access_level
    analytics_access_level container_registry_access_level package_registry_access_level environments_access_level
    feature_flags_access_level releases_access_level infrastructure_access_level monitor_access_level auto_devops_deploy_strategy
    auto_devops_enabled container_registry_enabled issues_enabled jobs_enabled merge_method merge_requests_enabled snippets_enabled topics
    visibility wiki_enabled build_git_strategy build_enabled allow_merge_on_skipped_pipeline squash_option merge_commit_template
    squash_commit_template`,
}
const permitted = new Map(Object.entries(PERMITTED).map(([relation, text]) => [relation, new Set(words(text))]))
/** Relations of a project file that are read at all, in the order they are read. */
export const RELATIONS = [
  'labels',
  'milestones',
  'issues',
  'releases',
  'merge_requests',
  'protected_branches',
  'protected_tags',
  'commit_notes',
  'project_feature',
  'boards',
] as const

/** A record as the importer sees it. What falls out is told to `dropped`, and nobody else ever hears of it. */
export function permit(relation: string, record: Fields, dropped: (name: string) => void): Fields {
  const allowed = permitted.get(relation)
  if (allowed === undefined) return record
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(record)) {
    if (!allowed.has(key)) {
      dropped(`${relation}.${key}`)
      continue
    }
    if (!permitted.has(key)) kept[key] = value
    else if (Array.isArray(value))
      kept[key] = listOf(value)
        .filter(isFields)
        .map((each) => permit(key, each, dropped))
    else kept[key] = isFields(value) ? permit(key, value, dropped) : value
  }
  return kept
}
