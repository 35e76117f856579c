import { M365Config } from '../../../connectors/m365/config.ts'
import { openM365 } from '../../../connectors/m365/session.ts'
import { Secret } from '../../../src/config/secret.ts'
import type { Connector } from '../../../src/contract/connector.ts'
import { type CollectionId, collectionId, type Cursor } from '../../../src/contract/ids.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import type { GraphTestbed } from '../../testbed/graph/testbed.ts'
import { never, type Pass, take, testPorts } from '../slack/world.ts'

type Bed = Pick<GraphTestbed, 'apiUrl' | 'loginUrl' | 'clientId' | 'secret' | 'tenant'>

export const secretOf = (value: string): Secret => new Secret(() => Promise.resolve(value))

/** A configuration as the file would give it, with settings of the test's own on top. */
export function configFor(bed: Bed, more: Readonly<Record<string, unknown>> = {}): M365Config {
  const { credential = { clientSecret: secretOf(bed.secret) }, ...rest } = more
  const parsed = M365Config.parse({
    tenant: bed.tenant.id,
    clientId: bed.clientId,
    credential: { clientSecret: { env: 'REPLACED_BELOW' } },
    apiUrl: bed.apiUrl,
    loginUrl: bed.loginUrl,
    services: ['mail'],
    ...rest,
  })
  return { ...parsed, credential: credential as M365Config['credential'] }
}

export const connectorFor = (bed: Bed, more: Readonly<Record<string, unknown>> = {}, ports: Ports = testPorts()): Connector =>
  openM365('tenant', configFor(bed, more), ports)

export const mailOf = (bed: Bed, name: string): CollectionId => collectionId(`mail/${bed.tenant.user(name).id}`)

export const emptyPass = (since: ReadonlyMap<CollectionId, Cursor> = new Map()): Pass => ({
  changes: [],
  items: new Map(),
  deleted: [],
  losses: [],
  resets: [],
  cursors: new Map(since),
})

/** One pass over one collection, with the bytes of every mail read as the engine reads them: at once, four at a time, before the checkpoint. */
export async function readOne(
  connector: Connector,
  id: CollectionId,
  since: ReadonlyMap<CollectionId, Cursor> = new Map(),
  options: {
    readonly bytes?: Map<string, Uint8Array>
    readonly stopAfter?: number
    readonly signal?: AbortSignal
    readonly pass?: Pass
  } = {},
): Promise<Pass> {
  const pass = options.pass ?? emptyPass(since)
  const { signal = never } = options
  const collections = await Array.fromAsync(connector.collections(signal))
  const collection = collections.find((each) => each.id === id)
  if (collection === undefined) throw new Error(`no collection ${id}`)
  const pending = new Set<Promise<void>>()
  let checkpoints = 0
  for await (const change of connector.changes(collection, since.get(id), signal)) {
    if (change.type === 'checkpoint') await Promise.all(pending)
    take(pass, id, change)
    if (change.type === 'checkpoint' && (checkpoints += 1) === options.stopAfter) break
    if (change.type !== 'upsert' || options.bytes === undefined) continue
    for (const blob of change.item.blobs) {
      if (options.bytes.has(blob.key) || blob.type !== 'handle') continue
      const { bytes } = options
      const fetched = connector
        .blob(blob.handle, signal)
        .then(
          async (stream) =>
            void bytes.set(blob.key, new Uint8Array(await new Response(stream as ConstructorParameters<typeof Response>[0]).arrayBuffer())),
        )
        .catch((error: unknown) => {
          // The vault remembers what it will never get, too.
          bytes.set(blob.key, new Uint8Array())
          pass.losses.push({
            item: change.item.id,
            stage: 'export',
            code: 'withheld-by-source',
            effect: { type: 'degraded', field: 'bytes' },
            detail: String(error),
          })
        })
        .finally(() => pending.delete(fetched))
      pending.add(fetched)
      while (pending.size >= 4) await Promise.race(pending)
    }
  }
  await Promise.all(pending)
  return pass
}
