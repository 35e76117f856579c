import type { DatabaseSync } from 'node:sqlite'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { CollectionId, IdempotencyKey, ItemId, RemoteId } from '../../../src/contract/ids.ts'
import type { Applied, Fields, LedgerEntry, Stated } from '../../../src/contract/target.ts'
import { openDatabase } from '../../../src/queue/sqlite.ts'
import type { GitlabOperation } from '../operations.ts'

const schema = `
CREATE TABLE op (
  key TEXT PRIMARY KEY, project TEXT NOT NULL, type TEXT NOT NULL, state TEXT NOT NULL,
  item TEXT NOT NULL, collection TEXT NOT NULL, revision TEXT NOT NULL, known TEXT
) WITHOUT ROWID;
CREATE INDEX op_project ON op(project, key);
CREATE TABLE result (
  key TEXT PRIMARY KEY, outcome TEXT NOT NULL, remote TEXT NOT NULL, expect TEXT NOT NULL, losses TEXT NOT NULL, notes TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE line (relation TEXT NOT NULL, number INTEGER NOT NULL, key TEXT NOT NULL, PRIMARY KEY (relation, number)) WITHOUT ROWID;
CREATE TABLE gone (key TEXT PRIMARY KEY, project TEXT NOT NULL, known TEXT NOT NULL) WITHOUT ROWID;`

export interface StockRow {
  readonly key: IdempotencyKey
  readonly project: string
  readonly type: GitlabOperation['type']
  readonly state: 'new' | 'changed' | 'same'
  readonly item: ItemId
  readonly collection: CollectionId
  readonly revision: string
  readonly known: LedgerEntry | undefined
}
export interface Result {
  readonly key: IdempotencyKey
  readonly outcome: Applied['outcome']
  readonly remote: RemoteId
  readonly expect: Fields
  readonly losses: readonly Loss[]
  /** Kept with the operation in the ledger. */
  readonly notes?: LedgerEntry['notes']
}
const BATCH = 5_000

/**
 * What the ledger knows of every operation of this run, and what became of it; on disk, for there may be millions. Belongs into the run's own
 * directory and is removed with it.
 */
export class Stock implements Disposable {
  readonly #db: DatabaseSync
  #open = 0
  constructor(path: string) {
    this.#db = openDatabase(path, 'normal', [schema])
    this.#db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -16000')
    this.#insert = this.#db.prepare('INSERT OR REPLACE INTO op VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
    this.#result = this.#db.prepare('INSERT OR REPLACE INTO result VALUES (?, ?, ?, ?, ?, ?)')
    this.#one = this.#db.prepare('SELECT * FROM op WHERE key = ?')
    this.#line = this.#db.prepare('INSERT OR REPLACE INTO line VALUES (?, ?, ?)')
    this.#found = this.#db.prepare('SELECT * FROM result WHERE key = ?')
  }
  readonly #insert
  readonly #result
  readonly #one
  readonly #line
  readonly #found

