import type { ConnectorDefinition } from '../contract/connector.ts'
import type { Loss, LossCode } from '../contract/fidelity.ts'
import type { Kind } from '../contract/item.ts'
import type { Clock, Ports, QuotaNeed, RateLimit } from '../contract/ports.ts'
import type { JsonObject } from '../contract/json.ts'
import type { Leftover, Operation, Person, TargetDefinition } from '../contract/target.ts'
import type { Manifest, Vault } from '../contract/vault.ts'

/** A configured source: its name, what reads it, and its parsed settings. The registry erases the settings' type; `open` gets back what `config` parsed. */
export interface SourceHandle {
  readonly name: string
  readonly definition: ConnectorDefinition<string, unknown>
  readonly config: unknown
}
/** A configured target, likewise. */
export interface TargetHandle {
  readonly name: string
  readonly definition: TargetDefinition<string, unknown, Operation>
  readonly config: unknown
}

/** What a report calls a source. The configuration need not know it any more: an import reads the vault alone. */
export interface SourceLabel {
  readonly name: string
  /** Id of the connector that read it; undefined when nothing here says so. */
  readonly connector: string | undefined
  readonly title: string
}

/** Ports for one backend: its own budgets behind one fetch. */
export type PortsFor = (backend: {
  readonly name: string
  readonly limits: Readonly<Record<string, RateLimit>>
  quotaOf(request: Request): readonly QuotaNeed[]
  /** True for sources: every request only reads, so that any of them may be sent again after a broken connection. */
  readonly reads: boolean
}) => Ports

/** What every journey needs. `stateDir`: ledgers, journal, runs; private to the user that runs fallreep. */
export interface Workspace {
  readonly vault: Vault
  readonly portsFor: PortsFor
  readonly clock: Clock
  readonly stateDir: string
  /** The reviewed people of `identities.yaml`; empty if there is none. */
  readonly people: readonly Person[]
  /** Progress and findings as they happen; rendering is the caller's business. */
  readonly emit: (event: EngineEvent) => void
}

/** Stages of all journeys, in their order. */
export type Stage = 'read' | 'commit' | 'directory' | 'map' | 'survey' | 'apply' | 'observe' | 'compare' | 'clean-up'

export type EngineEvent =
  | { readonly type: 'stage'; readonly stage: Stage; readonly state: 'started' | 'finished'; readonly seconds?: number }
  | { readonly type: 'status'; readonly stage: Stage; readonly what: string; readonly done: number; readonly total: number | undefined }
  | { readonly type: 'item-failed'; readonly collection: string; readonly item: string | undefined; readonly what: string }
  | { readonly type: 'loss'; readonly loss: Loss }

/** Sum of verdicts: `planned = matched + explained + differs + missing`. */
export interface Totals {
  readonly planned: number
  readonly matched: number
  readonly explained: number
  readonly differs: number
  readonly missing: number
}
export interface LossCount {
  readonly stage: Loss['stage']
  readonly code: LossCode
  readonly effect: Loss['effect']['type']
  readonly field: string | undefined
  readonly kind: string
  readonly count: number
}
/** One thing that verification could not explain. `expected` and `actual` are shown as they were compared. */
export interface Finding {
  readonly item: string
  readonly kind: Kind
  readonly collection: string
  readonly type: 'differs' | 'missing'
  readonly field: string | undefined
  readonly detail: string
}

export interface BackupSummary {
  readonly command: 'backup'
  readonly source: string
  readonly state: 'complete' | 'partial'
  readonly snapshot: Manifest
  readonly collections: { readonly total: number; readonly failed: number }
  readonly losses: readonly LossCount[]
  readonly requests: number
  readonly seconds: number
}
export interface PlanSummary {
  readonly command: 'plan'
  readonly source: string
  readonly snapshot: string
  readonly target: string
  readonly planned: number
  readonly person?: string
  /** Items of the snapshot that this target has no place for. */
  readonly uncarried: Readonly<Partial<Record<Kind, number>>>
  readonly byKind: Readonly<Partial<Record<Kind, { readonly items: number; readonly operations: number; readonly losses: number }>>>
  readonly operations: { readonly new: number; readonly changed: number; readonly same: number; readonly gone: number }
  readonly losses: readonly LossCount[]
  readonly seconds: number
}
/** Everything a report is made of; stored as `runs/<run>/result.json`. Lists that can be long stand beside it: `losses.ndjson`, `findings.ndjson`. */
export interface RunResult {
  readonly version: 1
  readonly command: 'rehearse' | 'cutover'
  readonly run: string
  readonly tool: string
  readonly source: SourceLabel
  readonly target: { readonly name: string; readonly kind: string; readonly title: string; readonly survey: JsonObject }
  readonly snapshot: {
    readonly id: string
    readonly startedAt: string
    readonly finishedAt: string
    readonly state: 'complete' | 'partial'
    readonly ageSeconds: number
  }
  readonly startedAt: string
  readonly finishedAt: string
  readonly seconds: number
  readonly stages: readonly { readonly stage: Stage; readonly seconds: number }[]
  readonly totals: Totals
  readonly byKind: Readonly<Partial<Record<Kind, Totals>>>
  readonly byCollection: readonly ({ readonly id: string; readonly title: string } & Totals)[]
  readonly applied: {
    readonly created: number
    readonly updated: number
    readonly unchanged: number
    readonly deleted: number
    readonly failed: number
  }
  /** Blobs whose bytes were read back and hashed. */
  readonly blobs: { readonly count: number; readonly bytes: number }
  readonly losses: readonly LossCount[]
  readonly lossesTotal: number
  readonly findingsTotal: number
  /** Things that stand in the target's places and that no item of ours explains; told, never changed. */
  readonly foreign: number
  readonly leftovers: readonly Leftover[]
  /** The address of the person this run was about; absent: the whole organisation. */
  readonly person?: string
  /** When what could be used, in seconds since the command began; those of targets before this one come first. */
  readonly milestones: readonly Milestone[]
  /** Items of the snapshot that this target has no place for and that were left to others. */
  readonly uncarried: Readonly<Partial<Record<Kind, number>>>
}

/** So many items of these kinds stand on a target, ready to be used. `newest`: the newest mails, before all the others. */
export interface Milestone {
  readonly target: string
  readonly kinds: readonly Kind[]
  readonly items: number
  readonly newest: boolean
  readonly seconds: number
}

/** `interrupted`: continued by the same command. */
export interface RunFiles {
  readonly directory: string
  readonly result: string
  readonly losses: string
  readonly findings: string
}
