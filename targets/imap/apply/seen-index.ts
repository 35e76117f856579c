import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface Candidate {
  readonly uid: number
  readonly date: string
  readonly flags: readonly string[]
}

/**
 * Mails that stand in folders and that the ledger does not know: from before, or from an attempt whose end was never heard. In a file of the
 * work directory; memory does not grow with their number.
 */
export class SeenIndex implements Disposable {
  readonly #db: DatabaseSync
  readonly #sql
  readonly #folders = new Map<string, number>()

  constructor(workDir: string) {
    this.#db = new DatabaseSync(join(workDir, 'seen.db'))
    this.#db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096;
      CREATE TABLE seen(folder INTEGER, mark TEXT, uid INTEGER, date TEXT, flags TEXT, PRIMARY KEY(folder, mark, uid)) WITHOUT ROWID; BEGIN`)
    this.#sql = {
      add: this.#db.prepare('INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?, ?)'),
      find: this.#db.prepare('SELECT uid, date, flags FROM seen WHERE folder = ? AND mark = ? ORDER BY date <> ?, uid LIMIT 50'),
      remove: this.#db.prepare('DELETE FROM seen WHERE folder = ? AND mark = ? AND uid = ?'),
    }
  }
  add(login: string, folder: string, mark: string, { uid, date, flags }: Candidate): void {
    this.#sql.add.run(this.#number(login, folder), mark, uid, date, JSON.stringify(flags))
  }
  /** Those of the same date first. */
  find(login: string, folder: string, mark: string, date: string): readonly Candidate[] {
    const number = this.#folders.get(`${login}\0${folder}`)
    if (number === undefined) return []
    return this.#sql.find
      .all(number, mark, date)
      .map((row) => ({ uid: Number(row['uid']), date: String(row['date']), flags: JSON.parse(String(row['flags'])) as string[] }))
  }
  /** One mail answers for one mail only. */
  take(login: string, folder: string, mark: string, uid: number): void {
    this.#sql.remove.run(this.#number(login, folder), mark, uid)
  }
  #number(login: string, folder: string): number {
    const key = `${login}\0${folder}`
    const number = this.#folders.get(key) ?? this.#folders.size
    this.#folders.set(key, number)
    return number
  }
  [Symbol.dispose](): void {
    this.#db.close()
  }
}
