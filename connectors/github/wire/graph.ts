import { z } from 'zod'

const text = z.string().nullable().catch(null).default(null)
const flag = z.boolean().catch(false).default(false)

/** Selection of an actor, and what comes of it. GraphQL leaves `[bot]` off the names of bots, which REST writes. */
export const actorFields = `__typename ... on Actor { login }
  ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId }`
export const GraphActor = z
  .object({ __typename: z.string(), login: z.string(), databaseId: z.number().int().nullable().optional().catch(null) })
  .transform(({ __typename, login, databaseId }) => ({
    id: databaseId ?? null,
    login: __typename === 'Bot' && !login.endsWith('[bot]') ? `${login}[bot]` : login,
  }))
export type GraphActor = z.infer<typeof GraphActor>
export const PageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() })
const actor = GraphActor.nullable().catch(null).default(null)

export const reactionNode = `content createdAt user { login databaseId }`
export const reactionFields = `totalCount pageInfo { hasNextPage endCursor } nodes { ${reactionNode} }`
export const Reaction = z.object({
  content: z.string(),
  createdAt: text,
  user: z.object({ login: z.string(), databaseId: z.number().int().nullable() }).nullable().catch(null),
})
export const Reactions = z
  .object({ totalCount: z.number().int().catch(0).default(0), pageInfo: PageInfo.optional(), nodes: z.array(z.unknown()).catch([]) })
  .catch({ totalCount: 0, nodes: [] })
  .default({ totalCount: 0, nodes: [] })
export type Reactions = z.infer<typeof Reactions>
export type Reaction = z.infer<typeof Reaction>

/** A connection whose entries are checked one by one by whoever reads them. */
export const Connection = z
  .object({ totalCount: z.number().int().catch(0).default(0), pageInfo: PageInfo.optional(), nodes: z.array(z.unknown()) })
  .catch({ totalCount: 0, nodes: [] })

const signs = ['THUMBS_UP', 'THUMBS_DOWN', 'LAUGH', 'HOORAY', 'CONFUSED', 'HEART', 'ROCKET', 'EYES']
/** Which of the eight signs something got, one bit for each, in the order of REST. Costs nothing, where a count costs a list. */
export const signFields = `reactionGroups { content createdAt }`
export const Signs = z
  .array(z.object({ content: z.string(), createdAt: text }))
  .transform((groups) =>
    groups.reduce((mask, { content, createdAt }) => (createdAt === null ? mask : mask | (1 << Math.max(0, signs.indexOf(content)))), 0),
  )
  .catch(0)
  .default(0)

export const crossReferenceFields = `id createdAt actor { ${actorFields} }
  source { __typename ... on Issue { url } ... on PullRequest { url } }`
export const CrossReference = z.object({
  id: z.string(),
  createdAt: z.string(),
  actor,
  source: z.object({ url: text }).nullable().catch(null).default(null),
})
export type CrossReference = z.infer<typeof CrossReference>

export const reviewFields = `id databaseId state body submittedAt createdAt author { ${actorFields} } commit { oid }
  ${signFields}`
export const GraphReview = z.object({
  id: z.string(),
  databaseId: z.number().int(),
  state: z.enum(['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'DISMISSED', 'PENDING']),
  body: text,
  submittedAt: text,
  createdAt: z.string(),
  author: actor,
  commit: z.object({ oid: z.string() }).nullable().catch(null).default(null),
  reactionGroups: Signs,
})
export type GraphReview = z.infer<typeof GraphReview>

const Reviewer = z.union([
  z.object({ __typename: z.literal('Team'), databaseId: z.number().int().nullable(), slug: z.string() }),
  GraphActor,
])

/** What REST does not tell of a pull request. */
export const pullFields = `databaseId number isDraft merged mergedAt mergedBy { ${actorFields} } mergeCommit { oid }
  headRefName headRefOid headRepository { nameWithOwner } baseRefName baseRefOid baseRepository { nameWithOwner }
  reviewRequests(first: 50) { nodes { requestedReviewer { __typename ... on Actor { login }
    ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Team { databaseId slug } } } }
  totalCommentsCount reviewThreads { totalCount }
  reviews(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes { ${reviewFields} } }`
export const GraphPull = z.object({
  isDraft: flag,
  merged: flag,
  mergedAt: text,
  mergedBy: actor,
  mergeCommit: z.object({ oid: z.string() }).nullable().catch(null).default(null),
  headRefName: z.string(),
  headRefOid: z.string(),
  headRepository: z.object({ nameWithOwner: z.string() }).nullable().catch(null).default(null),
  baseRefName: z.string(),
  baseRefOid: z.string(),
  baseRepository: z.object({ nameWithOwner: z.string() }).nullable().catch(null).default(null),
  reviewRequests: z
    .object({ nodes: z.array(z.object({ requestedReviewer: Reviewer.nullable().catch(null) }).nullable()) })
    .nullable()
    .catch(null),
  reviewThreads: z.object({ totalCount: z.number().int() }).catch({ totalCount: 0 }),
  totalCommentsCount: z.number().int().catch(0).default(0),
  reviews: Connection,
})
export type GraphPull = z.infer<typeof GraphPull>

/** What is asked of every issue and pull request that is new or changed. */
export const trackedFields = `reactions(first: 100) { ${reactionFields} }
  timelineItems(first: 100, itemTypes: [CROSS_REFERENCED_EVENT]) { totalCount pageInfo { hasNextPage endCursor }
    nodes { __typename ... on CrossReferencedEvent { ${crossReferenceFields} } } }`
export const GraphTracked = z.object({
  id: z.string(),
  reactions: Reactions,
  timelineItems: Connection,
})
export type GraphTracked = z.infer<typeof GraphTracked>

export const GraphThread = z.object({
  id: z.string(),
  isResolved: flag,
  isOutdated: flag,
  resolvedBy: z.object({ login: z.string(), databaseId: z.number().int().nullable() }).nullable().catch(null).default(null),
  comments: z.object({
    nodes: z.array(
      z
        .object({
          databaseId: z.number().int().nullable(),
          replyTo: z.object({ databaseId: z.number().int().nullable() }).nullable().catch(null).default(null),
        })
        .nullable(),
    ),
  }),
})
export type GraphThread = z.infer<typeof GraphThread>
