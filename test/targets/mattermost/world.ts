import { createHash } from 'node:crypto'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { type CollectionId, type ItemId, collectionId, itemId } from '../../../src/contract/ids.ts'
import type { BlobRef, Item } from '../../../src/contract/item.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import type { Applied, BlobReader, Directory, Entry, Ledger, Observed, Person, Target } from '../../../src/contract/target.ts'
import { openLedger } from '../../../src/engine/ledger.ts'
import type { Account } from '../../../src/model/account.ts'
import type { Channel } from '../../../src/model/channel.ts'
import type { Group } from '../../../src/model/group.ts'
import type { Message } from '../../../src/model/message.ts'
import { revisionOf } from '../../../src/model/revision.ts'
import { emptyDirectory } from '../../../src/model/empty-directory.ts'
import { STAND_IN_TEXT } from '../../../targets/mattermost/bulk/threads.ts'
import { type Run, applyAll, differences } from '../../contract/target-run.ts'
import { definition } from '../../../targets/mattermost/definition.ts'
import type { MattermostOperation } from '../../../targets/mattermost/map/operations.ts'
import type { Settings } from '../../../targets/mattermost/settings.ts'

export { settings } from './target.ts'
export const signal = AbortSignal.timeout(3_600_000)
export const ports: Ports = {
  fetch,
  clock: {
    now: () => new Date(),
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(resolve, Math.min(ms, 50))
        signal.addEventListener(
          'abort',
          () => {
            clearTimeout(timer)
            reject(signal.reason as Error)
          },
          { once: true },
        )
      }),
  },
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
}

/** A workspace in memory, as a vault would hand it to a target. */
export class World {
  readonly items = new Map<ItemId, Item>()
  readonly #blobs = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly people = new Map<ItemId, Person>()

  account(id: string, body: Partial<Account> = {}): string {
    const full: Account = {
      handle: id.toLowerCase(),
      displayName: id,
      realName: null,
      firstName: null,
      lastName: null,
      email: `${id.toLowerCase()}@example.test`,
      role: 'member',
      active: true,
      jobTitle: null,
      phone: null,
      timezone: null,
      locale: null,
      status: null,
      pronouns: null,
      profile: [],
      avatar: null,
      ...body,
    }
    return this.#put({ kind: 'account', id: itemId('account', id), collection: collectionId('directory'), body: full })
  }
  channel(id: string, body: Partial<Channel> = {}): string {
    const full: Channel = {
      name: id.toLowerCase(),
      type: 'public',
      topic: '',
      purpose: '',
      members: [],
      archived: false,
      general: false,
      shared: false,
      creator: null,
      createdAt: null,
      pins: [],
      bookmarks: [],
      documents: [],
      ...body,
    }
    return this.#put(
      { kind: 'channel', id: itemId('channel', id), collection: collectionId('directory'), body: full },
      full.documents.length > 0 ? [this.blob('document')] : [],
    )
  }
  group(id: string, body: Partial<Group> = {}): string {
    const full: Group = { handle: id.toLowerCase(), name: id, description: '', members: [], active: true, ...body }
    return this.#put({ kind: 'group', id: itemId('group', id), collection: collectionId('directory'), body: full })
  }
  emoji(name: string, image: Uint8Array<ArrayBuffer> | null, aliasFor: string | null = null): string {
    return this.#put(
      {
        kind: 'emoji',
        id: itemId('emoji', name),
        collection: collectionId('directory'),
        body: { name, aliasFor, image: image === null ? null : 0 },
      },
      image === null ? [] : [this.bytes(image)],
    )
  }
  /** `at`: seconds with microseconds, as Slack writes them. */
  message(channel: string, at: string, body: Partial<Message> = {}, blobs: readonly BlobRef[] = []): string {
    const [seconds = '0', micros = '0'] = at.split('.')
    const full: Message = {
      author: 'account/U1',
      authorName: null,
      sentAt: `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${micros.padEnd(6, '0')}Z`,
      type: 'message',
      subtype: null,
      text: [`message ${at}`],
      cards: [],
      files: [],
      reactions: [],
      thread: null,
      followers: [],
      edited: null,
      ...body,
    }
    return this.#put(
      { kind: 'message', id: itemId('message', channel, at), collection: collectionId(`channel/${channel}`), body: full },
      blobs,
    )
  }
  edit(id: string, body: Partial<Message>): void {
    const item = this.items.get(id as ItemId)
    if (item?.kind !== 'message') throw new Error(`no message ${id}`)
    const full = { ...item.body, ...body }
    this.items.set(item.id, { ...item, body: full, revision: revisionOf(full, []) })
  }
  blob(text: string, mediaType = 'text/plain'): BlobRef {
    return this.bytes(new TextEncoder().encode(text), mediaType)
  }
  bytes(bytes: Uint8Array<ArrayBuffer>, mediaType = 'image/png'): BlobRef {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    this.#blobs.set(sha256, bytes)
    return { sha256, bytes: bytes.length, mediaType }
  }
  file(name: string, blob: number, bytes: number | null = null): Message['files'][number] {
    return {
      nativeId: `F${blob}`,
      name,
      title: null,
      mediaType: 'text/plain',
      bytes,
      form: 'upload',
      state: 'stored',
      blob,
      url: null,
      owner: null,
    }
  }
  get blobs(): BlobReader {
    return {
      open: (ref) => {
        const bytes = this.#blobs.get(ref.sha256)
        return bytes === undefined ? Promise.reject(new Error(`no blob ${ref.sha256}`)) : Promise.resolve(new Blob([bytes]).stream())
      },
    }
  }
  get directory(): Directory {
    const of = <K extends 'account' | 'group' | 'emoji' | 'channel'>(kind: K) =>
      new Map(
        [...this.items.values()]
          .filter((item) => item.kind === kind)
          .map((item) => [
            item.id,
            { id: item.id, collection: item.collection, body: item.body, blobs: item.blobs } as unknown as Entry<K>,
          ]),
      )
    return {
      ...emptyDirectory('acme', 'mattermost'),
      accounts: of('account'),
      groups: of('group'),
      emoji: of('emoji'),
      channels: of('channel'),
      person: (id) => this.people.get(id),
    }
  }
  #put(item: Pick<Item, 'kind' | 'id' | 'collection' | 'body'>, blobs: readonly (BlobRef | null)[] = []): string {
    const revision = revisionOf(
      item.body,
      blobs.map((blob) => blob?.sha256 ?? ''),
    )
    const full = {
      ...item,
      revision,
      raw: { vendor: item.id },
      blobs,
      provenance: { source: 'acme', nativeId: item.id, fetchedAt: '2026-11-01T00:00:00Z', endpoint: 'test' },
    } as Item
    this.items.set(item.id, full)
    return item.id
  }
  ordered(): readonly Item[] {
    const rank = ['account', 'group', 'emoji', 'channel', 'message']
    return [...this.items.values()].toSorted(
      (a, b) => rank.indexOf(a.kind) - rank.indexOf(b.kind) || (a.collection < b.collection ? -1 : a.collection > b.collection ? 1 : 0),
    )
  }
}

