import type { World } from '../world.ts'
import type { ProjectRow, UserRow } from '../rows.ts'
import type { Members } from './members.ts'

/** One import at work. */
export interface Run {
  readonly world: World
  readonly project: ProjectRow
  readonly importer: UserRow
  /** The unpacked file. */
  readonly directory: string
  readonly members: Members
  /** When the server last started; work of an earlier start is over. */
  readonly start: number
  readonly dropped: (name: string) => void
}
const INVALID = 'ActiveRecord::RecordInvalid'
/** A record that GitLab could not build or save: it goes into `failed_relations`, its neighbours live on. */
export class RecordError extends Error {
  readonly exceptionClass: string
  constructor(message: string, exceptionClass = INVALID) {
    super(message)
    this.exceptionClass = exceptionClass
  }
}
export const crash = (what: string): RecordError => new RecordError(`undefined method for nil: ${what}`, 'NoMethodError')

export function fail(run: Run, relation: string, line: number, error: RecordError, source = 'process_relation_item!'): void {
  run.project.import.failed.push({
    id: run.world.next('import_failure'),
    created_at: run.world.now(),
    exception_class: error.exceptionClass,
    message: error.message,
    source,
    relation_name: relation,
    line_number: line,
  })
}
/**
 * Nested records, each built by `build`. Up to five are saved with the record they belong to, so one that is invalid takes it along; of more
 * than five only the invalid one is lost, and `failed_relations` names it (`relation_object_saver.rb`, read 2026-11-25). What cannot even be built
 * (a crash, a word that no enum has) always takes all along.
 */
export function nestedRecords<T>(run: Run, relation: string, line: number, list: readonly T[], build: (one: T) => void): void {
  for (const one of list)
    try {
      build(one)
    } catch (error) {
      if (!(error instanceof RecordError) || error.exceptionClass !== INVALID || list.length <= 5) throw error
      fail(run, relation, line, error, 'RelationObjectSaver#save!')
    }
}
