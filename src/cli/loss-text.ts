import type { LossCount } from '../engine/api.ts'
import { countText, table } from './format.ts'

const SHOWN = 12

/** What is lost, by reason and field, most frequent first; the report has all of it. */
export function lossTable(losses: readonly LossCount[]): string {
  const merged = new Map<string, readonly [count: number, kind: string, code: string, effect: string]>()
  for (const { count, kind, code, effect, field } of losses) {
    const what = field === undefined ? effect : `${effect}: ${field}`
    const key = JSON.stringify([kind, code, what])
    merged.set(key, [(merged.get(key)?.[0] ?? 0) + count, kind, code, what])
  }
  if (merged.size === 0) return 'no losses'
  const rows = [...merged.values()].toSorted(([a], [b]) => b - a)
  const total = rows.reduce((sum, [count]) => sum + count, 0)
  const lines = rows.slice(0, SHOWN).map(([count, ...words]) => [`  ${count.toLocaleString('en')}`, ...words])
  const more = rows.length > SHOWN ? `\n  and ${countText(rows.length - SHOWN, 'more reason')}` : ''
  return `${countText(total, 'loss', 'losses')}:\n${table(lines)}${more}`
}
