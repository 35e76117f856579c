import type { ZodType } from 'zod'
import type { Capabilities, Loss } from './fidelity.ts'
import type { CollectionId, Cursor, ItemId } from './ids.ts'
import type { Kind, SourceItem } from './item.ts'
import type { Check, Ports, QuotaNeed, RateLimit } from './ports.ts'

/**
 * What a connector says while it reads one collection, in order.
 * - `upsert`: an item as it is now; unchanged items may be repeated, the vault tells by id and revision.
 * - `delete`: the item is gone at the source; `evidence` says how we know (`absent-from-history 2026-11-01..2026-11-23`).
 * - `loss`: something exists and cannot be carried.
 * - `reset`: the cursor was not usable; what follows is a full listing, and what it does not name is gone.
 * - `checkpoint`: everything yielded before it may be made durable, then the cursor counts.
 */
export type Change<I = SourceItem> =
  | { readonly type: 'upsert'; readonly item: I }
  | { readonly type: 'delete'; readonly id: ItemId; readonly evidence: string }
  | { readonly type: 'loss'; readonly loss: Loss }
  | { readonly type: 'reset'; readonly why: string }
  | { readonly type: 'checkpoint'; readonly cursor: Cursor }

/**
 * Somebody's mail, somebody's calendars, a channel, a repository: the unit of scheduling and of progress. `estimate` counts items.
 * `owner`: item id of the account whose it is, where it is one person's.
 */
export interface Collection {
  readonly id: CollectionId
  readonly title: string
  readonly kinds: readonly Kind[]
  readonly estimate?: number
  readonly owner?: ItemId
}

/** A connector reads a source and never writes to it. Every method stops within a second of an abort. */
export interface Connector extends AsyncDisposable {
  /** Token, scopes, clock, coverage: what `doctor` shows. Yields findings, throws only on abort. */
  check(signal: AbortSignal): AsyncIterable<Check>
  /**
   * The collections of this source as they are now; the directory (accounts, groups, emoji) comes first.
   * Coverage (what the token cannot see) is yielded by `check` and as losses of the directory collection.
   * @throws Fault `auth`, `permission`, `throttled`, `unavailable`
   */
  collections(signal: AbortSignal): AsyncIterable<Collection>
  /** The changes of one collection since a cursor, ending with a checkpoint. @throws Fault `gone` if it was deleted since it was listed. */
  changes(of: Collection, since: Cursor | undefined, signal: AbortSignal): AsyncIterable<Change>
  /**
   * The bytes behind a handle, as a stream.
   * @throws Fault `gone` or `permission` when the vendor will never give them (recorded as a loss), anything retryable otherwise.
   */
  blob(handle: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
}

/** What a connector says about itself. Imports no SDK: `--help` reads this. */
export interface ConnectorDefinition<Id extends string, Config> {
  readonly id: Id
  readonly title: string
  readonly config: ZodType<Config>
  readonly capabilities: Capabilities
  /** Budgets by key; a key may be a prefix of what `quotaOf` names. */
  readonly limits: Readonly<Record<string, RateLimit>>
  /** Collections read at a time, where the vendor's budgets are per person and twelve would leave most of them unused. */
  readonly atOnce?: number
  /** Which budgets a request draws on. Unknown requests draw on none. */
  quotaOf(request: Request): readonly QuotaNeed[]
  /** `name`: the source's name in the configuration; it stands in every provenance. */
  open(name: string, config: Config, ports: Ports, signal: AbortSignal): Promise<Connector>
}
