import { remoteId } from '../../../src/contract/ids.ts'
import type { Applied, LedgerEntry } from '../../../src/contract/target.ts'
import type { GitlabOperation, IssueOperation, MergeRequestOperation, MilestoneOperation } from '../operations.ts'
import { projectRemote } from '../remote.ts'
import { remember } from './memory.ts'
import type { StockRow } from './stock.ts'
import { dropped, type Work } from './work.ts'
import { operationsOf } from './operations-of.ts'

const BATCH = 1_000

/** Titles of milestones by number, by which issues name them. */
export function milestoneTitles({ spool }: Pick<Work, 'spool'>, project: string): ReadonlyMap<number, string> {
  const titles = new Map<number, string>()
  for (const { iid, title } of spool.part<MilestoneOperation>(project, 'milestone')) titles.set(iid, title)
  return titles
}
export const milestoneOf = (op: GitlabOperation, titles: ReadonlyMap<number, string>): string | null =>
  op.type === 'issue' || op.type === 'merge-request' ? titleOf(op, titles) : null
const titleOf = ({ milestone }: IssueOperation | MergeRequestOperation, titles: ReadonlyMap<number, string>): string | null =>
  milestone === null ? null : (titles.get(milestone) ?? null)

/** Tells the ledger what became of every operation of a project, then the engine. The project itself comes last: until then it is unfinished. */
export async function* settle(work: Work, project: string): AsyncGenerator<Applied> {
  const { context, stock, spool } = work
  const titles = milestoneTitles(work, project)
  let batch: One[] = []
  let last: One | undefined
  const told = function* () {
    context.ledger.put(batch.flatMap(({ entry }) => entry ?? []))
    yield* batch.map(({ applied }) => applied)
    batch = []
  }
  for (const op of operationsOf(spool, project)) {
    const { key, item, collection, revision } = op
    const result = stock.result(key) ?? {
      key,
      outcome: 'failed' as const,
      remote: projectRemote(project),
      expect: {},
      losses: [dropped(item, 'rejected-by-target', 'GitLab has no place for it in an import')],
    }
    const { outcome, expect, losses } = result
    const failed = outcome === 'failed'
    // What did not come to be has no name there, and shares none with what did.
    const remote = failed ? remoteId(`none/${key}`) : result.remote
    const row = stock.of(key)
    const { discussion } = row.known?.notes ?? {}
    const notes = {
      project,
      ...(discussion === undefined ? {} : { discussion }),
      ...remember(op, milestoneOf(op, titles), expect, losses),
      ...result.notes,
      ...(failed ? { failed } : {}),
    }
    const entry = isOld(row, outcome, notes) ? undefined : { key, item, collection, revision, remote, state: 'applied' as const, notes }
    const one = { entry, applied: { key, item, outcome, remote, expect, losses } }
    if (op.type === 'project') last = one
    else batch.push(one)
    if (batch.length >= BATCH) yield* told()
  }
  if (last !== undefined) batch.push(last)
  yield* told()
}

/** Undefined: the ledger says so already. */
interface One {
  readonly entry: LedgerEntry | undefined
  readonly applied: Applied
}
const isOld = ({ state, known }: StockRow, outcome: Applied['outcome'], notes: LedgerEntry['notes']): boolean =>
  state === 'same' &&
  known?.state === 'applied' &&
  known.notes['begun'] === undefined &&
  ((outcome === 'unchanged' && JSON.stringify(known.notes['expect']) === JSON.stringify(notes['expect'])) ||
    (outcome === 'failed' && known.notes['failed'] === true))
