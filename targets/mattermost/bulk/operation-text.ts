import type { MattermostOperation, PostOperation } from '../map/operations.ts'
import { type Group, Groups, type PostRow, postOf, rowOf } from './post-row.ts'

/*
 * Operations on their way to another thread: JSON, because that is made and read ten times faster than the copy a message port makes of objects.
 */

interface Batch {
  readonly groups: readonly Group[]
  readonly ops: readonly (PostRow | Exclude<MattermostOperation, PostOperation>)[]
}

/** Characters of a batch, about: large enough to be worth its way, small enough to be young garbage. */
const ENOUGH = 40 * 1024
/** What a post takes beside its message. */
const FRAME = 200

/** Gathers operations until there are enough of them to be sent. */
export class OperationBatch {
  #groups = new Groups()
  #ops: Batch['ops'][number][] = []
  #size = 0
  get enough(): boolean {
    return this.#size >= ENOUGH
  }
  add(op: MattermostOperation): void {
    if (op.type !== 'post') {
      this.#ops.push(op)
      this.#size += FRAME
      return
    }
    this.#ops.push(rowOf(op, this.#groups.of(op)))
    this.#size += op.message.length + FRAME
  }
  /** All that was added since the last time. */
  take(): string {
    const text = JSON.stringify({ groups: this.#groups.all, ops: this.#ops } satisfies Batch)
    this.#groups = new Groups()
    this.#ops = []
    this.#size = 0
    return text
  }
}

/** The operations of a batch. Posts come without revision and summary: neither stands in an import file. */
export function operationsOf(text: string): readonly MattermostOperation[] {
  const { groups, ops } = JSON.parse(text) as Batch
  return ops.map((op) => (isRow(op) ? postOf(op, groups) : op))
}
const isRow = (op: Batch['ops'][number]): op is PostRow => Array.isArray(op)
