import { hash } from 'node:crypto'
import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import { whoOf } from '../people.ts'
import type {
  Access,
  HookOperation,
  MemberOperation,
  MergingOperation,
  SettingsOperation,
  ShareOperation,
  VariableOperation,
} from '../setting-operations.ts'
import type { MapContext } from './context.ts'
import type { Place } from './places.ts'
import { protections } from './protections.ts'
import { sealed } from './sealed.ts'
import { Told } from './told.ts'

/** What is set when a project stands, each thing by itself; what cannot be set becomes a loss, and the report makes a list of them. */
export function mapSettings(item: Item<'repository-settings'>, place: Place, context: MapContext): Mapped<SettingsOperation> {
  const { body } = item
  const told = new Told(item.id)
  const common = { item: item.id, collection: item.collection, repository: place.id, project: place.path }
  const ops: SettingsOperation[] = [...protections(body.protections, common, told)]
  for (const { url, events, active, verifyTls } of body.webhooks) {
    ops.push(
      sealed<HookOperation>(
        { ...common, summary: `hook of ${place.path}`, type: 'hook', url, verifyTls, events: events.toSorted() },
        `#hook/${hash('sha256', url).slice(0, 16)}`,
      ),
    )
    told.degraded(
      'no-such-concept',
      'webhooks',
      `a hook to ${hostOf(url)}${active ? '' : ', off at the source,'} is made switched off: it speaks another language, and its secret must be set anew`,
    )
  }
  for (const { name, value, environment } of body.variables) {
    const scope = environment ?? '*'
    ops.push(
      sealed<VariableOperation>(
        { ...common, summary: `variable ${name} of ${place.path}`, type: 'variable', name, value, scope },
        `#variable/${scope}/${name}`,
      ),
    )
  }
  for (const { account, role } of body.members) {
    const who = whoOf(context.people.who(account))
    if (who.username === null) told.degraded('author-replaced', 'members', `${account.login} (${role}) has no user there`)
    else
      ops.push(
        sealed<MemberOperation>(
          {
            ...common,
            summary: `member ${who.username} of ${place.path}`,
            type: 'member',
            who,
            access: accessOf(role, account.login, told),
          },
          `#member/${account.account}`,
        ),
      )
  }
  for (const { group, role } of body.teams) {
    const path = context.places.group(group)
    if (path === undefined) told.degraded('excluded-by-policy', 'teams', `${group} (${role}) is not there`)
    else
      ops.push(
        sealed<ShareOperation>(
          { ...common, summary: `${path} in ${place.path}`, type: 'share', group: path, access: accessOf(role, group, told) },
          `#share/${group}`,
        ),
      )
  }
  if (body.merging !== null)
    ops.push(
      sealed<MergingOperation>(
        { ...common, ...mergingOf(body.merging, told), summary: `merging in ${place.path}`, type: 'merging' },
        '#merging',
      ),
    )
  checklist(item, told)
  return { ops, losses: told.losses }
}

/** What stays to be done by hand. */
function checklist({ body }: Item<'repository-settings'>, told: Told): void {
  for (const { name, environment } of body.secrets)
    told.degraded(
      'withheld-by-source',
      'secrets',
      `the secret ${name}${environment === null ? '' : ` of ${environment}`} must be set anew: no source gives its value`,
    )
  for (const { prefix } of body.autolinks) told.degraded('no-such-concept', 'autolinks', `links made of ${prefix}`)
  for (const path of body.workflows) told.degraded('no-such-concept', 'workflows', `${path} must be written anew for GitLab CI/CD`)
  for (const { name, rules } of body.environments)
    if (rules.length > 0) told.degraded('no-such-concept', 'environments', `rules of ${name} need a paid edition: ${rules.join(', ')}`)
  for (const part of body.unseen) told.degraded('withheld-by-source', part, 'the token was not allowed to read it')
}

/**
 * Roles, never wider than at the source. https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories and
 * https://docs.gitlab.com/user/permissions/
 */
function accessOf(role: 'read' | 'triage' | 'write' | 'maintain' | 'admin', whose: string, told: Told): Access {
  if (role === 'read' || role === 'triage') return 20
  if (role === 'write') return 30
  if (role === 'admin') told.degraded('access-narrowed', 'members', `${whose} was an administrator of it and is a maintainer`)
  return 40
}

function mergingOf(
  { merge, squash, rebase, deleteBranch }: NonNullable<Item<'repository-settings'>['body']['merging']>,
  told: Told,
): Pick<MergingOperation, 'method' | 'squash' | 'removeSourceBranch'> {
  const method = merge || (!squash && !rebase) ? 'merge' : 'ff'
  if (merge && rebase)
    told.degraded('no-such-concept', 'merging', 'one way of merging for a project: merge commits; merging by rebase is not offered')
  return { method, squash: !squash ? 'never' : merge || rebase ? 'default_off' : 'always', removeSourceBranch: deleteBranch }
}
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'an address that is none'
}
