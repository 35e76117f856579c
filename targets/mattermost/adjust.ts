import { z } from 'zod'
import type { Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import type { MattermostClient } from './client.ts'

/** A setting of the server that must be another one for a while. */
export interface Adjustment {
  readonly section: 'TeamSettings' | 'FileSettings' | 'EmailSettings'
  readonly name: string
  readonly was: number | boolean
  readonly wanted: number | boolean
}
/** The server's configuration, two levels deep, as the API shows it. */
const Config = z.record(z.string(), z.unknown())
/** What is remembered of a change, as the value of a preference. */
const Memory = z.object({ section: z.string(), was: z.union([z.number(), z.boolean()]), set: z.union([z.number(), z.boolean()]) })
const Preference = z.object({ user_id: z.string(), category: z.string(), name: z.string(), value: z.string() })
const Me = z.object({ id: z.string() })
const CATEGORY = 'fallreep_settings'
/** So long the server may take to answer when a stopped run puts settings back. */
const RESTORE_MS = 15_000

/**
 * Changes settings of the server for a while and puts them back on every path. Before a change it is written down in the preferences of the
 * token's own account: after a crash the next run puts it back, whichever machine it runs on and whether or not it still has its ledger.
 * Preferences exist on every supported version; a name has at most 32 characters, a value 2000 (5.36.1 `model/preference.go`).
 */
export class Adjustments implements AsyncDisposable {
  readonly #client: MattermostClient
  readonly #log: Ports['log']
  #open: readonly Adjustment[] = []
  constructor(client: MattermostClient, { log }: Pick<Ports, 'log'>) {
    this.#client = client
    this.#log = log
  }

  /** Puts back what an earlier run left changed, unless somebody has changed it again since. */
  async recover(signal: AbortSignal): Promise<void> {
    const left = (await this.#client.get(z.array(Preference), '/users/me/preferences', {}, signal)).filter(
      ({ category }) => category === CATEGORY,
    )
    if (left.length === 0) return
    const config = await this.#client.get(Config, '/config', {}, signal)
    for (const preference of left) {
      const memory = memoryOf(preference.value)
      if (memory !== undefined && valueIn(config, memory.section, preference.name) === memory.set) {
        await this.#client.put(z.unknown(), '/config/patch', { [memory.section]: { [preference.name]: memory.was } }, signal)
        this.#log.info('put back a setting that an interrupted run had changed', { setting: `${memory.section}.${preference.name}` })
      }
      await this.#client.post(z.unknown(), '/users/me/preferences/delete', [preference], signal)
    }
  }

  /**
   * Changes settings and looks whether the server took them.
   * @throws Fault `config` if it did not: they are fixed by environment variables
   */
  async change(adjustments: readonly Adjustment[], signal: AbortSignal): Promise<void> {
    if (adjustments.length === 0) return
    const user_id = (await this.#client.get(Me, '/users/me', {}, signal)).id
    const preferences = adjustments.map(({ section, name, was, wanted }) => ({
      user_id,
      category: CATEGORY,
      name,
      value: JSON.stringify({ section, was, set: wanted } satisfies z.infer<typeof Memory>),
    }))
    await this.#client.put(z.unknown(), '/users/me/preferences', preferences, signal)
    this.#open = [...this.#open, ...adjustments]
    await this.#client.put(z.unknown(), '/config/patch', patch(adjustments, 'wanted'), signal)
    const config = await this.#client.get(Config, '/config', {}, signal)
    const kept = adjustments.filter(({ section, name, wanted }) => valueIn(config, section, name) !== wanted)
    if (kept.length > 0) throw fixed(kept)
    this.#log.info('changed settings of the server for the import', { settings: adjustments.map(({ name }) => name) })
  }

  /** Puts these back, or everything that was changed. Asks with a signal of its own: that of a stopped run is of no use any more. */
  async restore(which: readonly Adjustment[] = this.#open): Promise<void> {
    const mine = this.#open.filter((one) => which.includes(one))
    if (mine.length === 0) return
    const signal = AbortSignal.timeout(RESTORE_MS)
    await this.#client.put(z.unknown(), '/config/patch', patch(mine, 'was'), signal)
    const user_id = (await this.#client.get(Me, '/users/me', {}, signal)).id
    const preferences = mine.map(({ name }) => ({ user_id, category: CATEGORY, name, value: '' }))
    await this.#client.post(z.unknown(), '/users/me/preferences/delete', preferences, signal)
    this.#open = this.#open.filter((one) => !mine.includes(one))
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.restore()
  }
}

export const fixed = (kept: readonly Pick<Adjustment, 'section' | 'name' | 'wanted'>[]): Fault =>
  new Fault({
    code: 'config',
    what: 'The Mattermost server does not let its settings be changed for the import',
    why: `${kept.map(({ section, name }) => `${section}.${name}`).join(', ')} stayed as it was: fixed by the server's environment`,
    remedy: `Set it where the server is started, for example ${kept.map(({ section, name, wanted }) => `MM_${section.toUpperCase()}_${name.toUpperCase()}=${wanted}`).join(' ')}, and put it back afterwards`,
  })

function patch(adjustments: readonly Adjustment[], value: 'was' | 'wanted'): Record<string, Record<string, number | boolean>> {
  const sections: Record<string, Record<string, number | boolean>> = {}
  for (const one of adjustments) sections[one.section] = { ...sections[one.section], [one.name]: one[value] }
  return sections
}
function memoryOf(value: string): z.infer<typeof Memory> | undefined {
  try {
    return Memory.safeParse(JSON.parse(value)).data
  } catch {
    return undefined
  }
}
function valueIn(config: z.infer<typeof Config>, section: string, name: string): unknown {
  const values = config[section]
  return typeof values === 'object' && values !== null ? (values as Readonly<Record<string, unknown>>)[name] : undefined
}
