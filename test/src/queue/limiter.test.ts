import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { RateLimit } from '../../../src/contract/ports.ts'
import { Fault } from '../../../src/fault.ts'
import { type BucketStore, memoryBucketStore, openSqliteBucketStore } from '../../../src/queue/bucket-store.ts'
import { createLimiter } from '../../../src/queue/limiter.ts'
import type { Limiter, Permit } from '../../../src/queue/quota.ts'
import { VirtualClock } from '../../support/clock.ts'

const limit = (requests: number, perMs = 60_000, concurrency = 100): RateLimit => ({ requests, perMs, concurrency, source: 'test' })
const never = new AbortController().signal

function sqliteFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fallreep-quota-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'quota.db')
}
function opened(path: string): BucketStore {
  const store = openSqliteBucketStore(path)
  onTestFinished(() => store[Symbol.dispose]())
  return store
}

/** Sends `count` requests from `workers` workers, each taking `latencyMs`; the vendor counts somewhere in between. Gives the times of counting. */
async function sends(
  limiter: Limiter,
  clock: VirtualClock,
  key: string,
  count: number,
  latencyMs: (n: number) => number,
  workers = 4,
): Promise<number[]> {
  const counted: number[] = []
  let begun = 0
  const worker = async (): Promise<void> => {
    while (begun < count) {
      begun += 1
      const n = begun
      const permit = await limiter.acquire([{ key, cost: 1 }], { signal: never })
      const ms = latencyMs(n)
      await clock.sleep(n % 3 === 0 ? ms : 0, never)
      counted.push(clock.monotonicMs())
      await clock.sleep(n % 3 === 0 ? 0 : ms, never)
      await permit.answered()
      await permit.release()
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  return counted.toSorted((a, b) => a - b)
}
/** The most that any window, closed at both ends, holds. */
function busiestWindow(times: readonly number[], perMs: number): number {
  let most = 0
  let from = 0
  for (const [at, time] of times.entries()) {
    while (time - (times[from] ?? time) > perMs) from += 1
    most = Math.max(most, at - from + 1)
  }
  return most
}

describe.each([
  ['in memory', () => memoryBucketStore()],
  ['in SQLite', () => opened(sqliteFile())],
])('a limiter with its budgets %s', (_name, newStore) => {
  const world = (budgets: Record<string, RateLimit>) => {
    const clock = new VirtualClock()
    const store = newStore()
    return { clock, store, limiter: createLimiter({ clock, store, budgets, scope: 'acme' }) }
  }

  test('never lets a window hold more than the budget, and uses it to the full', async () => {
    const { clock, limiter } = world({ 'conversations.replies': limit(50) })
    const times = await sends(limiter, clock, 'conversations.replies', 500, () => 250)
    expect(busiestWindow(times, 60_000)).toBe(50)
    const floorMs = 9 * 60_000
    expect(clock.monotonicMs() / floorMs).toBeLessThan(1.02)
  })

  test('waits for the boundary of a window that an earlier limiter has filled', async () => {
    const { clock, store, limiter } = world({ a: limit(5) })
    const before = await sends(limiter, clock, 'a', 5, () => 10)
    const next = createLimiter({ clock, store, budgets: { a: limit(5) }, scope: 'acme' })
    const after = await sends(next, clock, 'a', 5, () => 10)
    expect(busiestWindow([...before, ...after], 60_000)).toBe(5)
  })

  test('holds strict windows whatever the latency', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.array(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 8 }),
        async (requests, latencies) => {
          const { clock, limiter } = world({ a: limit(requests, 5_000) })
          const times = await sends(limiter, clock, 'a', 40, (n) => latencies[n % latencies.length] ?? 0)
          expect(times).toHaveLength(40)
          expect(busiestWindow(times, 5_000)).toBeLessThanOrEqual(requests)
        },
      ),
      { numRuns: 12 },
    )
  })

  test('counts a connection until its body has settled', async () => {
    const { clock, limiter } = world({ a: limit(1_000, 1_000, 2) })
    const [one] = await Promise.all([1, 2].map(() => limiter.acquire([{ key: 'a', cost: 1 }], { signal: never })))
    await one?.answered()
    let third: Permit | undefined
    const waiting = limiter.acquire([{ key: 'a', cost: 1 }], { signal: never }).then((permit) => (third = permit))
    await clock.sleep(10_000, never)
    expect(third).toBeUndefined()
    await one?.release()
    await waiting
    expect(clock.monotonicMs()).toBe(10_000)
  })

  test('takes all needs or none', async () => {
    const { clock, limiter } = world({ wide: limit(10), narrow: limit(1) })
    const both = [
      { key: 'narrow', cost: 1 },
      { key: 'wide', cost: 1 },
    ]
    await (await limiter.acquire(both, { signal: never })).release()
    const second = limiter.acquire(both, { signal: never })
    const others = await Promise.all(Array.from({ length: 9 }, () => limiter.acquire([{ key: 'wide', cost: 1 }], { signal: never })))
    expect(clock.monotonicMs()).toBe(0)
    for (const permit of others) await permit.release()
    await second
    expect(clock.monotonicMs()).toBe(60_001)
  })

  test('a Retry-After stops everybody who draws on the budget, and only them', async () => {
    const { clock, limiter, store } = world({ a: limit(50), b: limit(50) })
    await limiter.feedback('a', { status: 429, retryAfterMs: 30_000 })
    await limiter.acquire([{ key: 'b', cost: 1 }], { signal: never })
    expect(clock.monotonicMs()).toBe(0)
    const other = createLimiter({ clock, store, budgets: { a: limit(50) }, scope: 'acme' })
    await other.acquire([{ key: 'a', cost: 1 }], { signal: never })
    expect(clock.monotonicMs()).toBe(30_000)
  })

  test('gives up on a pause longer than the patience, and says when to come back', async () => {
    const { limiter } = world({ a: limit(50) })
    await limiter.feedback('a', { status: 429, retryAfterMs: 3_600_000 })
    const refused = limiter.acquire([{ key: 'a', cost: 1 }], { signal: never, patienceMs: 60_000 })
    await expect(refused).rejects.toMatchObject({ code: 'throttled', retry: { type: 'after', ms: 3_600_000 } })
    await expect(refused).rejects.toBeInstanceOf(Fault)
  })

  test('an empty quota in the headers is a pause until its reset', async () => {
    const { clock, limiter } = world({})
    await limiter.feedback('unknown', { status: 200, remaining: 0, resetAt: clock.now().getTime() + 9_000 })
    await limiter.acquire([{ key: 'unknown', cost: 1 }], { signal: never })
    expect(clock.monotonicMs()).toBe(9_000)
  })

  test('dares less after a refusal and the full budget again after a while', async () => {
    const { clock, limiter } = world({ a: limit(20) })
    await limiter.feedback('a', { status: 429, retryAfterMs: 1_000 })
    const early = await sends(limiter, clock, 'a', 16, () => 0)
    expect(busiestWindow(early, 60_000)).toBe(15)
    await clock.sleep(3_600_000, never)
    const late = await sends(limiter, clock, 'a', 40, () => 0)
    expect(busiestWindow(late, 60_000)).toBe(20)
  })

  test('an abort while waiting leaves at once and frees the place', async () => {
    const { clock, limiter } = world({ a: limit(1) })
    await (await limiter.acquire([{ key: 'a', cost: 1 }], { signal: never })).release()
    const controller = new AbortController()
    const waiting = limiter.acquire([{ key: 'a', cost: 1 }], { signal: controller.signal })
    controller.abort(new Error('stop'))
    await expect(waiting).rejects.toThrow('stop')
    await limiter.acquire([{ key: 'a', cost: 1 }], { signal: never })
    expect(clock.monotonicMs()).toBe(60_001)
  })

  test('serves incremental before verify before backfill, and flows by weight', async () => {
    const { limiter } = world({ a: limit(1, 1_000) })
    await (await limiter.acquire([{ key: 'a', cost: 1 }], { signal: never })).release()
    const served: string[] = []
    const ask = async (name: string, priority: 'incremental' | 'verify' | 'backfill', weight: number): Promise<void> => {
      const permit = await limiter.acquire([{ key: 'a', cost: 1 }], { signal: never, priority, flow: name, weight })
      served.push(name)
      await permit.release()
    }
    await Promise.all([
      ...Array.from({ length: 2 }, () => ask('old', 'backfill', 1)),
      ask('check', 'verify', 1),
      ...Array.from({ length: 6 }, () => ask('big', 'incremental', 1)),
      ...Array.from({ length: 6 }, () => ask('vip', 'incremental', 3)),
    ])
    expect(served.slice(0, 8).filter((name) => name === 'vip')).toHaveLength(6)
    expect(served.slice(12)).toEqual(['check', 'old', 'old'])
  })

  test('a cost beyond the budget comes through alone', async () => {
    const { clock, limiter } = world({ a: limit(5) })
    await (await limiter.acquire([{ key: 'a', cost: 1 }], { signal: never })).release()
    await limiter.acquire([{ key: 'a', cost: 9 }], { signal: never })
    expect(clock.monotonicMs()).toBe(60_001)
  })
})

