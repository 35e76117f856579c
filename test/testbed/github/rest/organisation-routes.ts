import { sees } from '../auth.ts'
import { sequence } from '../table.ts'
import type { Organisation } from '../world.ts'
import type { Project, Team } from '../settings.ts'
import { get, notFound, number, type Call, type Route } from './call.ts'
import { issue } from './render-issues.ts'
import { contentType, hook, organisation, project, projectField, team } from './render-organisation.ts'
import { account, fullUser, user } from './render-people.ts'
import { pull } from './render-pulls.ts'
import { repository as repositoryAnswer } from './render-repository.ts'
import { ruleset } from './repository-routes.ts'
import { counted, secret, variable } from './settings-routes.ts'
import { nodeId } from '../site.ts'

const O = '/orgs/{org}'

export function organisationOf({ world, params }: Call): Organisation {
  const found = world.organisations.get((params['org'] ?? '').toLowerCase())
  if (found === undefined) throw notFound()
  return found
}
function teamOf(call: Call): Team {
  const found = organisationOf(call).teams.find(({ slug }) => slug === call.params['team_slug'])
  if (found === undefined) throw notFound()
  return found
}
function projectOf(call: Call): Project {
  const wanted = number(call, 'project_number')
  const found = organisationOf(call).projects.find((one) => one.number === wanted)
  if (found === undefined) throw notFound()
  return found
}
/** What a token may see of an organisation. */
export const visibleRepositories = ({ world, grant }: Call, owner: Organisation) => world.of(owner).filter((one) => sees(grant, one))

