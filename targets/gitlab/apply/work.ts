import type { Fault } from '../../../src/fault.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import type { ApplyContext } from '../../../src/contract/target.ts'
import type { GitlabClient } from '../api/client.ts'
import type { ProjectSpool } from '../file/spool.ts'
import type { Settings } from '../settings.ts'
import type { People } from './people.ts'
import type { Stock } from './stock.ts'

export interface Server {
  readonly client: GitlabClient
  readonly settings: Settings
  readonly ports: Ports
}
/** What every step of one run shares. */
export interface Work extends Server {
  readonly context: ApplyContext
  readonly spool: ProjectSpool
  readonly stock: Stock
  readonly people: People
  /** As `GET /version` gives it. */
  readonly version: string
  /** Groups of teams that we made, by full path, and their numbers. */
  readonly groups: Map<string, number>
}

export const degraded = (item: ItemId, code: Loss['code'], field: string, detail: string): Loss => ({
  item,
  stage: 'apply',
  code,
  effect: { type: 'degraded', field },
  detail,
})
export const dropped = (item: ItemId, code: Loss['code'], detail: string): Loss => ({
  item,
  stage: 'apply',
  code,
  effect: { type: 'dropped' },
  detail,
})
/** What the server said no to, which it would say again: anything else is thrown on. */
export const isRefused = ({ code }: Fault): boolean =>
  code === 'rejected' || code === 'conflict' || code === 'permission' || code === 'gone'