  add(stated: Stated<GitlabOperation>): void {
    this.#begin()
    if (stated.state === 'gone') {
      const { known } = stated
      this.#db.prepare('INSERT OR REPLACE INTO gone VALUES (?, ?, ?)').run(known.key, projectOf(known), JSON.stringify(known))
      return
    }
    const { op, state } = stated
    const known = state === 'new' ? null : JSON.stringify(stated.known)
    const project = 'project' in op ? op.project : ''
    this.#insert.run(op.key, project, op.type, state, op.item, op.collection, op.revision, known)
  }
  of(key: IdempotencyKey): StockRow {
    const row = this.#one.get(key)
    if (row === undefined) throw new Error(`${key} is in no stock`)
    return rowOf(row)
  }
  /** How many operations of a project are in each state. */
  counts(project: string): { readonly new: number; readonly changed: number; readonly same: number; readonly gone: number } {
    this.flush()
    const counts = { new: 0, changed: 0, same: 0, gone: 0 }
    for (const row of this.#db.prepare('SELECT state, count(*) AS n FROM op WHERE project = ? GROUP BY state').iterate(project))
      counts[String(row['state']) as 'new' | 'changed' | 'same'] = Number(row['n'])
    counts.gone = Number(this.#db.prepare('SELECT count(*) AS n FROM gone WHERE project = ?').get(project)?.['n'])
    return counts
  }
  *rows(project: string): Generator<StockRow> {
    for (const row of this.#slices('op', project)) yield rowOf(row)
  }
  /** Entries of the ledger whose operation is no more; `project` empty: users and groups. */
  *gone(project: string): Generator<LedgerEntry> {
    for (const row of this.#slices('gone', project)) yield JSON.parse(String(row['known'])) as LedgerEntry
  }
  keep({ key, outcome, remote, expect, losses, notes = {} }: Result): void {
    this.#begin()
    this.#result.run(key, outcome, remote, JSON.stringify(expect), JSON.stringify(losses), JSON.stringify(notes))
  }
  result(key: IdempotencyKey): Result | undefined {
    const row = this.#found.get(key)
    return row === undefined
      ? undefined
      : {
          key,
          outcome: String(row['outcome']) as Result['outcome'],
          remote: String(row['remote']) as RemoteId,
          expect: JSON.parse(String(row['expect'])) as Fields,
          losses: JSON.parse(String(row['losses'])) as Loss[],
          notes: JSON.parse(String(row['notes'])) as LedgerEntry['notes'],
        }
  }
  /** Forgets what an attempt came to, before it is made again. */
  forget(project: string): void {
    this.flush()
    this.#db.prepare('DELETE FROM result WHERE key IN (SELECT key FROM op WHERE project = ?)').run(project)
    this.#db.exec('DELETE FROM line')
  }
  /** Which operation stands in which line of the import file, from 0. */
  line(relation: string, number: number, key: IdempotencyKey): void {
    this.#begin()
    this.#line.run(relation, number, key)
  }
  inLine(relation: string, number: number): IdempotencyKey | undefined {
    const row = this.#db.prepare('SELECT key FROM line WHERE relation = ? AND number = ?').get(relation, number)
    return row === undefined ? undefined : (String(row['key']) as IdempotencyKey)
  }
  flush(): void {
    if (this.#open > 0) this.#db.exec('COMMIT')
    this.#open = 0
  }
  #begin(): void {
    if (this.#open === 0) this.#db.exec('BEGIN')
    if (++this.#open < BATCH) return
    this.flush()
    this.#db.exec('BEGIN')
    this.#open = 1
  }
  /** Read in slices: what is read may be written to meanwhile. */
  *#slices(table: 'op' | 'gone', project: string): Generator<Record<string, unknown>> {
    const slice = this.#db.prepare(`SELECT * FROM ${table} WHERE project = ? AND key > ? ORDER BY key LIMIT 1000`)
    for (let after = ''; ;) {
      const rows = slice.all(project, after)
      yield* rows
      const last = rows.at(-1)
      if (last === undefined || rows.length < 1000) return
      after = String(last['key'])
    }
  }
  [Symbol.dispose](): void {
    this.flush()
    this.#db.close()
  }
}

const projectOf = ({ notes }: LedgerEntry): string => (typeof notes['project'] === 'string' ? notes['project'] : '')
function rowOf(row: Record<string, unknown>): StockRow {
  const known = row['known']
  return {
    key: String(row['key']) as IdempotencyKey,
    project: String(row['project']),
    type: String(row['type']) as StockRow['type'],
    state: String(row['state']) as StockRow['state'],
    item: String(row['item']) as ItemId,
    collection: String(row['collection']) as CollectionId,
    revision: String(row['revision']),
    known: typeof known === 'string' ? (JSON.parse(known) as LedgerEntry) : undefined,
  }
}
