import { sequence } from '../table.ts'
import { get, notFound, number, Refusal, type Call, type Route } from './call.ts'
import { organisationOf } from './organisation-routes.ts'
import { account, fullUser } from './render-people.ts'
import { repository } from './render-repository.ts'

const PERMISSIONS = {
  contents: 'read',
  metadata: 'read',
  issues: 'read',
  pull_requests: 'read',
  administration: 'read',
  members: 'read',
  organization_projects: 'read',
} as const

function appOf({ tokens }: Call) {
  if (tokens.app === undefined) throw notFound()
  return tokens.app
}
function installation(call: Call) {
  const app = appOf(call)
  return {
    id: app.installation,
    account: account(call.site, app.organisation),
    repository_selection: call.tokens.excludes ? 'selected' : 'all',
    access_tokens_url: `${call.site.api}/app/installations/${app.installation}/access_tokens`,
    repositories_url: `${call.site.api}/installation/repositories`,
    html_url: `${call.site.host}/organizations/${app.organisation.login}/settings/installations/${app.installation}`,
    app_id: app.id,
    client_id: 'Iv1.fallreep',
    app_slug: 'fallreep',
    target_id: app.organisation.id,
    target_type: 'Organization',
    permissions: PERMISSIONS,
    events: [],
    created_at: app.organisation.createdAt,
    updated_at: app.organisation.createdAt,
    single_file_name: null,
    suspended_by: null,
    suspended_at: null,
  }
}

/** Who one is, what one may see, and how an app comes by its tokens. */
export const accessRoutes: readonly Route[] = [
  get('rate-limit/get', '/rate_limit', (call) => ({ json: call.budgets() })),
  get('users/get-authenticated', '/user', (call) => {
    const { person } = call.grant
    if (person === undefined) throw new Refusal(403, 'Resource not accessible by integration')
    return {
      json: {
        ...fullUser(call.site, person),
        private_gists: 0,
        total_private_repos: 0,
        owned_private_repos: 0,
        disk_usage: 0,
        collaborators: 0,
        two_factor_authentication: true,
      },
    }
  }),
  get(
    'apps/get-authenticated',
    '/app',
    (call) => {
      const app = appOf(call)
      return {
        json: {
          id: app.id,
          slug: 'fallreep',
          node_id: 'A_kwDOapp',
          client_id: 'Iv1.fallreep',
          owner: account(call.site, app.organisation),
          name: 'fallreep',
          description: null,
          external_url: 'https://fallreep.example',
          html_url: `${call.site.host}/apps/fallreep`,
          created_at: app.organisation.createdAt,
          updated_at: app.organisation.createdAt,
          permissions: PERMISSIONS,
          events: [],
        },
      }
    },
    'app',
  ),
  get('apps/list-installations', '/app/installations', (call) => ({ list: sequence([installation(call)]) }), 'app'),
  get(
    'apps/get-org-installation',
    '/orgs/{org}/installation',
    (call) => {
      if (appOf(call).organisation !== organisationOf(call)) throw notFound()
      return { json: installation(call) }
    },
    'app',
  ),
  {
    name: 'apps/create-installation-access-token',
    method: 'POST',
    path: '/app/installations/{installation_id}/access_tokens',
    by: 'app',
    answer: (call) => {
      if (number(call, 'installation_id') !== appOf(call).installation) throw notFound()
      const { token, expiresAt } = call.tokens.issue('app', undefined)
      return {
        status: 201,
        json: {
          token,
          expires_at: new Date(expiresAt ?? 0).toISOString().replace(/\.\d+/, ''),
          permissions: PERMISSIONS,
          repository_selection: call.tokens.excludes ? 'selected' : 'all',
        },
      }
    },
  },
  get(
    'apps/list-repos-accessible-to-installation',
    '/installation/repositories',
    (call) => ({
      list: sequence(
        call.world
          .of(appOf(call).organisation)
          .filter((one) => !call.grant.hidden.has(one))
          .map((one) => repository(call.site, one)),
      ),
      wrap: (page, total) => ({ total_count: total, repository_selection: call.tokens.excludes ? 'selected' : 'all', repositories: page }),
    }),
    'installation',
  ),
  {
    name: 'markdown/render',
    method: 'POST',
    path: '/markdown',
    answer: (call) => {
      const { text } = (call.body ?? {}) as { text?: unknown }
      if (typeof text !== 'string') throw new Refusal(422, 'Validation Failed')
      return { bytes: Buffer.from(call.markdown(text)), contentType: 'text/html;charset=utf-8' }
    },
  },
]
