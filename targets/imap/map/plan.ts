import type { LossCode } from '../../../src/contract/fidelity.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { PersonSurvey } from '../survey.ts'
import type { Places } from './places.ts'

/** One mailbox on the server, as mapping sees it. */
export interface Plan {
  readonly login: string
  readonly places: Places
  readonly found: PersonSurvey | undefined
}

export const dropped = (item: Pick<Item, 'id'>, code: LossCode, detail: string): Mapped<never> => ({
  ops: [],
  losses: [{ item: item.id, stage: 'map', code, effect: { type: 'dropped' }, detail }],
})
