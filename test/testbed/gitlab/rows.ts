/** Parsed JSON of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>

export interface UserRow {
  readonly id: number
  username: string
  name: string
  email: string
  public_email: string
  state: 'active' | 'blocked' | 'deactivated'
  admin: boolean
  readonly bot: boolean
  external: boolean
  note: string | null
  readonly created_at: string
  confirmed_at: string | null
  /** Ids of namespaces are shared with groups. */
  readonly namespace_id: number
  /** `disabled` gets no mail at all. */
  notification: 'global' | 'disabled'
  readonly emails: { readonly id: number; readonly email: string; readonly confirmed_at: string | null }[]
}
export interface TokenRow {
  readonly id: number
  readonly token: string
  readonly user_id: number
  readonly name: string
  readonly scopes: readonly string[]
  readonly expires_at: string | null
  readonly created_at: string
  revoked: boolean
}
export interface GroupRow {
  readonly id: number
  path: string
  name: string
  readonly parent_id: number | null
  visibility: Visibility
  description: string
  readonly created_at: string
  readonly settings: Record<string, unknown>
}
export type Visibility = 'private' | 'internal' | 'public'

export interface FailedRelation {
  readonly id: number
  readonly created_at: string
  readonly exception_class: string
  /** Never shown by the API; kept for tests to say why. */
  readonly message: string
  readonly source: string
  readonly relation_name: string
  readonly line_number: number
}
export interface ImportState {
  status: 'none' | 'scheduled' | 'started' | 'finished' | 'failed'
  readonly correlation_id: string
  error: string | null
  readonly failed: FailedRelation[]
}
export interface ProjectRow {
  readonly id: number
  path: string
  name: string
  readonly namespace_id: number
  readonly creator_id: number
  description: string | null
  visibility: Visibility
  archived: boolean
  readonly created_at: string
  updated_at: string
  default_branch: string | null
  topics: string[]
  readonly settings: Record<string, unknown>
  import: ImportState
  /** Highest numbers given out so far. */
  readonly counters: Record<'issue' | 'merge_request' | 'milestone', number>
  marked_for_deletion_on: string | null
  /** Access levels of groups it is shared with. */
  readonly shares: Map<number, number>
}
export interface LabelRow {
  readonly id: number
  /** `project:1` or `group:2`. */
  readonly owner: string
  title: string
  color: string
  description: string | null
  priority: number | null
}
export interface MilestoneRow {
  readonly id: number
  readonly project_id: number
  iid: number
  title: string
  description: string
  state: 'active' | 'closed'
  due_date: string | null
  start_date: string | null
  created_at: string
  updated_at: string
}
export interface ProtectionRow {
  readonly id: number
  readonly project_id: number
  readonly name: string
  push: { id: number; access_level: number }[]
  merge: { id: number; access_level: number }[]
  allow_force_push: boolean
}
export interface ReleaseRow {
  readonly project_id: number
  readonly tag: string
  name: string
  description: string
  readonly author_id: number
  readonly created_at: string
  released_at: string
  readonly sha: string | null
  readonly links: { id: number; name: string; url: string; filepath: string | null; link_type: string }[]
}
export interface PackageRow {
  readonly id: number
  readonly project_id: number
  readonly name: string
  readonly version: string
  readonly created_at: string
  readonly files: {
    readonly id: number
    readonly file_name: string
    readonly size: number
    readonly sha256: string
    readonly path: string
  }[]
}
export interface UploadRow {
  readonly id: number
  readonly project_id: number
  readonly secret: string
  readonly filename: string
  readonly size: number
  readonly path: string
  readonly created_at: string
}
export interface VariableRow {
  readonly owner: string
  readonly key: string
  value: string
  readonly environment_scope: string
  protected: boolean
  masked: boolean
  variable_type: 'env_var' | 'file'
}
export interface HookRow {
  readonly id: number
  readonly project_id: number
  readonly created_at: string
  url: string
  readonly settings: Record<string, unknown>
  token: string | null
}
export interface RelationImportRow {
  readonly id: number
  readonly project_id: number
  readonly relation: string
  status: 'created' | 'started' | 'finished' | 'failed'
  readonly created_at: string
  updated_at: string
}
/** Somebody the server would have written to. */
export interface Mail {
  readonly to: string
  readonly reason: string
  readonly about: string
}
export interface Pipeline {
  readonly project_id: number
  readonly ref: string
  readonly sha: string
  readonly source: string
}
/** What was taken in but will look broken to people. */
export interface Problem {
  readonly project: string
  readonly where: string
  readonly what: string
}
/** A comment on a commit. */
export interface CommitNoteRow {
  readonly id: number
  readonly project_id: number
  readonly sha: string
  readonly discussion_id: string
  readonly body: string
  readonly author_id: number
  readonly created_at: string
  readonly updated_at: string
  readonly system: boolean
}
