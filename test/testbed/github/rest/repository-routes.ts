import type { Release } from '../model.ts'
import type { Protection, Ruleset } from '../settings.ts'
import type { Repository } from '../repository.ts'
import { nodeId, type Site } from '../site.ts'
import { mapped, reversed, sequence } from '../table.ts'
import { get, notFound, number, type Call, type Route } from './call.ts'
import { contents } from './contents.ts'
import { rollup, written } from './render-issues.ts'
import { hook, team } from './render-organisation.ts'
import { account, association, user, userOrNull } from './render-people.ts'
import { fullRepository, repositoryUrl } from './render-repository.ts'

const R = '/repos/{owner}/{repo}'

function release(site: Site, repository: Repository, of: Release) {
  const url = `${repositoryUrl(site, repository)}/releases/${of.id}`
  const html = `${site.host}/${repository.fullName}/releases`
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${url}/assets{?name,label}`,
    html_url: of.draft ? `${html}/tag/untagged-${of.id}` : `${html}/tag/${of.tag}`,
    id: of.id,
    author: user(site, of.author),
    node_id: nodeId('RE', repository.id, of.id),
    tag_name: of.tag,
    target_commitish: of.target,
    name: of.name,
    draft: of.draft,
    immutable: false,
    prerelease: of.prerelease,
    created_at: of.createdAt,
    updated_at: of.updatedAt,
    published_at: of.publishedAt,
    assets: of.assets.map((one) => ({
      url: `${repositoryUrl(site, repository)}/releases/assets/${one.id}`,
      id: one.id,
      node_id: nodeId('RA', repository.id, one.id),
      name: one.name,
      label: one.label,
      uploader: userOrNull(site, one.uploader),
      content_type: one.contentType,
      state: one.state,
      size: one.bytes.byteLength,
      digest: one.digest,
      download_count: 0,
      created_at: one.createdAt,
      updated_at: one.createdAt,
      browser_download_url: `${html}/download/${of.tag}/${encodeURIComponent(one.name)}`,
    })),
    tarball_url: of.draft ? null : `${repositoryUrl(site, repository)}/tarball/${of.tag}`,
    zipball_url: of.draft ? null : `${repositoryUrl(site, repository)}/zipball/${of.tag}`,
    ...written(site, of.body),
    ...(of.reactions.length === 0 ? {} : { reactions: rollup(of.reactions, `${url}/reactions`) }),
  }
}
function protection(site: Site, repository: Repository, of: Protection) {
  const url = `${repositoryUrl(site, repository)}/branches/${of.branch}/protection`
  return {
    url,
    ...(of.statusChecks.length === 0
      ? {}
      : {
          required_status_checks: {
            url: `${url}/required_status_checks`,
            strict: true,
            contexts: [...of.statusChecks],
            contexts_url: `${url}/required_status_checks/contexts`,
            checks: of.statusChecks.map((context) => ({ context, app_id: null })),
          },
        }),
    ...(of.pushers.length === 0
      ? {}
      : {
          restrictions: {
            url: `${url}/restrictions`,
            users_url: `${url}/restrictions/users`,
            teams_url: `${url}/restrictions/teams`,
            apps_url: `${url}/restrictions/apps`,
            users: of.pushers.map((one) => user(site, one)),
            teams: [],
            apps: [],
          },
        }),
    required_pull_request_reviews: {
      url: `${url}/required_pull_request_reviews`,
      dismiss_stale_reviews: false,
      require_code_owner_reviews: of.codeOwners,
      require_last_push_approval: false,
      required_approving_review_count: of.requiredApprovals,
    },
    required_signatures: { url: `${url}/required_signatures`, enabled: false },
    enforce_admins: { url: `${url}/enforce_admins`, enabled: of.enforceAdmins },
    required_linear_history: { enabled: false },
    allow_force_pushes: { enabled: of.allowForcePushes },
    allow_deletions: { enabled: false },
    block_creations: { enabled: false },
    required_conversation_resolution: { enabled: false },
    lock_branch: { enabled: false },
    allow_fork_syncing: { enabled: false },
  }
}
export const ruleset = (of: Ruleset, source: string, sourceType: 'Repository' | 'Organization', whole: boolean) => ({
  id: of.id,
  name: of.name,
  target: of.target,
  source_type: sourceType,
  source,
  enforcement: of.enforcement,
  node_id: nodeId('RRS', 0, of.id),
  created_at: of.createdAt,
  updated_at: of.createdAt,
  // Lists tell neither conditions nor rules.
  ...(whole ? { conditions: { ref_name: { include: [...of.include], exclude: [] } }, rules: of.rules, bypass_actors: [] } : {}),
})
/** Everything about a repository but what people wrote into it. */
export const repositoryRoutes: readonly Route[] = [
  get('repos/get', R, (call, repository) => ({ json: fullRepository(call.site, repository) })),
  get('repos/get-all-topics', `${R}/topics`, (_, { topics }) => ({ json: { names: [...topics] } })),
  get('repos/get-content', `${R}/contents/{path}`, (call, repository) => ({
    json: contents(call.site, repository, call.params['path'] ?? '', call.query.get('ref')),
  })),
  get('repos/list-releases', `${R}/releases`, (call, repository) => ({
    list: mapped(reversed(repository.releases.by('created')), (one) => release(call.site, repository, one)),
  })),
  get('repos/get-release-asset', `${R}/releases/assets/{asset_id}`, (call, repository) => {
    const id = number(call, 'asset_id')
    for (let at = 0, all = repository.releases.by('created'); at < all.length; at += 1) {
      const found = release(call.site, repository, all.at(at)).assets.find((one) => one.id === id)
      if (found === undefined) continue
      if (call.headers.get('accept')?.includes('application/octet-stream') !== true) return { json: found }
      return { redirect: `${call.site.store}/release-assets/${id}?sig=${call.tokens.sign(`asset:${id}`)}`, status: 302 }
    }
    throw notFound()
  }),
  get('repos/list-branches', `${R}/branches`, (call, repository) => {
    const only = call.query.get('protected')
    const branches = [...repository.git.refs]
      .filter(([ref]) => ref.startsWith('refs/heads/'))
      .map(([ref, sha]) => {
        const name = ref.slice('refs/heads/'.length)
        const url = `${repositoryUrl(call.site, repository)}/branches/${name}/protection`
        const isProtected = repository.protections.some(({ branch }) => branch === name)
        return {
          name,
          commit: { sha, url: `${repositoryUrl(call.site, repository)}/commits/${sha}` },
          protected: isProtected,
          protection: { enabled: isProtected, required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] } },
          protection_url: url,
        }
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    return { list: sequence(branches.filter((one) => only === null || String(one.protected) === only)) }
  }),
  get('repos/get-branch-protection', `${R}/branches/{branch}/protection`, (call, repository) => {
    const found = repository.protections.find(({ branch }) => branch === call.params['branch'])
    if (found === undefined) throw notFound()
    return { json: protection(call.site, repository, found) }
  }),
  get('repos/get-repo-rulesets', `${R}/rulesets`, (call, repository) => ({
    list: sequence([
      ...repository.rulesets.map((one) => ruleset(one, repository.fullName, 'Repository', false)),
      ...('members' in repository.owner && call.query.get('includes_parents') !== 'false' ? repository.owner.rulesets : []).map((one) =>
        ruleset(one, repository.owner.login, 'Organization', false),
      ),
    ]),
  })),
  get('repos/get-repo-ruleset', `${R}/rulesets/{ruleset_id}`, (call, repository) => {
    const id = number(call, 'ruleset_id')
    const own = repository.rulesets.find((one) => one.id === id)
    if (own !== undefined) return { json: ruleset(own, repository.fullName, 'Repository', true) }
    const above = 'members' in repository.owner ? repository.owner.rulesets.find((one) => one.id === id) : undefined
    if (above === undefined) throw notFound()
    return { json: ruleset(above, repository.owner.login, 'Organization', true) }
  }),
  get('repos/list-webhooks', `${R}/hooks`, (call, repository) => ({
    list: sequence(repository.hooks.map((one) => hook(call.site, repository, one))),
  })),
  get('repos/list-collaborators', `${R}/collaborators`, (call, repository) => ({ list: sequence(collaborators(call, repository)) })),
  get('repos/list-teams', `${R}/teams`, (call, repository) => ({
    list: sequence(
      ('members' in repository.owner ? repository.owner.teams : [])
        .filter((one) => one.repositories.has(repository))
        .map((one) => ({ ...team(call.site, one), permission: one.repositories.get(repository) })),
    ),
  })),
  get('repos/list-commit-comments-for-repo', `${R}/comments`, (call, repository) => ({
    list: mapped(repository.commitComments.by('created'), (one) => ({
      url: `${repositoryUrl(call.site, repository)}/comments/${one.id}`,
      html_url: `${call.site.host}/${repository.fullName}/commit/${one.commitId}#commitcomment-${one.id}`,
      id: one.id,
      node_id: nodeId('CC', repository.id, one.id),
      user: userOrNull(call.site, one.author),
      position: one.line,
      line: one.line,
      path: one.path,
      commit_id: one.commitId,
      created_at: one.createdAt,
      updated_at: one.updatedAt,
      author_association: association(repository, one.author),
      body: call.site.text(one.body),
      reactions: rollup(one.reactions, `${repositoryUrl(call.site, repository)}/comments/${one.id}/reactions`),
    })),
  })),
]
const ORDER = ['pull', 'triage', 'push', 'maintain', 'admin'] as const
function collaborators({ site, query }: Call, repository: Repository) {
  const { owner } = repository
  const affiliation = query.get('affiliation') ?? 'all'
  const people = new Map(repository.collaborators)
  if ('members' in owner) {
    if (affiliation === 'outside') for (const member of owner.members.keys()) people.delete(member)
    if (affiliation === 'all') for (const [member, role] of owner.members) if (role === 'admin') people.set(member, 'admin')
  }
  return [...people].map(([person, permission]) => ({
    ...account(site, person),
    permissions: Object.fromEntries(ORDER.map((one, at) => [one, at <= ORDER.indexOf(permission)])),
    role_name: { pull: 'read', triage: 'triage', push: 'write', maintain: 'maintain', admin: 'admin' }[permission],
  }))
}
