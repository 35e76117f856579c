import type { CallLog } from '../kit/calls.ts'
import type { FaultPlan } from '../kit/faults.ts'
import type { Grant, Tokens } from './auth.ts'
import type { Limits } from './limits.ts'
import type { PointsLog } from './points.ts'
import type { Caps } from './rest/call.ts'
import type { GithubWorld } from './world.ts'

/** What all doors of the emulator share. */
export interface Parts {
  readonly world: GithubWorld
  readonly tokens: Tokens
  readonly limits: Limits
  readonly faults: FaultPlan
  readonly calls: CallLog
  readonly points: PointsLog
  /** GraphQL fields that were asked for and are not emulated: `User.isHireable`. */
  readonly missing: Set<string>
  readonly caps: Caps
  /** Stands where there is no token: an app that speaks as itself. */
  readonly nobody: Grant
  readonly now: () => number
  readonly url: () => string
  readonly storeUrl: () => string
  /** Texts name this emulator instead of github.com. */
  readonly ownLinks: boolean
  /** GraphQL queries that name more nodes than this end in 502. */
  readonly heavyNodes: number
  /** Where bare repositories are written. */
  readonly dir: string
  /** Told of each request before it is answered: the moment in which the world changes under a reader. */
  readonly before: (route: string, path: string) => void
  /** Answers may be changed on their way out. */
  readonly after: (route: string, json: unknown) => unknown
}
