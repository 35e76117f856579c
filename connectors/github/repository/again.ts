import { z } from 'zod'
import type { Change } from '../../../src/contract/connector.ts'
import { GithubFault } from '../github-fault.ts'
import { discussionFields, GraphDiscussion } from '../wire/discussion.ts'
import { IssueRow } from '../wire/rest.ts'
import { readDiscussion } from './discussions.ts'
import { hydrate } from './hydrate.ts'
import { ofRows } from './issues.ts'
import type { KnownItem } from './known.ts'
import { type Reading, refusedOf } from './reading.ts'

const text = `query Discussion($id: ID!) { node(id: $id) { ... on Discussion { ${discussionFields} } } }`
const Node = z.object({ node: z.unknown() })

/** One issue, change request or discussion, with what belongs to it. */
export async function* again(
  reading: Reading,
  kind: KnownItem['kind'],
  { id, number }: { readonly id: string; readonly number: number },
): AsyncGenerator<Change> {
  const { github, path, signal } = reading
  const what = refusedOf(reading, `#${number}`)
  if (kind === 'discussion') {
    const { data } = await github.graphql({ what, text, variables: { id }, points: 2 }, Node, signal)
    const given = GraphDiscussion.safeParse(data.node).data
    if (given !== undefined) yield* readDiscussion(reading, given, data.node)
    return
  }
  try {
    const { data: raw } = await github.get(what, `${path}/issues/${number}`, signal)
    const row = IssueRow.safeParse(raw).data
    if (row !== undefined) yield* ofRows(reading, [{ row, raw }], await hydrate(github, what, [row], signal))
  } catch (error) {
    // It went in this moment, or was moved to another repository: the next sweep misses it.
    if (!(error instanceof GithubFault) || error.code !== 'gone') throw error
  }
}
