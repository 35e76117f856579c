import type { SQLOutputValue } from 'node:sqlite'
import type { JsonValue } from '../contract/json.ts'
import { Fault } from '../fault.ts'
import type { Claim, LaneName, NodeId, RunId, Settlement } from './graph.ts'

export type Row = Record<string, SQLOutputValue>

/** What a settlement writes into the row of its node. */
export function changesOf(settlement: Settlement, now: number): readonly [sql: string, values: readonly (string | number)[]] {
  switch (settlement.type) {
    case 'done':
      return [`state = 'done', worker = NULL, why = NULL, result = ?`, [JSON.stringify(settlement.result ?? null)]]
    case 'skip':
      return [`state = 'skipped', worker = NULL, why = ?`, [settlement.why]]
    case 'dead':
      return [`state = 'dead', worker = NULL, failures = failures + 1, why = ?`, [settlement.why]]
    case 'release':
      return [`state = 'ready', worker = NULL, not_before = ?`, [0]]
    case 'retry':
      return [
        `state = 'ready', worker = NULL, failures = failures + 1, why = ?, not_before = ?`,
        [settlement.why, now + settlement.afterMs],
      ]
  }
  return settlement satisfies never
}

export function claimOf(row: Row, worker: string, leaseMs: number): Claim {
  return {
    run: text(row, 'run') as RunId,
    node: Number(row['id']) as NodeId,
    kind: text(row, 'kind'),
    key: text(row, 'key'),
    lane: text(row, 'lane') as LaneName,
    input: json(row, 'input') ?? null,
    token: Number(row['token']),
    worker,
    leaseMs,
    attempt: Number(row['attempt']),
    failures: Number(row['failures']),
    checkpoint: json(row, 'checkpoint'),
  }
}

export const leaseLost = ({ kind, node }: Claim): Fault =>
  new Fault({
    code: 'conflict',
    what: `The lease of node ${node} (${kind}) is lost`,
    why: 'another worker may have taken it',
    retry: { type: 'backoff' },
  })

export const text = (row: Row, column: string): string => String(row[column])
export const json = (row: Row, column: string): JsonValue | undefined =>
  typeof row[column] === 'string' ? (JSON.parse(row[column]) as JsonValue) : undefined
