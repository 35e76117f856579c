import { rmSync } from 'node:fs'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import { idempotencyKey } from '../../../src/contract/ids.ts'
import type { LedgerEntry } from '../../../src/contract/target.ts'
import { type PostOperation, orderOf } from '../map/operations.ts'
import { Groups, type PostRow, postOf, rowOf } from './post-row.ts'
import { type Pending, type Thread, standInFor, timeOf } from './threads.ts'

/** So many posts are handed on at a time; a thread is never cut. */
const BATCH = 1000

/*
 * `thread`: key of the root. `head`: 1 for roots and those that stand in for them. `own`: the time at the source. `at`: the time a post gets,
 * null until it has one.
 * What is lost in a crash is made again by the next run, so nothing is synced.
 */
const schema = `
  PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -2048; PRAGMA temp_store = FILE;
  CREATE TABLE post(n INTEGER PRIMARY KEY, ord TEXT NOT NULL, key TEXT NOT NULL, thread TEXT NOT NULL, head INTEGER NOT NULL,
    standin INTEGER NOT NULL, own INTEGER NOT NULL, at INTEGER, state TEXT NOT NULL, known TEXT, revision TEXT NOT NULL, summary TEXT NOT NULL,
    row TEXT NOT NULL);
  CREATE INDEX post_ord ON post(ord, n);
  CREATE UNIQUE INDEX post_head ON post(thread) WHERE head = 1;
  CREATE TABLE taken(at INTEGER PRIMARY KEY);
  BEGIN`

type Row = Readonly<Record<string, SQLOutputValue>>

/** The posts of a place that are too many for memory, in a SQLite file for as long as they are composed. Says what `assemble` says. */
export class LargePlace implements Disposable {
  readonly #path: string
  readonly #db: DatabaseSync
  readonly #groups = new Groups()
  readonly #sql
  constructor(path: string) {
    this.#path = path
    this.#db = new DatabaseSync(path)
    this.#db.exec(schema)
    const prepare = (sql: string) => this.#db.prepare(sql)
    this.#sql = {
      add: prepare(
        'INSERT OR REPLACE INTO post(ord, key, thread, head, standin, own, at, state, known, revision, summary, row) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      ),
      adopt: prepare("UPDATE post SET state = 'changed', known = ?, at = ? WHERE key = ? AND standin = 0"),
      all: prepare('SELECT * FROM post ORDER BY n'),
      inOrder: prepare('SELECT n, ord, thread, head, own, at FROM post WHERE standin = 0 AND (ord, n) > (?, ?) ORDER BY ord, n LIMIT 1000'),
      head: prepare('SELECT n FROM post WHERE thread = ? AND head = 1'),
      one: prepare('SELECT * FROM post WHERE n = ?'),
      place: prepare('UPDATE post SET at = ? WHERE n = ?'),
      take: prepare('INSERT OR IGNORE INTO taken VALUES (?)'),
      times: prepare('SELECT own, at FROM post WHERE n = ?'),
      heads: prepare('SELECT n FROM post WHERE head = 1 ORDER BY at, standin, ord, n'),
      replies: prepare('SELECT * FROM post WHERE thread = ? AND head = 0 ORDER BY at, ord, n'),
      remembered: prepare(
        "SELECT known ->> '$.notes.root' AS at FROM post WHERE thread = ? AND head = 0 AND typeof(known ->> '$.notes.root') = 'integer' ORDER BY ord DESC, n DESC LIMIT 1",
      ),
    }
  }

  add({ op, state, known }: Pending): void {
    const at = known === undefined ? null : timeOf(known, op)
    const notes = known === undefined ? null : JSON.stringify(known)
    this.#add(op, orderOf(op), op.root ?? op.key, op.root === null, false, at, state, notes)
  }

