import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import type { JsonObject } from '../../../src/contract/json.ts'
import type { Applied, LedgerEntry } from '../../../src/contract/target.ts'
import { LineSpool } from '../bulk/spool.ts'

/** What will be said of an operation when the import is through, and what the ledger will keep. */
export interface OperationRecord {
  readonly applied: Applied
  /** Undefined: the ledger has it already, or must forget it. */
  readonly entry: LedgerEntry | undefined
}
/** Losses and changes found after composing, by key. */
export type Amendments = ReadonlyMap<
  string,
  { readonly text?: string; readonly losses?: Applied['losses']; readonly notes?: JsonObject; readonly failed?: boolean }
>

/** Everything that is to be said, on disk: a million posts do not fit the memory this is allowed. */
export class Records {
  readonly #path: string
  readonly #spool: LineSpool
  constructor(workDir: string) {
    this.#path = join(workDir, 'records.jsonl')
    this.#spool = new LineSpool(this.#path)
  }
  get count(): number {
    return this.#spool.lines
  }
  add(record: OperationRecord): void {
    this.#spool.add(JSON.stringify(record))
  }
  /** Everything added so far can be read by others afterwards. */
  flush(): void {
    this.#spool.flush()
  }
  /** Those that another thread wrote to this work directory. */
  static async *written(workDir: string): AsyncGenerator<OperationRecord> {
    const records = new Records(workDir)
    if (existsSync(records.#path)) yield* records.#all(new Map())
  }
  async *read(amendments: Amendments): AsyncGenerator<OperationRecord> {
    if (this.#spool.lines === 0) return
    this.flush()
    yield* this.#all(amendments)
  }
  async *#all(amendments: Amendments): AsyncGenerator<OperationRecord> {
    for await (const line of createInterface({ input: createReadStream(this.#path), crlfDelay: Number.POSITIVE_INFINITY })) {
      const record = JSON.parse(line) as OperationRecord
      const amended = amendments.get(record.applied.key)
      if (amended === undefined) {
        yield record
        continue
      }
      const { applied, entry } = record
      yield {
        applied: {
          ...applied,
          outcome: amended.failed === true ? 'failed' : applied.outcome,
          expect: amended.text === undefined ? applied.expect : { ...applied.expect, text: amended.text },
          losses: [...applied.losses, ...(amended.losses ?? [])],
        },
        entry: entry === undefined || amended.notes === undefined ? entry : { ...entry, notes: { ...entry.notes, ...amended.notes } },
      }
    }
  }
}
