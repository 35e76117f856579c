import type { LossCount } from '../engine/api.ts'
import { table } from './format.ts'

/** What is lost, by reason, most frequent first. */
export function lossTable(losses: readonly LossCount[]): string {
  if (losses.length === 0) return 'no losses'
  const rows = losses
    .toSorted((a, b) => b.count - a.count)
    .map(({ count, kind, code, effect, field }) => [
      `  ${count.toLocaleString('en')}`,
      kind,
      code,
      field === undefined ? effect : `${effect}: ${field}`,
    ])
  return `losses:\n${table(rows)}`
}