  #add(
    op: PostOperation,
    order: string,
    thread: string,
    head: boolean,
    standIn: boolean,
    at: number | null,
    state: string,
    known: string | null,
  ): number | bigint {
    const { key, at: own, revision, summary } = op
    const row = JSON.stringify(rowOf(op, this.#groups.of(op)))
    const flags = [head ? 1 : 0, standIn ? 1 : 0] as const
    return this.#sql.add.run(order, key, thread, ...flags, own, at, state, known, revision, summary, row).lastInsertRowid
  }

  *all(): Generator<Pending> {
    for (const row of this.#sql.all.iterate()) yield this.#pending(row)
  }

  adopt(known: ReadonlyMap<string, LedgerEntry>): void {
    if (known.size > 0) this.#db.exec('CREATE INDEX IF NOT EXISTS post_key ON post(key)')
    for (const [key, entry] of known) this.#sql.adopt.run(JSON.stringify(entry), Number(entry.notes['at']), key)
  }

  /** Threads in order of time, some at a time. `taken` as for `assemble`. */
  *threads(taken: Set<number>): Generator<readonly Thread[]> {
    this.#db.exec('CREATE INDEX post_thread ON post(thread, head)')
    for (const at of taken) this.#sql.take.run(at)
    this.#db.exec('INSERT OR IGNORE INTO taken SELECT at FROM post WHERE at IS NOT NULL')
    this.#placeAll()
    let batch: Thread[] = []
    let posts = 0
    for (const { n } of this.#sql.heads.iterate()) {
      const row = this.#row(Number(n))
      const replies = this.#sql.replies.all(row['thread'] as string).map((reply) => this.#pending(reply))
      batch.push({ root: this.#pending(row), replies, standIn: row['standin'] === 1 })
      posts += replies.length + 1
      if (posts < BATCH) continue
      yield batch
      batch = []
      posts = 0
    }
    if (batch.length > 0) yield batch
  }

  /** The times of all posts here, for a place that more posts may come to. */
  *times(): Generator<number> {
    for (const row of this.#db.prepare('SELECT at FROM taken').iterate()) yield Number(row['at'])
  }

  #placeAll(): void {
    let after: readonly [string, number] = ['', 0]
    for (;;) {
      const rows = this.#sql.inOrder.all(...after)
      for (const row of rows) {
        // A reply that sorts before its root has placed it already, if the root comes later in here.
        if (row['head'] === 1) this.#placeRoot(Number(row['n']))
        else {
          const root = this.#rootOf(String(row['thread']), Number(row['n']))
          this.#place(Number(row['n']), Number(row['own']), row['at'] ?? null, this.#placeRoot(root) + 1)
        }
      }
      const last = rows.at(-1)
      if (last === undefined) return
      after = [String(last['ord']), Number(last['n'])]
    }
  }

  /** The row of a thread's root; made up if the source does not have it. */
  #rootOf(thread: string, reply: number): number {
    const head = this.#sql.head.get(thread)
    if (head !== undefined) return Number(head['n'])
    const at = this.#sql.remembered.get(thread)?.['at']
    const remembered = at === undefined ? undefined : Number(at)
    const { op, state } = standInFor(this.#pending(this.#row(reply)).op, thread, remembered)
    if (remembered !== undefined) this.#sql.take.run(remembered)
    return Number(this.#add(op, '', thread, true, true, remembered ?? null, state, null))
  }

  #placeRoot(n: number): number {
    const row = this.#sql.times.get(n)
    if (row === undefined) throw new Error('a post is lost')
    return this.#place(n, Number(row['own']), row['at'] ?? null, 1)
  }
  /** Gives a post its time, unless it has one. */
  #place(n: number, own: number, has: SQLOutputValue, notBefore: number): number {
    if (has !== null) return Number(has)
    let at = Math.max(own, notBefore)
    while (this.#sql.take.run(at).changes === 0) at++
    this.#sql.place.run(at, n)
    return at
  }

  #row(n: number): Row {
    const row = this.#sql.one.get(n)
    if (row === undefined) throw new Error('a post is lost')
    return row
  }
  #pending(row: Row): Pending {
    const { key, revision, summary, known, state, at, own } = row
    const same = { key: idempotencyKey(String(key)), revision: String(revision), summary: String(summary) }
    const op = postOf(JSON.parse(String(row['row'])) as PostRow, this.#groups.all, same)
    return {
      op,
      state: state as Pending['state'],
      known: typeof known === 'string' ? (JSON.parse(known) as LedgerEntry) : undefined,
      at: Number(at ?? own),
    }
  }

  [Symbol.dispose](): void {
    this.#db.close()
    rmSync(this.#path, { force: true })
  }
}
