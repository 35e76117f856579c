import type { Ports } from '../../contract/ports.ts'
import type { Loss } from '../../contract/fidelity.ts'
import type { ItemId } from '../../contract/ids.ts'
import type { ApplyContext } from '../../contract/target.ts'
import { Fault } from '../../fault.ts'
import type { Format } from './format.ts'
import type { Homes } from './homes.ts'
import type { Lanes } from './lanes.ts'
import type { CommonSettings } from './settings.ts'

/** What everything that writes needs. */
export interface Work {
  readonly settings: CommonSettings
  readonly format: Format
  readonly homes: Homes
  readonly ports: Ports
  readonly lanes: Lanes
  readonly context: ApplyContext
  /** Servers that may take a whole place at once: those that have not refused it yet. */
  readonly putsWhole: Set<string>
}

const ATTEMPTS = 5
/**
 * Repeats what may be repeated, with fewer requests at the same time after each failure: small servers answer 500 and 423 to writes side by side.
 * @throws Fault of the last attempt
 */
export async function patiently<T>({ ports, lanes }: Work, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      // A pause that the server asked for has been waited for by the one fetch already.
      if (!(error instanceof Fault) || error.retry.type === 'never' || error.code === 'throttled' || attempt >= ATTEMPTS) throw error
      lanes.narrow()
      await ports.clock.sleep(error.retry.type === 'after' ? Math.min(error.retry.ms, 60_000) : 250 * 2 ** attempt, signal)
    }
  }
}

/** It is not there: nothing of it was written. */
export const refused = (item: ItemId, detail: string, code: Loss['code'] = 'rejected-by-target'): Loss => ({
  item,
  stage: 'apply',
  code,
  effect: { type: 'dropped' },
  detail,
})
/** Something else stands where it would stand. */
export const kept = (item: ItemId, field: string, detail: string): Loss => ({
  item,
  stage: 'apply',
  code: 'rejected-by-target',
  effect: { type: 'substituted', field },
  detail,
})
