import type { ZodType } from 'zod'
import type { Capabilities, Loss } from './fidelity.ts'
import type { CollectionId, IdempotencyKey, ItemId, RemoteId } from './ids.ts'
import type { BlobRef, BodyByKind, Item } from './item.ts'
import type { JsonObject, JsonValue } from './json.ts'
import type { Check, Ports, QuotaNeed, RateLimit } from './ports.ts'

/** The people and places of a source, without which nothing else can be mapped. Grows with people, channels and folders, never with messages or mails. */
export interface Directory {
  readonly source: string
  /** The target's name in the configuration: the key of its account names in `Person.accounts`. */
  readonly target: string
  readonly accounts: ReadonlyMap<ItemId, Entry<'account'>>
  readonly groups: ReadonlyMap<ItemId, Entry<'group'>>
  readonly emoji: ReadonlyMap<ItemId, Entry<'emoji'>>
  readonly channels: ReadonlyMap<ItemId, Entry<'channel'>>
  readonly mailboxes: ReadonlyMap<ItemId, Entry<'mailbox'>>
  readonly calendars: ReadonlyMap<ItemId, Entry<'calendar'>>
  readonly addressbooks: ReadonlyMap<ItemId, Entry<'addressbook'>>
  readonly tasklists: ReadonlyMap<ItemId, Entry<'tasklist'>>
  readonly repositories: ReadonlyMap<ItemId, Entry<'repository'>>
  /** What stands under a number of a repository: code hosts count issues, change requests and discussions in one sequence. */
  numbered(repository: ItemId, number: number): Numbered | undefined
  /** The reviewed identity map: who this account is, and under which name on which target. Undefined: nobody reviewed it. */
  person(account: ItemId): Person | undefined
}
/** Kinds that share the sequence of numbers of a repository. */
export type Numbered = 'issue' | 'change-request' | 'discussion'
export interface Entry<K extends keyof BodyByKind> {
  readonly id: ItemId
  readonly collection: CollectionId
  readonly body: BodyByKind[K]
  readonly blobs: readonly (BlobRef | null)[]
}
/** One person of `identities.yaml`. `accounts`: source or target name in the configuration → account name there. */
export interface Person {
  readonly name: string
  readonly addresses: readonly string[]
  readonly accounts: Readonly<Record<string, string>>
}

/** One intended effect on a target. `revision` changes iff the effect changes. Backends add their own payload. */
export interface Operation {
  readonly key: IdempotencyKey
  readonly item: ItemId
  readonly collection: CollectionId
  readonly revision: string
  /** What a dry run prints: one line, no message text. */
  readonly summary: string
}
export interface Mapped<Op> {
  readonly ops: readonly Op[]
  readonly losses: readonly Loss[]
}
/** Pure: no network, no clock, no randomness; the same item gives the same operations. */
export interface Mapper<Op extends Operation> {
  map(item: Item): Mapped<Op>
}

/** What a field looks like on the target, in the target's own terms; compared field by field, by canonical JSON. */
export type Fields = Readonly<Record<string, JsonValue>>

/** The ledger's memory of one operation. `staged`: written before the attempt; `applied`: the target confirmed it. `notes` belong to the target. */
export interface LedgerEntry {
  readonly key: IdempotencyKey
  readonly item: ItemId
  readonly collection: CollectionId
  readonly revision: string
  readonly remote: RemoteId
  readonly state: 'staged' | 'applied'
  readonly notes: JsonObject
}
/** Durable map from operations to what they became. Synchronous (SQLite); holds ids, names of fields and hashes, no text. */
export interface Ledger {
  get(key: IdempotencyKey): LedgerEntry | undefined
  byRemote(remote: RemoteId): LedgerEntry | undefined
  /** Ascending by key. */
  entries(of: { readonly collection?: CollectionId; readonly prefix?: string }): IterableIterator<LedgerEntry>
  /** One transaction, durable when it returns. */
  put(entries: Iterable<LedgerEntry>): void
  delete(keys: Iterable<IdempotencyKey>): void
}

