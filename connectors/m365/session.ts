import type { Change, Collection, Connector } from '../../src/contract/connector.ts'
import { collectionId, type Cursor } from '../../src/contract/ids.ts'
import type { Check, Ports } from '../../src/contract/ports.ts'
import { Fault } from '../../src/fault.ts'
import { Kept } from '../../src/kept.ts'
import { check } from './check.ts'
import { graphClient } from './client.ts'
import type { M365Config } from './config.ts'
import { directoryChanges } from './directory/changes.ts'
import { type Listed, listTenant } from './directory/listing.ts'
import { photoBytes } from './directory/photos.ts'
import type { Graph } from './graph.ts'
import { missingRoles } from './permissions.ts'
import { roads, type Road } from './roads.ts'

const directory = collectionId('directory')

/** Reads a tenant through Microsoft Graph. People and groups are listed once, and read from that list. */
class M365Connector implements Connector {
  readonly #graph: Graph
  readonly #roads: readonly Road[]
  readonly #listed: Kept<Listed>

  constructor(name: string, config: M365Config, ports: Ports) {
    this.#graph = graphClient(name, config, ports)
    this.#listed = new Kept((signal) => listTenant(this.#graph, signal))
    this.#roads = roads.filter(({ service }) => config.services.includes(service))
  }

  check(signal: AbortSignal): AsyncIterable<Check> {
    return check(this.#graph, this.#roads, signal)
  }

  async *collections(signal: AbortSignal): AsyncGenerator<Collection> {
    this.#listed.forget()
    const missing = missingRoles(this.#roads, this.#graph.config.mailboxAccess, await this.#graph.claims(signal))
    if (missing.length > 0)
      throw new Fault({
        code: 'permission',
        what: 'The app lacks permissions that the configured services need',
        why: missing.join(', '),
        remedy: "Grant them as application permissions, with the administrator's consent, or take the service out of the configuration",
      })
    const listed = await this.#listed.get(signal)
    yield { id: directory, title: 'People and groups', kinds: ['account', 'group'], estimate: listed.users.length + listed.groups.length }
    for (const road of this.#roads) yield* road.collections(listed)
  }

  async *changes(of: Collection, since: Cursor | undefined, signal: AbortSignal): AsyncGenerator<Change> {
    const listed = await this.#listed.get(signal)
    if (of.id === directory) {
      yield* directoryChanges(this.#graph, listed, since, signal)
      return
    }
    const slash = of.id.indexOf('/')
    const road = this.#roads.find(({ prefix }) => prefix === of.id.slice(0, slash))
    if (road === undefined) throw new Fault({ code: 'gone', what: `This source has no collection ${of.id}`, remedy: 'Nothing to do' })
    yield* road.changes(this.#graph, of.id.slice(slash + 1), listed, since, signal)
  }

  async blob(handle: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const colon = handle.indexOf(':')
    if (handle.startsWith('photo:')) return photoBytes(this.#graph, handle.slice(colon + 1), signal)
    const road = this.#roads.find(({ prefix }) => prefix === handle.slice(0, colon))
    if (road?.blob === undefined) throw new Fault({ code: 'gone', what: 'This name of bytes is none of ours', remedy: 'Nothing to do' })
    return road.blob(this.#graph, handle.slice(colon + 1), signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listed.forget()
  }
}

export const openM365 = (name: string, config: M365Config, ports: Ports): Connector => new M365Connector(name, config, ports)
