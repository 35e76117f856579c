import { sees } from '../auth.ts'
import type { Person } from '../model.ts'
import { nodeId } from '../site.ts'
import { sequence } from '../table.ts'
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
    organizationVerifiedDomainEmails: ({ login }: Args) =>
      of.email !== null && gql.world.organisations.get(String(login).toLowerCase())?.members.has(of) === true ? [of.email] : [],
  }
}

export function organisation(gql: Gql, of: Organisation): Node {
  const { site } = gql
  const repositories = gql.world.of(of).filter((one) => sees(gql.grant, one))
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
    repositories: (args: Args) => {
      const { list, key } = ordered(
        (order) =>
          sequence(
            repositories.toSorted((a, b) => {
              const [one, other] = order === 'updated' ? [a.updatedAt, b.updatedAt] : [a.createdAt, b.createdAt]
              return one < other ? -1 : one > other ? 1 : a.id - b.id
            }),
          ),
        args,
      )
      return { ...connection(list, args, gql.repository, key), totalDiskUsage: 0 }
    },
    repository: ({ name }: Args) => {
      const found = repositories.find((one) => one.name.toLowerCase() === String(name).toLowerCase())
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
