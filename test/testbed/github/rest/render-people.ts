import type { Person } from '../model.ts'
import type { Repository } from '../repository.ts'
import { nodeId, type Site } from '../site.ts'
import type { Organisation } from '../world.ts'

/** GitHub's own account for what deleted people wrote. */
const GHOST = { id: 10_137, login: 'ghost', type: 'User' } as const

export function account(site: Site, of: Person | Organisation | typeof GHOST) {
  const type = 'type' in of ? of.type : 'Organization'
  const login = type === 'Bot' ? `${of.login}[bot]` : of.login
  const url = `${site.api}/users/${encodeURIComponent(login)}`
  return {
    login,
    id: of.id,
    node_id: nodeId(type === 'Organization' ? 'O' : type === 'Bot' ? 'BOT' : 'U', 0, of.id),
    avatar_url: `${site.store}/avatars/u/${of.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `${site.host}/${type === 'Bot' ? `apps/${of.login}` : of.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  }
}
/** Where GitHub names ghost for people whose account is deleted. */
export const user = (site: Site, of: Person) => account(site, of.deleted === true ? GHOST : of)
/** Where GitHub names nobody. */
export const userOrNull = (site: Site, of: Person | null) => (of === null || of.deleted === true ? null : account(site, of))

export function fullUser(site: Site, of: Person) {
  return {
    ...account(site, of),
    name: of.name,
    company: null,
    blog: '',
    location: null,
    email: of.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: of.createdAt,
    updated_at: of.createdAt,
  }
}

export function association(repository: Repository, author: Person): string {
  const { owner } = repository
  if (owner === author) return 'OWNER'
  if ('members' in owner && owner.members.has(author) && author.deleted !== true) return 'MEMBER'
  if (repository.collaborators.has(author)) return 'COLLABORATOR'
  return author.deleted === true ? 'NONE' : 'CONTRIBUTOR'
}
