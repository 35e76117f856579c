import { GithubConfig } from '../../../connectors/github/config.ts'
import { definition } from '../../../connectors/github/definition.ts'
import { Secret } from '../../../src/config/secret.ts'
import type { Change, Connector } from '../../../src/contract/connector.ts'
import type { CollectionId, Cursor, ItemId } from '../../../src/contract/ids.ts'
import type { Kind, SourceItem } from '../../../src/contract/item.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import type { GithubTestbed } from '../../testbed/github/testbed.ts'

export const never = new AbortController().signal
const given = (text: string): Secret => new Secret(() => Promise.resolve(text))

type Bed = Pick<GithubTestbed, 'url' | 'apiUrl'> & {
  readonly app: Partial<Omit<GithubTestbed['app'], 'organisation'>> & { readonly organisation: { readonly login: string } }
}

/** Settings for everything of a testbed, as the configuration file would give them. `auth`: the App unless a token is given. */
export function configOf({ app, apiUrl, url: webUrl }: Bed, change: object = {}, token?: string): GithubConfig {
  const auth =
    token === undefined
      ? { type: 'app', appId: app.id, installationId: app.installation, privateKey: { env: 'UNUSED' } }
      : { type: 'token', token: { env: 'UNUSED' } }
  const parsed = GithubConfig.parse({ owner: app.organisation.login, auth, apiUrl, webUrl, ...change })
  return parsed.auth.type === 'app'
    ? { ...parsed, auth: { ...parsed.auth, privateKey: given(app.privateKey ?? '') } }
    : { ...parsed, auth: { ...parsed.auth, token: given(token ?? '') } }
}

/** Ports to the real network on which no pause takes time. `now`: milliseconds; default: the machine's. */
export function quickPorts(
  now: () => number = Date.now,
): Ports & { readonly lines: string[]; readonly pauses: number[]; requests: number } {
  const lines: string[] = []
  const pauses: number[] = []
  const note = (msg: string, fields?: object): void => void lines.push(`${msg} ${JSON.stringify(fields)}`)
  const ports = {
    requests: 0,
    fetch: (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
      ports.requests += 1
      return globalThis.fetch(input, init)
    },
    clock: {
      now: () => new Date(now()),
      monotonicMs: () => performance.now(),
      sleep: async (ms: number, signal: AbortSignal) => {
        signal.throwIfAborted()
        pauses.push(ms)
      },
    },
    log: { debug: note, info: note, warn: note },
    lines,
    pauses,
  }
  return ports
}

/** What a vault would hold of a source, bytes included. */
export class Held {
  readonly items = new Map<ItemId, SourceItem>()
  readonly cursors = new Map<CollectionId, Cursor>()
  readonly blobs = new Map<string, Uint8Array | string>()
  changes: Change[] = []
  #unseen: Set<ItemId> | undefined
  take(collection: CollectionId, change: Change): void {
    this.changes.push(change)
    if (change.type === 'upsert') {
      this.items.set(change.item.id, change.item)
      this.#unseen?.delete(change.item.id)
    } else if (change.type === 'delete') this.items.delete(change.id)
    else if (change.type === 'reset')
      this.#unseen = new Set([...this.items.values()].filter((item) => item.collection === collection).map(({ id }) => id))
    else if (change.type === 'checkpoint') {
      for (const id of this.#unseen ?? []) this.items.delete(id)
      this.#unseen = undefined
      this.cursors.set(collection, change.cursor)
    }
  }
  of<K extends Kind>(kind: K): readonly SourceItem<K>[] {
    return [...this.items.values()].filter((item) => item.kind === kind) as unknown as readonly SourceItem<K>[]
  }
  get<K extends Kind>(kind: K, id: string): SourceItem<K> {
    const found = this.items.get(id as ItemId)
    if (found?.kind !== kind) throw new Error(`nothing is called ${id}`)
    return found as SourceItem<K>
  }
  /** But for what the configuration leaves out. */
  get losses(): readonly string[] {
    return this.changes.flatMap((change) =>
      change.type === 'loss' && change.loss.code !== 'excluded-by-policy'
        ? [`${change.loss.item} ${change.loss.code}: ${change.loss.detail}`]
        : [],
    )
  }
  get revisions(): ReadonlyMap<string, string> {
    return new Map(
      [...this.items.values()].map(({ id, revision }): [string, string] => [id, revision]).toSorted(([a], [b]) => (a < b ? -1 : 1)),
    )
  }
}

export interface Run {
  readonly change?: object
  readonly token?: string
  readonly ports?: Ports
  /** Fetch the bytes of what is new, as the engine does. */
  readonly bytes?: boolean
  readonly only?: (collection: string) => boolean
}

/** One run of everything, opened anew, continuing where `held` stands. What it said before is forgotten. */
export async function run(bed: GithubTestbed, held = new Held(), options: Run = {}): Promise<Held> {
  held.changes = []
  const { ports = quickPorts(), change, token, bytes = false, only = () => true } = options
  await using connector = await definition.open('acme', configOf(bed, change, token), ports, never)
  for await (const collection of connector.collections(never)) {
    if (!only(collection.title)) continue
    for await (const change of connector.changes(collection, held.cursors.get(collection.id), never)) {
      held.take(collection.id, change)
      if (bytes && change.type === 'upsert') await fetchBytes(connector, change.item, held)
    }
  }
  return held
}

async function fetchBytes(connector: Connector, item: SourceItem, held: Held): Promise<void> {
  for (const blob of item.blobs) {
    if (blob.type !== 'handle' || held.blobs.has(blob.key)) continue
    try {
      held.blobs.set(blob.key, new Uint8Array(await new Response(await connector.blob(blob.handle, never)).arrayBuffer()))
    } catch (error) {
      held.blobs.set(blob.key, error instanceof Error ? error.message : String(error))
    }
  }
}
