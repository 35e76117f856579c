import type { Clock, QuotaNeed, RateLimit } from '../contract/ports.ts'
import { Fault } from '../fault.ts'
import type { BucketStore } from './bucket-store.ts'
import { answer, type BucketState, close, grant, lower, newBucket, pause, readiness, refresh, renew, UNLIMITED } from './bucket.ts'
import { type Budgets, budgetOf, NO_BUDGET } from './budgets.ts'
import { isBefore, Line, Turns, type Waiter } from './line.ts'
import { newOwner } from './owner.ts'
import type { Limiter, Permit } from './quota.ts'

export interface LimiterOptions {
  readonly clock: Clock
  readonly store: BucketStore
  /** Budgets by key or by prefix of a key; keys without one are only paused when the vendor says so. */
  readonly budgets: Budgets
  /** Whose budgets these are (source or target name): keys of different scopes never meet in the store. */
  readonly scope: string
  /** How long a grant of a process that was never heard of again counts as in flight. Default five minutes. */
  readonly leaseMs?: number
  /** How often to look again while another process holds what we wait for. Default 200 ms. */
  readonly pollMs?: number
}

const FREE: Permit = { answered: () => Promise.resolve(), renew: () => Promise.resolve(), release: () => Promise.resolve() }

type Attempt = { readonly granted: string } | { readonly wakeAt: number; readonly pausedUntil: number; readonly shortOf: readonly string[] }

