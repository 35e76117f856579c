import type { Environment, Named } from '../settings.ts'
import type { Repository } from '../repository.ts'
import { nodeId } from '../site.ts'
import { sequence } from '../table.ts'
import { get, notFound, type Answer, type Call, type Route } from './call.ts'
import { user } from './render-people.ts'
import { repositoryUrl } from './render-repository.ts'

const R = '/repos/{owner}/{repo}'

export const variable = ({ name, value, createdAt }: Named) => ({ name, value, created_at: createdAt, updated_at: createdAt })
/** Values never leave GitHub. */
export const secret = ({ name, createdAt }: Named) => ({ name, created_at: createdAt, updated_at: createdAt })
/** A list inside an object that counts. */
export const counted = (name: string, rows: readonly object[]): Answer => ({
  list: sequence(rows),
  wrap: (page, total) => ({ total_count: total, [name]: page }),
})
function environmentOf(call: Call, repository: Repository): Environment {
  const found = repository.environments.find(({ name }) => name === call.params['environment_name'])
  if (found === undefined) throw notFound()
  return found
}

/** What a repository is set to: the kind of thing that only shows when it is missing. */
export const settingsRoutes: readonly Route[] = [
  get('repos/get-all-environments', `${R}/environments`, (call, repository) =>
    counted(
      'environments',
      repository.environments.map((one) => ({
        id: one.id,
        node_id: nodeId('EN', repository.id, one.id),
        name: one.name,
        url: `${repositoryUrl(call.site, repository)}/environments/${encodeURIComponent(one.name)}`,
        html_url: `${call.site.host}/${repository.fullName}/deployments/activity_log?environments_filter=${encodeURIComponent(one.name)}`,
        created_at: one.createdAt,
        updated_at: one.createdAt,
        protection_rules: [
          ...(one.waitMinutes === 0
            ? []
            : [{ id: one.id * 10, node_id: nodeId('GA', repository.id, one.id), type: 'wait_timer', wait_timer: one.waitMinutes }]),
          ...(one.reviewers.length === 0
            ? []
            : [
                {
                  id: one.id * 10 + 1,
                  node_id: nodeId('GB', repository.id, one.id),
                  type: 'required_reviewers',
                  prevent_self_review: false,
                  reviewers: one.reviewers.map((person) => ({ type: 'User', reviewer: user(call.site, person) })),
                },
              ]),
        ],
        deployment_branch_policy: null,
      })),
    ),
  ),
  get('actions/list-environment-variables', `${R}/environments/{environment_name}/variables`, (call, repository) =>
    counted('variables', environmentOf(call, repository).variables.map(variable)),
  ),
  get('actions/list-environment-secrets', `${R}/environments/{environment_name}/secrets`, (call, repository) =>
    counted('secrets', environmentOf(call, repository).secrets.map(secret)),
  ),
  get('actions/list-repo-workflows', `${R}/actions/workflows`, (call, repository) => {
    const tip = repository.git.refs.get(repository.git.head) ?? ''
    const paths = [...repository.git.files(tip).keys()].filter((path) => path.startsWith('.github/workflows/'))
    return counted(
      'workflows',
      paths.map((path, at) => ({
        id: repository.id * 10 + at,
        node_id: nodeId('W', repository.id, at),
        name: path,
        path,
        state: 'active',
        created_at: repository.createdAt,
        updated_at: repository.createdAt,
        url: `${repositoryUrl(call.site, repository)}/actions/workflows/${repository.id * 10 + at}`,
        html_url: `${call.site.host}/${repository.fullName}/blob/main/${path}`,
        badge_url: `${call.site.host}/${repository.fullName}/workflows/${path}/badge.svg`,
      })),
    )
  }),
  get('actions/list-repo-variables', `${R}/actions/variables`, (_, repository) => counted('variables', repository.variables.map(variable))),
  get('actions/list-repo-secrets', `${R}/actions/secrets`, (_, repository) => counted('secrets', repository.secrets.map(secret))),
  get('repos/list-autolinks', `${R}/autolinks`, (_, repository) => ({
    list: sequence(
      repository.autolinks.map(({ id, prefix, template }) => ({ id, key_prefix: prefix, url_template: template, is_alphanumeric: true })),
    ),
  })),
  get('repos/list-deploy-keys', `${R}/keys`, (call, repository) => ({
    list: sequence(
      repository.deployKeys.map(({ id, title, key, readOnly, createdAt }) => ({
        id,
        key,
        url: `${repositoryUrl(call.site, repository)}/keys/${id}`,
        title,
        verified: true,
        created_at: createdAt,
        read_only: readOnly,
      })),
    ),
  })),
  get('repos/custom-properties-for-repos-get-repository-values', `${R}/properties/values`, (_, repository) => ({
    json: [...repository.properties].map(([property_name, value]) => ({ property_name, value })),
  })),
]
