import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { cursor } from '../../../src/contract/ids.ts'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { bytesOf, channel, message, messageId, never, newSubject, streamOf, textOf, textsIn } from '../../support/vault/subject.ts'

const eng = channel('C1', 'eng')
const ops = channel('C2', 'ops')
const filesIn = async (dir: string, folder: string): Promise<string[]> =>
  (await readdir(join(dir, folder), { recursive: true, withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()

describe('snapshots', () => {
  test('what was written is read back: items by month, blobs by hash, losses, counts', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    const blob = await writer.putBlob(
      streamOf('hello ', 'bytes'),
      { mediaType: 'text/plain', name: 'notes.txt', key: 'F1/1', collection: eng.id },
      never,
    )
    const later = message(eng.id, '2026-03-02T10:00:00.000000Z', 'second', [blob])
    const earlier = message(eng.id, '2026-02-01T10:00:00.000000Z', 'first')
    const loss: Loss = { item: later.id, stage: 'export', code: 'withheld-by-source', effect: { type: 'dropped' }, detail: 'one file' }
    await writer.write(eng.id, { type: 'upsert', item: later })
    await writer.write(eng.id, { type: 'upsert', item: earlier })
    await writer.write(eng.id, { type: 'loss', loss })
    await writer.write(eng.id, { type: 'checkpoint', cursor: cursor('c1') })
    const manifest = await writer.commit('complete')
    expect(manifest).toMatchObject({
      source: 'acme',
      state: 'complete',
      counts: { message: 2 },
      changed: { added: 2, updated: 0, deleted: 0 },
      losses: 1,
    })

    await using holder = await subject.holder()
    expect(await Array.fromAsync(holder.list())).toEqual([manifest])
    await using reader = await holder.read(manifest.id, never)
    const items = await Array.fromAsync(reader.items({}, never))
    expect(items).toEqual([earlier, later])
    expect((await bytesOf(reader, blob)).toString()).toBe('hello bytes')
    expect(await Array.fromAsync(reader.losses(undefined, never))).toEqual([loss])
    expect(await Array.fromAsync(reader.collections())).toEqual([eng])
  })

  test('a later run stores what changed; older snapshots stay as they were', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    const [a, b, c] = ['2026-03-01', '2026-03-02', '2026-03-03'].map((day) => `${day}T00:00:00.000000Z`) as [string, string, string]
    const run = async (texts: Readonly<Record<string, string>>, gone: readonly string[]) => {
      await using writer = await host.begin('acme', never)
      await writer.begin(eng)
      for (const [at, text] of Object.entries(texts)) await writer.write(eng.id, { type: 'upsert', item: message(eng.id, at, text) })
      for (const at of gone) await writer.write(eng.id, { type: 'delete', id: messageId(eng.id, at), evidence: 'absent from history' })
      return writer.commit('complete')
    }
    const first = await run({ [a]: 'one', [b]: 'two' }, [])
    const second = await run({ [b]: 'two, edited', [c]: 'three' }, [a])
    expect(second.changed).toEqual({ added: 1, updated: 1, deleted: 1 })
    expect(second.counts).toEqual({ message: 2 })
    await using holder = await subject.holder()
    await using old = await holder.read(first.id, never)
    await using now = await holder.read(second.id, never)
    expect((await Array.fromAsync(old.items({}, never))).map(textOf)).toEqual(['one', 'two'])
    expect((await Array.fromAsync(now.items({}, never))).map(textOf)).toEqual(['two, edited', 'three'])
    expect(await Array.fromAsync(old.tombstones(never))).toEqual([])
    expect(await Array.fromAsync(now.tombstones(never))).toEqual([
      expect.objectContaining({ id: messageId(eng.id, a), collection: eng.id, evidence: 'absent from history' }),
    ])
  })

  test('an unchanged run adds no pack and one commit', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    const run = async () => {
      await using writer = await host.begin('acme', never)
      await writer.begin(eng)
      const loss: Loss = {
        item: messageId(eng.id, 'x'),
        stage: 'export',
        code: 'withheld-by-source',
        effect: { type: 'dropped' },
        detail: 'hidden',
      }
      await writer.putBlob(streamOf('same'), { mediaType: 'text/plain', name: 'a', key: 'F1', collection: eng.id }, never)
      await writer.write(eng.id, { type: 'upsert', item: message(eng.id, '2026-03-01T00:00:00.000000Z', 'one') })
      await writer.write(eng.id, { type: 'loss', loss })
      await writer.write(eng.id, { type: 'checkpoint', cursor: cursor('same') })
      return writer.commit('complete')
    }
    await run()
    const before = await filesIn(subject.dir, '.')
    const again = await run()
    const after = await filesIn(subject.dir, '.')
    expect(after.filter((name) => !before.includes(name))).toEqual([expect.stringMatching(/commits\/acme-[0-9a-f]{8}\/00000002\.json$/)])
    expect(again).toMatchObject({ counts: { message: 1 }, changed: { added: 0, updated: 0, deleted: 0 }, losses: 1 })
  })

  test('after a reset, what is not named again is gone, with its losses', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    const times = ['2026-01-01', '2026-02-01', '2026-03-01'].map((day) => `${day}T00:00:00.000000Z`)
    {
      await using writer = await host.begin('acme', never)
      await writer.begin(eng)
      for (const at of times) {
        await writer.write(eng.id, { type: 'upsert', item: message(eng.id, at, at) })
        await writer.write(eng.id, {
          type: 'loss',
          loss: { item: messageId(eng.id, at), stage: 'export', code: 'too-large', effect: { type: 'dropped' }, detail: at },
        })
      }
      await writer.commit('complete')
    }
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    await writer.write(eng.id, { type: 'reset', why: 'cursor expired' })
    const kept = message(eng.id, times[1] ?? '', times[1] ?? '')
    expect(writer.has(eng.id, kept.id, kept.revision)).toBe(true)
    await writer.write(eng.id, {
      type: 'loss',
      loss: { item: kept.id, stage: 'export', code: 'too-large', effect: { type: 'dropped' }, detail: times[1] ?? '' },
    })
    await writer.write(eng.id, { type: 'checkpoint', cursor: cursor('new') })
    const manifest = await writer.commit('complete')
    expect(manifest).toMatchObject({ counts: { message: 1 }, changed: { deleted: 2 }, losses: 1 })
    await using holder = await subject.holder()
    await using reader = await holder.read(manifest.id, never)
    expect((await Array.fromAsync(reader.items({}, never))).map(textOf)).toEqual([times[1]])
    const gone = await Array.fromAsync(reader.tombstones(never))
    expect(gone.map(({ id }) => id).toSorted()).toEqual([messageId(eng.id, times[0] ?? ''), messageId(eng.id, times[2] ?? '')])
    expect(gone[0]?.evidence).toContain('cursor expired')
    expect(await Array.fromAsync(reader.losses(undefined, never))).toHaveLength(1)
  })

  test('collections written at the same time each keep their own cursor, and resume from what a checkpoint made durable', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    {
      await using writer = await host.begin('acme', never)
      await writer.begin(eng)
      await writer.begin(ops)
      await Promise.all(
        [eng, ops].map(async (collection) => {
          for (let day = 10; day < 20; day++)
            await writer.write(collection.id, {
              type: 'upsert',
              item: message(collection.id, `2026-03-${day}T00:00:00.000000Z`, `${collection.title} ${day}`),
            })
          await writer.write(collection.id, { type: 'checkpoint', cursor: cursor(`${collection.title}-1`) })
        }),
      )
      await writer.checkpoint()
      await writer.write(eng.id, { type: 'upsert', item: message(eng.id, '2026-04-01T00:00:00.000000Z', 'never committed') })
      await writer.write(eng.id, { type: 'checkpoint', cursor: cursor('eng-2') })
    }
    await using holder = await subject.holder()
    expect(await Array.fromAsync(holder.list())).toEqual([])
    await using writer = await host.begin('acme', never)
    expect([...writer.resume]).toEqual([
      [eng.id, 'eng-1'],
      [ops.id, 'ops-1'],
    ])
    const manifest = await writer.commit('partial')
    expect(manifest).toMatchObject({ state: 'partial', counts: { message: 20 }, changed: { added: 20 } })
    expect((await textsIn(holder)).filter((text) => text.startsWith('ops'))).toHaveLength(10)
  })
})
