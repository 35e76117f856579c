import { DatabaseSync } from 'node:sqlite'
import type { Loss } from '../contract/fidelity.ts'
import type { IdempotencyKey, ItemId, RemoteId } from '../contract/ids.ts'
import type { Kind } from '../contract/item.ts'
import type { Fields } from '../contract/target.ts'
import { bodySchemas } from '../model/bodies.ts'
import { canonicalJson } from '../model/canonical.ts'
import type { Finding, Totals } from './api.ts'

// A million items stand here while one run lasts; what is lost in a crash is derived again by the next run, so nothing is synced.
const schema = `
  PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32768; PRAGMA temp_store = FILE;
  CREATE TABLE item(n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, collection TEXT NOT NULL,
    held INTEGER NOT NULL, withheld INTEGER NOT NULL DEFAULT 0, losses INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0, bad INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE excuse(n INTEGER NOT NULL, field TEXT NOT NULL, PRIMARY KEY(n, field)) WITHOUT ROWID;
  CREATE TABLE expected(e INTEGER PRIMARY KEY, remote TEXT NOT NULL, n INTEGER NOT NULL, fields TEXT NOT NULL, hits INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX expected_remote ON expected(remote);
  CREATE INDEX expected_item ON expected(n);
  CREATE TABLE op(key TEXT PRIMARY KEY) WITHOUT ROWID;`

const nothing: Totals = { planned: 0, matched: 0, explained: 0, differs: 0, missing: 0 }

/**
 * What one run planned, what it expects to find, and what it found: the sum that every rehearsal and cutover must balance.
 * Lives in one SQLite file of the run's work directory; memory does not grow with the number of items.
 */
export class Spool implements Disposable {
  readonly #db: DatabaseSync
  readonly #sql
  readonly #found: (finding: Finding) => void
  #foreign = 0
  #open = 0

