import { sees } from '../auth.ts'
import type { Person } from '../model.ts'
import type { Repository } from '../repository.ts'
import { nodeId } from '../site.ts'
import { byChange, byCreation, sequence } from '../table.ts'
import type { Organisation } from '../world.ts'
import { connection, ordered, type Args } from './connection.ts'
import type { Gql, Node } from './gql.ts'
import { project } from './projects.ts'

/** null for people whose account is deleted: GraphQL knows no ghost. */
export function actor(gql: Gql, of: Person | null): Node | null {
  if (of === null || of.deleted === true) return null
  const { site } = gql
  const bot = of.type === 'Bot'
  const path = `/${bot ? `apps/${of.login}` : of.login}`
  return {
    __typename: bot ? 'Bot' : 'User',
    id: nodeId(bot ? 'BOT' : 'U', 0, of.id),
    databaseId: of.id,
    // Bots go without the `[bot]` that REST writes.
    login: of.login,
    name: of.name,
    email: of.email ?? '',
    company: null,
    location: null,
    bio: null,
    websiteUrl: null,
    pronouns: null,
    createdAt: of.createdAt,
    updatedAt: of.createdAt,
    avatarUrl: `${site.store}/avatars/u/${of.id}?v=4`,
    url: `${site.host}${path}`,
    resourcePath: path,
    repositories: (args: Args) => repositoriesOf(gql, of, args),
    projectsV2: (args: Args) => connection(sequence<{ id: number }>([]), args, () => ({})),
    organizationVerifiedDomainEmails: ({ login }: Args) =>
      of.email !== null && gql.world.organisations.get(String(login).toLowerCase())?.members.has(of) === true ? [of.email] : [],
  }
}

const seen = (gql: Gql, owner: Organisation | Person): readonly Repository[] => gql.world.of(owner).filter((one) => sees(gql.grant, one))

function repositoriesOf(gql: Gql, owner: Organisation | Person, args: Args) {
  const { list, key } = ordered((order) => sequence(seen(gql, owner).toSorted(order === 'updated' ? byChange : byCreation)), args)
  return { ...connection(list, args, (one) => gql.repository(one), key), totalDiskUsage: 0 }
}

export function organisation(gql: Gql, of: Organisation): Node {
  const { site } = gql
  return {
    __typename: 'Organization',
    id: nodeId('O', 0, of.id),
    databaseId: of.id,
    login: of.login,
    name: of.name,
    createdAt: of.createdAt,
    updatedAt: of.createdAt,
    description: null,
    email: null,
    avatarUrl: `${site.store}/avatars/u/${of.id}?v=4`,
    url: `${site.host}/${of.login}`,
    resourcePath: `/${of.login}`,
    viewerCanAdminister: true,
    repositories: (args: Args) => repositoriesOf(gql, of, args),
    repository: ({ name }: Args) => {
      const found = seen(gql, of).find((one) => one.name.toLowerCase() === String(name).toLowerCase())
      return found === undefined ? null : gql.repository(found)
    },
    membersWithRole: (args: Args) => {
      const rows = [...of.members].map(([person, role]) => ({ id: person.id, person, role }))
      const page = connection(sequence(rows), args, ({ person }) => gql.user(person) ?? {})
      return {
        ...page,
        edges: () =>
          page.edges().map((edge, at) => ({ ...edge, role: rows[at]?.role === 'admin' ? 'ADMIN' : 'MEMBER', hasTwoFactorEnabled: true })),
      }
    },
    teams: (args: Args) =>
      connection(sequence(of.teams), args, (one) => ({
        __typename: 'Team',
        id: nodeId('T', 0, one.id),
        databaseId: one.id,
        name: one.name,
        slug: one.slug,
        description: one.description,
        privacy: one.privacy === 'secret' ? 'SECRET' : 'VISIBLE',
        combinedSlug: `${of.login}/${one.slug}`,
        members: (inner: Args) => connection(sequence([...one.members.keys()]), inner, (person) => gql.user(person) ?? {}),
        repositories: (inner: Args) => connection(sequence([...one.repositories.keys()]), inner, gql.repository),
      })),
    projectsV2: (args: Args) => connection(sequence(of.projects), args, (one) => project(gql, of, one)),
    projectV2: ({ number }: Args) => {
      const found = of.projects.find((one) => one.number === number)
      return found === undefined ? null : project(gql, of, found)
    },
  }
}
