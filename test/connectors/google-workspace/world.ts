import { GoogleConfig } from '../../../connectors/google-workspace/config.ts'
import { definition } from '../../../connectors/google-workspace/definition.ts'
import { Secret } from '../../../src/config/secret.ts'
import type { Change, Connector } from '../../../src/contract/connector.ts'
import { type CollectionId, collectionId, type Cursor, type ItemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import type { GoogleTestbed } from '../../testbed/google/testbed.ts'

export const never = new AbortController().signal

/** Settings for everything of a testbed, as the configuration file would give them. */
export function configOf(bed: GoogleTestbed, change: object = {}): GoogleConfig {
  const auth = { type: 'service-account', key: { env: 'UNUSED' }, adminSubject: 'ada@example.org' }
  const parsed = GoogleConfig.parse({ auth, apiUrl: bed.url, ...change })
  return parsed.auth.type === 'service-account'
    ? { ...parsed, auth: { ...parsed.auth, key: new Secret(() => Promise.resolve(bed.desk.keyJson)) } }
    : parsed
}

/** Ports to the real network on which no pause takes time. */
export function quickPorts(change: Partial<Ports> = {}): Ports & { readonly lines: string[]; readonly pauses: number[] } {
  const lines: string[] = []
  const pauses: number[] = []
  const note = (msg: string, fields?: object): void => void lines.push(`${msg} ${JSON.stringify(fields)}`)
  return {
    fetch: (input, init) => globalThis.fetch(input, init),
    clock: {
      now: () => new Date(),
      monotonicMs: () => performance.now(),
      sleep: async (ms, signal) => {
        signal.throwIfAborted()
        pauses.push(ms)
      },
    },
    log: { debug: note, info: note, warn: note },
    lines,
    pauses,
    ...change,
  }
}

export const open = (bed: GoogleTestbed, change: object = {}, ports: Ports = quickPorts()): Promise<Connector> =>
  definition.open('acme', configOf(bed, change), ports, never)

/** What a vault would hold of one collection. */
export class Held {
  readonly items = new Map<ItemId, SourceItem>()
  changes: Change[] = []
  cursor: Cursor | undefined
  #unseen: Set<ItemId> | undefined
  take(change: Change): void {
    this.changes.push(change)
    if (change.type === 'upsert') {
      this.items.set(change.item.id, change.item)
      this.#unseen?.delete(change.item.id)
    } else if (change.type === 'delete') this.items.delete(change.id)
    else if (change.type === 'reset') this.#unseen = new Set(this.items.keys())
    else if (change.type === 'checkpoint') {
      for (const id of this.#unseen ?? []) this.items.delete(id)
      this.#unseen = undefined
      this.cursor = change.cursor
    }
  }
  of(type: 'upsert' | 'delete' | 'loss' | 'reset'): readonly Change[] {
    return this.changes.filter((change) => change.type === type)
  }
  get losses(): readonly string[] {
    return this.changes.flatMap((change) => (change.type === 'loss' ? [`${change.loss.item} ${change.loss.code}`] : []))
  }
}

/** One run over one collection, continuing where `held` stands. What it said before is forgotten. */
export async function run(connector: Connector, collection: string, held = new Held(), signal = never): Promise<Held> {
  held.changes = []
  const id: CollectionId = collectionId(collection)
  for await (const change of connector.changes({ id, title: collection, kinds: [] }, held.cursor, signal)) held.take(change)
  return held
}
