import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { openDatabase } from '../../../src/queue/sqlite.ts'
import type { GitlabOperation, ProjectOperation, Who } from '../operations.ts'
import { peopleOf } from './people-of.ts'
import { rowOf } from './rows.ts'

const schema = `
CREATE TABLE op (
  project TEXT NOT NULL,
  part TEXT NOT NULL,
  place INTEGER NOT NULL,
  at TEXT NOT NULL,
  key TEXT NOT NULL,
  json TEXT NOT NULL,
  PRIMARY KEY (project, part, place, at, key)
) WITHOUT ROWID;
CREATE TABLE person (project TEXT NOT NULL, login TEXT NOT NULL, username TEXT, PRIMARY KEY (project, login)) WITHOUT ROWID;`

/** How many rows are written in one transaction. */
const BATCH = 5_000

/**
 * Operations kept in SQLite until the project they belong to is composed: sorted so that what hangs on an issue or merge request is found with
 * it. Holds what the archive holds, in clear: it belongs into the run's own directory and is removed with it.
 */
export class ProjectSpool implements Disposable {
  readonly #db: DatabaseSync
  readonly #insert: StatementSync
  readonly #person: StatementSync
  readonly #people = new Set<string>()
  #open = 0
  constructor(path: string) {
    this.#db = openDatabase(path, 'normal', [schema])
    this.#db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = FILE')
    this.#insert = this.#db.prepare('INSERT OR REPLACE INTO op (project, part, place, at, key, json) VALUES (?, ?, ?, ?, ?, ?)')
    this.#person = this.#db.prepare('INSERT OR IGNORE INTO person (project, login, username) VALUES (?, ?, ?)')
  }
  /** Users and groups belong to no project and are not taken. */
  add(op: GitlabOperation): void {
    const row = rowOf(op)
    if (row === undefined) return
    if (this.#open === 0) this.#db.exec('BEGIN')
    this.#insert.run(row.project, row.part, row.place, row.at, op.key, JSON.stringify(op))
    for (const who of peopleOf(op)) this.#name(row.project, who)
    if (++this.#open >= BATCH) this.flush()
  }
  flush(): void {
    if (this.#open > 0) this.#db.exec('COMMIT')
    this.#open = 0
  }
  *projects(): Generator<ProjectOperation> {
    yield* this.#read<ProjectOperation>('SELECT json FROM op WHERE part = ? ORDER BY project', 'project')
  }
  /** Everybody who did something in this project, by login. */
  people(project: string): readonly Who[] {
    this.flush()
    const rows = this.#db.prepare('SELECT login, username FROM person WHERE project = ? ORDER BY login').all(project)
    return rows.map(({ login, username }) => ({ login: String(login), username: username === null ? null : String(username) }))
  }
  /** All operations of one part of a project, in the order of their place, time and key. */
  *part<Op extends GitlabOperation>(project: string, part: Part): Generator<Op> {
    yield* this.#read<Op>('SELECT json FROM op WHERE project = ? AND part = ? ORDER BY place, at, key', project, part)
  }
  /** Those that stand at one place: what hangs on an issue or merge request, by its number. */
  *at<Op extends GitlabOperation>(project: string, part: Part, place: number): Generator<Op> {
    yield* this.#read<Op>('SELECT json FROM op WHERE project = ? AND part = ? AND place = ? ORDER BY at, key', project, part, place)
  }
  *#read<Op>(sql: string, ...values: (string | number)[]): Generator<Op> {
    this.flush()
    for (const row of this.#db.prepare(sql).iterate(...values)) yield JSON.parse(String(row['json'])) as Op
  }
  #name(project: string, who: Who): void {
    const key = `${project} ${who.login}`
    if (this.#people.has(key)) return
    if (this.#people.size >= 50_000) this.#people.clear()
    this.#people.add(key)
    this.#person.run(project, who.login, who.username)
  }
  [Symbol.dispose](): void {
    this.flush()
    this.#db.close()
  }
}

/** `on-issue` and `on-merge-request`: notes, threads, verdicts and events, whose place is the number. */
export type Part =
  | 'project'
  | 'lfs'
  | 'label'
  | 'milestone'
  | 'issue'
  | 'merge-request'
  | 'on-issue'
  | 'on-merge-request'
  | 'on-commit'
  | 'release'
  | 'setting'
