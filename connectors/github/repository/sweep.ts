import { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import { isHeavy, type Query } from '../graphql.ts'
import { commentId, idIn } from '../map/item.ts'
import { Connection, PageInfo } from '../wire/graph.ts'
import { commentsOf } from './comment-lists.ts'
import type { KnownItem } from './known.ts'
import { lineComments } from './line-comments.ts'
import { again } from './again.ts'
import { type Reading, refusedOf } from './reading.ts'
import { brief, standingOf } from './threads.ts'

const total = z.object({ totalCount: z.number().int() })
const comments = z.object({ totalCount: z.number().int(), nodes: z.array(z.object({ databaseId: z.number().int().nullable(), reactions: total, replies: total.optional() }).nullable()) })
const row = { id: z.string(), number: z.number().int(), reactions: total, timelineItems: total, comments }
const IssueNode = z.object(row)
const PullNode = z.object({
  ...row,
  headRefOid: z.string(),
  reviews: z.object({ totalCount: z.number().int(), nodes: z.array(z.object({ databaseId: z.number().int().nullable(), comments: total }).nullable()) }),
  reviewThreads: Connection,
})
const Thread = z.object({ id: z.string(), isResolved: z.boolean(), isOutdated: z.boolean() })
const Page = z.object({
  node: z.record(z.string(), z.object({ pageInfo: PageInfo, nodes: z.array(z.unknown()) })).nullable(),
})

const tracked = `id number reactions { totalCount } timelineItems(itemTypes: [CROSS_REFERENCED_EVENT]) { totalCount }
  comments(first: 100) { totalCount nodes { databaseId reactions { totalCount } } }`
const pull = `${tracked} headRefOid reviews(first: 100) { totalCount nodes { databaseId comments { totalCount } } }
  reviewThreads(first: 100) { nodes { id isResolved isOutdated } }`
const textOf = (field: string, fields: string): string => `query Sweep($id: ID!, $first: Int!, $after: String) { node(id: $id) {
  ... on Repository { ${field}(first: $first, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
    pageInfo { hasNextPage endCursor } nodes { ${fields} } } } } }`

/**
 * What leaves no trace: deleted issues and comments, reactions, cross references, resolved threads. Numbers and ids of everything are compared
 * with what was seen, a hundred at a time; only what differs is read again. One to three points for a hundred.
 */
export async function* sweep(reading: Reading): AsyncGenerator<Change> {
  const { listed } = reading
  if (listed.issues !== null) yield* over(reading, 'issue', 'issues', tracked, IssueNode, 1)
  if (listed.pullRequests !== null) yield* over(reading, 'change-request', 'pullRequests', pull, PullNode, 3)
  if (listed.discussions !== null) yield* over(reading, 'discussion', 'discussions', discussion, DiscussionNode, 1)
}

const DiscussionNode = z.object({ id: z.string(), number: z.number().int(), reactions: total, comments })
const discussion = `id number reactions { totalCount }
  comments(first: 100) { totalCount nodes { databaseId reactions { totalCount } replies { totalCount } } }`

type Swept = z.infer<typeof IssueNode> | z.infer<typeof PullNode> | z.infer<typeof DiscussionNode>

async function* over(reading: Reading, kind: KnownItem['kind'], field: string, fields: string, schema: z.ZodType<Swept>, points: number): AsyncGenerator<Change> {
  const { state } = reading
  const there = new Set<number>()
  for await (const raws of pages(reading, field, textOf(field, fields), points)) {
    for (const raw of raws) {
      const node = schema.safeParse(raw).data
      if (node === undefined) {
        // Whatever it is, it is there.
        if (typeof raw === 'object' && raw !== null && 'number' in raw) there.add(Number(raw.number))
        continue
      }
      there.add(node.number)
      yield* compare(reading, kind, node)
    }
  }
  const gone = [...state.known.items].filter(([number, item]) => item.kind === kind && !there.has(number))
  for (const [number, item] of gone) {
    state.known.items.delete(number)
    for (const id of partsOf(reading, number, item)) yield { type: 'delete', id, evidence: `absent-from-${field}` }
  }
}

async function* pages(reading: Reading, field: string, text: string, points: number): AsyncGenerator<readonly unknown[]> {
  const { github, listed, signal } = reading
  const what = refusedOf(reading, `the numbers of ${field}`)
  let first = 100
  let after: string | null = null
  for (;;) {
    let list: NonNullable<z.infer<typeof Page>['node']>[string] | undefined
    try {
      const query: Query = { what, text, variables: { id: listed.id, first, after }, points }
      list = (await github.graphql(query, Page, signal)).data.node?.[field]
    } catch (error) {
      if (!isHeavy(error) || first <= 5) throw error
      first = Math.ceil(first / 2)
      continue
    }
    if (list === undefined) return
    yield list.nodes.filter((node) => node !== null)
    if (!list.pageInfo.hasNextPage || list.pageInfo.endCursor === after) return
    after = list.pageInfo.endCursor
  }
}

/** Reads again what is not as it was seen. */
async function* compare(reading: Reading, kind: KnownItem['kind'], node: Swept): AsyncGenerator<Change> {
  const { state } = reading
  const known = state.known.items.get(node.number)
  if (known === undefined || known.kind !== kind) return yield* again(reading, kind, node)
  const references = 'timelineItems' in node ? node.timelineItems.totalCount : 0
  const differs = known.reactions !== node.reactions.totalCount || known.references !== references
  if (differs || pullDiffers(known, node)) yield* again(reading, kind, node)
  if (kind === 'discussion') return
  if (commentsDiffer(known, node)) yield* commentsOf(reading, node.number)
  if (!('reviews' in node)) return
  const lines = node.reviews.nodes.reduce((sum, review) => sum + (review?.comments.totalCount ?? 0), 0)
  if (node.reviews.totalCount <= node.reviews.nodes.length && lines !== known.lines.size) yield* lineComments(reading, node.number)
}

function pullDiffers(known: KnownItem, node: Swept): boolean {
  if (!('reviews' in node)) return 'timelineItems' in node ? false : commentsDiffer(known, node)
  if (known.head !== brief(node.headRefOid) || node.reviews.totalCount !== known.reviews.size) return true
  const threads = node.reviewThreads.nodes.flatMap((raw) => Thread.safeParse(raw).data ?? [])
  return known.standing !== standingOf(threads) && threads.length < 100
}

function commentsDiffer(known: KnownItem, { comments: { totalCount, nodes } }: Swept): boolean {
  const answers = nodes.reduce((sum, node) => sum + (node?.replies?.totalCount ?? 0), 0)
  if (totalCount <= nodes.length && totalCount + answers !== known.comments.size) return true
  return nodes.some((node) => {
    const id = node?.databaseId
    return id !== null && id !== undefined && known.comments.get(id) !== node?.reactions.totalCount
  })
}

/** Everything that goes with an issue, change request or discussion. */
function partsOf(reading: Reading, number: number, { kind, comments: ids, reviews, lines, threads }: KnownItem): ItemId[] {
  const { place } = reading.mapping
  return [
    idIn(place, kind, number),
    ...[...ids.keys()].map((id) => commentId(place, kind === 'discussion' ? 'discussion' : 'issue', id)),
    ...[...reviews].map((id) => idIn(place, 'review', id)),
    ...[...lines.keys()].map((id) => commentId(place, 'review', id)),
    ...[...threads].map((root) => idIn(place, 'thread', root)),
  ]
}
