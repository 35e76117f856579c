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
  readonly id: string
  readonly references: Entries<CrossReference>['entries']
  readonly reviews: Entries<GraphReview>['entries']
  /** How many GitHub counts, also of those it does not show: what a sweep will see again. */
  readonly counted: { readonly reactions: number; readonly references: number }
  /** Entries of its lists that nobody could read. */
  readonly unreadable: number
}

/** GitHub prices a query by its text: issues do not pay for the lists of pull requests when they are asked for beside them. */
const text = `query Hydrate($issues: [ID!]!, $pulls: [ID!]!) {
  issues: nodes(ids: $issues) { __typename ... on Issue { id ${trackedFields} } }
  pulls: nodes(ids: $pulls) { __typename ... on PullRequest { id ${trackedFields} ${pullFields} } } }`
const Nodes = z.object({ issues: z.array(z.unknown()), pulls: z.array(z.unknown()) })

/**
 * What one query tells of up to a hundred rows, by node id: reactions, cross references, and of pull requests where they lead, who merged and
 * reviewed them. A hundred issues cost two points, a hundred pull requests five. A query that is too heavy is asked in halves.
 */
export async function hydrate(github: Github, what: string, rows: readonly IssueRow[], signal: AbortSignal): Promise<Map<string, Whole>> {
  const found = new Map<string, Whole>()
  if (rows.length === 0) return found
  const [issues, pulls] = [
    rows.filter(({ pull_request }) => pull_request === null),
    rows.filter(({ pull_request }) => pull_request !== null),
  ]
  const points = Math.ceil((2 * issues.length + 5 * pulls.length) / 100)
  const idsOf = (list: readonly IssueRow[]): string[] => list.map(({ node_id }) => node_id)
  let nodes: readonly unknown[]
  try {
    const variables = { issues: idsOf(issues), pulls: idsOf(pulls) }
    const { data } = await github.graphql({ what, text, variables, points: Math.max(1, points) }, Nodes, signal)
    nodes = [...data.issues, ...data.pulls]
  } catch (error) {
    if (!isHeavy(error) || rows.length === 1) throw error
    const middle = Math.ceil(rows.length / 2)
    for (const half of [rows.slice(0, middle), rows.slice(middle)])
      for (const [id, whole] of await hydrate(github, what, half, signal)) found.set(id, whole)
    return found
  }
  for (const raw of nodes) {
    const whole = await wholeFrom(github, what, raw, signal)
    if (whole !== undefined) found.set(whole.id, whole)
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
    id,
    reactions: reactions.entries.map(({ node }) => node),
    pull,
    raw: withoutLists(raw),
    references: references.entries,
    counted: { reactions: begun.reactions.totalCount, references: begun.timelineItems.totalCount },
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
