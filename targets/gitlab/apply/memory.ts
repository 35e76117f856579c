import type { Loss } from '../../../src/contract/fidelity.ts'
import type { JsonObject, JsonValue } from '../../../src/contract/json.ts'
import type { Fields, LedgerEntry } from '../../../src/contract/target.ts'
import type { GitlabOperation } from '../operations.ts'

/** What people wrote of a thing, short: it is in the operation and stays out of the ledger, which holds no text. */
function wordsOf(op: GitlabOperation, milestone: string | null): Fields {
  switch (op.type) {
    case 'label':
      return { title: op.title, description: op.description }
    case 'milestone':
      return { title: op.title }
    case 'issue':
    case 'merge-request':
      return { title: op.title, labels: op.labels, milestone }
    case 'event':
      return op.event.type === 'label' ? { label: op.event.label } : op.event.type === 'milestone' ? { milestone: op.event.milestone } : {}
    case 'release':
      return { name: op.name, assets: op.assets.map(({ name, url }) => `${name} ${url}`).toSorted() }
    case 'project':
      return { name: op.name, description: op.description, topics: op.topics.toSorted() }
    case 'user':
      return { name: op.name }
    case 'group':
      return { name: op.name, description: op.description }
    default:
      return {}
  }
}

/** What a thing must look like, as the ledger keeps it until the next run: names of fields, ids and hashes. */
export function remember(op: GitlabOperation, milestone: string | null, expect: Fields, losses: readonly Loss[]): LedgerEntry['notes'] {
  const words = wordsOf(op, milestone)
  const kept = Object.entries(expect).filter(([field]) => !(field in words))
  const told = Object.keys(expect).filter((field) => field in words)
  return { expect: Object.fromEntries(kept), words: told, ...(losses.length === 0 ? {} : { losses: losses as unknown as JsonValue }) }
}

/** The same again, from the ledger and the operation, which has not changed since. */
export function recall(op: GitlabOperation, milestone: string | null, { notes }: Pick<LedgerEntry, 'notes'>): Fields {
  const words = wordsOf(op, milestone)
  const told = Array.isArray(notes['words']) ? notes['words'].map(String) : []
  return { ...(notes['expect'] as JsonObject | undefined), ...Object.fromEntries(told.map((field) => [field, words[field] ?? null])) }
}
export const recalledLosses = ({ notes }: Pick<LedgerEntry, 'notes'>): readonly Loss[] =>
  Array.isArray(notes['losses']) ? (notes['losses'] as readonly Loss[]) : []
