import { hash } from 'node:crypto'
import { DatabaseSync, type StatementSync } from 'node:sqlite'

/** Where one entry of a pack was found: hash and number of its bytes, where they begin in the content of the pack, its path below `data/`. */
export interface FoundEntry {
  readonly h: string
  readonly n: number
  readonly at: number
  readonly path: string
}

/**
 * What the packs really hold, to judge by it what the other files say. Lies in a nameless database of SQLite that goes to disk when it
 * grows and is gone when it is closed: hashes and numbers, no path and no text. Memory does not grow with the number of entries.
 */
export class Inventory implements Disposable {
  readonly #db = new DatabaseSync('')
  readonly #packs = new Map<string, number>()
  readonly #compartments = new Map<string, number>()
  readonly #sql: Readonly<Record<'found' | 'frame' | 'wanted' | 'at' | 'path' | 'starts' | 'any' | 'lost', StatementSync>>
  constructor() {
    this.#db.exec(`
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -16384;
      CREATE TABLE found (h BLOB, pack INTEGER, at INTEGER, n INTEGER NOT NULL, path INTEGER NOT NULL, PRIMARY KEY (h, pack, at)) WITHOUT ROWID;
      CREATE TABLE frame (pack INTEGER, start INTEGER, raw INTEGER NOT NULL, PRIMARY KEY (pack, start)) WITHOUT ROWID;
      CREATE TABLE wanted (h BLOB, code TEXT, place TEXT, PRIMARY KEY (h, code, place)) WITHOUT ROWID;
      BEGIN`)
    const prepare = (sql: string): StatementSync => this.#db.prepare(sql)
    this.#sql = {
      found: prepare('INSERT OR IGNORE INTO found (h, pack, at, n, path) VALUES (?, ?, ?, ?, ?)'),
      frame: prepare('INSERT OR IGNORE INTO frame (pack, start, raw) VALUES (?, ?, ?)'),
      wanted: prepare('INSERT OR IGNORE INTO wanted (h, code, place) VALUES (?, ?, ?)'),
      at: prepare('SELECT 1 FROM found WHERE h = ? AND pack = ? AND at = ? AND n = ?'),
      path: prepare('SELECT 1 FROM found WHERE h = ? AND pack = ? AND n = ? AND path = ?'),
      starts: prepare('SELECT raw FROM frame WHERE pack = ? AND start = ?'),
      any: prepare('SELECT 1 FROM found WHERE h = ? LIMIT 1'),
      lost: prepare('SELECT h, code, place FROM wanted WHERE NOT EXISTS (SELECT 1 FROM found WHERE found.h = wanted.h)'),
    }
  }
  entry(compartment: string, pack: string, { h, n, at, path }: FoundEntry): void {
    this.#sql.found.run(this.#key(compartment, h), this.#number(this.#packs, pack), at, n, pathKey(path))
  }
  frame(pack: string, start: number, raw: number): void {
    this.#sql.frame.run(this.#number(this.#packs, pack), start, raw)
  }
  /** Bytes that stand in several entries, one after the other. */
  joined(compartment: string, h: string): void {
    this.#sql.found.run(this.#key(compartment, h), -1, 0, 0, 0)
  }
  /** True if these bytes begin `o` bytes into the frame that begins at `start` of the compressed stream of a pack. */
  hasAt(compartment: string, pack: string, h: string, start: number, o: number, n: number): boolean {
    const number = this.#number(this.#packs, pack)
    const raw = this.#sql.starts.get(number, start)?.['raw']
    return typeof raw === 'number' && this.#sql.at.get(this.#key(compartment, h), number, raw + o, n) !== undefined
  }
  hasPath(compartment: string, pack: string, h: string, n: number, path: string): boolean {
    return this.#sql.path.get(this.#key(compartment, h), this.#number(this.#packs, pack), n, pathKey(path)) !== undefined
  }
  has(compartment: string, h: string): boolean {
    return this.#sql.any.get(this.#key(compartment, h)) !== undefined
  }
  /** Somebody names these bytes: they must be found by the end, in whatever commit. `place` says who, without content. */
  want(compartment: string, h: string, code: string, place: string): void {
    if (!this.has(compartment, h)) this.#sql.wanted.run(this.#key(compartment, h), code, place)
  }
  /** What was wanted and never found. */
  *lost(): Generator<{ readonly h: string; readonly code: string; readonly place: string }> {
    for (const row of this.#sql.lost.iterate())
      yield {
        h: row['h'] instanceof Uint8Array ? Buffer.from(row['h']).toString('hex', 1) : '',
        code: String(row['code']),
        place: String(row['place']),
      }
  }
  [Symbol.dispose](): void {
    this.#db.close()
  }

  #key(compartment: string, h: string): Buffer {
    const key = Buffer.allocUnsafe(1 + (h.length >>> 1))
    key[0] = this.#number(this.#compartments, compartment) & 0xff
    key.write(h, 1, 'hex')
    return key
  }
  #number(of: Map<string, number>, name: string): number {
    const known = of.get(name)
    if (known !== undefined) return known
    of.set(name, of.size)
    return of.size - 1
  }
}

/** 48 bits of a hash: enough to tell a wrong path from the right one. */
const pathKey = (path: string): number => Number.parseInt(hash('sha256', path).slice(0, 12), 16)
