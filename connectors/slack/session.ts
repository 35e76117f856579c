import type { Change, Collection, Connector } from '../../src/contract/connector.ts'
import type { Cursor } from '../../src/contract/ids.ts'
import type { Check, Ports } from '../../src/contract/ports.ts'
import { Kept } from '../../src/kept.ts'
import { channelChanges } from './api/channel.ts'
import { check } from './api/check.ts'
import { directoryChanges } from './api/directory.ts'
import { channelObject, collectionsOf, type Listed, listChannels } from './api/listing.ts'
import { Reader } from './api/reader.ts'
import { type BlobSource, openBlob } from './blob.ts'
import { slackClient } from './client.ts'
import type { ApiConfig } from './config.ts'
import { directory } from './map/item.ts'

/** Reads a workspace through Slack's Web API. Channels are listed once, and read from that list. */
class ApiConnector implements Connector {
  readonly #config: ApiConfig
  readonly #reader: Reader
  readonly #blobs: BlobSource
  readonly #listed: Kept<Listed>

  constructor(name: string, config: ApiConfig, ports: Ports) {
    const client = slackClient(config.apiUrl, config.token, ports)
    this.#config = config
    this.#reader = new Reader(name, client, ports)
    this.#listed = new Kept((signal) => listChannels(this.#reader, config.channels, signal))
    this.#blobs = { ports, apiUrl: config.apiUrl, client, linkTokens: new Set() }
  }

  check(signal: AbortSignal): AsyncIterable<Check> {
    return check(this.#reader, this.#config.channels, signal)
  }

  async *collections(signal: AbortSignal): AsyncGenerator<Collection> {
    this.#listed.forget()
    yield* collectionsOf(await this.#listed.get(signal))
  }

  async *changes(of: Collection, since: Cursor | undefined, signal: AbortSignal): AsyncGenerator<Change> {
    const listed = await this.#listed.get(signal)
    if (of.id === directory) {
      yield* directoryChanges(this.#reader, listed, since, signal)
      return
    }
    const id = of.id.slice(of.id.indexOf('/') + 1)
    const object = listed.channels.get(id) ?? (await channelObject(this.#reader, id, signal))
    yield* channelChanges(this.#reader, object, id, since, this.#config, signal)
  }

  blob(handle: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return openBlob(this.#blobs, handle, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listed.forget()
  }
}

export const openApi = (name: string, config: ApiConfig, ports: Ports): Connector => new ApiConnector(name, config, ports)
