import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { DiffRow, DiffSummary, ItemKind, ItemRow, NoteRow } from './item-rows.ts'

export interface ItemQuery {
  readonly states?: readonly string[]
  readonly iids?: readonly number[]
  readonly updatedAfter?: string
  readonly orderBy: 'created' | 'updated'
  readonly descending: boolean
}

const parsed = (row: Record<string, unknown> | undefined): unknown => (row === undefined ? undefined : JSON.parse(String(row['body'])))

/** What grows with a project's history. On disk: 50,000 merge requests with their diffs do not fit a test's memory. */
export class Items implements Disposable {
  readonly #db: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()
  constructor(path: string) {
    this.#db = new DatabaseSync(path)
    this.#db.exec(`PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
      CREATE TABLE items (id INTEGER, project INTEGER, kind TEXT, iid INTEGER, state TEXT, created TEXT, updated TEXT, body TEXT,
        PRIMARY KEY (kind, id), UNIQUE (project, kind, iid));
      CREATE INDEX by_created ON items (project, kind, created, id);
      CREATE INDEX by_updated ON items (project, kind, updated, id);
      CREATE TABLE notes (id INTEGER PRIMARY KEY, project INTEGER, kind TEXT, iid INTEGER, system INTEGER, body TEXT);
      CREATE INDEX notes_of ON notes (project, kind, iid, system, id);
      CREATE TABLE diffs (project INTEGER, iid INTEGER, summary TEXT, body TEXT, PRIMARY KEY (project, iid));`)
  }
  [Symbol.dispose](): void {
    this.#db.close()
  }
  #sql(text: string): StatementSync {
    const known = this.#statements.get(text)
    if (known !== undefined) return known
    const made = this.#db.prepare(text)
    this.#statements.set(text, made)
    return made
  }
  /** All or nothing. */
  transaction<T>(act: () => T): T {
    this.#db.exec('BEGIN')
    try {
      const result = act()
      this.#db.exec('COMMIT')
      return result
    } catch (error) {
      this.#db.exec('ROLLBACK')
      throw error
    }
  }

  has(project: number, kind: ItemKind, iid: number): boolean {
    return this.#sql('SELECT 1 FROM items WHERE project = ? AND kind = ? AND iid = ?').get(project, kind, iid) !== undefined
  }
  find(project: number, kind: ItemKind, iid: number): ItemRow | undefined {
    const row = this.#sql('SELECT body FROM items WHERE project = ? AND kind = ? AND iid = ?').get(project, kind, iid)
    return parsed(row) as ItemRow | undefined
  }
  save(item: ItemRow): void {
    this.#sql('INSERT OR REPLACE INTO items (id, project, kind, iid, state, created, updated, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
      item.id,
      item.project_id,
      item.kind,
      item.iid,
      item.state,
      item.created_at,
      item.updated_at,
      JSON.stringify(item),
    )
  }
  remove(item: ItemRow): void {
    this.#sql('DELETE FROM items WHERE kind = ? AND id = ?').run(item.kind, item.id)
    this.#sql('DELETE FROM notes WHERE project = ? AND kind = ? AND iid = ?').run(item.project_id, item.kind, item.iid)
  }
  count(project: number, kind: ItemKind, query?: ItemQuery): number {
    const { where, values } = conditions(project, kind, query)
    return Number(this.#sql(`SELECT count(*) AS n FROM items WHERE ${where}`).get(...values)?.['n'] ?? 0)
  }
  list(project: number, kind: ItemKind, query: ItemQuery, limit: number, offset: number): ItemRow[] {
    const { where, values } = conditions(project, kind, query)
    const order = `${query.orderBy} ${query.descending ? 'DESC' : 'ASC'}, id ${query.descending ? 'DESC' : 'ASC'}`
    const rows = this.#sql(`SELECT body FROM items WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`).all(...values, limit, offset)
    return rows.map((row) => parsed(row) as ItemRow)
  }
  *each(project: number, kind: ItemKind): Generator<ItemRow> {
    // A statement of its own: somebody else may list at the same time.
    const all = this.#db.prepare('SELECT body FROM items WHERE project = ? AND kind = ? ORDER BY iid')
    for (const row of all.iterate(project, kind)) yield parsed(row) as ItemRow
  }

  saveNote(note: NoteRow): void {
    this.#sql('INSERT OR REPLACE INTO notes (id, project, kind, iid, system, body) VALUES (?, ?, ?, ?, ?, ?)').run(
      note.id,
      note.project_id,
      note.kind,
      note.iid,
      note.system ? 1 : 0,
      JSON.stringify(note),
    )
  }
  note(id: number): NoteRow | undefined {
    return parsed(this.#sql('SELECT body FROM notes WHERE id = ?').get(id)) as NoteRow | undefined
  }
  removeNote(id: number): void {
    this.#sql('DELETE FROM notes WHERE id = ?').run(id)
  }
  notes(project: number, kind: ItemKind, iid: number): NoteRow[] {
    const rows = this.#sql('SELECT body FROM notes WHERE project = ? AND kind = ? AND iid = ? ORDER BY id').all(project, kind, iid)
    return rows.map((row) => parsed(row) as NoteRow)
  }
  countNotes(project: number, kind: ItemKind, iid: number): number {
    const row = this.#sql('SELECT count(*) AS n FROM notes WHERE project = ? AND kind = ? AND iid = ? AND system = 0').get(
      project,
      kind,
      iid,
    )
    return Number(row?.['n'] ?? 0)
  }

  saveDiff(project: number, iid: number, diff: DiffRow): void {
    const { base_commit_sha, start_commit_sha, head_commit_sha, real_size } = diff
    const summary = JSON.stringify({ base_commit_sha, start_commit_sha, head_commit_sha, real_size } satisfies DiffSummary)
    this.#sql('INSERT OR REPLACE INTO diffs (project, iid, summary, body) VALUES (?, ?, ?, ?)').run(
      project,
      iid,
      summary,
      JSON.stringify(diff),
    )
  }
  diff(project: number, iid: number): DiffRow | undefined {
    return parsed(this.#sql('SELECT body FROM diffs WHERE project = ? AND iid = ?').get(project, iid)) as DiffRow | undefined
  }
  diffSummary(project: number, iid: number): DiffSummary | undefined {
    return parsed(this.#sql('SELECT summary AS body FROM diffs WHERE project = ? AND iid = ?').get(project, iid)) as DiffSummary | undefined
  }
  forget(project: number): void {
    for (const table of ['items', 'notes', 'diffs']) this.#sql(`DELETE FROM ${table} WHERE project = ?`).run(project)
  }
}

function conditions(project: number, kind: ItemKind, query?: ItemQuery): { where: string; values: (string | number)[] } {
  const parts = ['project = ?', 'kind = ?']
  const values: (string | number)[] = [project, kind]
  const among = (column: string, list: readonly (string | number)[] | undefined): void => {
    if (list === undefined) return
    parts.push(`${column} IN (${list.map(() => '?').join(', ')})`)
    values.push(...list)
  }
  among('state', query?.states)
  among('iid', query?.iids)
  if (query?.updatedAfter !== undefined) {
    parts.push('updated > ?')
    values.push(query.updatedAfter)
  }
  return { where: parts.join(' AND '), values }
}
