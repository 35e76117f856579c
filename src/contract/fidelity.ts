import type { ItemId } from './ids.ts'
import type { Kind } from './item.ts'

/** What a backend can carry of one kind, said before anything runs. `source` is the address of the vendor's own words. */
export type Support =
  | { readonly level: 'full' }
  | { readonly level: 'partial'; readonly loses: readonly [LossCode, ...LossCode[]]; readonly note: string; readonly source: string }
  | { readonly level: 'none'; readonly note: string; readonly source: string }
export type Capabilities = Readonly<Record<Kind, Support>>

/** Kinds that a service does not have, to be spread into `Capabilities`. */
export function none<K extends Kind>(kinds: readonly K[], note: string, source: string): Readonly<Record<K, Support>> {
  return Object.fromEntries(kinds.map((kind) => [kind, { level: 'none', note, source }])) as Record<K, Support>
}

/**
 * Why something did not arrive as it was. Codes are stable: reports, dashboards and people's agreements are built on them.
 * - `no-such-concept`: the other side has no counterpart
 * - `too-large`: beyond a limit of the other side
 * - `author-replaced`, `time-replaced`: carried, under another author or time
 * - `access-narrowed`: fewer people can see it than before (never: more)
 * - `withheld-by-source`: the vendor's API or export did not give it
 * - `name-changed`: carried under another name (collision, reserved word, forbidden letters)
 * - `text-changed`: carried in another notation or split, nothing readable missing
 * - `invalid-at-source`: the vendor gave something that cannot be read (broken time, broken JSON)
 * - `rejected-by-target`: the target refused it
 * - `excluded-by-policy`: the configuration says to leave it out
 */
export type LossCode =
  | 'no-such-concept'
  | 'too-large'
  | 'author-replaced'
  | 'time-replaced'
  | 'access-narrowed'
  | 'withheld-by-source'
  | 'name-changed'
  | 'text-changed'
  | 'invalid-at-source'
  | 'rejected-by-target'
  | 'excluded-by-policy'

/** One thing that was not carried as it was. `detail` is for people, in English, and never holds message text or secrets. */
export interface Loss {
  readonly item: ItemId
  readonly stage: 'export' | 'map' | 'apply'
  readonly code: LossCode
  readonly effect: { readonly type: 'dropped' } | { readonly type: 'degraded' | 'substituted'; readonly field: string }
  readonly detail: string
}
