import { z } from 'zod'

/**
 * Answers as GitLab's own description has them: entities of `doc/api/openapi/openapi_v3.yaml` (gitlabhq/gitlabhq at 045bf877, 19.x, MIT;
 * read 2026-11-25), with the names and types of the fields this project meets. The description marks nothing as nullable, so everything may be
 * null, and none as required. It is younger than 17.11: what 17.11 has and it has not is named in `published.test.ts`.
 */
const KINDS = {
  int: z.number().int(),
  text: z.string(),
  flag: z.boolean(),
  time: z.iso.datetime(),
  list: z.array(z.unknown()),
  texts: z.array(z.string()),
  object: z.record(z.string(), z.unknown()),
  // The description says `string` where the documentation's examples show numbers, or an object where they show a list.
  unclear: z.unknown(),
} as const

function entity(fields: Readonly<Partial<Record<keyof typeof KINDS, string>>>): z.ZodObject {
  const shape: Record<string, z.ZodType> = {}
  for (const [kind, names] of Object.entries(fields))
    for (const name of names.split(/\s+/)) if (name !== '') shape[name] = KINDS[kind as keyof typeof KINDS].nullish()
  return z.strictObject(shape)
}

const issuable = {
  int: 'id iid project_id user_notes_count upvotes downvotes',
  text: 'title description state web_url imported_from',
  time: 'created_at updated_at closed_at',
  texts: 'labels',
  flag: 'discussion_locked imported subscribed',
  object: 'closed_by milestone author assignee references time_stats task_completion_status',
  unclear: 'assignees',
}
export const published = {
  APIEntitiesUserBasic: entity({
    int: 'id',
    text: 'username public_email name state avatar_url avatar_path web_url',
    flag: 'locked',
    list: 'custom_attributes',
  }),
  APIEntitiesUserWithAdmin: entity({
    int: 'id theme_id color_scheme_id projects_limit',
    text: `username public_email name state avatar_url web_url bio location linkedin twitter discord website_url github job_title pronouns organization
      work_information local_time email commit_email preferred_language note`,
    time: 'created_at last_sign_in_at confirmed_at last_activity_on current_sign_in_at',
    flag: 'locked bot can_create_group can_create_project two_factor_enabled external private_profile',
    object: 'created_by',
    unclear: 'followers following is_followed is_admin namespace_id identities scim_identities using_license_seat',
  }),
  APIEntitiesMember: entity({
    int: 'id',
    text: 'username public_email name state avatar_url web_url created_at expires_at email membership_state',
    flag: 'locked two_factor_enabled',
    unclear: 'access_level created_by group_saml_identity is_using_seat override member_role',
  }),
  APIEntitiesProject: entity({
    int: 'id forks_count star_count creator_id open_issues_count ci_default_git_depth build_timeout max_artifacts_size',
    text: `description name name_with_namespace path path_with_namespace default_branch ssh_url_to_repo http_url_to_repo web_url readme_url avatar_url
      visibility repository_storage service_desk_address import_url import_type import_status import_error description_html merge_method squash_option
      issues_access_level repository_access_level merge_requests_access_level forking_access_level wiki_access_level builds_access_level
      snippets_access_level pages_access_level analytics_access_level container_registry_access_level releases_access_level environments_access_level
      feature_flags_access_level infrastructure_access_level monitor_access_level package_registry_access_level auto_devops_deploy_strategy
      ci_config_path merge_commit_template squash_commit_template suggestion_commit_message`,
    time: 'created_at last_activity_at updated_at marked_for_deletion_at marked_for_deletion_on',
    texts: 'tag_list topics',
    list: 'shared_with_groups',
    flag: `packages_enabled empty_repo archived issues_enabled merge_requests_enabled wiki_enabled jobs_enabled snippets_enabled emails_disabled
      emails_enabled shared_runners_enabled lfs_enabled auto_devops_enabled only_allow_merge_if_pipeline_succeeds
      only_allow_merge_if_all_discussions_are_resolved remove_source_branch_after_merge autoclose_referenced_issues request_access_enabled`,
    object: 'namespace _links permissions owner',
  }),
  APIEntitiesIssue: entity({
    ...issuable,
    int: `${issuable.int} merge_requests_count moved_to_id weight blocking_issues_count`,
    text: `${issuable.text} type due_date start_date issue_type severity task_status service_desk_reply_to health_status`,
    flag: `${issuable.flag} confidential has_tasks`,
    object: `${issuable.object} _links`,
  }),
  APIEntitiesMergeRequest: entity({
    ...issuable,
    int: `${issuable.int} source_project_id target_project_id approvals_before_merge diverged_commits_count`,
    text: `${issuable.text} title_html description_html target_branch source_branch merge_status detailed_merge_status sha merge_commit_sha
      squash_commit_sha reference changes_count merge_error`,
    time: `${issuable.time} merged_at merge_after prepared_at latest_build_started_at latest_build_finished_at first_deployed_to_production_at`,
    flag: `${issuable.flag} draft work_in_progress merge_when_pipeline_succeeds should_remove_source_branch force_remove_source_branch
      allow_collaboration allow_maintainer_to_push squash squash_on_merge has_conflicts blocking_discussions_resolved rebase_in_progress
      first_contribution`,
    object: `${issuable.object} merged_by merge_user pipeline head_pipeline diff_refs user`,
    unclear: 'assignees reviewers',
  }),
  APIEntitiesNote: entity({
    int: 'id noteable_id project_id noteable_iid',
    text: 'type body noteable_type commit_id imported_from',
    time: 'created_at updated_at resolved_at',
    flag: 'system resolvable resolved confidential internal imported',
    object: 'author position resolved_by commands_changes',
    unclear: 'suggestions',
  }),
  APIEntitiesMergeRequestDiff: entity({
    int: 'id merge_request_id',
    text: 'head_commit_sha base_commit_sha start_commit_sha state real_size patch_id_sha',
    time: 'created_at',
  }),
  APIEntitiesMergeRequestApprovals: entity({ flag: 'user_has_approved user_can_approve approved', unclear: 'approved_by' }),
  APIEntitiesMergeRequestReviewer: entity({ object: 'user', text: 'state', time: 'created_at' }),
  APIEntitiesResourceStateEvent: entity({
    int: 'id resource_id source_merge_request_id',
    text: 'resource_type source_commit state',
    time: 'created_at',
    object: 'user',
  }),
  APIEntitiesResourceLabelEvent: entity({ int: 'id resource_id', text: 'resource_type action', time: 'created_at', object: 'user label' }),
  APIEntitiesProjectUpload: entity({ int: 'id', text: 'alt url full_path markdown' }),
  APIEntitiesMarkdownUploadAdmin: entity({ int: 'id size', text: 'filename', time: 'created_at', object: 'uploaded_by' }),
  APIEntitiesMetadata: entity({ text: 'version revision', object: 'kas', flag: 'enterprise' }),
  APIEntitiesNamespace: entity({ int: 'id parent_id projects_count', text: 'name path kind full_path avatar_url web_url' }),
  /** `lib/api/entities/project_import_status.rb`, `project_import_failed_relation.rb` (read 2026-11-25). */
  ProjectImportStatus: entity({
    int: 'id',
    text: 'description name name_with_namespace path path_with_namespace import_status import_type correlation_id import_error',
    time: 'created_at',
    list: 'failed_relations',
    object: 'stats',
  }),
  ProjectImportFailedRelation: entity({
    int: 'id line_number',
    text: 'exception_class source exception_message relation_name',
    time: 'created_at',
  }),
} as const
