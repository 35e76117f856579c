import type { DatabaseSync } from 'node:sqlite'
import type { BucketState } from './bucket.ts'
import { isDead } from './owner.ts'
import { openDatabase, transaction } from './sqlite.ts'

/** Where budgets are remembered, shared by everybody who draws on them. */
export interface BucketStore {
  /** True if other processes may draw on the same budgets, so that one must look again while waiting. */
  readonly shared: boolean
  /** Runs `change` on these buckets as one transaction, and keeps what it made of them. Unknown keys are absent; `change` may add them. */
  update<T>(keys: readonly string[], change: (buckets: Map<string, BucketState>) => T): Promise<T>
}

/** Budgets of this process alone. */
export function memoryBucketStore(): BucketStore {
  const buckets = new Map<string, BucketState>()
  return { shared: false, update: (_keys, change) => Promise.resolve(change(buckets)) }
}

const MIGRATIONS = ['CREATE TABLE bucket (key TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID']

/**
 * Budgets of all processes of one machine. What a process drew before it ended, or was killed, still counts for the next one;
 * connections that a dead process held are free at once.
 * @throws Fault `unavailable` if the file cannot be opened.
 */
export function openSqliteBucketStore(path: string): BucketStore & Disposable {
  const db = openDatabase(path, 'normal', MIGRATIONS)
  const read = db.prepare('SELECT state FROM bucket WHERE key = ?')
  const write = db.prepare('INSERT INTO bucket (key, state) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET state = excluded.state')
  endLeasesOfTheDead(db)
  return {
    shared: true,
    // eslint-disable-next-line require-await -- an async function turns a database error into a rejection
    update: async (keys, change) =>
      transaction(db, () => {
        const before = new Map<string, string>()
        const buckets = new Map<string, BucketState>()
        for (const key of keys) {
          const text = read.get(key)?.['state']
          if (typeof text !== 'string') continue
          before.set(key, text)
          buckets.set(key, JSON.parse(text) as BucketState)
        }
        const result = change(buckets)
        for (const [key, state] of buckets) {
          const text = JSON.stringify(state)
          if (text !== before.get(key)) write.run(key, text)
        }
        return result
      }),
    [Symbol.dispose]: () => db.close(),
  }
}

/** A lease that has run out counts as answered when it ran out; the owner was alive until a moment ago, so that moment is now. */
function endLeasesOfTheDead(db: DatabaseSync): void {
  const write = db.prepare('UPDATE bucket SET state = ? WHERE key = ?')
  transaction(db, () => {
    for (const row of db.prepare('SELECT key, state FROM bucket').all()) {
      const state = JSON.parse(String(row['state'])) as BucketState
      const dead = state.open.filter((grant) => isDead(grant.token))
      if (dead.length === 0) continue
      for (const grant of dead) grant.leaseUntil = Math.min(grant.leaseUntil, Date.now())
      write.run(JSON.stringify(state), String(row['key']))
    }
  })
}
