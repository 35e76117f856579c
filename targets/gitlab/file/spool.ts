import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { openDatabase } from '../../../src/queue/sqlite.ts'
import type { BlobRef } from '../../../src/contract/item.ts'
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
CREATE TABLE person (project TEXT NOT NULL, login TEXT NOT NULL, username TEXT, PRIMARY KEY (project, login)) WITHOUT ROWID;
CREATE TABLE upload (project TEXT NOT NULL, path TEXT NOT NULL, blob TEXT NOT NULL, PRIMARY KEY (project, path)) WITHOUT ROWID;`

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
  readonly #upload: StatementSync
  readonly #people = new Set<string>()
  #open = 0
  constructor(path: string) {
    this.#db = openDatabase(path, 'normal', [schema])
    this.#db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -8000; PRAGMA temp_store = FILE')
    this.#insert = this.#db.prepare('INSERT OR REPLACE INTO op (project, part, place, at, key, json) VALUES (?, ?, ?, ?, ?, ?)')
    this.#person = this.#db.prepare('INSERT OR IGNORE INTO person (project, login, username) VALUES (?, ?, ?)')
    this.#upload = this.#db.prepare('INSERT OR IGNORE INTO upload (project, path, blob) VALUES (?, ?, ?)')
  }
  /** Users and groups belong to no project and are not taken. */
  add(op: GitlabOperation): void {
    const row = rowOf(op)
    if (row === undefined) return
    if (this.#open === 0) this.#db.exec('BEGIN')
    this.#insert.run(row.project, row.part, row.place, row.at, op.key, JSON.stringify(op))
    for (const who of peopleOf(op)) this.#name(row.project, who)
    if ('uploads' in op)
      for (const { secret, name, blob } of op.uploads) this.#upload.run(row.project, `${secret}/${name}`, JSON.stringify(blob))
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
  /** Files of texts by their path below `uploads/`, sorted, each once. */
  *uploads(project: string): Generator<{ readonly path: string; readonly blob: BlobRef }> {
    this.flush()
    for (const row of this.#db.prepare('SELECT path, blob FROM upload WHERE project = ? ORDER BY path').iterate(project))
      yield { path: String(row['path']), blob: JSON.parse(String(row['blob'])) as BlobRef }
  }
  /** What hangs on an issue or merge request that is not there. */
  *orphans(project: string, part: 'on-issue' | 'on-merge-request'): Generator<GitlabOperation> {
    const whole = part === 'on-issue' ? 'issue' : 'merge-request'
    yield* this.#read<GitlabOperation>(
      'SELECT json FROM op WHERE project = ?1 AND part = ?2 AND place NOT IN (SELECT place FROM op WHERE project = ?1 AND part = ?3) ORDER BY place, at, key',
      project,
      part,
      whole,
    )
  }
  /** The greatest number in a part; 0 if there is none. */
  greatest(project: string, part: Part): number {
    this.flush()
    return Number(this.#db.prepare('SELECT max(place) AS most FROM op WHERE project = ? AND part = ?').get(project, part)?.['most'] ?? 0)
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
