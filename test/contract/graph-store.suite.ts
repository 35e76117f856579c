import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Clock } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import type { Claim, GraphStore, NodeSpec, NodeState, NodeView, RunId } from '../../src/queue/graph.ts'

/** A clock that the suite turns by hand. */
export class HandClock implements Clock {
  #ms = Date.parse('2026-01-01T00:00:00Z')
  now(): Date {
    return new Date(this.#ms)
  }
  monotonicMs(): number {
    return this.#ms
  }
  sleep(): Promise<void> {
    return Promise.reject(new Error('a store does not sleep'))
  }
  pass(ms: number): void {
    this.#ms += ms
  }
}
export interface GraphStoreSubject {
  readonly name: string
  /** An empty store. `reopen`: the same durable state through another handle, as another process sees it. */
  start(clock: Clock): Promise<{ readonly store: GraphStore; reopen(): Promise<GraphStore> } & AsyncDisposable>
}

const LEASE_MS = 60_000
const node = (key: string, ...after: string[]): NodeSpec => ({ kind: 'channel', key, lane: 'api', input: { id: key }, after })

async function views(store: GraphStore, run: RunId): Promise<Record<string, NodeView>> {
  const found: Record<string, NodeView> = {}
  for await (const view of store.nodes(run)) found[view.key] = view
  return found
}
async function states(store: GraphStore, run: RunId): Promise<Record<string, NodeState>> {
  return Object.fromEntries(Object.entries(await views(store, run)).map(([key, view]) => [key, view.state]))
}
function law(name: string, holds: boolean): void {
  if (!holds) throw new Error(`broken law: ${name}`)
}
async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (cause: unknown) => (cause instanceof Fault ? cause.code : String(cause)),
  )
}

