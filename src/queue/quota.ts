import type { QuotaNeed } from '../contract/ports.ts'

/** Who goes first where a budget is short. Inside one priority, flows share it by weight. */
export type Priority = 'incremental' | 'verify' | 'backfill'

export interface AcquireOptions {
  readonly signal: AbortSignal
  /** Default `incremental`. */
  readonly priority?: Priority
  /** On whose behalf (a tenant, a source). Flows of the same priority take turns by weight. */
  readonly flow?: string
  /** Default 1. */
  readonly weight?: number
  /** The longest pause ordered by the vendor (Retry-After) that is waited out; waiting for the budget itself is never cut short. Default: for ever. */
  readonly patienceMs?: number
}
/** What a response said about a budget. */
export interface Feedback {
  readonly status: number
  readonly retryAfterMs?: number | undefined
  /** Units left until `resetAt` (epoch milliseconds). */
  readonly remaining?: number | undefined
  readonly resetAt?: number | undefined
}
/** Leave to send one request. It ends with `release`, on every path. */
export interface Permit {
  /** The vendor has answered: the request leaves the window one window from now. */
  answered(): Promise<void>
  /** Bytes still flow: the lease holds for another while. */
  renew(): Promise<void>
  /** The body has settled. Again is harmless. */
  release(): Promise<void>
}
/** The vendors' quotas, for everybody who sends requests. */
export interface Limiter {
  /**
   * Waits until every need is met, and takes all of them at once or none.
   * @throws the signal's reason; Fault `throttled` when a vendor's pause outlasts the patience
   */
  acquire(needs: readonly QuotaNeed[], options: AcquireOptions): Promise<Permit>
  feedback(key: string, seen: Feedback): Promise<void>
}
