import type { Milestone } from '../model.ts'
import type { Repository } from '../repository.ts'
import { nodeId } from '../site.ts'
import { every, firstWhere, sequence, tail, type Sequence } from '../table.ts'
import type { Item } from '../model.ts'
import { connection, ordered, type Args } from './connection.ts'
import type { Gql, Node } from './gql.ts'

export const commit = ({ site }: Gql, repository: Repository, oid: string): Node => ({
  __typename: 'Commit',
  id: `C_kwDO${Buffer.from(`${repository.id}:${oid}`).toString('base64url')}`,
  oid,
  abbreviatedOid: oid.slice(0, 7),
  url: `${site.host}/${repository.fullName}/commit/${oid}`,
  resourcePath: `/${repository.fullName}/commit/${oid}`,
})
export const labels = (
  repository: Repository,
  list: readonly { id: number; name: string; color: string; description: string | null; isDefault: boolean }[],
  args: Args,
) =>
  connection(sequence(list), args, (one) => ({
    __typename: 'Label',
    id: nodeId('LA', repository.id, one.id),
    name: one.name,
    color: one.color,
    description: one.description,
    isDefault: one.isDefault,
    createdAt: repository.createdAt,
    updatedAt: repository.createdAt,
  }))
export const milestone = (gql: Gql, repository: Repository, of: Milestone): Node => ({
  __typename: 'Milestone',
  id: nodeId('MI', repository.id, of.id),
  number: of.number,
  title: of.title,
  description: of.description,
  state: of.state.toUpperCase(),
  dueOn: of.dueOn,
  createdAt: of.createdAt,
  updatedAt: of.updatedAt,
  closedAt: of.closedAt,
  closed: of.state === 'closed',
  creator: () => gql.actor(of.creator),
})

