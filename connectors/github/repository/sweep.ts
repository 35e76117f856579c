import { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import { isHeavy, type Query } from '../graphql.ts'
import { commentId, idIn } from '../map/item.ts'
import { Connection, PageInfo, signFields, Signs } from '../wire/graph.ts'
import { commentsOf } from './comment-lists.ts'
import type { KnownItem } from './known.ts'
import { lineComments } from './line-comments.ts'
import { again } from './again.ts'
import { type Reading, refusedOf } from './reading.ts'
import { brief, standingOf } from './threads.ts'

const total = z.object({ totalCount: z.number().int() })
const comments = z.object({
  totalCount: z.number().int(),
  nodes: z.array(z.object({ databaseId: z.number().int().nullable(), reactionGroups: Signs }).nullable()),
})
const row = { id: z.string(), number: z.number().int(), reactions: total, comments }
const DiscussionNode = z.object(row)
const IssueNode = z.object({ ...row, timelineItems: total })
const PullNode = z.object({
  ...row,
  timelineItems: total,
  headRefOid: z.string(),
  totalCommentsCount: z.number().int().catch(0).default(0),
  reviews: total,
  reviewThreads: Connection,
})
const Thread = z.object({ id: z.string(), isResolved: z.boolean(), isOutdated: z.boolean() })
type Swept = z.infer<typeof DiscussionNode> & Partial<Omit<z.infer<typeof PullNode>, keyof z.infer<typeof DiscussionNode>>>
const Page = z.object({
  node: z.record(z.string(), z.object({ pageInfo: PageInfo, nodes: z.array(z.unknown()) })).nullable(),
})

const common = `id number reactions { totalCount } comments(first: 100) { totalCount nodes { databaseId ${signFields} } }`
const tracked = `${common} timelineItems(itemTypes: [CROSS_REFERENCED_EVENT]) { totalCount }`
const pull = `${tracked} headRefOid totalCommentsCount reviews { totalCount } reviewThreads(first: 100) { nodes { id isResolved isOutdated } }`
const textOf = (field: string, fields: string): string => `query Sweep($id: ID!, $first: Int!, $after: String) { node(id: $id) {
  ... on Repository { ${field}(first: $first, after: $after, orderBy: { field: CREATED_AT, direction: ASC }) {
    pageInfo { hasNextPage endCursor } nodes { ${fields} } } } } }`

/**
 * What leaves no trace: deleted issues and comments, reactions, cross references, resolved threads. Numbers and ids of everything are compared
 * with what was seen, a hundred at a time; only what differs is read again. Two to five points for a hundred.
 */
export async function* sweep(reading: Reading): AsyncGenerator<Change> {
  const { listed } = reading
  if (listed.issues !== null) yield* over(reading, 'issue', 'issues', tracked, IssueNode, 3)
  if (listed.pullRequests !== null) yield* over(reading, 'change-request', 'pullRequests', pull, PullNode, 5)
  if (listed.discussions !== null) yield* over(reading, 'discussion', 'discussions', common, DiscussionNode, 2)
}

async function* over(
  reading: Reading,
  kind: KnownItem['kind'],
  field: string,
  fields: string,
  schema: z.ZodType<Swept>,
  points: number,
): AsyncGenerator<Change> {
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
  const known = reading.state.known.items.get(node.number)
  if (known === undefined || known.kind !== kind) return yield* again(reading, kind, node)
  const { total: counted } = known
  const differs =
    known.reactions !== node.reactions.totalCount ||
    known.references !== (node.timelineItems?.totalCount ?? 0) ||
    (kind === 'discussion' ? commentsDiffer(known, node) : pullDiffers(known, node))
  if (differs) yield* again(reading, kind, node)
  if (kind !== 'discussion' && commentsDiffer(known, node)) yield* commentsOf(reading, node.number)
  // Comments on lines are counted only together with the others.
  if (node.totalCommentsCount !== undefined && node.totalCommentsCount !== counted) yield* lineComments(reading, node.number)
}

function pullDiffers(known: KnownItem, { headRefOid, reviews, reviewThreads, totalCommentsCount }: Swept): boolean {
  if (headRefOid === undefined) return false
  if (known.head !== brief(headRefOid) || known.total !== totalCommentsCount || reviews?.totalCount !== known.reviews.size) return true
  const threads = (reviewThreads?.nodes ?? []).flatMap((raw) => Thread.safeParse(raw).data ?? [])
  return threads.length < 100 && known.standing !== standingOf(threads)
}

function commentsDiffer(known: KnownItem, { comments: { totalCount, nodes } }: Swept): boolean {
  if (totalCount !== known.comments.size) return true
  return nodes.some((node) => {
    const id = node?.databaseId
    return id !== null && id !== undefined && known.comments.get(id) !== node?.reactionGroups
  })
}

/** Everything that goes with an issue, change request or discussion. */
function partsOf(reading: Reading, number: number, { kind, comments: ids, reviews, lines, threads }: KnownItem): ItemId[] {
  const { place } = reading.mapping
  return [
    idIn(place, kind, number),
    ...[...ids.keys()].map((id) => commentId(place, kind === 'discussion' ? 'discussion' : 'issue', id)),
    ...[...reviews].map((id) => idIn(place, 'review', id)),
    ...[...lines.keys()].map((id) => commentId(place, kind === 'discussion' ? 'discussion' : 'review', id)),
    ...[...threads].map((root) => idIn(place, 'thread', root)),
  ]
}
