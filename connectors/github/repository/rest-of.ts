import { z } from 'zod'
import type { Github } from '../github.ts'
import { PageInfo } from '../wire/graph.ts'

interface Connection {
  readonly pageInfo?: { readonly hasNextPage: boolean; readonly endCursor: string | null } | undefined
  readonly nodes: readonly unknown[]
}
/** How the rest of a list inside a node is asked for. `args` beside `first` and `after`. */
export interface Rest<N extends z.ZodType> {
  readonly what: string
  readonly id: string
  readonly type: string
  readonly field: string
  readonly args?: string
  readonly selection: string
  readonly node: N
}
/** Entries as they were read and as they came. `unreadable`: how many nobody could read. */
export interface Entries<T> {
  readonly entries: readonly { readonly node: T; readonly raw: unknown }[]
  readonly unreadable: number
}

/** All entries of a list inside a node, whose first hundred came with the node itself. */
export async function wholeOf<N extends z.ZodType>(
  github: Github,
  begun: Connection,
  { what, id, type, field, args = '', selection, node }: Rest<N>,
  signal: AbortSignal,
): Promise<Entries<z.infer<N>>> {
  const all = begun.nodes.filter((raw) => raw !== null)
  const text = `query Rest($id: ID!, $after: String) { node(id: $id) { ... on ${type} {
    ${field}(first: 100, after: $after${args}) { pageInfo { hasNextPage endCursor } nodes { ${selection} } } } } }`
  const schema = z.object({ node: z.record(z.string(), z.object({ pageInfo: PageInfo, nodes: z.array(z.unknown()) })).nullable() })
  for (let { pageInfo } = begun; pageInfo?.hasNextPage === true && pageInfo.endCursor !== null;) {
    const { data } = await github.graphql({ what, text, variables: { id, after: pageInfo.endCursor }, points: 1 }, schema, signal)
    const next = data.node?.[field]
    if (next === undefined || next.pageInfo.endCursor === pageInfo.endCursor) break
    for (const raw of next.nodes) if (raw !== null) all.push(raw)
    pageInfo = next.pageInfo
  }
  const entries = all.flatMap((raw) => {
    const parsed = node.safeParse(raw)
    return parsed.success ? [{ node: parsed.data, raw }] : []
  })
  return { entries, unreadable: all.length - entries.length }
}
