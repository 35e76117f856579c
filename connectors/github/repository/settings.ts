import type { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import { itemId } from '../../../src/contract/ids.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import { redactJson } from '../../../src/http/redact.ts'
import type { RepositorySettings } from '../../../src/model/repository-settings.ts'
import { actorOf } from '../map/actor.ts'
import { degraded, dropped, idIn, itemOf } from '../map/item.ts'
import { refused } from '../github-fault.ts'
import { AutolinkRow, CollaboratorRow, ContentRow, EnvironmentRow, HookRow, SecretRow, TeamRow, VariableRow } from '../wire/settings.ts'
import { protections } from './protections.ts'
import { type Reading, refusedOf, type RepositoryPart } from './reading.ts'

/** How a repository is set up: about ten requests, and none for what the list of repositories says is not there. */
export const settings: RepositoryPart = {
  name: 'settings',
  swept: true,
  line: ({ updatedAt, pushedAt, branchProtectionRules, rulesets, environments }) =>
    JSON.stringify([updatedAt, pushedAt, branchProtectionRules, rulesets, environments]),
  async *read(reading): AsyncGenerator<Change> {
    const { listed, mapping, state } = reading
    const { place } = mapping
    if (listed.isDisabled) {
      const detail = 'GitHub has blocked this repository: nothing of it may be read'
      yield { type: 'loss', loss: dropped(idIn(place, 'repository-settings'), 'withheld-by-source', detail) }
      return
    }
    const parts = new Parts(reading)
    const guards = await parts.of('protections', () => protections(reading, parts.raw), [])
    const webhooks = await parts.list('webhooks', 'hooks', HookRow)
    const environments = listed.environments === 0 ? [] : await parts.list('environments', 'environments', EnvironmentRow, 'environments')
    const variables = await parts.named('variables', 'actions/variables', VariableRow, environments)
    const secrets = await parts.named('secrets', 'actions/secrets', SecretRow, environments)
    const members = await parts.list('members', 'collaborators?affiliation=direct', CollaboratorRow)
    const teams = await parts.list('teams', 'teams', TeamRow)
    const autolinks = await parts.list('autolinks', 'autolinks', AutolinkRow)
    const workflows = await parts.workflows()
    const body: RepositorySettings = {
      repository: place.item,
      protections: guards,
      webhooks: webhooks
        .map(({ active, events, config }) => ({
          url: withoutSecrets(config.url ?? ''),
          events: events.toSorted(),
          active,
          verifyTls: config.insecure_ssl !== '1' && config.insecure_ssl !== 1,
        }))
        .toSorted(by(({ url, events }) => `${url} ${events.join()}`)),
      environments: environments
        .map(({ name, protection_rules }) => ({ name, rules: protection_rules.map(wordsOf).toSorted() }))
        .toSorted(by(({ name }) => name)),
      variables: variables.map(({ name, value, environment }) => ({ name, value, environment })),
      secrets: secrets.map(({ name, environment }) => ({ name, environment })),
      members: members
        .flatMap(({ id, login, role_name, permissions }) => {
          const account = actorOf({ id, login })
          return account === null ? [] : [{ account, role: roleOf(role_name, permissions) }]
        })
        .toSorted(by(({ account }) => account.login)),
      teams: teams
        .map(({ id, permission }) => ({ group: itemId('group', String(id)), role: roleOf(permission, {}) }))
        .toSorted(by(({ group }) => group)),
      autolinks: autolinks
        .map(({ key_prefix, url_template }) => ({ prefix: key_prefix, url: url_template }))
        .toSorted(by(({ prefix }) => prefix)),
      workflows,
      merging: {
        merge: listed.mergeCommitAllowed,
        squash: listed.squashMergeAllowed,
        rebase: listed.rebaseMergeAllowed,
        deleteBranch: listed.deleteBranchOnMerge,
      },
      unseen: parts.unseen,
    }
    const id = idIn(place, 'repository-settings')
    const provenance = place.provenance(String(place.id), 'settings')
    const item = itemOf({
      kind: 'repository-settings',
      id,
      collection: place.collection,
      body,
      raw: redactJson(parts.raw as JsonValue),
      provenance,
    })
    for (const part of parts.unseen)
      yield { type: 'loss', loss: degraded(id, part, 'withheld-by-source', `the token may not read ${part}`) }
    const brief = item.revision.slice(0, 16)
    if (state.items.get(id) === brief) return
    state.items.set(id, brief)
    yield { type: 'upsert', item }
  },
}

/** Where they stand among the items of a state. */
const workflowsKey = 'workflows'

/** Parts of the settings, each of which may be refused. What GitHub answered is kept under the name of its part. */
class Parts {
  readonly raw: Record<string, unknown> = {}
  readonly unseen: string[] = []
  readonly #reading: Reading
  constructor(reading: Reading) {
    this.#reading = reading
  }

  async of<T>(part: string, read: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await read()
    } catch (error) {
      if (!refused(error)) throw error
      // An empty folder and a plan without environments are not found; both say that there is nothing.
      if (part !== 'workflows' && !this.unseen.includes(part)) this.unseen.push(part)
      return otherwise
    }
  }

  list<T extends z.ZodType>(part: string, path: string, schema: T, of?: string): Promise<z.infer<T>[]> {
    const { github, path: at, signal } = this.#reading
    const read = async (): Promise<z.infer<T>[]> => {
      const what = refusedOf(this.#reading, part)
      const rows = await github.list(what, `${at}/${path}${path.includes('?') ? '&' : '?'}per_page=100`, signal, of)
      this.raw[path.replace(/\?.*$/, '')] = part === 'webhooks' ? rows.map(withoutConfig) : rows
      return rows.flatMap((raw) => schema.safeParse(raw).data ?? [])
    }
    return this.of(part, read, [])
  }

  /** Paths of workflows, which only a push can change: asked for again after one. */
  async workflows(): Promise<string[]> {
    const { listed, state } = this.#reading
    if (listed.isEmpty) return []
    const [pushed, ...known] = state.items.get(workflowsKey)?.split('\n') ?? []
    if (pushed === listed.pushedAt) return known
    const rows = await this.list('workflows', 'contents/.github/workflows', ContentRow)
    const paths = rows.flatMap(({ type, path }) => (type === 'file' && /\.ya?ml$/.test(path) ? path : [])).toSorted()
    state.items.set(workflowsKey, [listed.pushedAt, ...paths].join('\n'))
    return paths
  }

  /** Of the repository, and of each of its environments. */
  async named<T extends z.ZodType<{ readonly name: string }>>(
    part: string,
    path: string,
    schema: T,
    environments: readonly { readonly name: string }[],
  ): Promise<(z.infer<T> & { readonly environment: string | null })[]> {
    const word = path.slice(path.indexOf('/') + 1)
    const own = (await this.list(part, path, schema, word)).map((row) => ({ ...row, environment: null }))
    const all: (z.infer<T> & { readonly environment: string | null })[] = own
    for (const { name } of environments)
      for (const row of await this.list(part, `environments/${encodeURIComponent(name)}/${word}`, schema, word))
        all.push({ ...row, environment: name })
    return all.toSorted(by(({ environment, name }) => `${environment ?? ''}\n${name}`))
  }
}

const by =
  <T>(key: (value: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : 1

type Role = RepositorySettings['members'][number]['role']
const roles: Readonly<Record<string, Role>> = {
  pull: 'read',
  read: 'read',
  triage: 'triage',
  push: 'write',
  write: 'write',
  maintain: 'maintain',
  admin: 'admin',
}
/** A role of the organisation's own making is known by what it allows. */
function roleOf(name: string | null, permissions: Readonly<Record<string, boolean>>): Role {
  const own = roles[name ?? '']
  if (own !== undefined) return own
  const strongest = ['admin', 'maintain', 'push', 'triage'].find((permission) => permissions[permission] === true)
  return roles[strongest ?? 'pull'] ?? 'read'
}

function wordsOf({ type, wait_timer: wait, reviewers }: z.infer<typeof EnvironmentRow>['protection_rules'][number]): string {
  if (wait !== undefined) return `${type} ${wait} minutes`
  const names = reviewers.flatMap(({ reviewer }) => {
    if (typeof reviewer !== 'object' || reviewer === null) return []
    return 'login' in reviewer ? [String(reviewer.login)] : 'slug' in reviewer ? [String(reviewer.slug)] : []
  })
  return names.length === 0 ? type : `${type} ${names.toSorted().join(', ')}`
}

/** Some people write a password into the address of a webhook. */
function withoutSecrets(url: string): string {
  try {
    const parsed = new URL(url)
    parsed.username = ''
    parsed.password = ''
    for (const name of parsed.searchParams.keys())
      if (/token|secret|key|password|sig/i.test(name)) parsed.searchParams.set(name, 'redacted')
    return parsed.href
  } catch {
    return url
  }
}
/** GitHub masks the secret of a webhook; the address may hold another. */
function withoutConfig(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null) return raw
  const { config: _, ...rest } = raw as Readonly<Record<string, unknown>>
  return rest
}
