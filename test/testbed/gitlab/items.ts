import { DatabaseSync } from 'node:sqlite'

export type ItemKind = 'issue' | 'merge_request'
export interface AwardRow {
  readonly id: number
  readonly name: string
  readonly user_id: number
  readonly created_at: string
  readonly updated_at: string
}
export interface ResourceEventRow {
  readonly id: number
  readonly user_id: number
  readonly created_at: string
  readonly action: string
  readonly label_id: number | null
  readonly milestone_id: number | null
}
/** An issue or a merge request. What only the one kind has is empty at the other. */
export interface ItemRow {
  readonly id: number
  readonly project_id: number
  readonly kind: ItemKind
  readonly iid: number
  title: string
  description: string | null
  state: 'opened' | 'closed' | 'merged' | 'locked'
  author_id: number
  created_at: string
  updated_at: string
  closed_at: string | null
  closed_by_id: number | null
  label_ids: number[]
  milestone_id: number | null
  assignee_ids: number[]
  confidential: boolean
  discussion_locked: boolean | null
  due_date: string | null
  issue_type: string
  awards: AwardRow[]
  label_events: ResourceEventRow[]
  milestone_events: ResourceEventRow[]
  state_events: ResourceEventRow[]
  imported: boolean
  source_branch: string
  target_branch: string
  source_project_id: number | null
  draft: boolean
  merge_commit_sha: string | null
  squash_commit_sha: string | null
  merged_by_id: number | null
  merged_at: string | null
  reviewers: { readonly user_id: number; readonly state: string; readonly created_at: string }[]
  approvals: { readonly user_id: number; readonly created_at: string }[]
}
export interface Position {
  readonly position_type: string
  readonly base_sha: string
  readonly start_sha: string
  readonly head_sha: string
  readonly old_path: string | null
  readonly new_path: string | null
  readonly old_line: number | null
  readonly new_line: number | null
  readonly line_range: unknown
}
export interface NoteRow {
  readonly id: number
  readonly project_id: number
  readonly kind: ItemKind
  readonly iid: number
  readonly discussion_id: string
  readonly type: 'DiscussionNote' | 'DiffNote' | 'LegacyDiffNote' | null
  body: string
  readonly author_id: number
  readonly created_at: string
  updated_at: string
  readonly system: boolean
  readonly confidential: boolean
  readonly line_code: string | null
  readonly position: Position | null
  resolved_at: string | null
  resolved_by_id: number | null
  awards: AwardRow[]
  readonly imported: boolean
}
export interface DiffFile {
  readonly old_path: string
  readonly new_path: string
  readonly a_mode: string
  readonly b_mode: string
  readonly new_file: boolean
  readonly renamed_file: boolean
  readonly deleted_file: boolean
  readonly too_large: boolean
  readonly diff: string
}
export interface DiffCommit {
  readonly sha: string
  readonly message: string
  readonly author_name: string
  readonly author_email: string
  readonly authored_date: string
  readonly committer_name: string
  readonly committer_email: string
  readonly committed_date: string
}
export interface DiffRow {
  readonly id: number
  readonly base_commit_sha: string
  readonly start_commit_sha: string
  readonly head_commit_sha: string
  readonly state: string
  readonly real_size: string
  readonly created_at: string
  readonly commits: readonly DiffCommit[]
  readonly files: readonly DiffFile[]
}
export interface ItemQuery {
  readonly states?: readonly string[]
  readonly iids?: readonly number[]
  readonly updatedAfter?: string
  readonly orderBy: 'created' | 'updated'
  readonly descending: boolean
}

const parsed = <T>(row: Record<string, unknown> | undefined): T | undefined =>
  row === undefined ? undefined : (JSON.parse(String(row['body'])) as T)

