import type { Loss } from '../../../src/contract/fidelity.ts'
import type { Item, Kind } from '../../../src/contract/item.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import type { Applied, Leftover, Ledger, Observed, TargetDefinition } from '../../../src/contract/target.ts'
import type { DavOperation } from '../../../src/dav/target/operations.ts'
import type { CommonSettings } from '../../../src/dav/target/settings.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import { applyAll, differences } from '../../contract/target-run.ts'
import { ports as realPorts } from './ports.ts'
import type { Source } from './source.ts'

export interface Imported {
  readonly applied: readonly Applied[]
  readonly losses: readonly Loss[]
  /** What stands otherwise than was said, apart from fields that a loss excuses. */
  readonly wrong: readonly string[]
  readonly observed: readonly Observed[]
  outcome(item: string): string | undefined
  lost(item: string): readonly string[]
}
export interface Importing extends Disposable {
  readonly ledger: Ledger
  once(signal?: AbortSignal): Promise<Imported>
  rehearse(run: string): Promise<readonly Leftover[]>
}

const kindsOf: Readonly<Record<string, readonly Kind[]>> = {
  caldav: ['calendar', 'tasklist', 'event', 'task'],
  carddav: ['addressbook', 'contact'],
}

/** Imports a source into a server as the engine does, as often as a test likes, with one ledger. */
export function importing<S extends CommonSettings>(
  definition: TargetDefinition<string, S, DavOperation>,
  url: string,
  source: Source,
  settings: Partial<S> & Pick<CommonSettings, 'access'>,
  ports: Ports = realPorts,
): Importing {
  const config: S = {
    ...definition.config.parse({ url, access: { type: 'account', login: 'x', password: { env: 'NONE' } } }),
    ...settings,
  }
  const ledger = openLedger(':memory:')
  const never = AbortSignal.timeout(600_000)
  const items = (): readonly Item[] => source.ordered(kindsOf[definition.id] ?? [])
  const run = async (settings: S, memory: Ledger, signal: AbortSignal): Promise<Imported> => {
    await using target = await definition.open('dav', settings, ports, signal)
    const mapper = definition.mapper(source.directory, settings, await target.survey(source.directory, signal))
    const { applied, losses } = await applyAll({ items: items(), blobs: source.blobs }, mapper, target, memory, signal)
    const observed = await Array.fromAsync(target.observe(memory, undefined, signal))
    const excused = new Set(
      losses.map(({ item, stage, effect }) => (stage === 'apply' && effect.type !== 'dropped' ? `${item} ${effect.field}` : '')),
    )
    const judged = applied.map((one) => ({
      ...one,
      expect: Object.fromEntries(Object.entries(one.expect).filter(([field]) => !excused.has(`${one.item} ${field}`))),
    }))
    return {
      applied,
      losses,
      wrong: differences(judged, observed),
      observed,
      outcome: (item) => applied.find((one) => one.item === item)?.outcome,
      lost: (item) => losses.filter((loss) => loss.item === item).map(({ code }) => code),
    }
  }
  return {
    ledger,
    once: (signal = never) => run(config, ledger, signal),
    async rehearse(name) {
      using memory = openLedger(':memory:')
      const scratch = definition.scratch(config, name)
      await run(scratch, memory, never)
      await using target = await definition.open('dav', scratch, ports, never)
      return Array.fromAsync(target.scratch?.destroy(never) ?? [])
    },
    [Symbol.dispose]: () => ledger[Symbol.dispose](),
  }
}
