import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { JsonValue } from '../contract/json.ts'
import type { Clock } from '../contract/ports.ts'
import { Fault } from '../fault.ts'
import type {
  Claim,
  GraphStore,
  LaneName,
  NodeId,
  NodeSpec,
  NodeState,
  NodeView,
  Outlook,
  Reason,
  RunId,
  RunSpec,
  Settlement,
} from './graph.ts'
import { MIGRATIONS, RANKS } from './journal-schema.ts'
import { changesOf, claimOf, json, leaseLost, type Row, text } from './journal-rows.ts'
import { refuseCycles } from './graph-order.ts'
import { isDead } from './owner.ts'
import { openDatabase, transaction } from './sqlite.ts'

const PAGE = 500

/**
 * The task graph in one SQLite file (WAL, `synchronous = FULL`): a transition that has resolved survives a power cut.
 * Several processes of one machine may work on it at once.
 * @throws Fault `unavailable` if the file cannot be opened, `config` if a newer version wrote it
 */
export function openJournal(path: string, clock: Clock): GraphStore {
  const db = openDatabase(path, 'full', MIGRATIONS)
  return new SqliteGraphStore(db, clock)
}

class SqliteGraphStore implements GraphStore {
  readonly #db: DatabaseSync
  readonly #clock: Clock

