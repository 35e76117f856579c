import { Secret } from '../../../src/config/secret.ts'
import type { Change, Connector } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import type { CollectionId, Cursor, ItemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import type { Clock, Log, Ports } from '../../../src/contract/ports.ts'
import type { ApiConfig } from '../../../connectors/slack/config.ts'
import { openApi } from '../../../connectors/slack/session.ts'

export interface TestPorts extends Ports {
  readonly logged: { readonly level: string; readonly msg: string; readonly fields: object | undefined }[]
  advance(ms: number): void
}

/** Real network, a clock that tests move, a log that they can read. */
export function testPorts(): TestPorts {
  let ahead = 0
  const logged: TestPorts['logged'] = []
  const note =
    (level: string) =>
    (msg: string, fields?: object): void =>
      void logged.push({ level, msg, fields })
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn') }
  const clock: Clock = {
    now: () => new Date(Date.now() + ahead),
    monotonicMs: () => performance.now() + ahead,
    sleep: async (ms, signal) => {
      signal.throwIfAborted()
      ahead += ms
    },
  }
  return { fetch: globalThis.fetch, clock, log, logged, advance: (ms) => void (ahead += ms) }
}

export const secretOf = (value: string | (() => string)): Secret => new Secret(async () => (typeof value === 'string' ? value : value()))

export const apiConfig = (url: string, token: string | (() => string), more: Partial<ApiConfig> = {}): ApiConfig => ({
  via: 'api',
  token: secretOf(token),
  apiUrl: url,
  channels: { include: ['*'], exclude: [] },
  rescanDays: 30,
  sweepDays: 7,
  ...more,
})

export const apiConnector = (
  bed: { readonly url: string; readonly token: string },
  more: Partial<ApiConfig> = {},
  ports: Ports = testPorts(),
): Connector => openApi('acme', apiConfig(bed.url, bed.token, more), ports)

export const never = new AbortController().signal

export interface Pass {
  readonly changes: Change[]
  readonly items: Map<ItemId, SourceItem>
  readonly deleted: ItemId[]
  readonly losses: Loss[]
  readonly resets: string[]
  readonly cursors: Map<CollectionId, Cursor>
}

/** One pass over every collection, as the engine makes it. */
export async function passOver(connector: Connector, since: ReadonlyMap<CollectionId, Cursor> = new Map(), signal = never): Promise<Pass> {
  const pass: Pass = { changes: [], items: new Map(), deleted: [], losses: [], resets: [], cursors: new Map(since) }
  for await (const collection of connector.collections(signal))
    for await (const change of connector.changes(collection, since.get(collection.id), signal)) take(pass, collection.id, change)
  return pass
}

export function take(pass: Pass, collection: CollectionId, change: Change): void {
  pass.changes.push(change)
  switch (change.type) {
    case 'upsert':
      pass.items.set(change.item.id, change.item)
      return
    case 'delete':
      pass.deleted.push(change.id)
      return
    case 'loss':
      pass.losses.push(change.loss)
      return
    case 'reset':
      pass.resets.push(change.why)
      return
    case 'checkpoint':
      pass.cursors.set(collection, change.cursor)
  }
}

export const messagesOf = (pass: Pass): SourceItem<'message'>[] => [...pass.items.values()].filter((item) => item.kind === 'message')
