import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { Fault } from '../fault.ts'
import type { RefLine } from './refs.ts'

const SCHEMA = 1
/** The first SQLite without the WAL bug that loses acknowledged writes (3.7.0 to 3.51.2). */
const SQLITE = [3, 51, 3] as const

export interface KnownItem {
  readonly ver: string
  readonly kind: string
  readonly part: string
}
export interface KnownBlob {
  readonly sha256: string
  readonly bytes: number
  readonly mediaType: string
}

/** @throws Fault `config` when this Node carries a SQLite that loses data */
export function requireSqlite(version = process.versions['sqlite'] ?? '0'): void {
  const parts = version.split('.').map(Number)
  const at = SQLITE.findIndex((need, index) => (parts[index] ?? 0) !== need)
  if (at >= 0 && (parts[at] ?? 0) < (SQLITE[at] ?? 0))
    throw new Fault({
      code: 'config',
      what: `This Node carries SQLite ${version}`,
      why: 'versions before 3.51.3 can lose acknowledged writes',
      remedy: 'Use Node 24.14 or newer',
    })
}

const bin = (hex: string): Buffer => Buffer.from(hex, 'hex')
const hex = (value: unknown): string =>
  value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex') : ''
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number => (typeof value === 'number' ? value : 0)

/**
 * What one writer knows of its own lane: a cache in SQLite, rebuilt from refs and index whenever it is missing, behind or damaged.
 * Keyed hashes, hashes of bytes, numbers; no name, path or text. Synchronous; one writer at a time (the lane's lock sees to it).
 */
