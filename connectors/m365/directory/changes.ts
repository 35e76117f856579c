import type { Change } from '../../../src/contract/connector.ts'
import { type Cursor, cursor } from '../../../src/contract/ids.ts'
import type { Graph } from '../graph.ts'
import type { Listed } from './listing.ts'

/** Accounts and groups. */
export async function* directoryChanges(
  _graph: Graph,
  _listed: Listed,
  since: Cursor | undefined,
  _signal: AbortSignal,
): AsyncGenerator<Change> {
  yield { type: 'checkpoint', cursor: since ?? cursor('{}') }
}
