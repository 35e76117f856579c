import { expect, test } from 'vitest'
import type { Change, Collection, Connector } from '../../../src/contract/connector.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { collectionId, cursor, itemId } from '../../../src/contract/ids.ts'
import type { BlobRef, Item, RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { SnapshotWriter } from '../../../src/contract/vault.ts'
import { storeCollection } from '../../../src/engine/store.ts'
import { Fault } from '../../../src/fault.ts'

const collection: Collection = { id: collectionId('directory'), title: 'Directory', kinds: ['emoji'] }
const never = new AbortController().signal
const bytesOf = (text: string) => new Blob([text]).stream()

const emoji = (name: string, blobs: readonly RemoteBlob[] = [], revision = 'r1'): Change => ({
  type: 'upsert',
  item: {
    kind: 'emoji',
    id: itemId('emoji', name),
    collection: collection.id,
    revision,
    body: { name, aliasFor: null, image: blobs.length > 0 ? 0 : null },
    raw: {},
    blobs,
    provenance: { source: 's', nativeId: name, fetchedAt: '2026-01-01T00:00:00Z', endpoint: 'emoji.list' },
  } satisfies SourceItem,
})
const handle = (key: string, bytes?: number): RemoteBlob => ({
  type: 'handle',
  mediaType: 'image/png',
  name: `${key}.png`,
  key,
  handle: key,
  ...(bytes === undefined ? {} : { bytes }),
})
const checkpoint = (name: string): Change => ({ type: 'checkpoint', cursor: cursor(name) })

/** A connector that says what it is told, and gives the bytes it is told. */
function reading(changes: readonly Change[], blob: (handle: string) => ReadableStream<Uint8Array> = (name) => bytesOf(name)): Connector {
  return {
    async *check() {},
    async *collections() {},
    async *changes() {
      yield* changes
    },
    blob: (name) => Promise.resolve().then(() => blob(name)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/** A writer that keeps what it is given, in order. */
function writing(known: { revisions?: ReadonlySet<string>; blobs?: ReadonlyMap<string, BlobRef> } = {}) {
  const written: Change<Item>[] = []
  const stored = new Map<string, string>()
  const writer: Pick<SnapshotWriter, 'begin' | 'has' | 'knownBlob' | 'putBlob' | 'write'> = {
    begin: () => Promise.resolve(),
    has: (_collection, id, revision) => known.revisions?.has(`${id}@${revision}`) ?? false,
    knownBlob: (key) => known.blobs?.get(key),
    async putBlob(stream, { key, mediaType }) {
      const text = await new Response(stream).text()
      stored.set(key, text)
      return { sha256: `sha-of-${text}`, bytes: text.length, mediaType }
    },
    async write(_to, change) {
      written.push(change)
    },
  }
  return { writer: writer as SnapshotWriter, written, stored }
}

function sinking() {
  const losses: Loss[] = []
  const failed: string[] = []
  let checkpoints = 0
  return {
    losses,
    failed,
    get checkpoints() {
      return checkpoints
    },
    sink: {
      item: () => {},
      loss: (loss: Loss) => void losses.push(loss),
      failed: (item: SourceItem) => void failed.push(item.id),
      checkpoint: async () => void checkpoints++,
    },
  }
}
const run = (connector: Connector, to: ReturnType<typeof writing>, seen: ReturnType<typeof sinking>) =>
  storeCollection({ connector, collection, since: undefined, writer: to.writer, relist: false }, seen.sink, never)
const shape = (changes: readonly Change<Item>[]) => changes.map((change) => (change.type === 'upsert' ? change.item.id : change.type))

test('stores every item with its bytes before the cursor that covers them', async () => {
  const [to, seen] = [writing(), sinking()]
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const result = await run(reading([...names.map((name) => emoji(name, [handle(name)])), checkpoint('1')]), to, seen)
  expect(result).toBe('complete')
  expect(shape(to.written).at(-1)).toBe('checkpoint')
  expect(new Set(shape(to.written).slice(0, -1))).toEqual(new Set(names.map((name) => `emoji/${name}`)))
  expect([...to.stored.keys()].toSorted()).toEqual(names)
  expect(seen.checkpoints).toBe(1)
})

test('neither writes nor fetches what is stored in this revision', async () => {
  const to = writing({ revisions: new Set(['emoji/a@r1']) })
  await run(reading([emoji('a', [handle('a')]), checkpoint('1')]), to, sinking())
  expect(shape(to.written)).toEqual(['checkpoint'])
  expect(to.stored.size).toBe(0)
})

test('takes bytes that an earlier run stored without fetching them again', async () => {
  const ref: BlobRef = { sha256: 'known', bytes: 5, mediaType: 'image/png' }
  const to = writing({ blobs: new Map([['a', ref]]) })
  await run(reading([emoji('a', [handle('a')], 'r2'), checkpoint('1')]), to, sinking())
  expect(to.written[0]).toMatchObject({ item: { blobs: [ref], revision: 'r2' } })
  expect(to.stored.size).toBe(0)
})

test('bytes that the source will never give become a recorded loss, and the cursor moves on', async () => {
  const [to, seen] = [writing(), sinking()]
  const gone = () => {
    throw new Fault({ code: 'gone', what: 'The file was deleted' })
  }
  const result = await run(reading([emoji('a', [handle('a')]), emoji('b'), checkpoint('1')], gone), to, seen)
  expect(result).toBe('complete')
  expect(seen.losses).toMatchObject([{ item: 'emoji/a', code: 'withheld-by-source', stage: 'export' }])
  expect(to.written).toContainEqual(expect.objectContaining({ type: 'loss' }))
  expect(to.written).toContainEqual(
    expect.objectContaining({ item: expect.objectContaining({ id: 'emoji/a', blobs: [null], revision: 'r1' }) as unknown }),
  )
  expect(shape(to.written)).toContain('checkpoint')
})

test('bytes that fail for now hold the cursor back, keep the text under a revision of its own, and spare the neighbours', async () => {
  const [to, seen] = [writing(), sinking()]
  const flaky = (name: string) => {
    if (name === 'a') throw new Fault({ code: 'unavailable', what: 'The server is on fire', retry: { type: 'backoff' } })
    return bytesOf(name)
  }
  const result = await run(reading([emoji('a', [handle('a')]), emoji('b', [handle('b')]), checkpoint('1')], flaky), to, seen)
  expect(result).toBe('partial')
  expect(seen.failed).toEqual(['emoji/a'])
  expect(shape(to.written)).not.toContain('checkpoint')
  expect(to.written).toContainEqual(
    expect.objectContaining({ item: expect.objectContaining({ id: 'emoji/a', revision: 'r1-incomplete' }) as unknown }),
  )
  expect(to.stored.get('b')).toBe('b')
})

test('a file shorter than published is never stored under its name', async () => {
  const [to, seen] = [writing(), sinking()]
  const result = await run(reading([emoji('a', [handle('a', 5)]), checkpoint('1')]), to, seen)
  expect(result).toBe('partial')
  expect(to.stored.size).toBe(0)
  expect(seen.failed).toEqual(['emoji/a'])
})

test('a refused token ends the collection with that error and moves no cursor', async () => {
  const [to, seen] = [writing(), sinking()]
  const refused = () => {
    throw new Fault({ code: 'auth', what: 'The token was revoked' })
  }
  await expect(run(reading([emoji('a', [handle('a')]), emoji('b'), checkpoint('1')], refused), to, seen)).rejects.toMatchObject({
    code: 'auth',
  })
  expect(shape(to.written)).not.toContain('checkpoint')
})

test('a deletion waits for what came before it', async () => {
  const [to, seen] = [writing(), sinking()]
  await run(
    reading([emoji('a', [handle('a')]), { type: 'delete', id: itemId('emoji', 'a'), evidence: 'absent' }, checkpoint('1')]),
    to,
    seen,
  )
  expect(shape(to.written)).toEqual(['emoji/a', 'delete', 'checkpoint'])
})

test('a full listing moves the cursor once, at its end', async () => {
  const [to, seen] = [writing(), sinking()]
  await run(reading([{ type: 'reset', why: 'the cursor expired' }, emoji('a'), checkpoint('1'), emoji('b'), checkpoint('2')]), to, seen)
  expect(shape(to.written)).toEqual(['reset', 'emoji/a', 'emoji/b', 'checkpoint'])
  expect(to.written.at(-1)).toMatchObject({ cursor: '2' })
})

test('a full listing that lost bytes on the way moves no cursor, so that nothing is taken for deleted', async () => {
  const [to, seen] = [writing(), sinking()]
  const burning = () => {
    throw new Fault({ code: 'unavailable', what: 'The server is on fire' })
  }
  await run(reading([{ type: 'reset', why: 'the cursor expired' }, emoji('a', [handle('a')]), checkpoint('1')], burning), to, seen)
  expect(shape(to.written)).not.toContain('checkpoint')
})
