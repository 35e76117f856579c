import { mkdirSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { CollectionId, IdempotencyKey, ItemId, RemoteId } from '../contract/ids.ts'
import type { JsonObject } from '../contract/json.ts'
import type { Ledger, LedgerEntry } from '../contract/target.ts'
import { Fault } from '../fault.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS entry(
    key TEXT PRIMARY KEY, item TEXT NOT NULL, collection TEXT NOT NULL, revision TEXT NOT NULL,
    remote TEXT NOT NULL, state TEXT NOT NULL, notes TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entry_remote ON entry(remote);
  CREATE INDEX IF NOT EXISTS entry_collection ON entry(collection, key);`

/**
 * The ledger of one source on one target, in one SQLite file. Every `put` is on disk when it returns.
 * @throws Fault `locked` when another run holds it
 */
export function openLedger(path: string): Ledger & { readonly size: number } & Disposable {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(path)
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA locking_mode = EXCLUSIVE; PRAGMA busy_timeout = 2000')
    db.exec(`BEGIN IMMEDIATE; ${schema} COMMIT`)
  } catch (cause) {
    db.close()
    throw new Fault({
      code: 'locked',
      what: `The ledger ${path} is in use`,
      why: cause instanceof Error ? cause.message : undefined,
      remedy: 'Wait until the other import has ended, or stop it, and run again',
      cause,
    })
  }
  const byKey = db.prepare('SELECT * FROM entry WHERE key = ?')
  const byRemote = db.prepare('SELECT * FROM entry WHERE remote = ? LIMIT 1')
  const upsert = db.prepare(`INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT(key) DO UPDATE SET item = excluded.item, collection = excluded.collection, revision = excluded.revision,
      remote = excluded.remote, state = excluded.state, notes = excluded.notes`)
  const remove = db.prepare('DELETE FROM entry WHERE key = ?')
  const count = db.prepare('SELECT count(*) AS n FROM entry')

  const inTransaction = (work: () => void): void => {
    db.exec('BEGIN IMMEDIATE')
    try {
      work()
      db.exec('COMMIT')
    } catch (error) {
      db.exec('ROLLBACK')
      throw error
    }
  }
  return {
    get: (key) => entryOf(byKey.get(key)),
    byRemote: (remote) => entryOf(byRemote.get(remote)),
    *entries({ collection, prefix }) {
      // Read in slices: a cursor left open would forbid writing between two entries.
      const slice = db.prepare(
        `SELECT * FROM entry WHERE key > ? ${collection === undefined ? '' : 'AND collection = ?'} ${prefix === undefined ? '' : 'AND key >= ? AND key < ?'} ORDER BY key LIMIT 1000`,
      )
      const fixed = [...(collection === undefined ? [] : [collection]), ...(prefix === undefined ? [] : [prefix, `${prefix}\u{10ffff}`])]
      for (let after = ''; ;) {
        const rows = slice.all(after, ...fixed)
        for (const row of rows) {
          const entry = entryOf(row)
          if (entry !== undefined) yield entry
        }
        const last = rows.at(-1)
        if (last === undefined || rows.length < 1000) return
        after = String(last['key'])
      }
    },
    put(entries) {
      inTransaction(() => {
        for (const { key, item, collection, revision, remote, state, notes } of entries)
          upsert.run(key, item, collection, revision, remote, state, JSON.stringify(notes))
      })
    },
    delete(keys) {
      inTransaction(() => {
        for (const key of keys) remove.run(key)
      })
    },
    get size() {
      return Number(count.get()?.['n'])
    },
    [Symbol.dispose]: () => db.close(),
  }
}

/** Removes a ledger and what SQLite keeps beside it. */
export async function removeLedger(path: string): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) await rm(`${path}${suffix}`, { force: true })
}

function entryOf(row: Record<string, unknown> | undefined): LedgerEntry | undefined {
  if (row === undefined) return undefined
  return {
    key: row['key'] as IdempotencyKey,
    item: row['item'] as ItemId,
    collection: row['collection'] as CollectionId,
    revision: String(row['revision']),
    remote: row['remote'] as RemoteId,
    state: row['state'] === 'applied' ? 'applied' : 'staged',
    notes: JSON.parse(String(row['notes'])) as JsonObject,
  }
}
