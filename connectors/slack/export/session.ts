import { Unzip } from '../../../src/bundle/unzip.ts'
import type { Change, Collection, Connector } from '../../../src/contract/connector.ts'
import { type Cursor, itemId } from '../../../src/contract/ids.ts'
import type { Check, Ports } from '../../../src/contract/ports.ts'
import { Fault } from '../../../src/fault.ts'
import { Kept } from '../../../src/kept.ts'
import { collectionsOf } from '../api/listing.ts'
import { Reader } from '../api/reader.ts'
import { withFileFacts } from '../api/thread.ts'
import { type BlobSource, openBlob } from '../blob.ts'
import type { SlackClient } from '../client.ts'
import type { ExportConfig } from '../config.ts'
import { account } from '../map/account.ts'
import { degraded, directory, dropped, type Mapping } from '../map/item.ts'
import type { Wire } from '../wire.ts'
import { type Layout, layoutOf } from './archive.ts'
import { decodeState, encodeState, exportChannelChanges, type Road } from './channel.ts'
import { each } from '../../../src/each.ts'
import { elements } from './json.ts'

/** Reads the zip that Slack itself makes. */
class ExportConnector implements Connector {
  readonly #name: string
  readonly #config: ExportConfig
  readonly #ports: Ports
  readonly #client: SlackClient | undefined
  readonly #linkTokens = new Set<string>()
  readonly #opened = new Kept((signal: AbortSignal) => this.#read(signal))

  constructor(name: string, config: ExportConfig, ports: Ports, client: SlackClient | undefined) {
    this.#name = name
    this.#config = config
    this.#ports = ports
    this.#client = client
  }

  async *check(signal: AbortSignal): AsyncGenerator<Check> {
    try {
      const { zip, layout } = await this.#opened.get(signal)
      yield { name: 'export', status: 'pass', detail: `${zip.entries.size} files, ${layout.channels.size} channels will be read` }
      const types = new Set([...layout.channels.values()].map(({ type }) => type))
      yield types.has('private') || types.has('direct') || types.has('group-direct')
        ? { name: 'coverage', status: 'pass', detail: 'the export holds private channels or direct messages' }
        : {
            name: 'coverage',
            status: 'warn',
            detail: 'the export holds public channels only',
            remedy: 'Ask Slack for an export of all conversations, if your plan has it',
          }
      if (zip.refused.length > 0)
        yield {
          name: 'entries',
          status: 'warn',
          detail: `${zip.refused.length} entries are not read: ${[...new Set(zip.refused.map(({ why }) => why))].join(', ')}`,
        }
      yield this.#client === undefined
        ? {
            name: 'files',
            status: 'warn',
            detail: 'files are fetched as long as the links in the export work',
            remedy: 'Give a token with files:read beside the export',
          }
        : { name: 'files', status: 'pass', detail: 'files are fetched with the token' }
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      yield { name: 'export', status: 'fail', detail: error.message, ...(error.remedy === undefined ? {} : { remedy: error.remedy }) }
    }
  }

  async *collections(signal: AbortSignal): AsyncGenerator<Collection> {
    const { layout } = await this.#opened.get(signal)
    yield* collectionsOf({ channels: new Map([...layout.channels].map(([id, { object }]): [string, Wire] => [id, object])) })
  }

  changes(of: Collection, since: Cursor | undefined, signal: AbortSignal): AsyncIterable<Change> {
    return each(this.#changes(of, since, signal))
  }

  async *#changes(of: Collection, since: Cursor | undefined, signal: AbortSignal): AsyncGenerator<readonly Change[]> {
    const { zip, layout } = await this.#opened.get(signal)
    if (of.id === directory) {
      for await (const change of this.#directory(zip, layout, since, signal)) yield [change]
      return
    }
    const channel = layout.channels.get(of.id.slice(of.id.indexOf('/') + 1))
    if (channel === undefined)
      throw new Fault({ code: 'gone', what: `The export has no ${of.id}`, remedy: 'Nothing to do: it is not in this file' })
    yield* exportChannelChanges(zip, channel, since, this.#road, signal)
  }

  blob(handle: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const source: BlobSource = { ports: this.#ports, apiUrl: this.#config.apiUrl, client: this.#client, linkTokens: this.#linkTokens }
    return openBlob(source, handle, signal)
  }

  async *#directory(zip: Unzip, layout: Layout, since: Cursor | undefined, signal: AbortSignal): AsyncGenerator<Change> {
    const state = since === undefined ? undefined : decodeState(since)
    if (state?.zip !== zip.identity) {
      if (since !== undefined) yield { type: 'reset', why: 'another export file stands in the place of the last one' }
      const seen = new Set<string>()
      for (const entry of layout.users)
        for await (const user of elements(zip.stream(entry, signal))) {
          const { item, losses } =
            user === undefined
              ? {
                  item: undefined,
                  losses: [dropped(itemId('account', 'unreadable'), 'invalid-at-source', `an entry of ${entry.name} cannot be read`)],
                }
              : account(user, new Map(), this.#mapping(entry.name))
          for (const loss of losses) yield { type: 'loss', loss }
          if (item === undefined || seen.has(item.id)) continue
          seen.add(item.id)
          yield { type: 'upsert', item }
        }
      for (const loss of layout.losses) yield { type: 'loss', loss }
      yield {
        type: 'loss',
        loss: degraded(itemId('account', 'all'), 'profile', 'withheld-by-source', 'an export has no custom profile fields'),
      }
      yield { type: 'loss', loss: dropped(itemId('group', 'all'), 'withheld-by-source', 'an export has no user groups') }
      yield { type: 'loss', loss: dropped(itemId('emoji', 'all'), 'withheld-by-source', 'an export has no custom emoji') }
    }
    yield { type: 'checkpoint', cursor: encodeState(zip.identity, null) }
  }

  readonly #road: Road = {
    mapping: (endpoint) => this.#mapping(endpoint),
    complete: async (raw, signal) =>
      this.#client === undefined ? raw : withFileFacts(new Reader(this.#name, this.#client, this.#ports), raw, signal),
  }

  #mapping(endpoint: string): Mapping {
    return {
      source: this.#name,
      fetchedAt: this.#ports.clock.now().toISOString(),
      endpoint,
      token: (found) => void this.#linkTokens.add(found),
    }
  }

  async #read(signal: AbortSignal): Promise<{ readonly zip: Unzip; readonly layout: Layout }> {
    const zip = await Unzip.open(this.#config.path, signal)
    try {
      return { zip, layout: await layoutOf(zip, this.#config.channels, signal) }
    } catch (error) {
      await zip[Symbol.asyncDispose]()
      throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opened.made?.catch(() => undefined)
    this.#opened.forget()
    await opened?.zip[Symbol.asyncDispose]()
  }
}

export async function openExport(name: string, config: ExportConfig, ports: Ports): Promise<Connector> {
  const client = config.token === undefined ? undefined : (await import('../client.ts')).slackClient(config.apiUrl, config.token, ports)
  return new ExportConnector(name, config, ports, client)
}