export const organisationRoutes: readonly Route[] = [
  get('orgs/get', O, (call) => {
    const owner = organisationOf(call)
    return { json: organisation(call.site, owner, call.world.of(owner)) }
  }),
  get('repos/list-for-org', `${O}/repos`, (call) => ({
    list: sequence(visibleRepositories(call, organisationOf(call)).map((one) => repositoryAnswer(call.site, one))),
  })),
  get('orgs/list-members', `${O}/members`, (call) => {
    const role = call.query.get('role') ?? 'all'
    const members = [...organisationOf(call).members].filter(
      ([person, has]) => person.suspended !== true && (role === 'all' || role === has),
    )
    return { list: sequence(members.map(([person]) => user(call.site, person))) }
  }),
  get('orgs/list-outside-collaborators', `${O}/outside_collaborators`, (call) => {
    const owner = organisationOf(call)
    const outside = new Set(
      call.world.of(owner).flatMap(({ collaborators }) => [...collaborators.keys()].filter((one) => !owner.members.has(one))),
    )
    return { list: sequence([...outside].map((one) => account(call.site, one))) }
  }),
  get('teams/list', `${O}/teams`, (call) => ({ list: sequence(organisationOf(call).teams.map((one) => team(call.site, one))) })),
  get('teams/list-members-in-org', `${O}/teams/{team_slug}/members`, (call) => {
    const role = call.query.get('role') ?? 'all'
    const members = [...teamOf(call).members].filter(([, has]) => role === 'all' || role === has)
    return { list: sequence(members.map(([person]) => user(call.site, person))) }
  }),
  get('teams/list-repos-in-org', `${O}/teams/{team_slug}/repos`, (call) => ({
    list: sequence(
      [...teamOf(call).repositories]
        .filter(([one]) => sees(call.grant, one))
        .map(([one, permission]) => ({
          ...repositoryAnswer(call.site, one),
          role_name: { pull: 'read', triage: 'triage', push: 'write', maintain: 'maintain', admin: 'admin' }[permission],
        })),
    ),
  })),
  get('orgs/list-webhooks', `${O}/hooks`, (call) => {
    const owner = organisationOf(call)
    return { list: sequence(owner.hooks.map((one) => hook(call.site, owner, one))) }
  }),
  get('repos/get-org-rulesets', `${O}/rulesets`, (call) => {
    const owner = organisationOf(call)
    return { list: sequence(owner.rulesets.map((one) => ruleset(one, owner.login, 'Organization', false))) }
  }),
  get('actions/list-org-variables', `${O}/actions/variables`, (call) =>
    counted(
      'variables',
      organisationOf(call).variables.map((one) => ({ ...variable(one), visibility: 'all' })),
    ),
  ),
  get('actions/list-org-secrets', `${O}/actions/secrets`, (call) =>
    counted(
      'secrets',
      organisationOf(call).secrets.map((one) => ({ ...secret(one), visibility: 'all' })),
    ),
  ),
  get('orgs/custom-properties-for-repos-get-organization-definitions', `${O}/properties/schema`, (call) => ({
    json: organisationOf(call).properties.map(({ name, type, values }) => ({
      property_name: name,
      url: `${call.site.api}/orgs/${organisationOf(call).login}/properties/schema/${name}`,
      source_type: 'organization',
      value_type: type,
      required: false,
      default_value: null,
      description: null,
      allowed_values: values ?? null,
      values_editable_by: 'org_actors',
    })),
  })),
  get('orgs/custom-properties-for-repos-get-organization-values', `${O}/properties/values`, (call) => ({
    list: sequence(
      visibleRepositories(call, organisationOf(call)).map((one) => ({
        repository_id: one.id,
        repository_name: one.name,
        repository_full_name: one.fullName,
        properties: [...one.properties].map(([property_name, value]) => ({ property_name, value })),
      })),
    ),
  })),
  get('projects/list-for-org', `${O}/projectsV2`, (call) => {
    const owner = organisationOf(call)
    return { list: sequence(owner.projects.map((one) => project(call.site, owner, one))), paging: { type: 'cursor' } }
  }),
  get('projects/get-for-org', `${O}/projectsV2/{project_number}`, (call) => ({
    json: project(call.site, organisationOf(call), projectOf(call)),
  })),
  get('projects/list-fields-for-org', `${O}/projectsV2/{project_number}/fields`, (call) => {
    const of = projectOf(call)
    return { list: sequence(of.fields.map((one) => projectField(call.site, organisationOf(call), of, one))), paging: { type: 'cursor' } }
  }),
  get('projects/list-items-for-org', `${O}/projectsV2/{project_number}/items`, (call) => {
    const of = projectOf(call)
    const owner = organisationOf(call)
    const url = `${call.site.api}/orgs/${owner.login}/projectsV2/${of.number}`
    // Only the title comes unless fields are asked for.
    const wanted = call.query.get('fields')?.split(',').map(Number)
    const rows = of.items.map((one) => {
      const { content } = one
      const item = 'title' in content ? undefined : content.repository.item(content.number)
      return {
        id: one.id,
        node_id: nodeId('PVTI', 0, one.id),
        project_url: url,
        item_url: `${url}/items/${one.id}`,
        content_type: contentType(one),
        content:
          'title' in content
            ? {
                id: one.id,
                node_id: nodeId('DI', 0, one.id),
                title: content.title,
                body: content.body,
                user: user(call.site, one.creator),
                created_at: one.createdAt,
                updated_at: one.createdAt,
              }
            : item === undefined
              ? null
              : item.pull === undefined
                ? issue(call.site, content.repository, item)
                : pull(call.site, content.repository, item),
        creator: user(call.site, one.creator),
        created_at: one.createdAt,
        updated_at: one.createdAt,
        archived_at: null,
        fields: of.fields
          .filter((field) => (wanted === undefined ? field.type === 'title' : wanted.includes(field.id)))
          .map((field) => {
            const value = one.values.get(field)
            const option = field.options?.find(({ id }) => id === value)
            const title = 'title' in content ? content.title : (item?.title ?? '')
            return {
              id: field.id,
              name: field.name,
              data_type: field.type,
              value:
                field.type === 'title'
                  ? { raw: title, html: title }
                  : option === undefined
                    ? (value ?? null)
                    : { id: option.id, name: { raw: option.name, html: option.name }, color: option.color },
            }
          }),
      }
    })
    return { list: sequence(rows), paging: { type: 'cursor' } }
  }),
  get('repos/list-for-user', '/users/{username}/repos', (call) => {
    const found = call.world.people.get((call.params['username'] ?? '').toLowerCase())
    if (found === undefined) throw notFound()
    return {
      list: sequence(
        call.world
          .of(found)
          .filter((one) => sees(call.grant, one))
          .map((one) => repositoryAnswer(call.site, one)),
      ),
    }
  }),
  get('users/get-by-username', '/users/{username}', (call) => {
    const login = (call.params['username'] ?? '').toLowerCase()
    const found = call.world.people.get(login.replace(/\[bot\]$/, ''))
    if (found === undefined || found.deleted === true || found.suspended === true) throw notFound()
    return { json: fullUser(call.site, found) }
  }),
]
