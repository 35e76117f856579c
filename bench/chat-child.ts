import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { definition as slack } from '../connectors/slack/definition.ts'
import { openExport } from '../connectors/slack/export/session.ts'
import type { Collection, Connector } from '../src/contract/connector.ts'
import type { Item, SourceItem } from '../src/contract/item.ts'
import type { Directory, Entry } from '../src/contract/target.ts'
import { each } from '../src/each.ts'
import { systemClock } from '../src/http/system-clock.ts'
import { emptyDirectory } from '../src/model/empty-directory.ts'
import { fileOptions, noBlobs, settings } from '../test/targets/mattermost/target.ts'
import { writeLargeExport } from '../test/testbed/slack/export/large.ts'
import { composeImportFile } from '../targets/mattermost/bulk/import-file.ts'
import { mattermostMapper } from '../targets/mattermost/map/mapper.ts'
import type { MattermostOperation } from '../targets/mattermost/map/operations.ts'
import { floorOf } from './lib/chat-floor.ts'

export type Job =
  | { readonly job: 'generate'; readonly path: string; readonly messages: number }
  | { readonly job: 'floor'; readonly path: string }
  | { readonly job: 'convert'; readonly path: string; readonly out: string; readonly workDir: string }
export interface Measured {
  readonly seconds: number
  readonly messages: number
  readonly rssMiB: number
  /** Of all threads: what is left to compare by where others use the machine as well. */
  readonly cpuSeconds: number
  readonly sha256?: string
}

const { signal } = new AbortController()
const config = settings('https://chat.example.test', 'none', { via: 'file' })

async function convert({ path, out, workDir }: Extract<Job, { job: 'convert' }>): Promise<number> {
  const silent = { debug: () => {}, info: () => {}, warn: () => {} }
  const ports = { fetch: () => Promise.reject(new Error('no network here')), clock: systemClock, log: silent }
  const source = slack.config.parse({ via: 'export', path })
  if (source.via !== 'export') throw new Error('the configuration says export')
  await using connector = await openExport('slack', source, ports)
  const collections = await Array.fromAsync(connector.collections(signal))
  const directory = await directoryOf(connector, collections)
  const mapper = mattermostMapper(directory, config, undefined)
  let messages = 0
  const operations = async function* (): AsyncGenerator<readonly MattermostOperation[]> {
    const { accounts, groups, emoji, channels } = directory
    for (const entries of [accounts, groups, emoji, channels]) for (const id of entries.keys()) yield mapper.map(keptItem(id)).ops
    // What stays is the directory, as in an engine.
    kept.clear()
    let batch: MattermostOperation[] = []
    for (const collection of collections)
      for await (const change of connector.changes(collection, undefined, signal)) {
        if (change.type !== 'upsert' || change.item.kind !== 'message') continue
        messages++
        batch.push(...mapper.map(withoutBlobs(change.item)).ops)
        if (batch.length < 50) continue
        yield batch
        batch = []
      }
    yield batch
  }
  await composeImportFile(out, each(operations()), noBlobs, fileOptions(workDir, false), () => {}, signal)
  return messages
}

/** This export has no files, so that what a connector yields is what a vault would hold. */
function withoutBlobs(item: SourceItem<'message'>): Item<'message'> {
  if (item.blobs.length > 0) throw new Error(`${item.id} has files`)
  return item as unknown as Item<'message'>
}

const kept = new Map<string, Item>()
function keptItem(id: string): Item {
  const item = kept.get(id)
  if (item === undefined) throw new Error(`${id} was not read`)
  return item
}

/** People and channels first, as an engine reads them from a vault; of a channel's collection only the channel itself. */
async function directoryOf(connector: Connector, collections: readonly Collection[]): Promise<Directory> {
  const of = (kind: SourceItem['kind']) =>
    new Map(
      [...kept.values()]
        .filter((item) => item.kind === kind)
        .map(({ id, collection, body, blobs }) => [id, { id, collection, body, blobs }] as const),
    )
  for (const collection of collections)
    for await (const change of connector.changes(collection, undefined, signal)) {
      if (change.type !== 'upsert') continue
      if (change.item.kind === 'message') break
      kept.set(change.item.id, { ...change.item, blobs: [] })
      if (change.item.kind === 'channel') break
    }
  return {
    ...emptyDirectory('slack', 'chat'),
    accounts: of('account') as Map<SourceItem['id'], Entry<'account'>>,
    groups: of('group') as Map<SourceItem['id'], Entry<'group'>>,
    emoji: of('emoji') as Map<SourceItem['id'], Entry<'emoji'>>,
    channels: of('channel') as Map<SourceItem['id'], Entry<'channel'>>,
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array)
  return hash.digest('hex')
}

async function work(job: Job): Promise<number> {
  switch (job.job) {
    case 'generate':
      return (await writeLargeExport(job.path, { messages: job.messages, users: 2000, channels: 3000, seed: 1 })).messages
    case 'floor':
      return floorOf(job.path, signal)
    case 'convert':
      return convert(job)
  }
}

if (process.send !== undefined) {
  const job = JSON.parse(process.argv[2] ?? '{}') as Job
  const from = performance.now()
  const messages = await work(job)
  const seconds = (performance.now() - from) / 1000
  const { user, system } = process.cpuUsage()
  const cpuSeconds = (user + system) / 1e6
  const rssMiB = process.resourceUsage().maxRSS / 1024
  process.send({
    seconds,
    messages,
    rssMiB,
    cpuSeconds,
    ...(job.job === 'convert' ? { sha256: await sha256Of(job.out) } : {}),
  } satisfies Measured)
  process.disconnect()
}
