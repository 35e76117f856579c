import type { JsonValue } from '../contract/json.ts'
import type { Clock, Log } from '../contract/ports.ts'
import { type Fault, faultIn } from '../fault.ts'
import type { Claim, Ctx, GraphStore, Settlement, Task, Waker } from './graph.ts'

export interface Ended {
  readonly claim: Claim
  readonly settlement: Settlement
  /** What the task threw, if it did. The journal keeps its code only. */
  readonly error: unknown
}
export interface WorkOptions {
  readonly store: GraphStore
  readonly waker: Waker
  readonly clock: Clock
  readonly log: Log
  readonly maxFailures: number
  readonly random: () => number
}

const RETRY_MS = 2_000
const RETRY_CAP_MS = 300_000

/**
 * Runs one claimed node and settles it. Undefined: its lease was lost, somebody else has it.
 * @param stopped true once the run stops: what fails then is given back, not counted
 * @throws Fault of the store, when the outcome could not be written down
 */
export async function workOn(
  claim: Claim,
  task: Task | undefined,
  options: WorkOptions,
  stopped: () => boolean,
  signal: AbortSignal,
): Promise<Ended | undefined> {
  const { store, waker, log } = options
  let error: unknown
  let settlement: Settlement
  try {
    signal.throwIfAborted()
    const result = await runTask(claim, task, options, signal)
    settlement = result === undefined ? { type: 'done' } : { type: 'done', result }
  } catch (cause) {
    error = cause
    settlement = stopped() ? { type: 'release' } : settlementOf(cause, claim, options)
  }
  if (signal.aborted && !stopped()) return undefined
  try {
    await waker.notify(await store.settle(claim, settlement))
  } catch (cause) {
    if (faultIn(cause)?.code !== 'conflict') throw cause
    log.warn('a node was taken over before it was done', { kind: claim.kind, node: claim.node })
    return undefined
  }
  return { claim, settlement, error }
}

async function runTask(claim: Claim, task: Task | undefined, options: WorkOptions, signal: AbortSignal): Promise<JsonValue | undefined> {
  const { store, waker, clock, log } = options
  if (task === undefined) throw new Error(`no task for nodes of kind ${claim.kind}`)
  const ctx: Ctx<JsonValue> = {
    signal,
    attempt: claim.attempt,
    checkpoint: claim.checkpoint,
    save: (state) => store.checkpoint(claim, state),
    spawn: async (nodes) => waker.notify(await store.enqueue(claim.run, nodes)),
    clock,
    log,
  }
  return task.run(ctx, claim.input)
}

/** What an error means for the node. Only a Fault knows whether trying again makes sense; anything else is a bug of ours. */
function settlementOf(error: unknown, claim: Claim, options: WorkOptions): Settlement {
  const fault = faultIn(error)
  const about = { kind: claim.kind, node: claim.node, attempt: claim.attempt }
  if (fault === undefined) {
    // The message may quote what was being read; the place in our code cannot.
    const place = error instanceof Error ? error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) : undefined
    options.log.warn('a node failed by a bug', { ...about, error: error instanceof Error ? error.name : typeof error, place })
    return { type: 'dead', why: 'bug' }
  }
  if (fault.retry.type === 'never' || claim.failures + 1 >= options.maxFailures) {
    options.log.warn('a node failed for good', { ...about, why: fault.code })
    return { type: 'dead', why: fault.code }
  }
  const afterMs = retryAfterMs(fault, claim.failures, options.random)
  options.log.info('a node failed and will be tried again', { ...about, why: fault.code, afterMs })
  return { type: 'retry', why: fault.code, afterMs }
}

const retryAfterMs = ({ retry }: Fault, failures: number, random: () => number): number =>
  retry.type === 'after' ? retry.ms : Math.ceil(Math.min(RETRY_CAP_MS, RETRY_MS * 2 ** failures) * (0.5 + random() / 2))