/** One operation and what the ledger knows of it. `gone`: the ledger has it, the snapshot has it no more. */
export type Stated<Op extends Operation> =
  | { readonly state: 'new'; readonly op: Op }
  | { readonly state: 'changed' | 'same'; readonly op: Op; readonly known: LedgerEntry }
  | { readonly state: 'gone'; readonly known: LedgerEntry }

/**
 * What became of one operation. `expect` says how it must look when read back, keyed by `remote`; verification trusts nothing else.
 * `failed`: the target refused this one; neighbours went on; `losses` say why.
 */
export interface Applied {
  readonly key: IdempotencyKey
  readonly item: ItemId
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'deleted' | 'failed'
  readonly remote: RemoteId
  readonly expect: Fields
  readonly losses: readonly Loss[]
}
/** One thing found on the target. A remote that is observed twice is doubled, and that is a failure. */
export interface Observed {
  readonly remote: RemoteId
  readonly fields: Fields
}

export interface BlobReader {
  /** The bytes, verified against their hash while they stream. @throws Fault `corrupt` */
  open(ref: BlobRef, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
  /**
   * The same at once, in a buffer of the caller's own: for those who read very many small ones, where a stream for each would be most of
   * the work. Not every reader has it. @throws Fault `corrupt`
   */
  whole?(ref: BlobRef, signal: AbortSignal): Promise<Uint8Array>
}
export interface ApplyContext {
  readonly ledger: Ledger
  readonly blobs: BlobReader
  /** An empty directory of this run for spool files; removed afterwards. */
  readonly workDir: string
  /** Progress for people: what is being done, how much of it. */
  progress(stage: string, done: number, total: number | undefined): void
}
/** A thing a rehearsal made and could not remove, and what to do about it. */
export interface Leftover {
  readonly what: string
  readonly why: string
  readonly remedy: string
}

/** A target is never left worse than found, and nothing it does notifies a person. Every method stops soon after an abort. */
export interface Target<Op extends Operation> extends AsyncDisposable {
  check(signal: AbortSignal): AsyncIterable<Check>
  /** What is already there that mapping must respect (version, limits, names, people). Reads only. */
  survey(directory: Directory, signal: AbortSignal): Promise<JsonObject>
  /**
   * Applies operations: accounts, groups, emoji, channels, folders, calendars and lists first, then what stands in them, those of one
   * collection together; mails newest first; `gone` entries last. Only kinds that the target's capabilities do not refuse are handed in.
   * Idempotent on `op.key`; killed anywhere and run again it ends in the same state. Large imports go through the target's bulk road.
   * Unchanged operations are handed in too: a bulk road may have to resend them.
   */
  apply(ops: AsyncIterable<Stated<Op>>, context: ApplyContext, signal: AbortSignal): AsyncIterable<Applied>
  /**
   * Everything that stands on the target in the places this configuration writes to, read back through its API.
   * `only`: these collections are enough (one person's); a target that cannot tell may give more.
   */
  observe(ledger: Ledger, only: ReadonlySet<CollectionId> | undefined, signal: AbortSignal): AsyncIterable<Observed>
  /** Present iff opened on a scratch configuration: removes what the rehearsal made. */
  readonly scratch?: { destroy(signal: AbortSignal): AsyncIterable<Leftover> }
}

export interface TargetDefinition<Id extends string, Config, Op extends Operation> {
  readonly id: Id
  readonly title: string
  readonly config: ZodType<Config>
  readonly capabilities: Capabilities
  readonly limits: Readonly<Record<string, RateLimit>>
  quotaOf(request: Request): readonly QuotaNeed[]
  /** `survey`: what `Target.survey` found, or undefined when the target was not asked (plan without a network). */
  mapper(directory: Directory, config: Config, survey: JsonObject | undefined): Mapper<Op>
  /** A rehearsal is the real thing in a throw-away place. `run` is a short lower-case id. */
  scratch(config: Config, run: string): Config
  /** `name`: the target's name in the configuration. */
  open(name: string, config: Config, ports: Ports, signal: AbortSignal): Promise<Target<Op>>
}
