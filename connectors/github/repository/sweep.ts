import { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import { isHeavy, type Query } from '../graphql.ts'
import { Fault } from '../../../src/fault.ts'
import { commentId, idIn } from '../map/item.ts'
import { Connection, PageInfo, signFields, Signs } from '../wire/graph.ts'
import { commentsOf } from './comment-lists.ts'
import type { KnownItem } from './known.ts'
import { lineComments } from './line-comments.ts'
import { fingerprint, labelsKey, readLabels } from './lists.ts'
import { again } from './again.ts'
import { type Reading, refusedOf } from './reading.ts'
import { brief } from './brief.ts'
import { standingOf } from './threads.ts'

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

const common = `id number reactions { totalCount } comments(first: 100) { totalCount nodes { databaseId ${signFields} } }`
const tracked = `${common} timelineItems(itemTypes: [CROSS_REFERENCED_EVENT]) { totalCount }`
const pull = `${tracked} headRefOid totalCommentsCount reviews { totalCount } reviewThreads(first: 100) { nodes { id isResolved isOutdated } }`
/** One of the three lists that are compared. `points`: of a hundred entries. */
interface List {
  readonly kind: KnownItem['kind']
  readonly field: 'issues' | 'pullRequests' | 'discussions'
  readonly fields: string
  readonly schema: z.ZodType<Swept>
  readonly points: number
}
const lists: readonly List[] = [
  { kind: 'issue', field: 'issues', fields: tracked, schema: IssueNode, points: 3 },
  { kind: 'change-request', field: 'pullRequests', fields: pull, schema: PullNode, points: 5 },
  { kind: 'discussion', field: 'discussions', fields: common, schema: DiscussionNode, points: 2 },
]
const selected = ({ field, fields }: List, after: string): string =>
  `${field}(first: $first${after}, orderBy: { field: CREATED_AT, direction: ASC }) { pageInfo { hasNextPage endCursor } nodes { ${fields} } }`
const asked = (declared: string, selection: string): string =>
  `query Sweep($id: ID!, $first: Int!${declared}) { node(id: $id) { ... on Repository { ${selection} } } }`

/** Labels are compared as a whole; a repository with more than a hundred of them is not compared but read. */
const Labels = z.object({
  totalCount: z.number().int(),
  nodes: z.array(z.object({ name: z.string(), color: z.string(), description: z.string().nullable() })),
})
const labelsSelection = 'labels(first: $first) { totalCount nodes { name color description } }'
const First = z.object({ node: z.looseObject({ labels: Labels.nullable() }).nullable() })

/**
 * What leaves no trace: deleted issues and comments, reactions, cross references, resolved threads, renamed labels. Numbers and ids of everything
 * are compared with what was seen; only what differs is read again. One query for a small repository, two to five points for a hundred.
 */
export async function* sweep(reading: Reading): AsyncGenerator<Change> {
  const { listed } = reading
  // Lists that are empty, and were, hold nothing that could be missing.
  const wanted = lists.filter(
    ({ field, kind }) => listed[field] !== null && (listed[field].total > 0 || reading.state.known.count(kind) > 0),
  )
  const first = await firstPages(reading, wanted)
  const { labels } = first
  if (labels !== undefined && (labels.totalCount > labels.nodes.length || fingerprint(labels.nodes) !== reading.state.items.get(labelsKey)))
    yield* readLabels(reading)
  for (const list of wanted) yield* over(reading, list, first.pages.get(list.field))
}

type PageOf = z.infer<typeof ListPage>
const ListPage = z.object({ pageInfo: PageInfo, nodes: z.array(z.unknown()) })
const Page = z.object({ node: z.record(z.string(), ListPage).nullable() })

/** The first hundred of each list in one query; none, where that is too heavy. */
async function firstPages(
  reading: Reading,
  wanted: readonly List[],
): Promise<{ readonly labels: z.infer<typeof Labels> | undefined; readonly pages: ReadonlyMap<string, PageOf> }> {
  const { github, listed, signal } = reading
  const text = asked('', [labelsSelection, ...wanted.map((list) => selected(list, ''))].join('\n'))
  const points = wanted.reduce((sum, list) => sum + list.points, 1)
  const query: Query = { what: refusedOf(reading, 'the numbers of everything'), text, variables: { id: listed.id, first: 100 }, points }
  try {
    const { node } = (await github.graphql(query, First, signal)).data
    const pages = wanted.flatMap(({ field }): [string, PageOf][] => {
      const page = ListPage.safeParse(node?.[field]).data
      return page === undefined ? [] : [[field, page]]
    })
    return { labels: node?.labels ?? undefined, pages: new Map(pages) }
  } catch (error) {
    if (!isHeavy(error)) throw error
    return { labels: undefined, pages: new Map() }
  }
}

async function* over(reading: Reading, list: List, begun: PageOf | undefined): AsyncGenerator<Change> {
  const { state } = reading
  const there = new Set<number>()
  for await (const raws of pages(reading, list, begun)) {
    for (const raw of raws) {
      const node = list.schema.safeParse(raw).data
      if (node === undefined) {
        // Whatever it is, it is there.
        if (typeof raw === 'object' && raw !== null && 'number' in raw) there.add(Number(raw.number))
        continue
      }
      there.add(node.number)
      yield* compare(reading, list.kind, node)
    }
  }
  const gone = [...state.known.items].filter(([number, item]) => item.kind === list.kind && !there.has(number))
  for (const [number, item] of gone) {
    state.known.items.delete(number)
    for (const id of partsOf(reading, number, item)) yield { type: 'delete', id, evidence: `absent-from-${list.field}` }
  }
}

async function* pages(reading: Reading, list: List, begun: PageOf | undefined): AsyncGenerator<readonly unknown[]> {
  const { github, listed, signal } = reading
  const what = refusedOf(reading, `the numbers of ${list.field}`)
  const text = asked(', $after: String', selected(list, ', after: $after'))
  let first = 100
  let page = begun
  let after: string | null = null
  for (;;) {
    try {
      const query: Query = { what, text, variables: { id: listed.id, first, after }, points: list.points }
      page ??= (await github.graphql(query, Page, signal)).data.node?.[list.field]
    } catch (error) {
      if (!isHeavy(error) || first <= 5) throw error
      first = Math.ceil(first / 2)
      continue
    }
    // What is not answered at all must never be taken for a list without entries.
    if (page === undefined) throw new Fault({ code: 'unavailable', what, why: 'nothing was answered', retry: { type: 'backoff' } })
    yield page.nodes.filter((node) => node !== null)
    if (!page.pageInfo.hasNextPage || page.pageInfo.endCursor === after) return
    after = page.pageInfo.endCursor
    page = undefined
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