export class Catalog implements Disposable {
  readonly #db: DatabaseSync
  readonly #prepared: Record<keyof typeof SQL, StatementSync>
  readonly #collections = new Map<string, { readonly id: number; title: string }>()
  #open = false
  private constructor(db: DatabaseSync) {
    this.#db = db
    const prepare = (sql: string): StatementSync => db.prepare(sql)
    this.#prepared = {
      item: prepare(SQL.item),
      putItem: prepare(SQL.putItem),
      delItem: prepare(SQL.delItem),
      seen: prepare(SQL.seen),
      unseen: prepare(SQL.unseen),
      lossesOf: prepare(SQL.lossesOf),
      blob: prepare(SQL.blob),
      putBlob: prepare(SQL.putBlob),
      named: prepare(SQL.named),
      putNamed: prepare(SQL.putNamed),
      putColl: prepare(SQL.putColl),
      meta: prepare(SQL.meta),
      putMeta: prepare(SQL.putMeta),
      counts: prepare(SQL.counts),
    }
    for (const row of db.prepare('SELECT id, c, title FROM coll').all())
      this.#collections.set(hex(row['c']), { id: number(row['id']), title: hex(row['title']) })
  }
  /** Opens or creates; a file that is damaged or of another shape is thrown away first. */
  static open(path: string): Catalog {
    requireSqlite()
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    try {
      return new Catalog(connect(path))
    } catch {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
      return new Catalog(connect(path))
    }
  }
  [Symbol.dispose](): void {
    this.rollback()
    this.#db.close()
  }

  begin(): void {
    if (!this.#open) this.#db.exec('BEGIN IMMEDIATE')
    this.#open = true
  }
  commit(): void {
    if (this.#open) this.#db.exec('COMMIT')
    this.#open = false
  }
  rollback(): void {
    if (this.#open) this.#db.exec('ROLLBACK')
    this.#open = false
  }
  clear(): void {
    this.#db.exec('DELETE FROM item; DELETE FROM coll; DELETE FROM blob; DELETE FROM named; DELETE FROM meta')
    this.#collections.clear()
  }
  meta(key: string): string | undefined {
    const row = this.#prepared.meta.get(key)
    return row === undefined ? undefined : text(row['v'])
  }
  setMeta(key: string, value: string): void {
    this.#prepared.putMeta.run(key, value)
  }

  title(c: string): string | undefined {
    return this.#collections.get(c)?.title
  }
  setTitle(c: string, title: string): void {
    const { lastInsertRowid } = this.#prepared.putColl.run(bin(c), bin(title))
    const known = this.#collections.get(c)
    if (known === undefined) this.#collections.set(c, { id: Number(lastInsertRowid), title })
    else known.title = title
  }
  item(c: string, ref: string): KnownItem | undefined {
    const row = this.#prepared.item.get(this.#id(c), bin(ref))
    return row === undefined ? undefined : { ver: hex(row['ver']), kind: text(row['kind']), part: hex(row['part']) }
  }
  /** `of`: for a loss, the item it is about. */
  putItem(c: string, ref: string, item: KnownItem, seen: number, of: string | undefined): void {
    this.#prepared.putItem.run(this.#id(c), bin(ref), bin(item.ver), item.kind, bin(item.part), seen, of === undefined ? null : bin(of))
  }
  delItem(c: string, ref: string): void {
    this.#prepared.delItem.run(this.#id(c), bin(ref))
  }
  markSeen(c: string, ref: string, generation: number): void {
    this.#prepared.seen.run(generation, this.#id(c), bin(ref))
  }
  /** Up to a thousand items of a collection that were not seen in this generation. */
  unseen(c: string, generation: number): readonly (KnownItem & { readonly ref: string })[] {
    const rows = this.#prepared.unseen.all(this.#id(c), generation)
    return rows.map((row) => ({ ref: hex(row['ref']), ver: hex(row['ver']), kind: text(row['kind']), part: hex(row['part']) }))
  }
  /** `seen`: the generation in which it was last said. */
  lossesOf(c: string, item: string): readonly (KnownItem & { readonly ref: string; readonly seen: number })[] {
    const rows = this.#prepared.lossesOf.all(this.#id(c), bin(item))
    return rows.map((row) => ({
      ref: hex(row['ref']),
      ver: hex(row['ver']),
      kind: text(row['kind']),
      part: hex(row['part']),
      seen: number(row['seen']),
    }))
  }
  counts(): Record<string, number> {
    return Object.fromEntries(this.#prepared.counts.all().map((row) => [text(row['kind']), number(row['n'])]))
  }

  blobBytes(sha256: string): number | undefined {
    const row = this.#prepared.blob.get(bin(sha256))
    return row === undefined ? undefined : number(row['n'])
  }
  putBlob(sha256: string, bytes: number): void {
    this.#prepared.putBlob.run(bin(sha256), bytes)
  }
  named(key: string): KnownBlob | undefined {
    const row = this.#prepared.named.get(bin(key))
    return row === undefined ? undefined : { sha256: hex(row['h']), bytes: number(row['n']), mediaType: text(row['t']) }
  }
  putNamed(key: string, blob: KnownBlob): void {
    this.#prepared.putNamed.run(bin(key), bin(blob.sha256), blob.bytes, blob.mediaType)
  }
  /** One line of refs, as it was when it was written. */
  apply(line: RefLine): void {
    switch (line.o) {
      case 'put':
        return this.putItem(line.c, line.id, { ver: line.ver, kind: line.k, part: line.p }, 0, line.i)
      case 'del':
        return this.delItem(line.c, line.id)
      case 'blob':
        return this.putNamed(line.b, { sha256: line.h, bytes: line.n, mediaType: line.t })
      case 'col':
        return this.setTitle(line.c, line.t)
      case 'entry':
        return undefined
    }
  }
  #id(c: string): number {
    return this.#collections.get(c)?.id ?? -1
  }
}

const SQL = {
  item: 'SELECT ver, kind, part FROM item WHERE coll = ? AND ref = ?',
  putItem: 'INSERT OR REPLACE INTO item (coll, ref, ver, kind, part, seen, of) VALUES (?, ?, ?, ?, ?, ?, ?)',
  delItem: 'DELETE FROM item WHERE coll = ? AND ref = ?',
  seen: 'UPDATE item SET seen = ? WHERE coll = ? AND ref = ?',
  unseen: 'SELECT ref, ver, kind, part FROM item WHERE coll = ? AND seen <> ? LIMIT 1000',
  lossesOf: 'SELECT ref, ver, kind, part, seen FROM item WHERE of IS NOT NULL AND coll = ? AND of = ?',
  blob: 'SELECT n FROM blob WHERE h = ?',
  putBlob: 'INSERT OR IGNORE INTO blob (h, n) VALUES (?, ?)',
  named: 'SELECT h, n, t FROM named WHERE b = ?',
  putNamed: 'INSERT OR REPLACE INTO named (b, h, n, t) VALUES (?, ?, ?, ?)',
  putColl: 'INSERT INTO coll (c, title) VALUES (?, ?) ON CONFLICT (c) DO UPDATE SET title = excluded.title',
  meta: 'SELECT v FROM meta WHERE k = ?',
  putMeta: 'INSERT OR REPLACE INTO meta (k, v) VALUES (?, ?)',
  counts: 'SELECT kind, count(*) AS n FROM item GROUP BY kind',
} as const

function connect(path: string): DatabaseSync {
  const db = new DatabaseSync(path)
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 10000; PRAGMA cache_size = -16384')
    const version = number(db.prepare('PRAGMA user_version').get()?.['user_version'])
    const sound = text(db.prepare('PRAGMA quick_check(1)').get()?.['quick_check']) === 'ok'
    if (!sound || (version !== 0 && version !== SCHEMA))
      throw new Fault({ code: 'corrupt', what: 'The catalog is damaged or of another version' })
    db.exec(`
      CREATE TABLE IF NOT EXISTS meta (k TEXT PRIMARY KEY, v TEXT NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS coll (id INTEGER PRIMARY KEY, c BLOB NOT NULL UNIQUE, title BLOB NOT NULL);
      CREATE TABLE IF NOT EXISTS item (coll INTEGER, ref BLOB, ver BLOB NOT NULL, kind TEXT NOT NULL, part BLOB NOT NULL, seen INTEGER NOT NULL, of BLOB, PRIMARY KEY (coll, ref)) WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS item_of ON item (coll, of) WHERE of IS NOT NULL;
      CREATE TABLE IF NOT EXISTS blob (h BLOB PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS named (b BLOB PRIMARY KEY, h BLOB NOT NULL, n INTEGER NOT NULL, t TEXT NOT NULL) WITHOUT ROWID;
      PRAGMA user_version = ${SCHEMA}`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