  /** `found` receives every difference as it is seen. */
  constructor(path: string, found: (finding: Finding) => void) {
    this.#found = found
    this.#db = new DatabaseSync(path)
    this.#db.exec(schema)
    const prepare = (sql: string) => this.#db.prepare(sql)
    this.#sql = {
      plan: prepare(
        'INSERT INTO item(id, kind, collection, held) VALUES (?, ?, ?, 1) ON CONFLICT(id) DO UPDATE SET collection = excluded.collection, held = 1',
      ),
      withheld: prepare("INSERT INTO item(id, kind, collection, held) VALUES (?, ?, 'withheld', 0) ON CONFLICT(id) DO NOTHING"),
      number: prepare('SELECT n FROM item WHERE id = ?'),
      loss: prepare('UPDATE item SET losses = losses + 1, dropped = max(dropped, ?), withheld = max(withheld, ?) WHERE n = ?'),
      excuse: prepare('INSERT OR IGNORE INTO excuse VALUES (?, ?)'),
      excused: prepare('SELECT 1 FROM excuse WHERE n = ? AND field = ?'),
      op: prepare('INSERT OR IGNORE INTO op VALUES (?)'),
      hasOp: prepare('SELECT 1 FROM op WHERE key = ?'),
      expect: prepare('INSERT INTO expected(remote, n, fields) SELECT ?, n, ? FROM item WHERE id = ?'),
      at: prepare('SELECT e, n, fields, hits FROM expected WHERE remote = ?'),
      item: prepare('SELECT id, kind, collection FROM item WHERE n = ?'),
      hit: prepare('UPDATE expected SET hits = hits + 1 WHERE e = ?'),
      bad: prepare('UPDATE item SET bad = 1 WHERE n = ?'),
    }
    this.#db.exec('BEGIN')
  }

  /** An item of the snapshot enters the sum. */
  plan(item: { readonly id: ItemId; readonly kind: Kind; readonly collection: string }): void {
    this.#turn()
    this.#sql.plan.run(item.id, item.kind, item.collection)
  }

  /**
   * A loss belongs to its item. An item that the source withheld whole enters the sum through its loss, though the snapshot does not hold it.
   * Losses of things that are no items of the model (a scope, a plan limit) are only listed.
   */
  lose(loss: Loss): void {
    this.#turn()
    const kind = loss.item.slice(0, loss.item.indexOf('/'))
    const dropped = loss.effect.type === 'dropped'
    // Losses of the export are told before the items are read.
    if (loss.stage === 'export' && kind in bodySchemas) this.#sql.withheld.run(loss.item, kind)
    const n = this.#number(loss.item)
    if (n === undefined) return
    const atSource = loss.stage === 'export'
    this.#sql.loss.run(dropped && !atSource ? 1 : 0, dropped && atSource ? 1 : 0, n)
    // What the source or the mapping lost is no part of what is expected; only what the target said of an attempt can excuse what it shows.
    if (loss.effect.type !== 'dropped' && loss.stage === 'apply') this.#sql.excuse.run(n, loss.effect.field)
  }

  /** Remembers that the snapshot still wants this operation; what the ledger has beyond these is gone. */
  want(key: IdempotencyKey): void {
    this.#sql.op.run(key)
  }
  wants(key: IdempotencyKey): boolean {
    return this.#sql.hasOp.get(key) !== undefined
  }

  expect(item: ItemId, remote: RemoteId, fields: Fields): void {
    this.#turn()
    this.#sql.expect.run(remote, JSON.stringify(fields), item)
  }

  /** Compares one thing found on the target with everything that was to stand there. */
  observe(remote: RemoteId, fields: Fields): void {
    this.#turn()
    const rows = this.#sql.at.all(remote)
    if (rows.length === 0) this.#foreign++
    for (const row of rows) {
      const n = Number(row['n'])
      this.#sql.hit.run(Number(row['e']))
      const finding = (field: string, detail: string): void => {
        if (this.#sql.excused.get(n, field) !== undefined) return
        this.#sql.bad.run(n)
        const item = this.#sql.item.get(n)
        this.#found({
          item: String(item?.['id']),
          kind: item?.['kind'] as Kind,
          collection: String(item?.['collection']),
          type: 'differs',
          field,
          detail,
        })
      }
      if (Number(row['hits']) > 0) finding('count', `stands on the target more than once (${remote})`)
      const expected = JSON.parse(String(row['fields'])) as Fields
      for (const [field, value] of Object.entries(expected)) {
        const actual = fields[field]
        if (actual === value) continue
        const [want, got] = [canonicalJson(value), actual === undefined ? 'nothing' : canonicalJson(actual)]
        if (want !== got) finding(field, `expected ${shown(want, got)}, found ${shown(got, want)}`)
      }
    }
  }

  /** Things in the target's places that nothing of ours explains. */
  get foreign(): number {
    return this.#foreign
  }

  /** Names every item whose expected places were not all found, and every item nobody mapped. */
  judge(): void {
    const missing = this.#db.prepare(`SELECT id, kind, collection, n, places, found FROM
      (SELECT item.*, count(e) AS places, sum(hits > 0) AS found FROM item LEFT JOIN expected USING (n) WHERE held = 1 GROUP BY n)
      WHERE dropped = 0 AND (places = 0 OR found < places)`)
    for (const row of missing.iterate()) {
      const [places, found] = [Number(row['places']), Number(row['found'])]
      const detail =
        places === 0 ? 'was neither mapped nor recorded as a loss' : `${places - found} of ${places} places on the target are empty`
      this.#found({
        item: String(row['id']),
        kind: row['kind'] as Kind,
        collection: String(row['collection']),
        type: 'missing',
        field: undefined,
        detail,
      })
    }
  }

  /** The balance, whole and by kind and collection. An item is judged once: missing before differs before explained before matched. */
  totals(by: 'kind' | 'collection'): ReadonlyMap<string, Totals> {
    const rows = this.#db
      .prepare(
        `SELECT ${by} AS name, verdict, count(*) AS n FROM
          (SELECT kind, collection, CASE
              WHEN held = 0 THEN 'explained'
              WHEN dropped = 0 AND (places = 0 OR found < places) THEN 'missing'
              WHEN bad = 1 THEN 'differs'
              WHEN losses > 0 THEN 'explained'
              ELSE 'matched' END AS verdict
            FROM (SELECT item.*, count(e) AS places, coalesce(sum(hits > 0), 0) AS found FROM item LEFT JOIN expected USING (n)
              WHERE held = 1 OR withheld = 1 GROUP BY n))
          GROUP BY name, verdict ORDER BY name`,
      )
      .all()
    const totals = new Map<string, Totals>()
    for (const row of rows) {
      const name = String(row['name'])
      const before = totals.get(name) ?? nothing
      const n = Number(row['n'])
      totals.set(name, { ...before, planned: before.planned + n, [String(row['verdict'])]: n })
    }
    return totals
  }

  [Symbol.dispose](): void {
    this.#db.close()
  }

  #number(id: ItemId): number | undefined {
    const row = this.#sql.number.get(id)
    return row === undefined ? undefined : Number(row['n'])
  }

  /** Keeps the open transaction small enough for its dirty pages to fit the cache. */
  #turn(): void {
    if (++this.#open < 20_000) return
    this.#open = 0
    this.#db.exec('COMMIT; BEGIN')
  }
}

/** The first place where two texts part, with a little around it: a report is read by people. */
function shown(text: string, other: string): string {
  let at = 0
  while (at < text.length && text[at] === other[at]) at++
  const from = Math.max(0, at - 20)
  const part = text.slice(from, at + 40)
  return `${from > 0 ? '…' : ''}${part}${from + part.length < text.length ? '…' : ''}`
}

export const sum = (totals: Iterable<Totals>): Totals => {
  let all = nothing
  for (const { planned, matched, explained, differs, missing } of totals)
    all = {
      planned: all.planned + planned,
      matched: all.matched + matched,
      explained: all.explained + explained,
      differs: all.differs + differs,
      missing: all.missing + missing,
    }
  return all
}
