import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import type { Log } from '../../../src/contract/ports.ts'
import { Fault } from '../../../src/fault.ts'
import { type Claim, type Ctx, type GraphStore, nodeKey, nodeOf, type NodeView, task, type TaskDef } from '../../../src/queue/graph.ts'
import { openJournal } from '../../../src/queue/journal.ts'
import { runGraph, type RunGraphOptions } from '../../../src/queue/run-graph.ts'
import { VirtualClock } from '../../support/clock.ts'

const never = new AbortController().signal
const silent: Log = { debug() {}, info() {}, warn() {} }
type State = { readonly page: number }
type Body = (id: string, ctx: Ctx<State>) => Promise<void>

function world(body: Body) {
  const folder = mkdtempSync(join(tmpdir(), 'fallreep-run-'))
  const clock = new VirtualClock()
  const store: GraphStore = openJournal(join(folder, 'journal.db'), clock)
  onTestFinished(async () => {
    await store[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  })
  const channel: TaskDef<string, State, undefined> = {
    kind: 'channel',
    version: 1,
    input: z.string(),
    lane: 'api',
    quota: () => [],
    idempotencyKey: (id) => id,
    async run(ctx, id) {
      await body(id, ctx)
      return undefined
    },
  }
  const key = (id: string): string => nodeKey(channel, id)
  const node = (id: string, ...after: string[]) => nodeOf(channel, id, { after: after.map(key) })
  const options = (run: RunGraphOptions['run']): RunGraphOptions => ({
    store,
    run,
    tasks: [task(channel)],
    clock,
    log: silent,
    random: () => 0.5,
    leaseMs: 60_000,
  })
  const views = async (run: RunGraphOptions['run']): Promise<Record<string, NodeView>> => {
    const found: Record<string, NodeView> = {}
    for await (const view of store.nodes(run)) found[view.key.slice('channel@1/'.length)] = view
    return found
  }
  return { clock, store, node, key, options, views, channel }
}

test('runs parents before children and unrelated nodes beside each other', async () => {
  const ended: string[] = []
  const w = world(async (id, { clock, signal }) => {
    await clock.sleep(1_000, signal)
    ended.push(id)
  })
  const run = await w.store.createRun({ job: 'backup', slot: '1', nodes: [w.node('c', 'a', 'b'), w.node('a'), w.node('b')] })
  expect(await runGraph(w.options(run), never)).toMatchObject({ done: 3, ready: 0, leased: 0 })
  expect(ended.at(-1)).toBe('c')
  expect(w.clock.monotonicMs()).toBe(2_000)
})

test('a failing node is tried again after the time its fault names, and does not hold up others', async () => {
  const begun: [string, number][] = []
  const w = world(async (id, { clock, attempt }) => {
    begun.push([id, clock.monotonicMs()])
    if (id === 'bad' && attempt === 1) throw new Fault({ code: 'throttled', what: 'x', retry: { type: 'after', ms: 30_000 } })
    if (id === 'bad' && attempt === 2) throw new Fault({ code: 'unavailable', what: 'x', retry: { type: 'backoff' } })
    await Promise.resolve()
  })
  const run = await w.store.createRun({ job: 'backup', slot: '1', nodes: [w.node('bad'), w.node('good'), w.node('next', 'good')] })
  expect(await runGraph(w.options(run), never)).toMatchObject({ done: 3 })
  expect(begun).toEqual([
    ['bad', 0],
    ['good', 0],
    ['next', 0],
    ['bad', 30_000],
    ['bad', 33_000],
  ])
})

test('a node that fails for good strands its children and says why; a bug is no different', async () => {
  const w = world((id) =>
    Promise.reject(
      id === 'gone'
        ? new Fault({ code: 'gone', what: 'deleted' })
        : id === 'bug'
          ? new TypeError('cannot read ada@example.org')
          : new Fault({ code: 'unavailable', what: 'x', retry: { type: 'backoff' } }),
    ),
  )
  const run = await w.store.createRun({
    job: 'backup',
    slot: '1',
    nodes: [w.node('gone'), w.node('child', 'gone'), w.node('bug'), w.node('weak')],
  })
  const errors: unknown[] = []
  const counts = await runGraph({ ...w.options(run), maxFailures: 3, onSettled: ({ error }) => errors.push(error) }, never)
  expect(counts).toMatchObject({ dead: 3, stranded: 1, done: 0 })
  const views = await w.views(run)
  expect(views['gone']).toMatchObject({ state: 'dead', why: 'gone' })
  expect(views['bug']).toMatchObject({ state: 'dead', why: 'bug' })
  expect(views['weak']).toMatchObject({ state: 'dead', why: 'unavailable', attempt: 3 })
  expect(views['child']).toMatchObject({ state: 'stranded', strandedBy: [w.key('gone')] })
  expect(JSON.stringify(views)).not.toContain('ada')
  expect(errors).toHaveLength(5)
})

test('stopped in the middle, it gives everything back and a later run resumes from the checkpoint', async () => {
  const pages: number[] = []
  const controller = new AbortController()
  const w = world(async (_id, { checkpoint, save, clock, signal }) => {
    for (let page = (checkpoint?.page ?? 0) + 1; page <= 4; page += 1) {
      await clock.sleep(10, signal)
      pages.push(page)
      await save({ page })
      if (page === 2 && !controller.signal.aborted) controller.abort(new Error('the person said stop'))
    }
  })
  const run = await w.store.createRun({ job: 'backup', slot: '1', nodes: [w.node('a')] })
  await expect(runGraph(w.options(run), controller.signal)).rejects.toThrow('the person said stop')
  expect((await w.views(run))['a']).toMatchObject({ state: 'ready', attempt: 1 })
  expect(await runGraph(w.options(run), never)).toMatchObject({ done: 1 })
  expect(pages).toEqual([1, 2, 3, 4])
})

test('a fault that concerns everybody ends the run', async () => {
  let begun = 0
  const w = world(async (id, { clock, signal }) => {
    begun += 1
    await clock.sleep(id === 'n0' ? 10 : 1_000, signal)
    throw new Fault({ code: 'auth', what: 'token revoked' })
  })
  const run = await w.store.createRun({ job: 'backup', slot: '1', nodes: Array.from({ length: 50 }, (_, at) => w.node(`n${at}`)) })
  await expect(runGraph({ ...w.options(run), stopOn: (fault) => fault.code === 'auth' }, never)).rejects.toMatchObject({ code: 'auth' })
  expect(begun).toBe(8)
  expect(await w.store.outlook(run)).toMatchObject({ counts: { dead: 1, ready: 49, leased: 0 } })
})

test('takes up what a dead owner left, once its lease has ended, and keeps its own leases alive', async () => {
  const w = world(async (_id, { clock, signal }) => clock.sleep(600_000, signal))
  const run = await w.store.createRun({ job: 'backup', slot: '1', nodes: [w.node('left'), w.node('own')] })
  await w.store.claim('elsewhere/1/1/x', ['api'], 1, 90_000)
  const ended: string[] = []
  expect(await runGraph({ ...w.options(run), onSettled: ({ claim }) => ended.push(claim.key) }, never)).toMatchObject({ done: 2 })
  expect(ended).toEqual([w.key('own'), w.key('left')])
  expect((await w.views(run))['own']).toMatchObject({ attempt: 1 })
})

test('who lost its lease is told to stop and its outcome does not count', async () => {
  let stopped = false
  const w = world(async (_id, { clock, signal, attempt }) => {
    if (attempt > 1) return
    await clock.sleep(600_000, signal).catch((cause: unknown) => {
      stopped = true
      throw cause
    })
  })
  const run = await w.store.createRun({ job: 'backup', slot: '1', nodes: [w.node('a')] })
  const running = runGraph(w.options(run), never)
  await w.clock.sleep(5_000, never)
  const [node] = Object.values(await w.views(run))
  if (node === undefined) throw new Error('the node should be there')
  // Another worker took it over and gave it back: the claim of the first is void.
  const claim: Claim = {
    ...node,
    run,
    lane: 'api',
    input: 'a',
    token: 1,
    worker: 'elsewhere',
    leaseMs: 1,
    failures: 0,
    checkpoint: undefined,
  }
  await w.store.settle(claim, { type: 'release' })
  expect(await running).toMatchObject({ done: 1 })
  expect(stopped).toBe(true)
})

test('nodes may spawn nodes, as often as they are repeated', async () => {
  const w = world(async (id, { spawn, attempt }) => {
    if (id !== 'directory') return
    await spawn([w.node('one', 'directory'), w.node('two')])
    if (attempt === 1) throw new Fault({ code: 'unavailable', what: 'x', retry: { type: 'backoff' } })
  })
  const run = await w.store.createRun({ job: 'backup', slot: '1', nodes: [w.node('directory')] })
  expect(await runGraph(w.options(run), never)).toMatchObject({ done: 3 })
})

test('a full run of many nodes leaves none behind', async () => {
  const w = world(async (_id, { clock, signal }) => clock.sleep(1_000, signal))
  const run = await w.store.createRun({ job: 'backup', slot: '1', nodes: Array.from({ length: 160 }, (_, at) => w.node(`n${at}`)) })
  expect(await runGraph(w.options(run), never)).toMatchObject({ done: 160 })
  expect(w.clock.monotonicMs()).toBe(20_000)
})
