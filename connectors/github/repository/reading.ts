import type { Change } from '../../../src/contract/connector.ts'
import type { Github } from '../github.ts'
import type { Listed } from '../listing.ts'
import type { Mapping } from '../map/mapping.ts'
import type { RepositoryState } from './state.ts'

/** One repository while it is read. */
export interface Reading {
  readonly github: Github
  readonly listed: Listed
  /** The repository as the list gave it. */
  readonly raw: unknown
  readonly mapping: Mapping
  readonly state: RepositoryState
  /** `/repos/OWNER/NAME` */
  readonly path: string
  /** It is time to look for what leaves no trace. */
  readonly sweeping: boolean
  readonly signal: AbortSignal
}

/** For errors: `GitHub refused WHAT of owner/name`. */
export const refusedOf = ({ listed }: Reading, what: string): string => `GitHub refused ${what} of ${listed.nameWithOwner}`

export const checkpoint = ({ state }: Reading): Change => ({ type: 'checkpoint', cursor: state.encode() })

/**
 * A part of a repository that is read by itself: refused, it is a loss and stops no other. `line`: what the list of repositories says of it;
 * while that stays the same, there is nothing new, but for what leaves no trace.
 */
export interface RepositoryPart {
  readonly name: string
  /** Undefined: the repository has none, and nothing is asked. */
  line(listed: Listed): string | undefined
  /** Is read again by every sweep. */
  readonly swept: boolean
  read(reading: Reading): AsyncGenerator<Change>
}

/** What moves when anything happens to an issue or pull request that moves its time. */
export const trackedLine = ({ issues, pullRequests }: Listed): string | undefined =>
  issues?.total === 0 && pullRequests?.total === 0 ? undefined : JSON.stringify([issues, pullRequests])
