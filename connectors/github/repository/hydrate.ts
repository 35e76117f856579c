import { z } from 'zod'
import type { Github } from '../github.ts'
import { isHeavy } from '../graphql.ts'
import type { Hydrated } from '../map/tracked.ts'
import {
  CrossReference,
  crossReferenceFields,
  GraphPull,
  GraphReview,
  GraphTracked,
  pullFields,
  Reaction,
  reactionNode,
  reviewFields,
  trackedFields,
} from '../wire/graph.ts'
import type { IssueRow } from '../wire/rest.ts'
import { type Entries, wholeOf } from './rest-of.ts'

/** One issue or pull request with everything that REST leaves out. */
export interface Whole extends Hydrated {
  readonly references: Entries<CrossReference>['entries']
  readonly reviews: Entries<GraphReview>['entries']
  /** Entries of its lists that nobody could read. */
  readonly unreadable: number
}

const text = `query Hydrate($ids: [ID!]!) { nodes(ids: $ids) { __typename
  ... on Issue { id ${trackedFields} }
  ... on PullRequest { id ${trackedFields} ${pullFields} } } }`
const Nodes = z.object({ nodes: z.array(z.unknown()) })

/**
 * What one query tells of up to a hundred rows, by node id: reactions, cross references, and of pull requests where they lead, who merged and
 * reviewed them. A hundred pull requests cost five points. A query that is too heavy is asked in halves.
 */
export async function hydrate(github: Github, what: string, rows: readonly IssueRow[], signal: AbortSignal): Promise<Map<string, Whole>> {
  const found = new Map<string, Whole>()
  if (rows.length === 0) return found
  const pulls = rows.filter(({ pull_request }) => pull_request !== null).length
  const points = Math.ceil((1 + 2 * rows.length + 2 * pulls) / 100)
  let nodes: readonly unknown[]
  try {
    nodes = (await github.graphql({ what, text, variables: { ids: rows.map(({ node_id }) => node_id) }, points }, Nodes, signal)).data.nodes
  } catch (error) {
    if (!isHeavy(error) || rows.length === 1) throw error
    const middle = Math.ceil(rows.length / 2)
    for (const half of [rows.slice(0, middle), rows.slice(middle)])
      for (const [id, whole] of await hydrate(github, what, half, signal)) found.set(id, whole)
    return found
  }
  for (const [at, raw] of nodes.entries()) {
    const row = rows[at]
    const whole = row === undefined ? undefined : await wholeFrom(github, what, raw, signal)
    if (row !== undefined && whole !== undefined) found.set(row.node_id, whole)
  }
  return found
}

async function wholeFrom(github: Github, what: string, raw: unknown, signal: AbortSignal): Promise<Whole | undefined> {
  const begun = GraphTracked.safeParse(raw).data
  if (begun === undefined) return undefined
  const { id } = begun
  const pull = GraphPull.safeParse(raw).data
  const type = pull === undefined ? 'Issue' : 'PullRequest'
  const of = { what, id, type }
  const reactions = await wholeOf(github, begun.reactions, { ...of, field: 'reactions', selection: reactionNode, node: Reaction }, signal)
  const crossReferences = {
    ...of,
    field: 'timelineItems',
    args: ', itemTypes: [CROSS_REFERENCED_EVENT]',
    selection: `__typename ... on CrossReferencedEvent { ${crossReferenceFields} }`,
    node: CrossReference,
  }
  const references = await wholeOf(github, begun.timelineItems, crossReferences, signal)
  const reviews =
    pull === undefined
      ? { entries: [], unreadable: 0 }
      : await wholeOf(github, pull.reviews, { ...of, field: 'reviews', selection: reviewFields, node: GraphReview }, signal)
  return {
    reactions: reactions.entries.map(({ node }) => node),
    pull,
    raw: withoutLists(raw),
    references: references.entries,
    reviews: reviews.entries,
    unreadable: reactions.unreadable + references.unreadable + reviews.unreadable,
  }
}

/** Reviews and cross references are items of their own. */
function withoutLists(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null) return raw
  const { reviews: _, timelineItems: __, ...rest } = raw as Readonly<Record<string, unknown>>
  return rest
}
