import { z } from 'zod'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { itemId } from '../../../src/contract/ids.ts'
import { refused } from '../github-fault.ts'
import type { Github } from '../github.ts'
import { account, type Role } from '../map/account.ts'
import { dropped } from '../map/item.ts'
import { Profile, profileFields } from '../wire/people.ts'
import { User } from '../wire/rest.ts'
import type { SourceItem } from '../../../src/contract/item.ts'

export interface People {
  readonly items: readonly SourceItem<'account'>[]
  readonly losses: readonly Loss[]
  /** Lists that were refused: what is not in them may be there all the same. */
  readonly whole: boolean
}

const text = `query People($ids: [ID!]!, $org: String!) { nodes(ids: $ids) { __typename ... on User { ${profileFields} } } }`
const Nodes = z.object({ nodes: z.array(z.unknown()) })

/**
 * Members and outside collaborators of an organisation, or the one person whose repositories are read; a query tells of a hundred what they
 * say about themselves.
 */
export async function readPeople(github: Github, isOrganisation: boolean, signal: AbortSignal): Promise<People> {
  const { owner } = github.config
  const found = new Map<number, { readonly user: User; readonly role: Role; readonly raw: unknown }>()
  const losses: Loss[] = []
  const lists: readonly (readonly [path: string, role: Role, what: string])[] = isOrganisation
    ? [
        [`/orgs/${owner}/outside_collaborators?per_page=100`, 'external', 'outside collaborators'],
        [`/orgs/${owner}/members?role=member&per_page=100`, 'member', 'members'],
        [`/orgs/${owner}/members?role=admin&per_page=100`, 'owner', 'owners'],
      ]
    : []
  if (!isOrganisation) {
    const { data } = await github.get(`GitHub refused the account of ${owner}`, `/users/${owner}`, signal)
    const user = User.safeParse(data).data
    if (user !== undefined) found.set(user.id, { user, role: 'owner', raw: data })
  }
  for (const [path, role, what] of lists) {
    try {
      for (const raw of await github.list(`GitHub refused the ${what} of ${owner}`, path, signal)) {
        const user = User.safeParse(raw).data
        if (user !== undefined) found.set(user.id, { user, role, raw })
      }
    } catch (error) {
      if (!refused(error)) throw error
      losses.push(dropped(itemId('account', what.replace(' ', '-')), 'withheld-by-source', error.message))
    }
  }
  const profiles = await profilesOf(
    github,
    [...found.values()].flatMap(({ user }) => user.node_id ?? []),
    isOrganisation,
    signal,
  )
  const items = [...found.values()].map(({ user, role, raw }) => {
    const profile = profiles.get(user.id)
    return account(
      user,
      role,
      profile?.profile,
      { user: raw, profile: profile?.raw ?? null },
      github.provenance(String(user.id), 'members'),
    )
  })
  return { items, losses, whole: losses.length === 0 }
}

async function profilesOf(
  github: Github,
  ids: readonly string[],
  isOrganisation: boolean,
  signal: AbortSignal,
): Promise<Map<number, { profile: Profile; raw: unknown }>> {
  const found = new Map<number, { profile: Profile; raw: unknown }>()
  const { owner } = github.config
  for (let at = 0; at < ids.length; at += 100) {
    const what = 'GitHub refused what people say about themselves'
    const fields = isOrganisation ? text : text.replace(/, \$org: String!/, '').replace(/organizationVerifiedDomainEmails\([^)]*\)/, '')
    const variables = { ids: ids.slice(at, at + 100), ...(isOrganisation ? { org: owner } : {}) }
    try {
      const { data } = await github.graphql({ what, text: fields, variables, points: 1 }, Nodes, signal)
      for (const raw of data.nodes) {
        const profile = Profile.safeParse(raw).data
        if (profile !== undefined) found.set(profile.databaseId, { profile, raw })
      }
    } catch (error) {
      if (!refused(error)) throw error
    }
  }
  return found
}
