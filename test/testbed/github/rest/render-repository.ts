import type { Repository } from '../repository.ts'
import { nodeId, type Site } from '../site.ts'
import { account } from './render-people.ts'

export const repositoryUrl = (site: Site, { fullName }: Repository): string => `${site.api}/repos/${fullName}`

/** As in the lists of repositories; a single one has more. */
export function repository(site: Site, of: Repository) {
  const url = repositoryUrl(site, of)
  const html = `${site.host}/${of.fullName}`
  const open = openCount(of)
  return {
    id: of.id,
    node_id: nodeId('R', 0, of.id),
    name: of.name,
    full_name: of.fullName,
    private: of.visibility !== 'public',
    owner: account(site, of.owner),
    html_url: html,
    description: of.description,
    fork: of.forkOf !== null,
    url,
    forks_url: `${url}/forks`,
    keys_url: `${url}/keys{/key_id}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    teams_url: `${url}/teams`,
    hooks_url: `${url}/hooks`,
    issue_events_url: `${url}/issues/events{/number}`,
    events_url: `${url}/events`,
    assignees_url: `${url}/assignees{/user}`,
    branches_url: `${url}/branches{/branch}`,
    tags_url: `${url}/tags`,
    blobs_url: `${url}/git/blobs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    trees_url: `${url}/git/trees{/sha}`,
    statuses_url: `${url}/statuses/{sha}`,
    languages_url: `${url}/languages`,
    stargazers_url: `${url}/stargazers`,
    contributors_url: `${url}/contributors`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    commits_url: `${url}/commits{/sha}`,
    git_commits_url: `${url}/git/commits{/sha}`,
    comments_url: `${url}/comments{/number}`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    contents_url: `${url}/contents/{+path}`,
    compare_url: `${url}/compare/{base}...{head}`,
    merges_url: `${url}/merges`,
    archive_url: `${url}/{archive_format}{/ref}`,
    downloads_url: `${url}/downloads`,
    issues_url: `${url}/issues{/number}`,
    pulls_url: `${url}/pulls{/number}`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    labels_url: `${url}/labels{/name}`,
    releases_url: `${url}/releases{/id}`,
    deployments_url: `${url}/deployments`,
    created_at: of.createdAt,
    updated_at: of.updatedAt,
    pushed_at: of.pushedAt,
    git_url: `git://${new URL(site.host).host}/${of.fullName}.git`,
    ssh_url: `git@${new URL(site.host).hostname}:${of.fullName}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: of.git.refs.size,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: of.hasIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: of.wiki !== undefined,
    has_pages: false,
    has_discussions: of.hasDiscussions,
    has_pull_requests: of.hasPulls,
    forks_count: 0,
    mirror_url: null,
    archived: of.archived,
    disabled: of.block !== undefined,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [...of.topics],
    visibility: of.visibility,
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: of.git.head.replace('refs/heads/', ''),
    permissions: { admin: true, maintain: true, push: true, triage: true, pull: true },
  }
}
function openCount(of: Repository): number {
  const all = of.tables.items.by('created')
  // Computed tables are too large to count for a number nobody may rely on.
  if (all.length > 500) return all.length
  let open = 0
  for (let at = 0; at < all.length; at += 1) if (all.at(at).state === 'open') open += 1
  return open
}
export const fullRepository = (site: Site, of: Repository) => ({
  ...repository(site, of),
  allow_squash_merge: true,
  allow_merge_commit: true,
  allow_rebase_merge: true,
  allow_auto_merge: false,
  delete_branch_on_merge: false,
  network_count: 0,
  subscribers_count: 0,
  ...('members' in of.owner ? { organization: account(site, of.owner) } : {}),
  ...(of.forkOf === null ? {} : { parent: repository(site, of.forkOf), source: repository(site, of.forkOf) }),
  ...(of.properties.size === 0 ? {} : { custom_properties: Object.fromEntries(of.properties) }),
})