export interface RunOutcome {
  readonly applied: readonly Applied[]
  readonly losses: readonly Loss[]
  readonly observed: readonly Observed[]
  /** What is missing, doubled or different: empty when all is well. */
  readonly wrong: readonly string[]
}

/** Survey, map, apply, observe and compare: what the engine does, without the engine. */
export async function run(world: World, config: Settings, ledger: Ledger, stopped: AbortSignal = signal): Promise<RunOutcome> {
  await using target = await definition.open('mattermost', config, ports, stopped)
  const { applied, losses } = await applyOnly(world, config, ledger, target, stopped)
  const observed: Observed[] = []
  for await (const one of target.observe(ledger, undefined, stopped)) observed.push(one)
  return { applied, losses, observed, wrong: compare(applied, observed) }
}

export async function applyOnly(
  world: World,
  config: Settings,
  ledger: Ledger,
  target: Target<MattermostOperation>,
  stopped: AbortSignal,
  progress: (stage: string, done: number) => void = () => undefined,
): Promise<Run> {
  const survey = await target.survey(world.directory, signal)
  return applyAll(
    { items: world.ordered(), blobs: world.blobs },
    definition.mapper(world.directory, config, survey),
    target,
    ledger,
    stopped,
    progress,
  )
}

/** Everything must be as expected, and no post may stand there that nobody expected. */
function compare(applied: readonly Applied[], observed: readonly Observed[]): readonly string[] {
  const wrong = [...differences(applied, observed)]
  const expected = new Set<string>(applied.filter(({ outcome }) => outcome !== 'deleted').map(({ remote }) => remote))
  for (const { remote, fields } of observed)
    if (remote.startsWith('post/') && !expected.has(remote) && fields['text'] !== STAND_IN_TEXT) wrong.push(`${remote} was not expected`)
  return wrong
}

export const memoryLedger = (): Ledger & Disposable => openLedger(':memory:')
export const inChannel = (id: string): CollectionId => collectionId(`channel/${id}`)
