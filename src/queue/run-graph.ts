import type { Clock, Log } from '../contract/ports.ts'
import { Fault, faultIn } from '../fault.ts'
import { Bell } from './bell.ts'
import type { Claim, GraphStore, LaneName, NodeState, RunId, Task, Waker, WorkerId } from './graph.ts'
import { Lane } from './lane.ts'
import { newOwner } from './owner.ts'
import { localWaker } from './waker.ts'
import { type Ended, workOn } from './work.ts'

export interface RunGraphOptions {
  readonly store: GraphStore
  readonly run: RunId
  readonly tasks: readonly Task[]
  readonly clock: Clock
  readonly log: Log
  /** Nodes at a time. Default: 8 api, 2 cpu, 4 io. */
  readonly lanes?: Partial<Record<LaneName, number>>
  readonly worker?: WorkerId
  readonly waker?: Waker
  /** After so long without a sign of life a node is given to somebody else. Default one minute. */
  readonly leaseMs?: number
  /** How often to look for what other processes made ready. Default: never; only what a node or the end of a lease makes ready is noticed. */
  readonly pollMs?: number
  /** A node is dead after so many failures without a checkpoint between them. Default 5. */
  readonly maxFailures?: number
  /** Faults that end the whole run at once, such as a revoked token. Default: none. */
  readonly stopOn?: (fault: Fault) => boolean
  readonly random?: () => number
  /** Told of every node that ended. */
  readonly onSettled?: (ended: Ended) => void
}

const LANES: Readonly<Record<LaneName, number>> = { api: 8, cpu: 2, io: 4 }
const UNENDING = new AbortController().signal

/**
 * Works on a run until nothing is left that could run, and gives the number of nodes by state: `dead` and `stranded` are what failed.
 * A node that fails does not hold up unrelated ones. What dead owners left behind is taken up again.
 * @throws the signal's reason on abort, or the Fault that `stopOn` chose, once all work has stopped and was given back; Fault of the store
 */
export async function runGraph(options: RunGraphOptions, signal: AbortSignal): Promise<Readonly<Record<NodeState, number>>> {
  const { store, run, clock, log, worker = newOwner(), waker = localWaker(), leaseMs = 60_000, pollMs = Infinity } = options
  const { maxFailures = 5, random = Math.random } = options
  const tasks = new Map(options.tasks.map((task) => [task.kind, task]))
  const lanes = (['api', 'cpu', 'io'] as const).map((name) => ({ name, lane: new Lane(options.lanes?.[name] ?? LANES[name]) }))
  const active = new Map<Claim, AbortController>()
  const bell = new Bell()
  const over = new AbortController()
  const stop = new AbortController()

  const halt = (reason: unknown): void => {
    stop.abort(reason)
    for (const controller of active.values()) controller.abort(stop.signal.reason)
    bell.ring()
  }
  const work = async (claim: Claim, controller: AbortController): Promise<void> => {
    try {
      const means = { store, waker, clock, log, maxFailures, random }
      const ended = await workOn(claim, tasks.get(claim.kind), means, () => stop.signal.aborted, controller.signal)
      if (ended === undefined) return
      options.onSettled?.(ended)
      const fault = faultIn(ended.error)
      if (fault !== undefined && options.stopOn?.(fault) === true) halt(fault)
    } catch (cause) {
      halt(cause)
    } finally {
      active.delete(claim)
      bell.ring()
    }
  }
  const claimFree = async (): Promise<number> => {
    let claimed = 0
    for (const { name, lane } of lanes) {
      const claims = lane.free > 0 ? await store.claim(worker, [name], lane.free, leaseMs, run) : []
      for (const claim of claims) {
        const controller = new AbortController()
        active.set(claim, controller)
        if (stop.signal.aborted) controller.abort(stop.signal.reason)
        // The body ends by its own signal; the lane must not drop a claimed node unsettled.
        void lane.run(() => work(claim, controller), UNENDING)
      }
      claimed += claims.length
    }
    return claimed
  }
  /** Keeps what is ours before it looks for what others have lost: a busy process may be late for its own leases. */
  const tend = async (): Promise<void> => {
    for (const [claim, controller] of active) if (!(await store.heartbeat(claim))) controller.abort(leaseLost(claim))
    if ((await store.reapExpired()) > 0) bell.ring()
  }
  const tending = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(leaseMs / 3, over.signal)
      await tend()
    }
  }

  const onAbort = (): void => halt(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  const heart = tending().catch((cause: unknown) => {
    if (!over.signal.aborted) halt(cause)
  })
  const listening = waker.subscribe(() => bell.ring())
  try {
    await store.reapExpired()
    while (!stop.signal.aborted) {
      if ((await claimFree()) > 0) continue
      const { counts, nextAt = Infinity } = await store.outlook(run)
      if (active.size === 0 && counts.ready === 0 && counts.leased === 0) return counts
      const leftMs = nextAt - clock.now().getTime()
      if (leftMs > 0) await bell.wait(Math.min(pollMs, leftMs), clock)
      else await tend()
    }
    throw stop.signal.reason
  } catch (cause) {
    halt(cause)
    throw cause
  } finally {
    for (const { lane } of lanes) await lane.idle()
    over.abort()
    await heart
    listening[Symbol.dispose]()
    signal.removeEventListener('abort', onAbort)
  }
}

const leaseLost = ({ kind, node }: Claim): Fault =>
  new Fault({
    code: 'conflict',
    what: `The lease of node ${node} (${kind}) is lost`,
    why: 'another worker has taken it',
    retry: { type: 'backoff' },
  })
