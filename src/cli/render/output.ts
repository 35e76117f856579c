import type { EngineEvent } from '../../engine/api.ts'
import type { FailureReport } from '../failure.ts'

/** A line of `--json`: `type` comes first; fields are only ever added. */
export interface Row {
  readonly type: 'check' | 'snapshot' | 'collection' | 'status' | 'backend' | 'conflict' | 'budget' | 'run' | 'summary'
  readonly [field: string]: unknown
}
/** Where a command's results and findings go; the two implementations are lines for people and NDJSON for programs. */
export interface Output extends Disposable {
  event(event: EngineEvent): void
  /** A result: the record for programs, the text (without line end) for people. */
  print(row: Row, text: string): void
  /** Something people should see that is no result: hints, warnings. */
  note(text: string): void
  failure(report: FailureReport): void
  /** Where the run stands, in one line (SIGUSR1, and the state line of an error). */
  position(): string
}
