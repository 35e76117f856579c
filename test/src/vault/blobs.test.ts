import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import type { BlobRef } from '../../../src/contract/item.ts'
import type { BlobInit, SnapshotReader } from '../../../src/contract/vault.ts'
import { bytesOf, channel, message, never, newSubject, streamOf } from '../../support/vault/subject.ts'

const eng = channel('C1', '../../etc')
const init = (name: string, key = name, bytes?: number): BlobInit => ({
  mediaType: 'application/octet-stream',
  name,
  key,
  collection: eng.id,
  ...(bytes === undefined ? {} : { bytes }),
})

/** All at once, where a stream for each would be too much. */
async function wholeOf(reader: SnapshotReader, ref: BlobRef): Promise<Uint8Array> {
  return (await reader.whole?.(ref, never)) ?? Buffer.from('this reader has no such way')
}

describe('blobs', () => {
  test.each([0, 1, 2])('of every size come back as they were, announced or not, with %i threads', async (threads) => {
    await using subject = await newSubject()
    const wanted: { readonly ref: BlobRef; readonly bytes: Buffer }[] = []
    await using host = await subject.host({ threads })
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    for (const size of [0, 1, 511, 512, 513, 1 << 20, (2 << 20) - 600, 2 << 20, (2 << 20) + 1, 5_000_001]) {
      for (const announced of [true, false]) {
        const bytes = randomBytes(size)
        const pieces = [bytes.subarray(0, size >> 2), bytes.subarray(size >> 2)]
        wanted.push({
          bytes,
          ref: await writer.putBlob(streamOf(...pieces), init(`${size}.bin`, `${size}-${announced}`, announced ? size : undefined), never),
        })
      }
    }
    await writer.write(eng.id, {
      type: 'upsert',
      item: message(
        eng.id,
        '2026-01-01T00:00:00.000000Z',
        'x',
        wanted.map(({ ref }) => ref),
      ),
    })
    const { id } = await writer.commit('complete')
    await using holder = await subject.holder({ threads })
    await using reader = await holder.read(id, never)
    for (const { ref, bytes } of wanted) {
      expect(bytes.equals(await bytesOf(reader, ref)), `${bytes.length} bytes`).toBe(true)
      expect(bytes.equals(await wholeOf(reader, ref)), `${bytes.length} bytes at once`).toBe(true)
    }
    expect((await Array.fromAsync(holder.verify('every-byte', never))).filter(({ status }) => status === 'fail')).toEqual([])
  })

  test('a large one that ends early or late is a fault of its own: the run goes on without it', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    const bytes = randomBytes(3 << 20)
    for (const announced of [bytes.length + 1, bytes.length - 1])
      await expect(writer.putBlob(streamOf(bytes), init('cut', 'cut', announced), never)).rejects.toMatchObject({ code: 'unavailable' })
    const ref = await writer.putBlob(streamOf(bytes), init('whole', 'whole', bytes.length), never)
    const { id } = await writer.commit('complete')
    await using holder = await subject.holder()
    await using reader = await holder.read(id, never)
    expect(bytes.equals(await bytesOf(reader, ref))).toBe(true)
  })

  test('read at once are the own of whoever asked, in any order and many at a time', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    const wanted: { readonly ref: BlobRef; readonly bytes: Buffer }[] = []
    // More frames than are kept unpacked, several blobs in each.
    for (let at = 0; at < 40; at++) {
      const bytes = randomBytes(300_000)
      wanted.push({ ref: await writer.putBlob(streamOf(bytes), init(`${at}.bin`), never), bytes: Buffer.from(bytes) })
    }
    const { id } = await writer.commit('complete')
    await using holder = await subject.holder()
    await using reader = await holder.read(id, never)
    const asked = [...wanted, ...wanted.toReversed(), ...wanted]
    const read = await Promise.all(asked.map(({ ref }) => wholeOf(reader, ref)))
    // Whoever gets bytes may write into them; nobody else sees it.
    for (const { ref, bytes } of wanted) {
      const mine = await wholeOf(reader, ref)
      mine.fill(0)
      expect(bytes.equals(await bytesOf(reader, ref))).toBe(true)
    }
    for (const [at, { bytes }] of asked.entries()) expect(bytes.equals(read[at] ?? Buffer.alloc(0))).toBe(true)
  })

  test('are never given out under the name of others, as a stream or at once', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    const ref = await writer.putBlob(streamOf('as it was'), init('a'), never)
    const { id } = await writer.commit('complete')
    const state = join(subject.dir, '..', 'reader')
    {
      await using holder = await subject.holder()
      await using reader = await holder.read(id, never)
      expect(String(await bytesOf(reader, ref))).toBe('as it was')
    }
    const index = (await readdir(state, { recursive: true })).find((name) => name.endsWith('.locations.db')) ?? ''
    using db = new DatabaseSync(join(state, index))
    db.exec('UPDATE loc SET o = o + 1')
    await using holder = await subject.holder()
    await using reader = await holder.read(id, never)
    await expect(bytesOf(reader, ref)).rejects.toMatchObject({ code: 'corrupt' })
    await expect(wholeOf(reader, ref)).rejects.toMatchObject({ code: 'corrupt' })
    db.exec('UPDATE loc SET n = 4000000')
    await expect(wholeOf(reader, ref)).rejects.toMatchObject({ code: 'corrupt' })
    db.exec('UPDATE loc SET n = 2000000')
    await expect(wholeOf(reader, ref)).rejects.toMatchObject({ code: 'corrupt' })
  })

  test('equal bytes are stored once, under every key', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    const bytes = randomBytes(100_000)
    const first = await writer.putBlob(streamOf(bytes), init('a', 'one'), never)
    await writer.checkpoint()
    expect(await writer.putBlob(streamOf(bytes), init('b', 'two'), never)).toEqual(first)
    await writer.commit('complete')
    expect(writer.knownBlob('one')).toEqual(writer.knownBlob('two'))
    await using holder = await subject.holder()
    const passed = (await Array.fromAsync(holder.verify('every-byte', never))).at(-1)
    expect(passed?.detail).toMatch(/^1 items/)
  })

  test('a stream that breaks, or an abort, poisons nothing', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    const broken = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(new Error('reset by peer')) })
    await expect(writer.putBlob(broken, init('x'), never)).rejects.toThrow('reset by peer')
    const stuck = new AbortController()
    const waiting = writer.putBlob(new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) }), init('y'), stuck.signal)
    stuck.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
    expect((await writer.putBlob(streamOf('fine'), init('z'), never)).bytes).toBe(4)
    await writer.commit('complete')
  })

  test.each([0, 2])('too large for one pack lie in parts and come back whole, with %i threads', async (threads) => {
    await using subject = await newSubject()
    await using host = await subject.host({ threads, partSize: 3 << 20 })
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    const whole = randomBytes((13 << 20) + 5)
    const ref = await writer.putBlob(streamOf(whole), init('film.mp4', 'film', whole.length), never)
    expect(ref.sha256).toBe(createHash('sha256').update(whole).digest('hex'))
    await writer.write(eng.id, { type: 'upsert', item: message(eng.id, '2026-01-01T00:00:00.000000Z', 'x', [ref]) })
    const { id } = await writer.commit('complete')
    await using holder = await subject.holder({ threads })
    await using reader = await holder.read(id, never)
    expect(whole.equals(await bytesOf(reader, ref))).toBe(true)
    expect(whole.equals(await wholeOf(reader, ref))).toBe(true)
    const checks = await Array.fromAsync(holder.verify('every-byte', never))
    expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual(['structure pass', 'every-byte pass'])
    expect(checks[1]?.detail).toContain('6 items')
  })
})