export function repository(gql: Gql, of: Repository): Node {
  const { site, world } = gql
  const { tables } = of
  const seen = (list: Sequence<Item>, keep: (item: Item) => boolean): Sequence<Item> =>
    sequence(every(list).filter((one) => keep(one) && one.author.suspended !== true))
  const items = (args: Args, pulls: boolean) => {
    const states = args['states'] as readonly string[] | undefined
    const plain = states === undefined || states.length === (pulls ? 3 : 2)
    const { since, ...others } = (args['filterBy'] ?? {}) as { since?: string }
    if (args['labels'] !== undefined || Object.keys(others).length > 0) throw new Error('not emulated: filters other than since')
    const { list, key } = ordered((order) => {
      const computed = plain ? (pulls ? of.pullsOnly : of.issuesOnly)?.(order) : undefined
      const rows =
        computed ?? seen(tables.items.by(order), (one) => (one.pull !== undefined) === pulls && (plain || states.includes(stateOf(one))))
      return since === undefined
        ? rows
        : order === 'updated'
          ? tail(
              rows,
              firstWhere(rows, ({ updatedAt }) => updatedAt >= since),
            )
          : sequence(every(rows).filter(({ updatedAt }) => updatedAt >= since))
    }, args)
    return connection(list, args, (one) => gql.item(of, one), key)
  }
  return {
    __typename: 'Repository',
    id: nodeId('R', 0, of.id),
    databaseId: of.id,
    name: of.name,
    nameWithOwner: of.fullName,
    description: of.description,
    owner: () => gql.owner(of.owner),
    url: `${site.host}/${of.fullName}`,
    resourcePath: `/${of.fullName}`,
    createdAt: of.createdAt,
    updatedAt: of.updatedAt,
    pushedAt: of.git.isEmpty ? null : of.pushedAt,
    diskUsage: of.git.refs.size,
    isArchived: of.archived,
    isPrivate: of.visibility !== 'public',
    visibility: of.visibility.toUpperCase(),
    isFork: of.forkOf !== null,
    isDisabled: of.block !== undefined,
    isEmpty: of.git.isEmpty,
    isLocked: false,
    isTemplate: false,
    isMirror: false,
    parent: () => (of.forkOf === null ? null : gql.repository(of.forkOf)),
    hasIssuesEnabled: of.hasIssues,
    hasWikiEnabled: of.wiki !== undefined,
    hasProjectsEnabled: true,
    hasDiscussionsEnabled: of.hasDiscussions,
    homepageUrl: null,
    mergeCommitAllowed: true,
    squashMergeAllowed: true,
    rebaseMergeAllowed: true,
    deleteBranchOnMerge: false,
    repositoryTopics: (args: Args) =>
      connection(sequence(of.topics.map((name, id) => ({ id, name }))), args, ({ id, name }) => ({
        __typename: 'RepositoryTopic',
        id: nodeId('RT', of.id, id),
        topic: { __typename: 'Topic', id: nodeId('TO', 0, id), name },
      })),
    branchProtectionRules: (args: Args) => counted(of.protections, args),
    rulesets: (args: Args) => {
      const inherited = args['includeParents'] !== false && 'rulesets' in of.owner ? of.owner.rulesets : []
      return counted([...of.rulesets, ...inherited], args)
    },
    environments: (args: Args) => counted(of.environments, args),
    commitComments: (args: Args) => counted(Array.from({ length: of.commitComments.size }), args),
    viewerPermission: 'ADMIN',
    defaultBranchRef: () =>
      of.git.refs.has(of.git.head)
        ? {
            __typename: 'Ref',
            id: nodeId('REF', of.id, 1),
            name: of.git.head.replace('refs/heads/', ''),
            prefix: 'refs/heads/',
            target: () => commit(gql, of, of.git.tip(of.git.head)),
          }
        : null,
    issues: (args: Args) => items(args, false),
    pullRequests: (args: Args) => items(args, true),
    issue: ({ number }: Args) => found(of, Number(number), false),
    pullRequest: ({ number }: Args) => found(of, Number(number), true),
    issueOrPullRequest: ({ number }: Args) => found(of, Number(number)),
    discussions: (args: Args) => {
      const { list, key } = ordered((order) => of.discussions.by(order), args)
      return connection(list, args, (one) => gql.discussion(of, one), key)
    },
    discussion: ({ number }: Args) => {
      const one = every(of.discussions.by('created')).find((row) => row.number === number)
      return one === undefined ? null : gql.discussion(of, one)
    },
    discussionCategories: (args: Args) =>
      connection(sequence(of.categories), args, (one) => ({
        __typename: 'DiscussionCategory',
        id: nodeId('DIC', of.id, one.id),
        name: one.name,
        slug: one.slug,
        emoji: one.emoji,
        isAnswerable: one.isAnswerable,
        description: null,
        createdAt: of.createdAt,
        updatedAt: of.createdAt,
      })),
    labels: (args: Args) => labels(of, of.labels, args),
    milestones: (args: Args) =>
      connection(
        sequence(
          of.milestones.filter(({ state }) => args['states'] === undefined || (args['states'] as string[]).includes(state.toUpperCase())),
        ),
        args,
        (one) => milestone(gql, of, one),
      ),
    releases: (args: Args) => {
      const { list, key } = ordered((order) => of.releases.by(order), args)
      return connection(
        list,
        args,
        (one) => ({
          __typename: 'Release',
          id: nodeId('RE', of.id, one.id),
          databaseId: one.id,
          tagName: one.tag,
          name: one.name,
          updatedAt: one.updatedAt,
          createdAt: one.createdAt,
        }),
        key,
      )
    },
    forks: (args: Args) =>
      connection(sequence([...world.repositories.values()].filter(({ forkOf }) => forkOf === of)), args, gql.repository),
  }
  function found(repository: Repository, number: number, pulls?: boolean): Node | null {
    const one = repository.item(number)
    if (one === undefined || (pulls !== undefined && (one.pull !== undefined) !== pulls)) return null
    return gql.item(repository, one)
  }
}
/** Lists that are only ever counted. */
const counted = (list: readonly unknown[], args: Args) =>
  connection(sequence(list.map((_, id) => ({ id }))), args, ({ id }) => ({ id: String(id) }))
export const stateOf = ({ state, pull }: Item): string => (pull !== undefined && pull.mergedAt !== null ? 'MERGED' : state.toUpperCase())
