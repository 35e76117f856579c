import type { FilePeople } from '../../file/people.ts'
import type { GitlabOperation, ProjectOperation } from '../../operations.ts'
import { recall, recalledLosses } from '../memory.ts'
import { milestoneOf } from '../settle.ts'
import type { Result, StockRow } from '../stock.ts'
import type { Work } from '../work.ts'

/** Bringing one standing project up to date. */
export interface Delta {
  readonly work: Work
  readonly project: ProjectOperation
  readonly id: number
  readonly people: FilePeople
  /** Titles of milestones by number. */
  readonly titles: ReadonlyMap<number, string>
  /** An empty directory of this project. */
  readonly workDir: string
}

/** Whether an operation is to be done: the ledger does not say that it has been, as it is now. */
export const isPending = ({ state, known }: StockRow): boolean => state !== 'same' || known?.state !== 'applied'

/** What an operation came to in an earlier run, kept as it is. */
export function keepAsItIs({ work, titles }: Pick<Delta, 'work' | 'titles'>, op: GitlabOperation, more: Result['expect'] = {}): void {
  const { known } = work.stock.of(op.key)
  if (known === undefined) return
  const failed = known.notes['failed'] === true
  const expect = failed ? {} : { ...recall(op, milestoneOf(op, titles), known), ...more }
  work.stock.keep({ key: op.key, outcome: failed ? 'failed' : 'unchanged', remote: known.remote, expect, losses: recalledLosses(known) })
}