/** Strict sliding windows, connections in flight and the vendor's own pauses, over any store. */
export function createLimiter(options: LimiterOptions): Limiter {
  const { clock, store, scope, leaseMs = 300_000, pollMs = 200 } = options
  const owner = newOwner()
  const lines = new Map<string, Line>()
  const turns = new Turns()
  const budgets = new Map<string, RateLimit>()
  let serial = 0
  let running = false
  let again = false
  let alarm: { readonly at: number; readonly cancel: AbortController } | undefined

  const now = (): number => clock.now().getTime()
  const stateKey = (key: string): string => `${scope} ${key}`
  const limitOf = (key: string): RateLimit => {
    const known = budgets.get(key)
    if (known !== undefined) return known
    const { concurrency, requests, perMs, source } = budgetOf(options.budgets, key) ?? NO_BUDGET
    const limit = { concurrency: Math.min(concurrency, UNLIMITED), requests: Math.min(requests, UNLIMITED), perMs, source }
    budgets.set(key, limit)
    return limit
  }
  const bucketIn = (buckets: Map<string, BucketState>, key: string, at: number): BucketState => {
    const limit = limitOf(key)
    const bucket = buckets.get(stateKey(key)) ?? newBucket(limit)
    buckets.set(stateKey(key), bucket)
    refresh(bucket, limit, at)
    return bucket
  }
  const change = (keys: readonly string[], each: (bucket: BucketState, limit: RateLimit, at: number) => void): Promise<void> =>
    store.update(keys.map(stateKey), (buckets) => {
      const at = now()
      for (const key of keys) each(bucketIn(buckets, key, at), limitOf(key), at)
    })

  const permitFor = (needs: readonly QuotaNeed[], token: string): Permit => {
    const keys = needs.map((need) => need.key)
    let released = false
    return {
      answered: async () => {
        if (released) return
        await change(keys, (bucket, limit, at) => answer(bucket, limit, token, at))
        kick()
      },
      renew: async () => {
        if (!released) await change(keys, (bucket, _limit, at) => renew(bucket, token, at + leaseMs))
      },
      release: async () => {
        if (released) return
        released = true
        await change(keys, (bucket, limit, at) => close(bucket, limit, token, at))
        kick()
      },
    }
  }

  const attempt = (needs: readonly QuotaNeed[]): Promise<Attempt> =>
    store.update(
      needs.map((need) => stateKey(need.key)),
      (buckets): Attempt => {
        const at = now()
        let wakeAt = 0
        let pausedUntil = 0
        const shortOf: string[] = []
        const found = needs.map((need) => ({ need, bucket: bucketIn(buckets, need.key, at) }))
        for (const { need, bucket } of found) {
          const ready = readiness(bucket, limitOf(need.key), need.cost, at)
          if (ready.type === 'now') continue
          shortOf.push(need.key)
          if (ready.type === 'at') {
            wakeAt = Math.max(wakeAt, ready.ms)
            if (ready.why === 'pause') pausedUntil = Math.max(pausedUntil, ready.ms)
          } else {
            const foreign = bucket.open.some((open) => !open.token.startsWith(owner))
            wakeAt = Math.max(wakeAt, Math.min(ready.leaseUntil, foreign && store.shared ? at + pollMs : Infinity))
          }
        }
        if (shortOf.length > 0) return { wakeAt, pausedUntil, shortOf }
        serial += 1
        const token = `${owner}/${serial}`
        for (const { need, bucket } of found) grant(bucket, need.cost, token, at + leaseMs)
        return { granted: token }
      },
    )

  /** Serves everybody who can be served, in order. Gives the time at which to look again. */
  const pass = async (): Promise<number> => {
    let wakeAt = Infinity
    const short = new Set<string>()
    const stuck = new Set<Line>()
    for (;;) {
      let first: { line: Line; head: Waiter } | undefined
      for (const [name, line] of lines) {
        if (stuck.has(line)) continue
        const { head } = line
        if (head === undefined) lines.delete(name)
        // What somebody before us in order waits for is not taken from under him.
        else if (line.needs.some((need) => short.has(need.key))) stuck.add(line)
        else if (first === undefined || isBefore(head, first.head)) first = { line, head }
      }
      if (first === undefined) return wakeAt
      const { line, head } = first
      const outcome = await attempt(line.needs).catch((cause: unknown) => {
        line.leave(head)
        head.reject(cause)
      })
      if (outcome === undefined) continue
      if ('granted' in outcome) {
        line.leave(head)
        turns.served(head.turn)
        head.resolve(permitFor(line.needs, outcome.granted))
      } else if (outcome.pausedUntil - now() > head.patienceMs) {
        line.leave(head)
        head.reject(pausedTooLong(outcome.shortOf, outcome.pausedUntil - now()))
      } else {
        wakeAt = Math.min(wakeAt, outcome.wakeAt)
        for (const key of outcome.shortOf) short.add(key)
        stuck.add(line)
      }
    }
  }

  const setAlarm = (at: number): void => {
    if (alarm?.at === at) return
    alarm?.cancel.abort()
    alarm = undefined
    if (at === Infinity) return
    const set = { at, cancel: new AbortController() }
    alarm = set
    clock.sleep(Math.max(0, at - now()), set.cancel.signal).then(
      () => {
        if (alarm === set) alarm = undefined
        kick()
      },
      () => undefined,
    )
  }

  const serve = async (): Promise<void> => {
    running = true
    try {
      let wakeAt: number
      do {
        again = false
        wakeAt = await pass()
      } while (again)
      setAlarm(wakeAt)
    } finally {
      running = false
    }
  }
  function kick(): void {
    if (running) again = true
    else if (lines.size > 0) void serve()
  }

  return {
    async acquire(wanted, { signal, priority = 'incremental', flow = '', weight = 1, patienceMs = Infinity }) {
      signal.throwIfAborted()
      const needs = combined(wanted)
      if (needs.length === 0) return FREE
      const name = needs.map(({ key, cost }) => `${key} ${cost}`).join('\n')
      const line = lines.get(name) ?? new Line(needs)
      lines.set(name, line)
      const cost = needs.reduce((sum, need) => sum + need.cost, 0)
      const permit = line.join({ rank: Line.rankOf(priority), patienceMs, ...turns.next(flow, weight, cost) }, signal, kick)
      kick()
      const given = await permit
      if (!signal.aborted) return given
      await given.release()
      throw signal.reason
    },
    async feedback(key, { status, retryAfterMs, remaining, resetAt }) {
      await change([key], (bucket, limit, at) => {
        if (retryAfterMs !== undefined) pause(bucket, at, at + retryAfterMs)
        if (remaining === 0 && resetAt !== undefined) pause(bucket, at, resetAt)
        if (status === 429 || (status === 403 && retryAfterMs !== undefined)) lower(bucket, limit, at)
      })
      kick()
    },
  }
}

/** One need per key, in the order of keys, so that no two takers can wait for each other. */
function combined(needs: readonly QuotaNeed[]): readonly QuotaNeed[] {
  const costs = new Map<string, number>()
  for (const { key, cost } of needs) costs.set(key, (costs.get(key) ?? 0) + cost)
  return [...costs].map(([key, cost]) => ({ key, cost })).toSorted((a, b) => (a.key < b.key ? -1 : 1))
}

function pausedTooLong(keys: readonly string[], ms: number): Fault {
  return new Fault({
    code: 'throttled',
    what: `The service has closed ${keys.join(', ')} for ${Math.ceil(ms / 1000)} seconds`,
    why: 'it answered with Retry-After, longer than we wait',
    remedy: 'Run again later; what was done is kept',
    retry: { type: 'after', ms },
  })
}
