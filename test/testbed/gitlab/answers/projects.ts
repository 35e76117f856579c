import type {
  ImportStatusSchema,
  LabelSchema,
  MilestoneSchema,
  PackageSchema,
  ProjectHookSchema,
  ProjectSchema,
  ProtectedBranchSchema,
  ReleaseSchema,
  VariableSchema,
} from '@gitbeaker/rest'
import { projectAccess } from '../access.ts'
import { hasBranch } from '../git/repository.ts'
import type * as Rows from '../rows.ts'
import type { World } from '../world.ts'
import { userAnswer } from './people.ts'
import type { Told } from './told.ts'

function namespaceAnswer(world: World, id: number): Record<string, unknown> {
  const group = world.groups.get(id)
  const full_path = world.namespacePath(id)
  return {
    id,
    name: group?.name ?? world.namespaceName(id),
    path: group?.path ?? full_path,
    kind: group === undefined ? 'user' : 'group',
    full_path,
    parent_id: group?.parent_id ?? null,
    web_url: `${world.url}/${group === undefined ? '' : 'groups/'}${full_path}`,
  }
}
export { namespaceAnswer }

export function projectAnswer(world: World, project: Rows.ProjectRow, me?: Rows.UserRow): Told<ProjectSchema> {
  const path = world.pathOf(project)
  const api = `${world.url}/api/v4/projects/${project.id}`
  const enabled = (feature: string): boolean => project.settings[`${feature}_access_level`] !== 'disabled'
  return {
    ...project.settings,
    id: project.id,
    description: project.description,
    name: project.name,
    name_with_namespace: `${world.namespaceName(project.namespace_id)} / ${project.name}`,
    path: project.path,
    path_with_namespace: path,
    created_at: project.created_at,
    updated_at: project.updated_at,
    last_activity_at: project.updated_at,
    default_branch: project.default_branch,
    topics: project.topics,
    tag_list: project.topics,
    ssh_url_to_repo: `git@127.0.0.1:${path}.git`,
    http_url_to_repo: `${world.url}/${path}.git`,
    web_url: `${world.url}/${path}`,
    readme_url: null,
    forks_count: 0,
    star_count: 0,
    avatar_url: null,
    namespace: namespaceAnswer(world, project.namespace_id) as ProjectSchema['namespace'],
    visibility: project.visibility,
    archived: project.archived,
    empty_repo: project.default_branch === null || !hasBranch(world.repository(project), project.default_branch),
    creator_id: project.creator_id,
    import_status: project.import.status,
    import_error: project.import.error,
    import_type: project.import.correlation_id === '' ? null : 'gitlab_project',
    issues_enabled: enabled('issues'),
    merge_requests_enabled: enabled('merge_requests'),
    wiki_enabled: enabled('wiki'),
    jobs_enabled: enabled('builds'),
    snippets_enabled: enabled('snippets'),
    open_issues_count: world.items.count(project.id, 'issue', { states: ['opened'], orderBy: 'created', descending: true }),
    marked_for_deletion_on: project.marked_for_deletion_on,
    shared_with_groups: [...project.shares].map(([group_id, group_access_level]) => ({
      group_id,
      group_name: world.groups.get(group_id)?.name ?? '',
      group_full_path: world.namespacePath(group_id),
      group_access_level,
    })),
    _links: {
      self: api,
      issues: `${api}/issues`,
      merge_requests: `${api}/merge_requests`,
      repo_branches: `${api}/repository/branches`,
      labels: `${api}/labels`,
      events: `${api}/events`,
      members: `${api}/members`,
      cluster_agents: `${api}/cluster_agents`,
    },
    ...(me === undefined
      ? {}
      : {
          permissions: {
            project_access: { access_level: projectAccess(world, me, project), notification_level: 3 },
            group_access: null as unknown as ProjectSchema['permissions']['group_access'],
          },
        }),
  }
}
/** `failed_relations` stops at a hundred, whatever failed (`lib/api/entities/project_import_status.rb`). */
export function importAnswer(world: World, project: Rows.ProjectRow): Told<ImportStatusSchema> {
  return {
    id: project.id,
    description: project.description,
    name: project.name,
    name_with_namespace: `${world.namespaceName(project.namespace_id)} / ${project.name}`,
    path: project.path,
    path_with_namespace: world.pathOf(project),
    created_at: project.created_at,
    import_status: project.import.status,
    import_type: 'gitlab_project',
    correlation_id: project.import.correlation_id,
    failed_relations: project.import.failed.slice(0, 100).map((row) => ({ ...row, message: undefined, exception_message: null })) as never,
    import_error: project.import.error,
    stats: null,
  }
}
export function relationImportAnswer(world: World, project: Rows.ProjectRow, row: Rows.RelationImportRow): Record<string, unknown> {
  const { id, relation, status, created_at, updated_at } = row
  return { id, project_path: world.pathOf(project), relation, status, created_at, updated_at }
}
export function labelAnswer(label: Rows.LabelRow): Told<LabelSchema> {
  return {
    id: label.id,
    name: label.title,
    description: label.description,
    description_html: label.description ?? '',
    text_color: '#FFFFFF',
    color: label.color,
    subscribed: false,
    priority: label.priority,
    is_project_label: label.owner.startsWith('project:'),
  }
}
export function milestoneAnswer(world: World, milestone: Rows.MilestoneRow): Told<MilestoneSchema> {
  const project = world.projects.get(milestone.project_id)
  const path = project === undefined ? '' : world.pathOf(project)
  return { ...milestone, expired: false, web_url: `${world.url}/${path}/-/milestones/${milestone.iid}` }
}
const levelWords: Readonly<Record<number, string>> = {
  0: 'No one',
  30: 'Developers + Maintainers',
  40: 'Maintainers',
  60: 'Administrators',
}
const levels = (list: readonly { readonly id: number; readonly access_level: number }[]) =>
  list.map(({ id, access_level }) => ({
    id,
    access_level: access_level as 0 | 30 | 40,
    access_level_description: levelWords[access_level] ?? String(access_level),
    deploy_key_id: null,
    user_id: null as unknown as number,
    group_id: null as unknown as number,
  }))
