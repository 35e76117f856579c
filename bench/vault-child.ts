import { readFileSync, statSync } from 'node:fs'
import { mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { collectionId, itemId } from '../src/contract/ids.ts'
import type { BlobRef, Item } from '../src/contract/item.ts'
import type { SnapshotWriter } from '../src/contract/vault.ts'
import { Secret } from '../src/config/secret.ts'
import { generateIdentity } from '../src/vault/age.ts'
import { createVault } from '../src/vault/create.ts'
import { openVault } from '../src/vault/open.ts'

/*
 * The vault's side of the benchmark, one step per process: `init`, `ingest` or `verify`, then a work directory and the input directory.
 * Every input file becomes a message with the file attached, through the same calls a backup makes.
 */
const { signal } = new AbortController()
const [step = '', work = '', input = ''] = process.argv.slice(2)
const ports = {
  clock: { now: () => new Date(), monotonicMs: () => performance.now(), sleep: () => Promise.resolve() },
  log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
}
const dir = join(work, 'vault')
const keyFile = (name: string): string => join(work, `${name}.key`)
const keyOf = (name: string): Secret => new Secret(async () => (await readFile(keyFile(name), 'utf8')).trim())
const collection = { id: collectionId('channel/bench'), title: 'bench', kinds: ['message'] } as const

/** Files up to this size are read at once, larger ones in pieces. */
const WHOLE = 4 << 20

async function init(): Promise<void> {
  await mkdir(work, { recursive: true })
  const pairs = { escrow: generateIdentity(), other: generateIdentity(), index: generateIdentity() }
  for (const [name, { identity }] of Object.entries(pairs)) await writeFile(keyFile(name), identity, { mode: 0o600 })
  await createVault({
    dir,
    escrowRecipients: [pairs.escrow.recipient, pairs.other.recipient],
    indexRecipient: pairs.index.recipient,
    ports,
  })
}

async function contentOf(path: string, size: number): Promise<ReadableStream<Uint8Array>> {
  if (size <= WHOLE) {
    const bytes = readFileSync(path)
    return new ReadableStream({
      start(controller) {
        controller.enqueue(bytes)
        controller.close()
      },
    })
  }
  const file = await open(path)
  return new ReadableStream(
    {
      async pull(controller) {
        const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(1 << 20))
        if (bytesRead > 0) return controller.enqueue(buffer.subarray(0, bytesRead))
        await file.close()
        controller.close()
      },
    },
    { highWaterMark: 2 },
  )
}

function messageWith(name: string, sentAt: Date, blob: BlobRef): Item<'message'> {
  const at = `${sentAt.toISOString().slice(0, 23)}000Z`
  return {
    kind: 'message',
    id: itemId('message', name),
    collection: collection.id,
    revision: blob.sha256,
    body: {
      author: null,
      authorName: null,
      sentAt: at,
      type: 'message',
      subtype: null,
      text: [],
      cards: [],
      reactions: [],
      thread: null,
      followers: [],
      edited: null,
      files: [
        {
          nativeId: name,
          name,
          title: null,
          mediaType: blob.mediaType,
          bytes: blob.bytes,
          form: 'upload',
          state: 'stored',
          blob: 0,
          url: null,
          owner: null,
        },
      ],
    },
    raw: {},
    blobs: [blob],
    provenance: { source: 'bench', nativeId: name, fetchedAt: at, endpoint: 'file' },
  }
}

async function store(writer: SnapshotWriter, name: string): Promise<void> {
  const path = join(input, name)
  const { size, mtime } = statSync(path)
  const blob = await writer.putBlob(
    await contentOf(path, size),
    { mediaType: 'application/octet-stream', name, key: name, collection: collection.id, ...(size > WHOLE ? { bytes: size } : {}) },
    signal,
  )
  await writer.write(collection.id, { type: 'upsert', item: messageWith(name, mtime, blob) })
}

async function ingest(): Promise<void> {
  await using vault = await openVault({ dir, stateDir: join(work, 'state'), host: 'bench', ports, indexIdentity: keyOf('index') }, signal)
  await using writer = await vault.begin('bench', signal)
  await writer.begin(collection)
  const names = (await readdir(input, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(input.length + 1))
  // A few at a time, as a backup fetches files.
  const queue = names.values()
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (const name of queue) await store(writer, name)
    }),
  )
  await writer.commit('complete')
}

async function verify(): Promise<void> {
  await using vault = await openVault({ dir, stateDir: join(work, 'state'), host: 'bench', ports, contentKey: keyOf('escrow') }, signal)
  for await (const { name, status, detail } of vault.verify('every-byte', signal)) {
    if (status === 'fail') throw new Error(`${name}: ${detail}`)
    console.error(`${status} ${name}: ${detail}`)
  }
}

const steps: Readonly<Record<string, () => Promise<void>>> = { init, ingest, verify }
await steps[step]?.()
