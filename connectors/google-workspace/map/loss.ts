import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import type { ItemId } from '../../../src/contract/ids.ts'

export const dropped = (item: ItemId, code: LossCode, detail: string): Loss => ({ item, stage: 'export', code, effect: { type: 'dropped' }, detail })
export const degraded = (item: ItemId, field: string, code: LossCode, detail: string): Loss => ({
  item,
  stage: 'export',
  code,
  effect: { type: 'degraded', field },
  detail,
})
