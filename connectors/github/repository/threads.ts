import { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import { isHeavy } from '../graphql.ts'
import { idIn } from '../map/item.ts'
import { thread } from '../map/review.ts'
import { Connection, GraphThread } from '../wire/graph.ts'
import { brief } from './brief.ts'
import { type Reading, refusedOf } from './reading.ts'
import { wholeOf } from './rest-of.ts'

/** A change request whose threads are to be read, and how many there are. */
export interface Threaded {
  readonly id: string
  readonly number: number
  readonly threads: number
}

const selection = `id isResolved isOutdated resolvedBy { login databaseId } comments(first: 1) { nodes { databaseId replyTo { databaseId } } }`
const text = `query Threads($ids: [ID!]!, $first: Int!) { nodes(ids: $ids) { ... on PullRequest { id
  reviewThreads(first: $first) { pageInfo { hasNextPage endCursor } nodes { ${selection} } } } } }`
const Nodes = z.object({ nodes: z.array(z.object({ id: z.string(), reviewThreads: Connection }).nullable().catch(null)) })

/** A query names at most about so many threads: three points. */
const mostThreads = 250
const mostPulls = 50

/** How the threads of change requests stand, which only GraphQL tells. Those with few threads are asked for together. */
export async function* readThreads(reading: Reading, pulls: readonly Threaded[]): AsyncGenerator<Change> {
  const ahead = pulls.toSorted((a, b) => a.threads - b.threads)
  while (ahead.length > 0) {
    const group: Threaded[] = []
    while (group.length < mostPulls) {
      const [next] = ahead
      if (next === undefined || (group.length > 0 && (group.length + 1) * Math.min(next.threads, 100) > mostThreads)) break
      group.push(next)
      ahead.shift()
    }
    yield* some(reading, group)
  }
}

async function* some(reading: Reading, group: readonly Threaded[]): AsyncGenerator<Change> {
  const { github, mapping, state, signal } = reading
  const what = refusedOf(reading, 'threads of reviews')
  const first = Math.max(1, Math.min(100, ...group.slice(-1).map(({ threads }) => threads)))
  const points = Math.ceil((group.length + group.length * first) / 100)
  let found: z.infer<typeof Nodes>
  try {
    found = (await github.graphql({ what, text, variables: { ids: group.map(({ id }) => id), first }, points }, Nodes, signal)).data
  } catch (error) {
    if (!isHeavy(error) || group.length === 1) throw error
    const middle = Math.ceil(group.length / 2)
    yield* some(reading, group.slice(0, middle))
    yield* some(reading, group.slice(middle))
    return
  }
  for (const node of found.nodes) {
    const number = group.find(({ id }) => id === node?.id)?.number
    if (node === null || number === undefined) continue
    const rest = { what, id: node.id, type: 'PullRequest', field: 'reviewThreads', selection, node: GraphThread }
    const { entries } = await wholeOf(github, node.reviewThreads, rest, signal)
    const known = state.known.of(number, 'change-request')
    const before = new Set(known.threads)
    known.threads.clear()
    for (const { node: one, raw } of entries) {
      // A thread without comments is gone for everybody; where only its first one is, those that are left still answer it.
      const [left] = one.comments.nodes
      const root = left?.replyTo?.databaseId ?? state.known.orphans.get(left?.databaseId ?? 0)?.root ?? left?.databaseId
      if (root === null || root === undefined) continue
      known.threads.add(root)
      yield { type: 'upsert', item: thread(one, root, number, raw, mapping) }
    }
    for (const root of before)
      if (!known.threads.has(root))
        yield { type: 'delete', id: idIn(mapping.place, 'thread', root), evidence: `absent-from-reviewThreads of #${number}` }
    known.standing = standingOf(entries.map(({ node: one }) => one))
  }
}

/** How threads stand, in 24 bits. */
export function standingOf(
  threads: readonly { readonly id: string; readonly isResolved: boolean; readonly isOutdated: boolean }[],
): number {
  if (threads.length === 0) return 0
  const lines = threads.map(({ id, isResolved, isOutdated }) => `${id} ${isResolved} ${isOutdated}`).toSorted()
  return brief(lines.join('\n'))
}
