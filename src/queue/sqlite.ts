import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Fault } from '../fault.ts'

/** `full`: a commit survives a power cut. `normal`: it survives the end of the process. */
export type Durability = 'full' | 'normal'

/**
 * A database of our own, readable by its owner alone, shared safely between processes.
 * `migrations` are applied in order, once each; their number is the schema's version.
 * @throws Fault `config` if a newer fallreep wrote it, `unavailable` if it cannot be opened.
 */
export function openDatabase(path: string, durability: Durability, migrations: readonly string[]): DatabaseSync {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    closeSync(openSync(path, 'a', 0o600))
    const db = new DatabaseSync(path, { timeout: 30_000 })
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}; PRAGMA foreign_keys = ON`)
    transaction(db, () => migrate(db, path, migrations))
    return db
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    const why = cause instanceof Error ? cause.message : 'unknown error'
    throw new Fault({
      code: 'unavailable',
      what: `Cannot open ${path}`,
      why,
      remedy: 'Check the directory, its owner and the free space',
      cause,
    })
  }
}

function migrate(db: DatabaseSync, path: string, migrations: readonly string[]): void {
  const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
  if (version > migrations.length)
    throw new Fault({
      code: 'config',
      what: `${path} was written by a newer fallreep`,
      why: `it has schema ${version}, this program knows ${migrations.length}`,
      remedy: 'Run the newer version',
    })
  for (const sql of migrations.slice(version)) db.exec(sql)
  if (version < migrations.length) db.exec(`PRAGMA user_version = ${migrations.length}`)
}

/** Runs `work` as one writing transaction: all of it or nothing. `work` must not wait for anything. */
export function transaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    db.exec('COMMIT')
    return result
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw faultOfSqlite(cause)
  }
}

/** Result codes of SQLite that are not a bug of ours (https://sqlite.org/rescode.html, read 2026-11-23). The low byte is the primary code. */
function faultOfSqlite(cause: unknown): unknown {
  if (!(cause instanceof Error) || !('errcode' in cause) || typeof cause.errcode !== 'number') return cause
  const why = cause.message
  switch (cause.errcode & 0xff) {
    case 5:
    case 6:
      return new Fault({
        code: 'locked',
        what: 'The journal is in use by another process',
        why,
        remedy: 'Wait for it to end',
        retry: { type: 'backoff' },
        cause,
      })
    case 10:
    case 13:
    case 14:
      return new Fault({
        code: 'unavailable',
        what: 'The journal cannot be written',
        why,
        remedy: 'Check the disk and its free space; what was done is kept',
        cause,
      })
    case 11:
    case 26:
      return new Fault({
        code: 'corrupt',
        what: 'The journal is damaged',
        why,
        remedy: 'Move the file away and run again: vault and ledger hold what counts',
        cause,
      })
    default:
      return cause
  }
}
