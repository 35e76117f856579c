import type { ZodType } from 'zod'
import type { Clock, Log, QuotaNeed } from '../contract/ports.ts'
import type { JsonValue } from '../contract/json.ts'
import type { FaultCode } from '../fault.ts'
import type { Priority } from './quota.ts'

type Brand<B extends string> = string & { readonly __brand: B }
export type RunId = Brand<'RunId'>
export type NodeId = number & { readonly __brand: 'NodeId' }
/** Who works on the graph; made by `newOwner`. */
export type WorkerId = string
/** What a node mostly waits for: a vendor, the processor, or disk and local network. */
export type LaneName = 'api' | 'cpu' | 'io'

/**
 * One node: a collection, or a stage of a run, never a single item.
 * The journal is kept for long and read by operators: `key` and `input` hold kinds and opaque ids, no name, address or text of a person.
 */
export interface NodeSpec {
  readonly kind: string
  /** Unique inside its run; the same key twice is one node. */
  readonly key: string
  readonly lane: LaneName
  readonly input: JsonValue
  /** Keys of nodes of the same run that must be done (or skipped) before. They exist already or come in the same call. */
  readonly after?: readonly string[]
  /** Default `incremental`. */
  readonly priority?: Priority
}
/** One execution of a job. `job` and `slot` name it for ever: creating it a second time finds the first. */
export interface RunSpec {
  readonly job: string
  readonly slot: string
  readonly nodes: readonly NodeSpec[]
}

/**
 * - `blocked`: a parent is not done · `ready`: may be claimed (from `notBefore` on) · `leased`: somebody works on it
 * - `done`, `skipped`: over; children go on · `dead`: failed for good · `stranded`: cannot run because an ancestor is dead
 */
export type NodeState = 'blocked' | 'ready' | 'leased' | 'done' | 'skipped' | 'dead' | 'stranded'

/** A node under lease. `token` fences: once the lease was lost, everything said with it is refused. */
export interface Claim {
  readonly run: RunId
  readonly node: NodeId
  readonly kind: string
  readonly key: string
  readonly lane: LaneName
  readonly input: JsonValue
  readonly token: number
  readonly worker: WorkerId
  readonly leaseMs: number
  /** How often it was claimed, this time included. */
  readonly attempt: number
  /** How often it failed since its last checkpoint. */
  readonly failures: number
  readonly checkpoint: JsonValue | undefined
}

/** Why a node did not finish: a fault's code, or a bug of ours. Never a message, for messages may name things. */
export type Reason = FaultCode | 'bug'
/**
 * How work on a node ended. `release` gives it back as if it had not been claimed (the run was stopped); `retry` counts as a failure.
 * `result`: ids and counts only.
 */
export type Settlement =
  | { readonly type: 'done'; readonly result?: JsonValue }
  | { readonly type: 'retry'; readonly afterMs: number; readonly why: Reason }
  | { readonly type: 'skip'; readonly why: Reason }
  | { readonly type: 'dead'; readonly why: Reason }
  | { readonly type: 'release' }

/** A node as `status` shows it. */
export interface NodeView {
  readonly node: NodeId
  readonly kind: string
  readonly key: string
  readonly state: NodeState
  readonly attempt: number
  readonly why: Reason | undefined
  /** Keys of the dead nodes that strand this one. */
  readonly strandedBy: readonly string[]
  readonly result: JsonValue | undefined
}
/** Where a run stands. */
export interface Outlook {
  readonly counts: Readonly<Record<NodeState, number>>
  /** When something may become claimable that is not now: the earliest `notBefore` or end of a lease, epoch milliseconds. */
  readonly nextAt: number | undefined
}

