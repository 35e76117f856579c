import { z } from 'zod'
import type { Github } from '../github.ts'
import { isHeavy } from '../graphql.ts'
import { Reaction, reactionFields, reactionNode, Reactions } from '../wire/graph.ts'
import { wholeOf } from './rest-of.ts'

const text = `query Reactions($ids: [ID!]!) { nodes(ids: $ids) { __typename
  ... on Reactable { id reactions(first: 100) { ${reactionFields} } } } }`
const Nodes = z.object({
  nodes: z.array(z.object({ __typename: z.string(), id: z.string(), reactions: Reactions }).nullable().catch(null)),
})

/** Who reacted how, by node id. A hundred things at a time, one point each time. */
export async function reactionsTo(
  github: Github,
  what: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Map<string, readonly Reaction[]>> {
  const found = new Map<string, readonly Reaction[]>()
  for (let at = 0; at < ids.length; at += 100) await some(github, what, ids.slice(at, at + 100), found, signal)
  return found
}

async function some(
  github: Github,
  what: string,
  ids: readonly string[],
  found: Map<string, readonly Reaction[]>,
  signal: AbortSignal,
): Promise<void> {
  try {
    const points = Math.ceil(ids.length / 100)
    const { data } = await github.graphql({ what, text, variables: { ids }, points }, Nodes, signal)
    for (const node of data.nodes) {
      if (node === null) continue
      const { id, __typename: type, reactions } = node
      const rest = { what, id, type, field: 'reactions', selection: reactionNode, node: Reaction }
      found.set(
        id,
        (await wholeOf(github, reactions, rest, signal)).entries.map(({ node }) => node),
      )
    }
  } catch (error) {
    if (!isHeavy(error) || ids.length === 1) throw error
    const middle = Math.ceil(ids.length / 2)
    await some(github, what, ids.slice(0, middle), found, signal)
    await some(github, what, ids.slice(middle), found, signal)
  }
}
