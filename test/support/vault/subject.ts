import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collectionId, itemId, type CollectionId, type ItemId } from '../../../src/contract/ids.ts'
import type { Collection } from '../../../src/contract/connector.ts'
import type { BlobRef, Item } from '../../../src/contract/item.ts'
import type { Ports } from '../../../src/contract/ports.ts'
import type { SnapshotReader, Vault } from '../../../src/contract/vault.ts'
import { Secret } from '../../../src/config/secret.ts'
import { revisionOf } from '../../../src/model/revision.ts'
import { generateIdentity } from '../../../src/vault/age.ts'
import { createVault } from '../../../src/vault/create.ts'
import type { Driver } from '../../../src/vault/driver.ts'
import { openVault } from '../../../src/vault/open.ts'

export const never = new AbortController().signal
export const secret = (text: string): Secret => new Secret(async () => text)

/** A clock that moves by a second at every look. */
export function steppingPorts(from = '2026-11-23T01:00:00.000Z'): Pick<Ports, 'clock' | 'log'> {
  let at = Date.parse(from)
  const quiet = (): void => undefined
  return {
    clock: { now: () => new Date((at += 1000)), monotonicMs: () => at, sleep: async () => undefined },
    log: { debug: quiet, info: quiet, warn: quiet },
  }
}

export interface Keys {
  readonly escrow: readonly [Pair, Pair]
  readonly index: Pair
}
type Pair = ReturnType<typeof generateIdentity>
export const newKeys = (): Keys => ({ escrow: [generateIdentity(), generateIdentity()], index: generateIdentity() })

/** A vault in a directory of its own (in memory where the system offers that), and the two ways to open it. */
export interface Subject extends AsyncDisposable {
  readonly dir: string
  readonly stateDir: string
  readonly keys: Keys
  /** As the nightly host does: index identity only. */
  host(options?: {
    readonly host?: string
    readonly driver?: Driver
    readonly stateDir?: string
    readonly threads?: number
    readonly partSize?: number
  }): Promise<Vault>
  /** As a person with the first escrow key does. */
  holder(options?: { readonly driver?: Driver; readonly contentKey?: string; readonly threads?: number }): Promise<Vault>
}

export async function newSubject(driver?: Driver, keys = newKeys()): Promise<Subject> {
  const root = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'fallreep-vault-'))
  const dir = join(root, 'vault')
  const stateDir = join(root, 'state')
  const ports = steppingPorts()
  const storage = (other?: Driver) => ((other ?? driver) === undefined ? {} : { driver: (other ?? driver) as Driver })
  await createVault({
    dir,
    escrowRecipients: keys.escrow.map(({ recipient }) => recipient),
    indexRecipient: keys.index.recipient,
    ports,
    ...storage(),
  })
  return {
    dir,
    stateDir,
    keys,
    host: (options = {}) =>
      openVault(
        {
          dir,
          stateDir: options.stateDir ?? stateDir,
          host: options.host ?? 'night',
          ports,
          indexIdentity: secret(keys.index.identity),
          threads: options.threads ?? 0,
          ...(options.partSize === undefined ? {} : { partSize: options.partSize }),
          ...storage(options.driver),
        },
        never,
      ),
    holder: (options = {}) =>
      openVault(
        {
          dir,
          stateDir: join(root, 'reader'),
          host: 'desk',
          ports,
          contentKey: secret(options.contentKey ?? keys.escrow[0].identity),
          threads: options.threads ?? 0,
          ...storage(options.driver),
        },
        never,
      ),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  }
}

export const channel = (id: string, title = id): Collection => ({ id: collectionId(`channel/${id}`), title, kinds: ['channel', 'message'] })

/** A message whose native id is its time. */
export function message(collection: CollectionId, sentAt: string, text: string, blobs: readonly (BlobRef | null)[] = []): Item<'message'> {
  const body: Item<'message'>['body'] = {
    author: 'account/U1',
    authorName: null,
    sentAt,
    type: 'message',
    subtype: null,
    text: [text],
    cards: [],
    files: blobs.map((blob, at) => ({
      nativeId: `F${at}`,
      name: `file-${at}`,
      title: null,
      mediaType: 'text/plain',
      bytes: blob?.bytes ?? null,
      form: 'upload',
      state: 'stored' as const,
      blob: at,
      url: null,
      owner: null,
    })),
    reactions: [],
    thread: null,
    followers: [],
    edited: null,
  }
  const revision = revisionOf(
    body,
    blobs.map((blob) => blob?.sha256 ?? ''),
  )
  return {
    kind: 'message',
    id: messageId(collection, sentAt),
    collection,
    revision,
    body,
    raw: { text, ts: sentAt },
    blobs,
    provenance: { source: 'acme', nativeId: sentAt, fetchedAt: '2026-11-23T01:00:00Z', endpoint: 'conversations.history' },
  }
}
export const messageId = (collection: CollectionId, sentAt: string): ItemId => itemId('message', collection, sentAt)

export const streamOf = (...pieces: readonly (Uint8Array | string)[]): ReadableStream<Uint8Array> =>
  ReadableStream.from(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)))

export async function bytesOf(reader: SnapshotReader, ref: BlobRef): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(await reader.open(ref, never)))
}
export const textOf = (item: Item): string =>
  item.kind === 'message' ? item.body.text.map((segment) => (typeof segment === 'string' ? segment : segment.type)).join('') : item.kind

/** Every text of the newest snapshot, in the order the vault gives it. */
export async function textsIn(vault: Vault): Promise<string[]> {
  const newest = (await Array.fromAsync(vault.list())).at(-1)
  if (newest === undefined) return []
  await using reader = await vault.read(newest.id, never)
  return (await Array.fromAsync(reader.items({}, never))).map(textOf)
}
