import type { Hook, Project, ProjectField, ProjectItem, Team } from '../settings.ts'
import type { Repository } from '../repository.ts'
import { nodeId, type Site } from '../site.ts'
import type { Organisation } from '../world.ts'
import { account, user } from './render-people.ts'

export function organisation(site: Site, of: Organisation, repositories: readonly Repository[]) {
  const hidden = repositories.filter(({ visibility }) => visibility !== 'public').length
  const { login, id, node_id, avatar_url, html_url } = account(site, of)
  const url = `${site.api}/orgs/${login}`
  return {
    login,
    id,
    node_id,
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url,
    description: null,
    name: of.name,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: repositories.length - hidden,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url,
    type: 'Organization',
    // Counts what the token cannot see as well.
    total_private_repos: hidden,
    owned_private_repos: hidden,
    default_repository_permission: 'read',
    two_factor_requirement_enabled: true,
    created_at: of.createdAt,
    updated_at: of.createdAt,
    archived_at: null,
  }
}
export const team = (site: Site, of: Team) => ({
  ...withoutParent(site, of),
  parent: of.parent === null ? null : withoutParent(site, of.parent),
})

function withoutParent(site: Site, of: Team) {
  const url = `${site.api}/teams/${of.id}`
  return {
    id: of.id,
    node_id: nodeId('T', 0, of.id),
    name: of.name,
    slug: of.slug,
    description: of.description,
    privacy: of.privacy,
    notification_setting: 'notifications_enabled',
    permission: 'pull',
    url,
    html_url: `${site.host}/teams/${of.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: 'organization',
  }
}
export const hook = (site: Site, repository: Repository | Organisation, of: Hook) => {
  const base = 'fullName' in repository ? `${site.api}/repos/${repository.fullName}` : `${site.api}/orgs/${repository.login}`
  const url = `${base}/hooks/${of.id}`
  return {
    type: 'fullName' in repository ? 'Repository' : 'Organization',
    id: of.id,
    name: 'web',
    active: of.active,
    events: [...of.events],
    // The secret itself is never told.
    config: { url: of.url, content_type: 'json', insecure_ssl: '0', secret: '********' },
    updated_at: of.createdAt,
    created_at: of.createdAt,
    url,
    ...('fullName' in repository ? { test_url: `${url}/test` } : {}),
    ping_url: `${url}/pings`,
    deliveries_url: `${url}/deliveries`,
    ...('fullName' in repository ? { last_response: { code: null, status: 'unused', message: null } } : {}),
  }
}
export const project = (site: Site, owner: Organisation, of: Project) => ({
  id: of.id,
  node_id: nodeId('PVT', 0, of.id),
  owner: account(site, owner),
  creator: user(site, of.creator),
  title: of.title,
  description: of.description,
  public: false,
  closed_at: of.closedAt,
  created_at: of.createdAt,
  updated_at: of.updatedAt,
  number: of.number,
  short_description: of.description,
  deleted_at: null,
  deleted_by: null,
  state: of.closedAt === null ? 'open' : 'closed',
  is_template: false,
})
export const projectField = (site: Site, owner: Organisation, project: Project, of: ProjectField) => ({
  id: of.id,
  node_id: nodeId('PVTF', 0, of.id),
  name: of.name,
  data_type: of.type,
  project_url: `${site.api}/orgs/${owner.login}/projectsV2/${project.number}`,
  created_at: project.createdAt,
  updated_at: project.createdAt,
  ...(of.options === undefined
    ? {}
    : {
        options: of.options.map(({ id, name, color }) => ({
          id,
          name: { raw: name, html: name },
          color,
          description: { raw: '', html: '' },
        })),
      }),
})
export const contentType = ({ content }: ProjectItem): 'Issue' | 'PullRequest' | 'DraftIssue' =>
  'title' in content ? 'DraftIssue' : content.repository.item(content.number)?.pull === undefined ? 'Issue' : 'PullRequest'
