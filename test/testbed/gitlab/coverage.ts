interface Entry {
  readonly testedBy: string
  readonly source: string
  readonly notes: string
  readonly routes: string
}
/** How far routes of the emulator go, and which test shows it. */
export interface Coverage {
  /** Methods and path, as faults and the call log name them. */
  readonly routes: readonly string[]
  /** File beside this one. */
  readonly testedBy: string
  /** The vendor's page below https://gitlab.com/gitlab-org/gitlab/-/blob/master (read 2026-11-25). */
  readonly source: string
  /** What is left out. */
  readonly notes: string
}

/** `GET|POST /a/b|c` is four routes. */
function expand(text: string): string[] {
  const [methods = '', path = ''] = text.split(' ')
  const paths = path
    .split('/')
    .reduce<string[]>((made, segment) => made.flatMap((head) => segment.split('|').map((one) => `${head}/${one}`)), [''])
  return methods.split('|').flatMap((method) => paths.map((each) => `${method} ${each.slice(1)}`))
}
const covered = ({ routes, ...entry }: Entry): Coverage => ({ ...entry, routes: routes.trim().split(/\n\s*/).flatMap(expand) })

const TABLE: readonly Entry[] = [
  {
    testedBy: 'published.test.ts',
    source: 'doc/api/metadata.md',
    notes: 'no revision of its own',
    routes: `
      GET /version
      GET /metadata`,
  },
  {
    testedBy: 'rest.test.ts',
    source: 'doc/api/settings.md',
    notes: 'only the settings an import meets (`settings.ts`); a PUT takes any',
    routes: `
      GET|PUT /application/settings`,
  },
  {
    testedBy: 'published.test.ts',
    source: 'doc/api/users.md',
    notes: '',
    routes: `
      GET /user`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/users.md',
    notes: 'no passwords, keys, impersonation or bans; a person who is deleted leaves what they wrote to the ghost',
    routes: `
      GET|POST /users
      GET|PUT|DELETE /users/{user_id}
      POST /users/{user_id}/block
      POST /users/{user_id}/unblock
      POST /users/{user_id}/deactivate
      POST /users/{user_id}/activate
      GET|POST /users/{user_id}/emails`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/personal_access_tokens.md',
    notes: 'made by administrators; no listing, no rotation',
    routes: `
      POST /users/{user_id}/personal_access_tokens
      GET /personal_access_tokens/self`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/groups.md',
    notes: 'no transfer, no sharing between groups, deleted at once',
    routes: `
      GET|POST /groups
      GET|PUT|DELETE /groups/{id}
      GET /groups/{id}/subgroups
      GET /groups/{id}/projects
      GET|POST /groups/{id}/labels`,
  },
  {
    testedBy: 'published.test.ts',
    source: 'doc/api/namespaces.md',
    notes: '',
    routes: `
      GET /namespaces/{id}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/members.md',
    notes: 'no invitations by e-mail, no expiry',
    routes: `
      GET|POST /projects|groups/{id}/members
      GET /projects|groups/{id}/members/all
      GET|PUT|DELETE /projects|groups/{id}/members/{user_id}
      POST /projects/{id}/share
      DELETE /projects/{id}/share/{group_id}`,
  },
  {
    testedBy: 'import.test.ts',
    source: 'doc/api/project_import_export.md',
    notes: 'no export, no remote files; `ci_pipelines`, snippets, boards, designs and time logs are read past',
    routes: `
      POST /projects/import
      GET /projects/{id}/import
      POST /projects/import-relation
      GET /projects/{id}/relation-imports
      GET /projects/{id}/repository/commits/{sha}/discussions`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/projects.md',
    notes: 'no forks, no transfer, no avatar; searches by path and name only',
    routes: `
      GET|POST /projects
      GET|PUT|DELETE /projects/{id}
      POST /projects/{id}/archive
      POST /projects/{id}/unarchive`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/labels.md',
    notes: 'no subscriptions, no promotion',
    routes: `
      GET|POST /projects/{id}/labels
      GET|PUT|DELETE /projects/{id}/labels/{label}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/milestones.md',
    notes: 'none of groups',
    routes: `
      GET|POST /projects/{id}/milestones
      GET|PUT|DELETE /projects/{id}/milestones/{milestone_id}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/issues.md',
    notes: 'filters: state, iids, updated_after; no links, no moves, no time tracking',
    routes: `
      GET|POST /projects/{id}/issues
      GET|PUT|DELETE /projects/{id}/issues/{iid}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/merge_requests.md',
    notes: 'merged by a push only; filters: state, iids, updated_after',
    routes: `
      GET|POST /projects/{id}/merge_requests
      GET|PUT|DELETE /projects/{id}/merge_requests/{iid}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/merge_requests.md',
    notes: 'one version: the last',
    routes: `
      GET /projects/{id}/merge_requests/{iid}/versions
      GET /projects/{id}/merge_requests/{iid}/versions/{version_id}
      GET /projects/{id}/merge_requests/{iid}/diffs
      GET /projects/{id}/merge_requests/{iid}/changes
      GET /projects/{id}/merge_requests/{iid}/commits
      GET /projects/{id}/merge_requests/{iid}/approvals
      GET /projects/{id}/merge_requests/{iid}/reviewers`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/notes.md',
    notes: 'system notes of titles, descriptions, assignees and mentions only',
    routes: `
      GET|POST /projects/{id}/issues|merge_requests/{iid}/notes
      GET|PUT|DELETE /projects/{id}/issues|merge_requests/{iid}/notes/{note_id}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/discussions.md',
    notes: 'line ranges are kept, not checked; no draft notes',
    routes: `
      GET|POST /projects/{id}/issues|merge_requests/{iid}/discussions
      GET|PUT /projects/{id}/issues|merge_requests/{iid}/discussions/{discussion_id}
      POST /projects/{id}/issues|merge_requests/{iid}/discussions/{discussion_id}/notes`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/emoji_reactions.md',
    notes: 'knows some fifty names',
    routes: `
      GET|POST /projects/{id}/issues|merge_requests/{iid}/award_emoji
      DELETE /projects/{id}/issues|merge_requests/{iid}/award_emoji/{award_id}
      GET|POST /projects/{id}/issues|merge_requests/{iid}/notes/{note_id}/award_emoji`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/resource_label_events.md',
    notes: 'milestone events come by import only',
    routes: `
      GET /projects/{id}/issues|merge_requests/{iid}/resource_label_events
      GET /projects/{id}/issues|merge_requests/{iid}/resource_milestone_events
      GET /projects/{id}/issues|merge_requests/{iid}/resource_state_events`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/releases/_index.md',
    notes: 'no milestones, no evidence',
    routes: `
      GET|POST /projects/{id}/releases
      GET|PUT|DELETE /projects/{id}/releases/{tag}
      GET|POST /projects/{id}/releases/{tag}/assets/links
      DELETE /projects/{id}/releases/{tag}/assets/links/{link_id}`,
  },
  {
    testedBy: 'rest.test.ts',
    source: 'doc/user/packages/generic_packages/_index.md',
    notes: '',
    routes: `
      PUT|GET /projects/{id}/packages/generic/{name}/{version}/{file_name}
      GET /projects/{id}/packages/{package_id}/package_files`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/packages.md',
    notes: 'generic packages only',
    routes: `
      GET /projects/{id}/packages
      GET|DELETE /projects/{id}/packages/{package_id}`,
  },
  {
    testedBy: 'rest.test.ts',
    source: 'doc/api/project_markdown_uploads.md',
    notes: 'pages outside of the API are not served',
    routes: `
      POST|GET /projects/{id}/uploads
      GET /projects/{id}/uploads/{secret}/{filename}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/project_markdown_uploads.md',
    notes: '',
    routes: `
      GET|DELETE /projects/{id}/uploads/{upload_id}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/protected_branches.md',
    notes: 'CE: one level for push and one for merge; no PATCH',
    routes: `
      GET|POST /projects/{id}/protected_branches
      GET|DELETE /projects/{id}/protected_branches/{name}
      GET|POST /projects/{id}/protected_tags
      GET|DELETE /projects/{id}/protected_tags/{name}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/project_level_variables.md',
    notes: 'masked values are checked for their letters only; no hidden ones',
    routes: `
      GET|POST /projects|groups/{id}/variables
      GET|PUT|DELETE /projects|groups/{id}/variables/{key}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/project_webhooks.md',
    notes: 'nothing is ever called',
    routes: `
      GET|POST /projects/{id}/hooks
      PUT|DELETE /projects/{id}/hooks/{hook_id}`,
  },
  {
    testedBy: 'routes.test.ts',
    source: 'doc/api/branches.md',
    notes: 'branches, tags, commits and wiki pages, to look at',
    routes: `
      GET|POST /projects/{id}/repository/branches
      GET|DELETE /projects/{id}/repository/branches/{branch}
      GET /projects/{id}/repository/tags
      GET /projects/{id}/repository/commits/{sha}
      GET /projects/{id}/wikis`,
  },
]
export const coverage: readonly Coverage[] = TABLE.map(covered)