test('the lease of a process that is gone ends when the next one opens the store', async () => {
  const path = sqliteFile()
  const clock = {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    sleep: () => Promise.reject(new Error('nothing should wait')),
  }
  const first = openSqliteBucketStore(path)
  const budgets = { a: limit(100, 60_000, 1) }
  await createLimiter({ clock, store: first, budgets, scope: 'acme' }).acquire([{ key: 'a', cost: 1 }], { signal: never })
  await first.update(['acme a'], (buckets) => {
    const bucket = buckets.get('acme a')
    if (bucket === undefined) throw new Error('the grant should be there')
    bucket.open = bucket.open.map((grant) => ({ ...grant, token: grant.token.replace(/\/\d+\/\d+\//, `/${process.pid}/1/`) }))
  })
  first[Symbol.dispose]()
  const next = createLimiter({ clock, store: opened(path), budgets, scope: 'acme' })
  await expect(next.acquire([{ key: 'a', cost: 1 }], { signal: never })).resolves.toBeDefined()
})

test('a day of a Slack workspace passes in virtual time without a violation', async () => {
  const clock = new VirtualClock()
  const budgets = { 'conversations.history': limit(50), 'conversations.list': limit(20) }
  const limiter = createLimiter({ clock, store: memoryBucketStore(), budgets, scope: 'acme' })
  const minutes = 24 * 60
  const times = await Promise.all(
    Object.entries(budgets).map(async ([key, { requests }]) =>
      busiestWindow(await sends(limiter, clock, key, requests * minutes, () => 200), 60_000),
    ),
  )
  expect(times).toEqual([50, 20])
  expect(clock.monotonicMs() / ((minutes - 1) * 60_000)).toBeLessThan(1.02)
})
