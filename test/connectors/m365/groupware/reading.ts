import type { M365Config } from '../../../../connectors/m365/config.ts'
import { openM365 } from '../../../../connectors/m365/session.ts'
import type { Change, Connector } from '../../../../src/contract/connector.ts'
import type { Loss } from '../../../../src/contract/fidelity.ts'
import type { CollectionId, Cursor, ItemId } from '../../../../src/contract/ids.ts'
import type { Kind, SourceItem } from '../../../../src/contract/item.ts'
import type { Clock, Log, Ports } from '../../../../src/contract/ports.ts'
import { configFor } from '../world.ts'
import { graphTestbed, type GraphTestbed, type GraphTestbedOptions } from '../../../testbed/graph/testbed.ts'

export const never = new AbortController().signal

/** Real network, and a clock that tests move ahead. */
export interface TestPorts extends Ports {
  advance(ms: number): void
}
export function testPorts(): TestPorts {
  let ahead = 0
  const clock: Clock = {
    now: () => new Date(Date.now() + ahead),
    monotonicMs: () => performance.now() + ahead,
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      ahead += ms
    },
  }
  const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined }
  return { fetch: globalThis.fetch, clock, log, advance: (ms) => void (ahead += ms) }
}

export type Service = 'calendars' | 'contacts' | 'tasks' | 'planner'

/** A tenant without mails, read by one person's eyes unless told otherwise. */
export const bed = (options: GraphTestbedOptions = {}): Promise<GraphTestbed> => graphTestbed({ mails: 0, stories: false, ...options })

export const configOf = (graph: GraphTestbed, services: readonly Service[], people: readonly string[] = ['ada@example.org']): M365Config =>
  configFor(graph, { services: [...services], people: { include: [...people] } })
export const connect = (
  graph: GraphTestbed,
  services: readonly Service[],
  ports: Ports = testPorts(),
  people?: readonly string[],
): Connector => openM365('acme', configOf(graph, services, people), ports)

/** What one pass said, and what a vault would hold after it. */
export interface Pass {
  readonly changes: Change[]
  readonly items: Map<ItemId, SourceItem>
  readonly deleted: ItemId[]
  readonly losses: Loss[]
  readonly resets: string[]
  readonly cursors: Map<CollectionId, Cursor>
}
export const emptyPass = (cursors: ReadonlyMap<CollectionId, Cursor> = new Map()): Pass => ({
  changes: [],
  items: new Map(),
  deleted: [],
  losses: [],
  resets: [],
  cursors: new Map(cursors),
})
export function take(pass: Pass, collection: CollectionId, change: Change): void {
  pass.changes.push(change)
  if (change.type === 'upsert') pass.items.set(change.item.id, change.item)
  else if (change.type === 'delete') pass.deleted.push(change.id)
  else if (change.type === 'loss') pass.losses.push(change.loss)
  else if (change.type === 'reset') pass.resets.push(change.why)
  else pass.cursors.set(collection, change.cursor)
}

/** One run over everything but the directory, opened anew as every run is. */
export async function run(
  graph: GraphTestbed,
  service: Service,
  since?: Pass,
  ports: Ports = testPorts(),
  people?: readonly string[],
): Promise<Pass> {
  await using connector = connect(graph, [service], ports, people)
  const pass = emptyPass(since?.cursors)
  for await (const collection of connector.collections(never)) {
    if (collection.id === 'directory') continue
    for await (const change of connector.changes(collection, since?.cursors.get(collection.id), never)) take(pass, collection.id, change)
  }
  return pass
}

export const of = <K extends Kind>(pass: Pass, kind: K): Extract<SourceItem, { kind: K }>[] =>
  [...pass.items.values()].filter((item): item is Extract<SourceItem, { kind: K }> => item.kind === kind)
/** Content lines of a calendar or card, unfolded. */
export const linesOf = (text: string): readonly string[] => text.replaceAll('\r\n ', '').trimEnd().split('\r\n')
export const said = (pass: Pass): readonly Change[] => pass.changes.filter(({ type }) => type !== 'checkpoint')
