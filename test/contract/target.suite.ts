import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Directory, Ledger, Observed, Operation, TargetDefinition } from '../../src/contract/target.ts'
import type { Ports } from '../../src/contract/ports.ts'
import { openLedger } from '../../src/engine/ledger.ts'
import { type Snapshot, applyAll, canonical, differences } from './target-run.ts'

/** A target with a place to write to and something to write there. */
export interface TargetBench<Config, Op extends Operation> extends AsyncDisposable {
  readonly definition: TargetDefinition<string, Config, Op>
  readonly config: Config
  readonly ports: Ports
  directory(): Directory
  snapshot(): Snapshot
  /** Adds, edits and removes something at the source. */
  change(): void
  /** Requests so far that could have changed something. */
  writes(): number
  /** People who were told of anything. */
  notified(): number
  /** What stood there before us and is none of our business, as text. */
  foreign(): string
}

/** The laws every target keeps. `start` gives a fresh, empty place each time. */
export function targetContract<Config, Op extends Operation>({
  name,
  start,
}: {
  readonly name: string
  readonly start: () => Promise<TargetBench<Config, Op>>
}): void {
  describe(`target contract: ${name}`, () => {
    const signal = AbortSignal.timeout(120_000)
    let bench: TargetBench<Config, Op>
    let ledger: Ledger & Disposable
    beforeEach(async () => {
      bench = await start()
      ledger = openLedger(':memory:')
    })
    afterEach(async () => {
      ledger[Symbol.dispose]()
      await bench[Symbol.asyncDispose]()
    })
    const open = () => bench.definition.open(name, bench.config, bench.ports, signal)
    const once = async (stop: AbortSignal = signal, progress?: (stage: string) => void) => {
      await using target = await open()
      const mapper = bench.definition.mapper(bench.directory(), bench.config, await target.survey(bench.directory(), signal))
      return applyAll(bench.snapshot(), mapper, target, ledger, stop, progress)
    }
    const look = async (): Promise<readonly Observed[]> => {
      await using target = await open()
      const seen: Observed[] = []
      for await (const one of target.observe(ledger, undefined, signal)) seen.push(one)
      return seen.toSorted((a, b) => (a.remote < b.remote ? -1 : 1))
    }

    test('maps the same item to the same operations, and changes nothing that it is given', () => {
      const items = bench.snapshot().items.map(frozen)
      const mapper = bench.definition.mapper(bench.directory(), bench.config, undefined)
      const again = bench.definition.mapper(bench.directory(), bench.config, undefined)
      for (const item of items) expect(canonical(again.map(item))).toBe(canonical(mapper.map(item)))
    })

    test('gives every item an operation or a loss, and announces every loss', () => {
      const mapper = bench.definition.mapper(bench.directory(), bench.config, undefined)
      const silent: string[] = []
      for (const item of bench.snapshot().items) {
        const { ops, losses } = mapper.map(item)
        if (ops.length + losses.length === 0) silent.push(item.id)
        const support = bench.definition.capabilities[item.kind]
        for (const { code } of losses)
          if (support.level === 'full' || (support.level === 'partial' && !support.loses.includes(code)))
            silent.push(`${item.kind} loses ${code}`)
      }
      expect(silent).toEqual([])
    })

    test('asks and maps without one writing request', async () => {
      const before = bench.writes()
      await using target = await open()
      const mapper = bench.definition.mapper(bench.directory(), bench.config, await target.survey(bench.directory(), signal))
      for (const item of bench.snapshot().items) mapper.map(item)
      const failed: string[] = []
      for await (const { status, detail } of target.check(signal)) if (status === 'fail') failed.push(detail)
      expect(failed).toEqual([])
      expect(bench.writes()).toBe(before)
    })

    test('brings what it said it would bring, and tells nobody', async () => {
      const { applied } = await once()
      expect(applied.length).toBeGreaterThan(0)
      expect(differences(applied, await look())).toEqual([])
      expect(bench.notified()).toBe(0)
    })

    test('applied twice equals applied once', async () => {
      await once()
      const first = await look()
      const { applied } = await once()
      expect(applied.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([])
      expect(await look()).toEqual(first)
    })

    test('a changed snapshot after the first ends as it says, with nothing doubled', async () => {
      await once()
      bench.change()
      const { applied } = await once()
      expect(new Set(applied.map(({ outcome }) => outcome))).toEqual(new Set(['created', 'updated', 'unchanged', 'deleted']))
      const seen = await look()
      expect(differences(applied, seen)).toEqual([])
      const deleted = new Set(applied.filter(({ outcome }) => outcome === 'deleted').map(({ remote }) => remote))
      expect(seen.filter(({ remote }) => deleted.has(remote))).toEqual([])
    })

    test('stopped at every stage it reports, and run again, it ends as an undisturbed run does', async () => {
      const stages = new Set<string>()
      await once(signal, (stage) => stages.add(stage))
      const whole = await look()
      for (const stage of stages) {
        await using other = await start()
        using memory = openLedger(':memory:')
        const [saved, savedLedger] = [bench, ledger]
        bench = other
        ledger = Object.assign(memory, {})
        try {
          const stop = new AbortController()
          await once(stop.signal, (reached) => {
            if (reached === stage) stop.abort(new Error('stopped'))
          }).catch(() => undefined)
          const { applied } = await once()
          const seen = await look()
          expect([stage, ...differences(applied, seen)]).toEqual([stage])
          expect([stage, ...seen.map(({ remote }) => remote)]).toEqual([stage, ...whole.map(({ remote }) => remote)])
        } finally {
          bench = saved
          ledger = savedLedger
        }
      }
    })

    test('never changes what stood there before', async () => {
      const before = bench.foreign()
      await once()
      bench.change()
      await once()
      expect(bench.foreign()).toBe(before)
    })

    test('stops soon after it is told to', async () => {
      const stop = new AbortController()
      const started = once(stop.signal)
      stop.abort(new Error('stopped'))
      await expect(started).rejects.toThrow('stopped')
    })
  })
}

function frozen<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) frozen(inner)
  }
  return value
}
