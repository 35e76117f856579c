import type { Change } from '../../../src/contract/connector.ts'
import { type Cursor, cursor } from '../../../src/contract/ids.ts'
import type { Graph, GraphPerson } from '../graph.ts'

/** The changes of one person's mail. */
export async function* mailChanges(
  _graph: Graph,
  _person: GraphPerson,
  since: Cursor | undefined,
  _signal: AbortSignal,
): AsyncGenerator<Change> {
  yield { type: 'checkpoint', cursor: since ?? cursor('{}') }
}
