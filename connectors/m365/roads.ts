import type { Change, Collection } from '../../src/contract/connector.ts'
import type { Cursor } from '../../src/contract/ids.ts'
import type { ServiceName } from './config.ts'
import type { Listed } from './directory/listing.ts'
import type { Graph } from './graph.ts'
import { calendarRoad } from './calendar/road.ts'
import { contactsRoad } from './contacts/road.ts'
import { mailRoad } from './mail/road.ts'
import { plannerRoad } from './planner/road.ts'
import { todoRoad } from './todo/road.ts'

/** One service of Microsoft 365: what collections it has and how they are read. */
export interface Road {
  /** The configuration's word for it. */
  readonly service: ServiceName
  /** Its collections are called `<prefix>/<id>`, and its blobs' handles begin with `<prefix>:`. */
  readonly prefix: string
  /** Application permissions of which the token needs one each. */
  readonly roles: readonly (readonly [string, ...string[]])[]
  collections(listed: Listed): readonly Collection[]
  /** `id`: what follows the prefix in the collection's id. */
  changes(graph: Graph, id: string, listed: Listed, since: Cursor | undefined, signal: AbortSignal): AsyncIterable<Change>
  /** The bytes behind a handle, without its prefix. Services without bytes of their own have none. */
  blob?(graph: Graph, handle: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>
}

/** All services that are read, in the order in which they are listed. A further one is one more line. */
export const roads: readonly Road[] = [mailRoad, calendarRoad, contactsRoad, todoRoad, plannerRoad]
