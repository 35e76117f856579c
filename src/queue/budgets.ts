import type { RateLimit } from '../contract/ports.ts'
import { UNLIMITED } from './bucket.ts'

export type Budgets = Readonly<Record<string, RateLimit>>
/** What a configuration may say of a budget; the rest stays as the definition has it. */
export type BudgetOverrides = Readonly<
  Record<string, { readonly concurrency?: number; readonly requests?: number; readonly perMs?: number }>
>

/** A budget nobody has set: requests are only held back by what the vendor answers. */
export const NO_BUDGET: RateLimit = { concurrency: UNLIMITED, requests: UNLIMITED, perMs: 1_000, source: 'no budget is known' }

/** The definition's budgets as the configuration changes them. A key that the definition does not have needs `requests` and `perMs`. */
export function withOverrides(budgets: Budgets, overrides: BudgetOverrides): Budgets {
  const merged: Record<string, RateLimit> = { ...budgets }
  for (const [key, override] of Object.entries(overrides)) {
    merged[key] = { ...(budgetOf(budgets, key) ?? NO_BUDGET), ...override, source: 'configuration' }
  }
  return merged
}

/** The budget of a key: its own, or that of the longest prefix which ends where a part of the key ends (`tier3` for `tier3:users.list`). */
export function budgetOf(budgets: Budgets, key: string): RateLimit | undefined {
  const own = budgets[key]
  if (own !== undefined) return own
  const prefixes = Object.keys(budgets).filter((prefix) => prefix !== '' && key.startsWith(prefix) && endsPart(prefix, key))
  const longest = prefixes.toSorted((a, b) => b.length - a.length)[0]
  return longest === undefined ? undefined : budgets[longest]
}

const endsPart = (prefix: string, key: string): boolean =>
  /[^A-Za-z0-9]/.test(prefix.at(-1) ?? '') || /[^A-Za-z0-9]/.test(key.charAt(prefix.length))
