import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { z } from 'zod'
import type { Driver } from './driver.ts'
import { requireSqlite } from './catalog.ts'
import { linesOf, unsealing } from './unsealed.ts'

export interface Location {
  readonly pack: string
  readonly start: number
  readonly length: number
  readonly offset: number
  readonly bytes: number
}
/** Where a blob is: in one place, or put together from others. */
export type Located = { readonly type: 'whole'; readonly at: Location } | { readonly type: 'parts'; readonly parts: readonly string[] }

const number = z.number().int().min(0)
export const IndexEntry = z.union([
  z.strictObject({ h: z.string(), p: z.string(), zo: number, zl: number, o: number, n: number }),
  z.strictObject({ h: z.string(), parts: z.array(z.string()), n: number }),
])

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const int = (value: unknown): number => (typeof value === 'number' ? value : 0)

/** Where every blob lies: a cache of the index files in SQLite, for those who read. Holds hashes and numbers only. */
export class Locations implements Disposable {
  readonly #db: DatabaseSync
  readonly #find: StatementSync
  private constructor(db: DatabaseSync) {
    this.#db = db
    // SQLite turns the hashes from text and back: this is asked for every blob, and each buffer made here would cost more than the search.
    this.#find = db.prepare('SELECT lower(hex(p)) AS p, zo, zl, o, n, parts FROM loc WHERE h = unhex(?)')
  }
  /** A damaged file is thrown away and filled again. */
  static open(path: string): Locations {
    requireSqlite()
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    try {
      return new Locations(connect(path))
    } catch {
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
      return new Locations(connect(path))
    }
  }
  /** Takes in the index files it does not know yet. @throws Fault `wrong-key`, `corrupt`, `gone` */
  async learn(driver: Driver, names: readonly string[], identities: readonly string[], signal: AbortSignal): Promise<void> {
    const known = this.#db.prepare('SELECT 1 FROM applied WHERE rel = ?')
    const put = this.#db.prepare('INSERT OR REPLACE INTO loc (h, p, zo, zl, o, n, parts) VALUES (?, ?, ?, ?, ?, ?, ?)')
    const note = this.#db.prepare('INSERT OR IGNORE INTO applied (rel) VALUES (?)')
    for (const name of names) {
      if (known.get(name) !== undefined) continue
      let batch: z.infer<typeof IndexEntry>[] = []
      const store = (): void => {
        this.#db.exec('BEGIN IMMEDIATE')
        for (const line of batch) {
          const h = Buffer.from(line.h, 'hex')
          if ('parts' in line) put.run(h, null, 0, 0, 0, line.n, line.parts.join(' '))
          else put.run(h, Buffer.from(line.p, 'hex'), line.zo, line.zl, line.o, line.n, null)
        }
        this.#db.exec('COMMIT')
        batch = []
      }
      for await (const line of linesOf(unsealing(driver, name, identities, signal))) {
        batch.push(IndexEntry.parse(JSON.parse(line)))
        if (batch.length >= 20_000) store()
      }
      store()
      note.run(name)
    }
  }
  find(sha256: string): Located | undefined {
    const row = this.#find.get(sha256)
    if (row === undefined) return undefined
    const parts = row['parts']
    if (typeof parts === 'string') return { type: 'parts', parts: parts.split(' ') }
    return {
      type: 'whole',
      at: { pack: text(row['p']), start: int(row['zo']), length: int(row['zl']), offset: int(row['o']), bytes: int(row['n']) },
    }
  }
  [Symbol.dispose](): void {
    this.#db.close()
  }
}

function connect(path: string): DatabaseSync {
  const db = new DatabaseSync(path)
  try {
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 30000;
      CREATE TABLE IF NOT EXISTS loc (h BLOB PRIMARY KEY, p BLOB, zo INTEGER NOT NULL, zl INTEGER NOT NULL, o INTEGER NOT NULL, n INTEGER NOT NULL, parts TEXT) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS applied (rel TEXT PRIMARY KEY) WITHOUT ROWID`)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}