  constructor(db: DatabaseSync, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  async createRun({ job, slot, nodes }: RunSpec): Promise<RunId> {
    return this.#write(() => {
      const found = this.#one('SELECT id FROM run WHERE job = ? AND slot = ?', job, slot)
      const run = (found === undefined ? randomUUID() : text(found, 'id')) as RunId
      if (found === undefined) this.#run('INSERT INTO run (id, job, slot, created_at) VALUES (?, ?, ?, ?)', run, job, slot, this.#now())
      this.#add(run, nodes)
      return run
    })
  }

  async enqueue(run: RunId, nodes: readonly NodeSpec[]): Promise<readonly NodeId[]> {
    return this.#write(() => this.#add(run, nodes))
  }

  async claim(worker: string, lanes: readonly LaneName[], n: number, leaseMs: number, run?: RunId): Promise<readonly Claim[]> {
    const now = this.#now()
    return this.#write(() =>
      this.#all(
        `UPDATE node SET state = 'leased', worker = ?, token = token + 1, attempt = attempt + 1, lease_until = ?
         WHERE id IN (SELECT id FROM node WHERE state = 'ready' AND not_before <= ? AND lane IN (SELECT value FROM json_each(?)) AND (? IS NULL OR run = ?)
                      ORDER BY rank, id LIMIT ?)
         RETURNING *`,
        worker,
        now + leaseMs,
        now,
        JSON.stringify(lanes),
        run ?? null,
        run ?? null,
        n,
      )
        .toSorted((a, b) => Number(a['rank']) - Number(b['rank']) || Number(a['id']) - Number(b['id']))
        .map((row) => claimOf(row, worker, leaseMs)),
    )
  }

  async heartbeat(claim: Claim): Promise<boolean> {
    return this.#write(() => this.#fenced(claim, 'lease_until = ?', this.#now() + claim.leaseMs))
  }

  async checkpoint(claim: Claim, state: JsonValue): Promise<void> {
    this.#write(() => {
      if (!this.#fenced(claim, 'checkpoint = ?, failures = 0', JSON.stringify(state))) throw leaseLost(claim)
    })
  }

  async settle(claim: Claim, settlement: Settlement): Promise<readonly NodeId[]> {
    return this.#write(() => {
      if (!this.#settled(claim, settlement)) throw leaseLost(claim)
      if (settlement.type === 'done' || settlement.type === 'skip') return this.#unblock(claim.node)
      if (settlement.type === 'dead') this.#strand(claim.node)
      const again = settlement.type === 'release' || (settlement.type === 'retry' && settlement.afterMs <= 0)
      return again ? [claim.node] : []
    })
  }

  async reapExpired(): Promise<number> {
    return this.#write(() => {
      const workers = this.#all(`SELECT DISTINCT worker FROM node WHERE state = 'leased'`).map((row) => text(row, 'worker'))
      const dead = JSON.stringify(workers.filter(isDead))
      return this.#run(
        `UPDATE node SET state = 'ready', worker = NULL WHERE state = 'leased' AND (lease_until <= ? OR worker IN (SELECT value FROM json_each(?)))`,
        this.#now(),
        dead,
      )
    })
  }

  async revive(run: RunId): Promise<number> {
    return this.#write(
      () =>
        this.#run(`UPDATE node SET state = 'blocked' WHERE run = ? AND state = 'stranded'`, run) +
        this.#run(`UPDATE node SET state = 'ready', failures = 0, not_before = 0, why = NULL WHERE run = ? AND state = 'dead'`, run),
    )
  }

  async prune(epochMs: number): Promise<number> {
    const idle = `SELECT id FROM run WHERE created_at < ? AND NOT EXISTS (SELECT 1 FROM node WHERE node.run = run.id AND state = 'leased')`
    return this.#write(() => {
      this.#run(`DELETE FROM edge WHERE child IN (SELECT id FROM node WHERE run IN (${idle}))`, epochMs)
      this.#run(`DELETE FROM node WHERE run IN (${idle})`, epochMs)
      return this.#run(`DELETE FROM run WHERE created_at < ? AND NOT EXISTS (SELECT 1 FROM node WHERE node.run = run.id)`, epochMs)
    })
  }

  async outlook(run: RunId): Promise<Outlook> {
    const counts: Record<NodeState, number> = { blocked: 0, ready: 0, leased: 0, done: 0, skipped: 0, dead: 0, stranded: 0 }
    for (const row of this.#all('SELECT state, count(*) AS n FROM node WHERE run = ? GROUP BY state', run))
      counts[text(row, 'state') as NodeState] = Number(row['n'])
    const next = this.#one(
      `SELECT min(CASE state WHEN 'leased' THEN lease_until ELSE not_before END) AS at FROM node
       WHERE run = ?1 AND (state = 'leased' OR (state = 'ready' AND not_before > ?2))`,
      run,
      this.#now(),
    )?.['at']
    return { counts, nextAt: typeof next === 'number' ? next : undefined }
  }

  async *nodes(run: RunId): AsyncIterable<NodeView> {
    for (let after = 0; ;) {
      const page = this.#all('SELECT * FROM node WHERE run = ? AND id > ? ORDER BY id LIMIT ?', run, after, PAGE)
      for (const row of page) yield this.#view(row)
      const last = page.at(-1)
      if (last === undefined) return
      after = Number(last['id'])
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#db.isOpen) this.#db.close()
  }

  #add(run: RunId, specs: readonly NodeSpec[]): readonly NodeId[] {
    const fresh = new Map<string, NodeSpec>()
    for (const spec of specs) if (!fresh.has(spec.key) && this.#find(run, spec.key) === undefined) fresh.set(spec.key, spec)
    const added: NodeId[] = []
    for (const spec of refuseCycles(fresh)) {
      const parents = [...new Set(spec.after)].map((key) => {
        const parent = this.#find(run, key)
        if (parent === undefined)
          throw new Fault({ code: 'usage', what: `Node ${spec.key} waits for ${key}`, why: 'there is no such node in this run' })
        return { id: Number(parent['id']), state: text(parent, 'state') as NodeState }
      })
      const waiting = parents.filter(({ state }) => state !== 'done' && state !== 'skipped')
      const stranded = waiting.some(({ state }) => state === 'dead' || state === 'stranded')
      const state: NodeState = stranded ? 'stranded' : waiting.length > 0 ? 'blocked' : 'ready'
      const row = this.#one(
        `INSERT INTO node (run, kind, key, lane, rank, input, state, waiting) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
        run,
        spec.kind,
        spec.key,
        spec.lane,
        RANKS[spec.priority ?? 'incremental'],
        JSON.stringify(spec.input),
        state,
        waiting.length,
      )
      const id = Number(row?.['id']) as NodeId
      for (const parent of parents) this.#run('INSERT INTO edge (parent, child) VALUES (?, ?)', parent.id, id)
      if (state === 'ready') added.push(id)
    }
    return added
  }

  #settled(claim: Claim, settlement: Settlement): boolean {
    const [changes, values] = changesOf(settlement, this.#now())
    return this.#fenced(claim, changes, ...values)
  }

  /** Children whose last unfinished parent this was become ready. Runs once per node, since settling is fenced. */
  #unblock(parent: NodeId): readonly NodeId[] {
    this.#run('UPDATE node SET waiting = waiting - 1 WHERE id IN (SELECT child FROM edge WHERE parent = ?)', parent)
    const rows = this.#all(
      `UPDATE node SET state = 'ready' WHERE state = 'blocked' AND waiting = 0 AND id IN (SELECT child FROM edge WHERE parent = ?) RETURNING id`,
      parent,
    )
    return rows.map((row) => Number(row['id']) as NodeId).toSorted((a, b) => a - b)
  }

  #strand(parent: NodeId): void {
    this.#run(
      `WITH RECURSIVE below (id) AS (SELECT child FROM edge WHERE parent = ? UNION SELECT edge.child FROM edge JOIN below ON edge.parent = below.id)
       UPDATE node SET state = 'stranded' WHERE state = 'blocked' AND id IN (SELECT id FROM below)`,
      parent,
    )
  }

  #view(row: Row): NodeView {
    const state = text(row, 'state') as NodeState
    const above =
      state !== 'stranded'
        ? []
        : this.#all(
            `WITH RECURSIVE above (id) AS (SELECT parent FROM edge WHERE child = ? UNION SELECT edge.parent FROM edge JOIN above ON edge.child = above.id)
             SELECT key FROM node WHERE state = 'dead' AND id IN (SELECT id FROM above) ORDER BY id`,
            Number(row['id']),
          )
    return {
      node: Number(row['id']) as NodeId,
      kind: text(row, 'kind'),
      key: text(row, 'key'),
      state,
      attempt: Number(row['attempt']),
      why: typeof row['why'] === 'string' ? (row['why'] as Reason) : undefined,
      strandedBy: above.map((parent) => text(parent, 'key')),
      result: json(row, 'result'),
    }
  }

  /** Changes the node if this claim still holds it. */
  #fenced(claim: Claim, changes: string, ...values: (string | number)[]): boolean {
    return this.#run(`UPDATE node SET ${changes} WHERE id = ? AND state = 'leased' AND token = ?`, ...values, claim.node, claim.token) === 1
  }

  #find(run: RunId, key: string): Row | undefined {
    return this.#one('SELECT id, state FROM node WHERE run = ? AND key = ?', run, key)
  }
  #now(): number {
    return this.#clock.now().getTime()
  }
  #write<T>(work: () => T): T {
    return transaction(this.#db, work)
  }
  #one(sql: string, ...values: (string | number | null)[]): Row | undefined {
    return this.#db.prepare(sql).get(...values)
  }
  #all(sql: string, ...values: (string | number | null)[]): Row[] {
    return this.#db.prepare(sql).all(...values)
  }
  #run(sql: string, ...values: (string | number | null)[]): number {
    return Number(this.#db.prepare(sql).run(...values).changes)
  }
}
