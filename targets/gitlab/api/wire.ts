import { z } from 'zod'

/** Answers of GitLab's REST API, only the fields that are read. https://docs.gitlab.com/api/rest/ (read 2026-11-25) */
export const Version = z.object({ version: z.string() })
export const Person = z.object({ id: z.number(), username: z.string() })
/** `email`, `is_admin` and `note` are shown to administrators. */
export const User = z.object({
  id: z.number(),
  username: z.string(),
  name: z.string(),
  state: z.string(),
  email: z.string().optional(),
  public_email: z.string().nullish(),
  is_admin: z.boolean().optional(),
})
export type User = z.infer<typeof User>
export const TokenInfo = z.object({ scopes: z.array(z.string()), expires_at: z.string().nullish() })
export const ApplicationSettings = z.object({
  import_sources: z.array(z.string()).nullish(),
  max_import_size: z.number().nullish(),
  max_decompressed_archive_size: z.number().nullish(),
  notes_create_limit: z.number().nullish(),
  notes_create_limit_allowlist: z.array(z.string()).nullish(),
  issues_create_limit: z.number().nullish(),
  project_import_limit: z.number().nullish(),
})
export const Group = z.object({
  id: z.number(),
  path: z.string(),
  name: z.string(),
  full_path: z.string(),
  description: z.string().nullish(),
  visibility: z.string(),
})
export type Group = z.infer<typeof Group>
export const Project = z.object({
  id: z.number(),
  name: z.string(),
  path_with_namespace: z.string(),
  description: z.string().nullish(),
  visibility: z.string(),
  archived: z.boolean(),
  default_branch: z.string().nullish(),
  topics: z.array(z.string()).default([]),
  issues_enabled: z.boolean(),
  wiki_enabled: z.boolean(),
  import_status: z.string().default('none'),
  import_type: z.string().nullish(),
  creator_id: z.number().nullish(),
  created_at: z.string(),
  merge_method: z.string().optional(),
  squash_option: z.string().optional(),
  remove_source_branch_after_merge: z.boolean().nullish(),
  autoclose_referenced_issues: z.boolean().nullish(),
  shared_with_groups: z.array(z.object({ group_id: z.number(), group_full_path: z.string(), group_access_level: z.number() })).default([]),
})
export type Project = z.infer<typeof Project>
/** At most a hundred failed relations are told. */
export const ImportState = z.object({
  id: z.number(),
  import_status: z.string(),
  import_error: z.string().nullish(),
  failed_relations: z
    .array(
      z.object({
        relation_name: z.string(),
        exception_class: z.string(),
        line_number: z.number().nullish(),
        source: z.string().nullish(),
      }),
    )
    .default([]),
})
export type ImportState = z.infer<typeof ImportState>
export const RelationImport = z.object({ id: z.number(), relation: z.string(), status: z.union([z.string(), z.number()]) })
export const Member = z.object({ id: z.number(), username: z.string(), access_level: z.number() })
export type Member = z.infer<typeof Member>
export const Label = z.object({ id: z.number(), name: z.string(), color: z.string(), description: z.string().nullish() })
export const Milestone = z.object({
  id: z.number(),
  iid: z.number(),
  title: z.string(),
  description: z.string().nullish(),
  state: z.string(),
  due_date: z.string().nullish(),
})
const issuable = {
  id: z.number(),
  iid: z.number(),
  title: z.string(),
  description: z.string().nullish(),
  state: z.string(),
  created_at: z.string(),
  closed_at: z.string().nullish(),
  author: Person,
  labels: z.array(z.string()),
  milestone: z.object({ title: z.string() }).nullish(),
  assignees: z.array(Person).nullish(),
  discussion_locked: z.boolean().nullish(),
  upvotes: z.number().optional(),
  downvotes: z.number().optional(),
  user_notes_count: z.number().optional(),
}
export const Issue = z.object({ ...issuable, closed_by: Person.nullish() })
export type Issue = z.infer<typeof Issue>
export const MergeRequest = z.object({
  ...issuable,
  draft: z.boolean().optional(),
  source_branch: z.string(),
  target_branch: z.string(),
  sha: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  merged_at: z.string().nullish(),
  merge_user: Person.nullish(),
  reviewers: z.array(Person).nullish(),
})
export type MergeRequest = z.infer<typeof MergeRequest>
export const Note = z.object({
  id: z.number(),
  body: z.string(),
  author: Person,
  created_at: z.string(),
  system: z.boolean(),
  type: z.string().nullish(),
  resolvable: z.boolean().optional(),
  resolved: z.boolean().optional(),
  resolved_by: Person.nullish(),
  position: z.record(z.string(), z.json()).nullish(),
})
export type Note = z.infer<typeof Note>
export const Discussion = z.object({ id: z.string(), individual_note: z.boolean(), notes: z.array(Note) })
export type Discussion = z.infer<typeof Discussion>
export const AwardEmoji = z.object({ name: z.string(), user: Person })
export const ResourceEvent = z.object({
  created_at: z.string(),
  user: Person.nullish(),
  action: z.string().optional(),
  state: z.string().optional(),
  label: z.object({ name: z.string() }).nullish(),
  milestone: z.object({ title: z.string() }).nullish(),
})
export type ResourceEvent = z.infer<typeof ResourceEvent>
export const Approvals = z.object({ approved_by: z.array(z.object({ user: Person })) })
export const ReleaseLink = z.object({ id: z.number(), name: z.string(), url: z.string() })
export const Release = z.object({
  tag_name: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  author: Person.nullish(),
  released_at: z.string(),
  assets: z.object({ links: z.array(ReleaseLink) }),
})
export type Release = z.infer<typeof Release>
const levels = z.array(z.object({ access_level: z.number().nullish() }))
export const ProtectedBranch = z.object({
  name: z.string(),
  push_access_levels: levels,
  merge_access_levels: levels,
  allow_force_push: z.boolean().optional(),
})
export const ProtectedTag = z.object({ name: z.string(), create_access_levels: levels })
export const Hook = z.object({
  id: z.number(),
  url: z.string(),
  enable_ssl_verification: z.boolean().optional(),
  push_events: z.boolean().nullish(),
  tag_push_events: z.boolean().nullish(),
  issues_events: z.boolean().nullish(),
  merge_requests_events: z.boolean().nullish(),
  note_events: z.boolean().nullish(),
  job_events: z.boolean().nullish(),
  pipeline_events: z.boolean().nullish(),
  wiki_page_events: z.boolean().nullish(),
  releases_events: z.boolean().nullish(),
})
export type Hook = z.infer<typeof Hook>
export const Variable = z.object({ key: z.string(), value: z.string().nullish(), environment_scope: z.string().default('*') })
export const Package = z.object({ id: z.number(), name: z.string(), version: z.string() })
export const PackageFile = z.object({ id: z.number(), file_name: z.string(), size: z.number(), file_sha256: z.string().nullish() })
/** GitLab complains in several shapes: a text, a list, lists by field. */
export const Complaint = z.object({
  message: z.json().optional(),
  error: z.json().optional(),
  error_description: z.string().optional(),
  scope: z.string().optional(),
})