export function protectedBranchAnswer(row: Rows.ProtectionRow): Told<ProtectedBranchSchema> {
  const { id, name, allow_force_push } = row
  return { id, name, push_access_levels: levels(row.push), merge_access_levels: levels(row.merge), allow_force_push }
}
export function protectedTagAnswer(row: Rows.ProtectionRow): Record<string, unknown> {
  return { name: row.name, create_access_levels: levels(row.push) }
}
export function releaseAnswer(world: World, project: Rows.ProjectRow, row: Rows.ReleaseRow): Told<ReleaseSchema> {
  const web = `${world.url}/${world.pathOf(project)}`
  const links = row.links.map((link) => linkAnswer(world, project, row, link))
  return {
    tag_name: row.tag,
    name: row.name,
    description: row.description,
    description_html: row.description,
    created_at: row.created_at,
    released_at: row.released_at,
    author: userAnswer(world, row.author_id) as ReleaseSchema['author'],
    commit: { id: row.sha ?? '' } as unknown as ReleaseSchema['commit'],
    upcoming_release: Date.parse(row.released_at) > world.nowMs(),
    commit_path: `/${world.pathOf(project)}/-/commit/${row.sha ?? ''}`,
    tag_path: `/${world.pathOf(project)}/-/tags/${row.tag}`,
    assets: {
      count: links.length,
      sources: [],
      links: links as never,
      evidence_file_path: `${web}/-/releases/${row.tag}/evidences/1.json`,
    },
    evidences: [],
    _links: {
      self: `${web}/-/releases/${encodeURIComponent(row.tag)}`,
      edit_url: `${web}/-/releases/${encodeURIComponent(row.tag)}/edit`,
    } as never,
  }
}
export function linkAnswer(
  world: World,
  project: Rows.ProjectRow,
  release: Rows.ReleaseRow,
  link: Rows.ReleaseRow['links'][number],
): Record<string, unknown> {
  const direct =
    link.filepath === null
      ? link.url
      : `${world.url}/${world.pathOf(project)}/-/releases/${encodeURIComponent(release.tag)}/downloads${link.filepath}`
  return { id: link.id, name: link.name, url: link.url, direct_asset_url: direct, link_type: link.link_type }
}
export function packageAnswer(world: World, row: Rows.PackageRow): Told<PackageSchema> {
  const { id, name, version, created_at } = row
  return {
    id,
    name,
    version,
    package_type: 'generic',
    status: 'default',
    created_at,
    project_id: row.project_id,
    tags: [],
    pipelines: [] as never,
  }
}
export function variableAnswer(variable: Rows.VariableRow): Told<VariableSchema> {
  return { ...variable, owner: undefined, hidden: false, raw: false, description: null }
}
/** The secret token of a webhook is never told. */
export function hookAnswer(hook: Rows.HookRow): Told<ProjectHookSchema> {
  return {
    push_events: true,
    enable_ssl_verification: true,
    ...hook.settings,
    id: hook.id,
    url: hook.url,
    project_id: hook.project_id,
    created_at: hook.created_at,
    alert_status: 'executable',
    disabled_until: null,
  }
}
