import type { ItemId } from '../../src/contract/ids.ts'
import type { Provenance } from '../../src/contract/item.ts'
import type { Ports } from '../../src/contract/ports.ts'
import type { M365Config } from './config.ts'
import type { Claims, Wire } from './wire.ts'

/** Somebody whose things are read. `id`: Graph's own, of the user. */
export interface GraphPerson {
  readonly id: string
  readonly address: string
  /** As others see it; null: none was given. */
  readonly name: string | null
  readonly account: ItemId
}

/** One page of a listing. Exactly one link on an honest answer; neither on the last page of a plain listing. */
export interface Page {
  readonly value: readonly Wire[]
  readonly nextLink: string | undefined
  readonly deltaLink: string | undefined
}

export type Query = Readonly<Record<string, string | number | boolean>>
/** Extra `Prefer` words stand in `prefer`; immutable ids are always asked for. */
export interface Headers {
  readonly prefer?: readonly string[]
  readonly consistencyLevel?: 'eventual'
}

/**
 * Microsoft Graph as connectors of one tenant see it. A path begins with `/` and its ids are encoded (`seg`); where a link of an earlier
 * answer is wanted, it is given whole in place of the path, and its query is left empty.
 * @throws GraphFault for a refusal; Fault for everything else
 */
export interface Graph {
  /** The source's name in the configuration. */
  readonly source: string
  readonly ports: Ports
  readonly config: M365Config
  /** One JSON answer. */
  get(path: string, query: Query, headers: Headers, signal: AbortSignal): Promise<unknown>
  /** Pages until there is no next link. @throws Fault `unavailable` when the links go round in a circle */
  pages(path: string, query: Query, headers: Headers, signal: AbortSignal): AsyncGenerator<Page>
  /** Several answers in one request, in the order asked; a part that fails is asked again by itself and gives its own Fault. Directory only. */
  batch(paths: readonly string[], signal: AbortSignal): Promise<readonly (Wire | Error)[]>
  /** Bytes. */
  stream(path: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
  /** What the token says of itself; undefined when it is of a kind that says nothing. */
  claims(signal: AbortSignal): Promise<Claims | undefined>
  /** How far the service's clock is ahead of ours, in milliseconds, by its last answer. */
  skewMs(): number | undefined
  provenance(nativeId: string, endpoint: string): Provenance
}

/** An id as part of a path. */
export const seg = (id: string): string => encodeURIComponent(id)
