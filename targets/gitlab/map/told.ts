import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { Mapped } from '../../../src/contract/target.ts'

/** Gathers what is lost of one item while it is mapped. */
export class Told {
  readonly losses: Loss[] = []
  readonly #item: ItemId
  constructor(item: ItemId) {
    this.#item = item
  }
  dropped(code: LossCode, detail: string): void {
    this.losses.push({ item: this.#item, stage: 'map', code, effect: { type: 'dropped' }, detail })
  }
  degraded(code: LossCode, field: string, detail: string): void {
    this.losses.push({ item: this.#item, stage: 'map', code, effect: { type: 'degraded', field }, detail })
  }
  substituted(code: LossCode, field: string, detail: string): void {
    this.losses.push({ item: this.#item, stage: 'map', code, effect: { type: 'substituted', field }, detail })
  }
}

export function nothing(item: ItemId, code: LossCode, detail: string): Mapped<never> {
  const told = new Told(item)
  told.dropped(code, detail)
  return { ops: [], losses: told.losses }
}