/** The graph and its progress, durable. One contract suite (`test/contract/graph-store.suite.ts`) for every implementation. */
export interface GraphStore extends AsyncDisposable {
  /** Finds the run of this job and slot or makes it; nodes that are not there yet are added either way. @throws Fault `usage` as `enqueue` */
  createRun(spec: RunSpec): Promise<RunId>
  /**
   * Adds nodes and edges in one transaction; known keys stay as they are. Gives the ones that are ready at once.
   * @throws Fault `usage` for an unknown parent or a cycle; nothing is added then
   */
  enqueue(run: RunId, nodes: readonly NodeSpec[]): Promise<readonly NodeId[]>
  /** Takes up to `n` ready nodes of these lanes: by priority, then oldest first. `run`: only of this run. */
  claim(worker: WorkerId, lanes: readonly LaneName[], n: number, leaseMs: number, run?: RunId): Promise<readonly Claim[]>
  /** Prolongs the lease by `claim.leaseMs` from now. False: it is lost, stop working. */
  heartbeat(claim: Claim): Promise<boolean>
  /** Durable when it resolves. @throws Fault `conflict` if the lease is lost */
  checkpoint(claim: Claim, state: JsonValue): Promise<void>
  /** Ends a claim and gives the nodes that became ready by it. @throws Fault `conflict` if the lease is lost; nothing changes then */
  settle(claim: Claim, settlement: Settlement): Promise<readonly NodeId[]>
  /** Makes nodes of ended leases ready again, and of owners known to be dead. Gives their number. */
  reapExpired(): Promise<number>
  /** Gives dead nodes another life and un-strands their descendants. Gives the number of nodes that changed. */
  revive(run: RunId): Promise<number>
  /** Forgets runs made before `epochMs` that nobody works on. Gives their number. */
  prune(epochMs: number): Promise<number>
  outlook(run: RunId): Promise<Outlook>
  nodes(run: RunId): AsyncIterable<NodeView>
}

/** Tells workers that something became ready. In one process, or across many (where the listener may be late, so workers also look by themselves). */
export interface Waker {
  notify(nodes: readonly NodeId[]): Promise<void>
  subscribe(wake: () => void): Disposable
}

/** A kind of node: what it needs and what it does. `run` is repeated after a crash, from its last checkpoint. */
export interface TaskDef<Input extends JsonValue, State extends JsonValue, Output extends JsonValue | undefined> {
  readonly kind: string
  /** Raised when `Input` changes its meaning. It is part of the key. */
  readonly version: number
  readonly input: ZodType<Input>
  readonly lane: LaneName
  /** What it will draw on at best knowledge; for forecasts. */
  quota(input: Input): readonly QuotaNeed[]
  idempotencyKey(input: Input): string
  run(ctx: Ctx<State>, input: Input): Promise<Output>
}
export interface Ctx<State extends JsonValue> {
  /** Aborted when the run stops or the lease is lost. */
  readonly signal: AbortSignal
  readonly attempt: number
  readonly checkpoint: State | undefined
  /** Durable when it resolves. @throws Fault `conflict` if the lease is lost */
  readonly save: (state: State) => Promise<void>
  /** Adds nodes to the run; they may come `after` this one. Safe to repeat. */
  readonly spawn: (nodes: readonly NodeSpec[]) => Promise<void>
  readonly clock: Clock
  readonly log: Log
}

/** Names a node of this kind. */
export const nodeKey = (task: Pick<Task, 'kind' | 'version'>, idempotencyKey: string): string =>
  `${task.kind}@${task.version}/${idempotencyKey}`

/** The node that runs `task` on `input`. */
export function nodeOf<Input extends JsonValue, State extends JsonValue, Output extends JsonValue | undefined>(
  task: TaskDef<Input, State, Output>,
  input: Input,
  more: { readonly after?: readonly string[]; readonly priority?: Priority } = {},
): NodeSpec {
  return { kind: task.kind, key: nodeKey(task, task.idempotencyKey(input)), lane: task.lane, input, ...more }
}

/** A TaskDef whose types have been closed over, so that tasks of all kinds fit one list. */
export interface Task {
  readonly kind: string
  readonly version: number
  readonly lane: LaneName
  run(ctx: Ctx<JsonValue>, input: JsonValue): Promise<JsonValue | undefined>
}
/** Closes over the types of a task. Its checkpoints come back as it saved them; its input is checked against its schema. */
export function task<Input extends JsonValue, State extends JsonValue, Output extends JsonValue | undefined>(
  def: TaskDef<Input, State, Output>,
): Task {
  return {
    kind: def.kind,
    version: def.version,
    lane: def.lane,
    run: (ctx, input) => def.run(ctx as unknown as Ctx<State>, def.input.parse(input)),
  }
}