/** What grows with a project's history. On disk: 50,000 merge requests with their diffs do not fit a test's memory. */
export class Items implements Disposable {
  readonly #db: DatabaseSync
  constructor(path: string) {
    this.#db = new DatabaseSync(path)
    this.#db.exec(`PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;
      CREATE TABLE items (id INTEGER, project INTEGER, kind TEXT, iid INTEGER, state TEXT, created TEXT, updated TEXT, body TEXT,
        PRIMARY KEY (kind, id), UNIQUE (project, kind, iid));
      CREATE TABLE notes (id INTEGER PRIMARY KEY, project INTEGER, kind TEXT, iid INTEGER, body TEXT);
      CREATE INDEX notes_of ON notes (project, kind, iid, id);
      CREATE TABLE diffs (project INTEGER, iid INTEGER, body TEXT, PRIMARY KEY (project, iid));`)
  }
  [Symbol.dispose](): void {
    this.#db.close()
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
    return this.#db.prepare('SELECT 1 FROM items WHERE project = ? AND kind = ? AND iid = ?').get(project, kind, iid) !== undefined
  }
  find(project: number, kind: ItemKind, iid: number): ItemRow | undefined {
    return parsed(this.#db.prepare('SELECT body FROM items WHERE project = ? AND kind = ? AND iid = ?').get(project, kind, iid))
  }
  save(item: ItemRow): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO items (id, project, kind, iid, state, created, updated, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
      .run(item.id, item.project_id, item.kind, item.iid, item.state, item.created_at, item.updated_at, JSON.stringify(item))
  }
  remove(item: ItemRow): void {
    this.#db.prepare('DELETE FROM items WHERE kind = ? AND id = ?').run(item.kind, item.id)
    this.#db.prepare('DELETE FROM notes WHERE project = ? AND kind = ? AND iid = ?').run(item.project_id, item.kind, item.iid)
  }
  count(project: number, kind: ItemKind, query?: ItemQuery): number {
    const { where, values } = conditions(project, kind, query)
    return Number(this.#db.prepare(`SELECT count(*) AS n FROM items WHERE ${where}`).get(...values)?.['n'] ?? 0)
  }
  list(project: number, kind: ItemKind, query: ItemQuery, limit: number, offset: number): ItemRow[] {
    const { where, values } = conditions(project, kind, query)
    const order = `${query.orderBy} ${query.descending ? 'DESC' : 'ASC'}, id ${query.descending ? 'DESC' : 'ASC'}`
    const rows = this.#db.prepare(`SELECT body FROM items WHERE ${where} ORDER BY ${order} LIMIT ? OFFSET ?`).all(...values, limit, offset)
    return rows.flatMap((row) => parsed<ItemRow>(row) ?? [])
  }
  *each(project: number, kind: ItemKind): Generator<ItemRow> {
    for (const row of this.#db.prepare('SELECT body FROM items WHERE project = ? AND kind = ? ORDER BY iid').iterate(project, kind)) {
      const item = parsed<ItemRow>(row)
      if (item !== undefined) yield item
    }
  }

  saveNote(note: NoteRow): void {
    this.#db
      .prepare('INSERT OR REPLACE INTO notes (id, project, kind, iid, body) VALUES (?, ?, ?, ?, ?)')
      .run(note.id, note.project_id, note.kind, note.iid, JSON.stringify(note))
  }
  note(id: number): NoteRow | undefined {
    return parsed(this.#db.prepare('SELECT body FROM notes WHERE id = ?').get(id))
  }
  removeNote(id: number): void {
    this.#db.prepare('DELETE FROM notes WHERE id = ?').run(id)
  }
  notes(project: number, kind: ItemKind, iid: number): NoteRow[] {
    const rows = this.#db.prepare('SELECT body FROM notes WHERE project = ? AND kind = ? AND iid = ? ORDER BY id').all(project, kind, iid)
    return rows.flatMap((row) => parsed<NoteRow>(row) ?? [])
  }
  countNotes(project: number, kind: ItemKind, iid: number): number {
    return this.notes(project, kind, iid).filter((note) => !note.system).length
  }

  saveDiff(project: number, iid: number, diff: DiffRow): void {
    this.#db.prepare('INSERT OR REPLACE INTO diffs (project, iid, body) VALUES (?, ?, ?)').run(project, iid, JSON.stringify(diff))
  }
  diff(project: number, iid: number): DiffRow | undefined {
    return parsed(this.#db.prepare('SELECT body FROM diffs WHERE project = ? AND iid = ?').get(project, iid))
  }
  forget(project: number): void {
    for (const table of ['items', 'notes', 'diffs']) this.#db.prepare(`DELETE FROM ${table} WHERE project = ?`).run(project)
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