/** What every GraphStore promises. A store's own test is one call. */
export function graphStoreContract(subject: GraphStoreSubject): void {
  describe(`${subject.name} as a graph store`, () => {
    const world = async () => {
      const clock = new HandClock()
      const started = await subject.start(clock)
      const claim = async (n = 1, lanes = ['api', 'cpu', 'io'] as const): Promise<readonly Claim[]> =>
        started.store.claim('worker', lanes, n, LEASE_MS)
      const one = async (): Promise<Claim> => {
        const [claimed] = await claim()
        if (claimed === undefined) throw new Error('nothing is ready')
        return claimed
      }
      return {
        clock,
        claim,
        one,
        store: started.store,
        reopen: () => started.reopen(),
        [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
      }
    }

    test('creating a run again finds it and adds only what is missing', async () => {
      await using w = await world()
      const run = await w.store.createRun({ job: 'backup', slot: '2026-01-01', nodes: [node('a')] })
      expect(await w.store.createRun({ job: 'backup', slot: '2026-01-01', nodes: [node('a'), node('b', 'a')] })).toBe(run)
      expect(await w.store.createRun({ job: 'backup', slot: '2026-01-02', nodes: [] })).not.toBe(run)
      expect(await states(w.store, run)).toEqual({ a: 'ready', b: 'blocked' })
    })

    test('a node is ready once all its parents are done or skipped, and settling says so once', async () => {
      await using w = await world()
      const run = await w.store.createRun({ job: 'j', slot: '1', nodes: [node('child', 'a', 'b'), node('a'), node('b')] })
      const [a, b] = await w.claim(5)
      if (a === undefined || b === undefined) throw new Error('both parents should be ready')
      expect(await w.store.settle(a, { type: 'done', result: { items: 3 } })).toEqual([])
      expect(await w.claim()).toEqual([])
      expect(await w.store.settle(b, { type: 'skip', why: 'gone' })).toHaveLength(1)
      expect((await w.one()).key).toBe('child')
      const seen = await views(w.store, run)
      expect(seen['a']).toMatchObject({ state: 'done', result: { items: 3 } })
      expect(seen['b']).toMatchObject({ state: 'skipped', why: 'gone' })
    })

    test('a dead parent strands its descendants, names itself as the reason, and leaves strangers alone', async () => {
      await using w = await world()
      const run = await w.store.createRun({ job: 'j', slot: '1', nodes: [node('a'), node('b', 'a'), node('c', 'b'), node('other')] })
      await w.store.settle(await w.one(), { type: 'dead', why: 'permission' })
      expect(await states(w.store, run)).toEqual({ a: 'dead', b: 'stranded', c: 'stranded', other: 'ready' })
      expect((await views(w.store, run))['c']?.strandedBy).toEqual(['a'])
      await w.store.enqueue(run, [node('late', 'c')])
      expect((await states(w.store, run))['late']).toBe('stranded')
    })

    test('revived nodes and their descendants run again', async () => {
      await using w = await world()
      const run = await w.store.createRun({ job: 'j', slot: '1', nodes: [node('a'), node('b', 'a')] })
      await w.store.settle(await w.one(), { type: 'dead', why: 'auth' })
      expect(await w.store.revive(run)).toBe(2)
      await w.store.settle(await w.one(), { type: 'done' })
      await w.store.settle(await w.one(), { type: 'done' })
      expect(await states(w.store, run)).toEqual({ a: 'done', b: 'done' })
    })

    test('refuses unknown parents and cycles, and then adds nothing', async () => {
      await using w = await world()
      const run = await w.store.createRun({ job: 'j', slot: '1', nodes: [] })
      expect(await codeOf(w.store.enqueue(run, [node('a'), node('b', 'nobody')]))).toBe('usage')
      expect(await codeOf(w.store.enqueue(run, [node('a'), node('b', 'c'), node('c', 'b')]))).toBe('usage')
      expect(await states(w.store, run)).toEqual({})
    })

    test('claims by priority, then oldest first, only from the lanes and the run asked for', async () => {
      await using w = await world()
      const run = await w.store.createRun({
        job: 'j',
        slot: '1',
        nodes: [
          { ...node('old'), priority: 'backfill' },
          node('first'),
          { ...node('disk'), lane: 'io' },
          { ...node('check'), priority: 'verify' },
          node('second'),
        ],
      })
      const other = await w.store.createRun({ job: 'j', slot: '2', nodes: [node('foreign')] })
      const claims = await w.store.claim('worker', ['api'], 10, LEASE_MS, run)
      expect(claims.map((claim) => claim.key)).toEqual(['first', 'second', 'check', 'old'])
      expect((await w.store.claim('worker', ['io'], 10, LEASE_MS)).map((claim) => claim.key)).toEqual(['disk'])
      expect((await w.store.claim('worker', ['api'], 10, LEASE_MS, other)).map((claim) => claim.input)).toEqual([{ id: 'foreign' }])
    })

    test('a retry waits its time, counts as a failure, and keeps the checkpoint', async () => {
      await using w = await world()
      const run = await w.store.createRun({ job: 'j', slot: '1', nodes: [node('a')] })
      const first = await w.one()
      await w.store.checkpoint(first, { page: 7 })
      expect(await w.store.settle(first, { type: 'retry', afterMs: 5_000, why: 'unavailable' })).toEqual([])
      expect(await w.claim()).toEqual([])
      expect(await w.store.outlook(run)).toMatchObject({ nextAt: w.clock.now().getTime() + 5_000 })
      w.clock.pass(5_000)
      expect(await w.one()).toMatchObject({ attempt: 2, failures: 1, checkpoint: { page: 7 } })
    })

    test('a released node is ready at once and has not failed', async () => {
      await using w = await world()
      await w.store.createRun({ job: 'j', slot: '1', nodes: [node('a')] })
      expect(await w.store.settle(await w.one(), { type: 'release' })).toHaveLength(1)
      expect(await w.one()).toMatchObject({ attempt: 2, failures: 0 })
    })

    test('who lost the lease can no longer save, settle or prolong it', async () => {
      await using w = await world()
      await w.store.createRun({ job: 'j', slot: '1', nodes: [node('a')] })
      const old = await w.one()
      w.clock.pass(LEASE_MS)
      expect(await w.store.reapExpired()).toBe(1)
      expect(await w.store.heartbeat(old)).toBe(false)
      const fresh = await w.one()
      expect(fresh.token).toBeGreaterThan(old.token)
      expect(await codeOf(w.store.checkpoint(old, { page: 1 }))).toBe('conflict')
      expect(await codeOf(w.store.settle(old, { type: 'done' }))).toBe('conflict')
      await w.store.settle(fresh, { type: 'done' })
    })

    test('a heartbeat keeps the lease', async () => {
      await using w = await world()
      await w.store.createRun({ job: 'j', slot: '1', nodes: [node('a')] })
      const held = await w.one()
      w.clock.pass(LEASE_MS - 1)
      expect(await w.store.heartbeat(held)).toBe(true)
      w.clock.pass(LEASE_MS - 1)
      expect(await w.store.reapExpired()).toBe(0)
    })

    test('forgets old runs, but none that somebody works on', async () => {
      await using w = await world()
      const old = await w.store.createRun({ job: 'j', slot: '1', nodes: [node('a'), node('b', 'a')] })
      const held = await w.one()
      w.clock.pass(1_000)
      const young = await w.store.createRun({ job: 'j', slot: '2', nodes: [node('c')] })
      expect(await w.store.prune(w.clock.now().getTime())).toBe(0)
      await w.store.settle(held, { type: 'done' })
      expect(await w.store.prune(w.clock.now().getTime())).toBe(1)
      expect([await states(w.store, old), await states(w.store, young)]).toEqual([{}, { c: 'ready' }])
      expect(await w.store.createRun({ job: 'j', slot: '1', nodes: [] })).not.toBe(old)
    })

    test('another handle sees every transition that has resolved', async () => {
      await using w = await world()
      const run = await w.store.createRun({ job: 'j', slot: '1', nodes: [node('a'), node('b', 'a')] })
      const held = await w.one()
      await w.store.checkpoint(held, { page: 2 })
      await using other = await w.reopen()
      expect(await other.claim('other', ['api'], 1, LEASE_MS)).toEqual([])
      w.clock.pass(LEASE_MS)
      await other.reapExpired()
      const [taken] = await other.claim('other', ['api'], 1, LEASE_MS)
      expect(taken).toMatchObject({ key: 'a', checkpoint: { page: 2 } })
      expect(await codeOf(w.store.settle(held, { type: 'done' }))).toBe('conflict')
      expect(await states(w.store, run)).toEqual({ a: 'leased', b: 'blocked' })
    })

    test('any graph, any outcomes, any crashes: each node is done once, after its parents, or says why not', async () => {
      const graphs = fc.integer({ min: 1, max: 8 }).chain((size) =>
        fc.record({
          parents: fc.tuple(
            ...Array.from({ length: size }, (_, at) =>
              fc.uniqueArray(fc.nat({ max: Math.max(0, at - 1) }), { maxLength: at === 0 ? 0 : 3 }),
            ),
          ),
          moves: fc.array(
            fc.record({ act: fc.constantFrom('done', 'skip', 'dead', 'retry', 'release', 'crash', 'stale'), pick: fc.nat() }),
            { maxLength: 40 },
          ),
        }),
      )
      await fc.assert(
        fc.asyncProperty(graphs, async ({ parents, moves }) => {
          await using w = await world()
          const specs = parents.map((of, at) => node(`n${at}`, ...of.map((parent) => `n${parent}`)))
          const run = await w.store.createRun({ job: 'j', slot: '1', nodes: specs })
          const over = new Map<string, 'done' | 'skipped' | 'dead'>()
          let lost: Claim | undefined
          const held: Claim[] = []
          const take = async (): Promise<void> => {
            for (const claim of await w.claim(2)) {
              const spec = specs.find(({ key }) => key === claim.key)
              expect(over.has(claim.key)).toBe(false)
              expect((spec?.after ?? []).every((key) => ['done', 'skipped'].includes(over.get(key) ?? ''))).toBe(true)
              held.push(claim)
            }
          }
          const finish = async (act: string, claim: Claim): Promise<void> => {
            if (act === 'done') over.set(claim.key, 'done')
            if (act === 'skip') over.set(claim.key, 'skipped')
            if (act === 'dead') over.set(claim.key, 'dead')
            if (act === 'done') await w.store.settle(claim, { type: 'done' })
            else if (act === 'skip' || act === 'dead') await w.store.settle(claim, { type: act, why: 'gone' })
            else if (act === 'retry') await w.store.settle(claim, { type: 'retry', afterMs: 0, why: 'unavailable' })
            else await w.store.settle(claim, { type: 'release' })
          }
          for (const { act, pick } of moves) {
            await take()
            if (act === 'stale' && lost !== undefined)
              law('a lost lease settles nothing', (await codeOf(w.store.settle(lost, { type: 'done' }))) === 'conflict')
            const [claim] = held.splice(pick % Math.max(1, held.length), 1)
            if (claim === undefined) continue
            if (act === 'crash' || act === 'stale') {
              for (const other of held) law('a held lease is prolonged', await w.store.heartbeat(other))
              w.clock.pass(LEASE_MS - 1)
              for (const other of held) law('a held lease is prolonged', await w.store.heartbeat(other))
              w.clock.pass(1)
              law('one lease has ended', (await w.store.reapExpired()) === 1)
              lost = claim
            } else await finish(act, claim)
          }
          for (await take(); held.length > 0; await take()) for (const claim of held.splice(0)) await finish('done', claim)
          const doomed = (key: string): boolean =>
            (specs.find((spec) => spec.key === key)?.after ?? []).some((parent) => over.get(parent) === 'dead' || doomed(parent))
          const expected = Object.fromEntries(specs.map(({ key }) => [key, doomed(key) ? 'stranded' : over.get(key)]))
          expect(await states(w.store, run)).toEqual(expected)
        }),
        { numRuns: 40 },
      )
    })
  })
}
