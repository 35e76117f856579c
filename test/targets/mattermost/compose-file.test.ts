import { readFile, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { SlotWriter, batchSlots, slotText } from '../../../targets/mattermost/bulk/batch-slots.ts'
import type { BlobReader } from '../../../src/contract/target.ts'
import { Fault } from '../../../src/fault.ts'
import { composeImportZip } from '../../../targets/mattermost/bulk/bundle.ts'
import { composeImportFile } from '../../../targets/mattermost/bulk/import-file.ts'
import { optionsOf } from '../../../targets/mattermost/bulk/file-options.ts'
import { OperationBatch, operationsOf } from '../../../targets/mattermost/bulk/operation-text.ts'
import { Records } from '../../../targets/mattermost/delta/record.ts'
import { recordsOf } from '../../../targets/mattermost/delta/new-records.ts'
import { definition } from '../../../targets/mattermost/definition.ts'
import type { MattermostOperation } from '../../../targets/mattermost/map/operations.ts'
import { everything } from './everything.ts'
import { fileOptions, settings } from './target.ts'
import { type World, signal } from './world.ts'

function operations(world: World): readonly MattermostOperation[] {
  const mapper = definition.mapper(world.directory, settings('https://chat.example.test', 'token'), undefined)
  return world.ordered().flatMap((item) => mapper.map(item).ops)
}
/** Everything there is, and so many more messages that another thread is worth it. */
function large(): World {
  const world = everything()
  for (let n = 0; n < 4000; n++)
    world.message(n % 3 === 0 ? 'C1' : 'C2', `${1_710_000_000 + n}.${String(n % 7).padStart(6, '0')}`, {
      text: [`message ${n} – 会議 😀 `.repeat(1 + (n % 40))],
      ...(n % 5 === 0 ? { reactions: [{ name: '+1', tone: null, accounts: ['account/U1'], count: 1 }] } : {}),
      ...(n % 97 === 0 ? { author: 'account/NOBODY' } : {}),
    })
  return world
}
async function* from(ops: readonly MattermostOperation[]): AsyncGenerator<MattermostOperation> {
  yield* ops
}
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fallreep-file-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}
const nothing = (): void => undefined

test('operations arrive on another thread as they were, but for what no file needs', () => {
  const ops = operations(everything())
  const batch = new OperationBatch()
  for (const op of ops) batch.add(op)
  const seen = ops.map((op) => (op.type === 'post' ? { ...op, revision: '', summary: '' } : op))
  expect(operationsOf(batch.take())).toEqual(seen)
  expect(operationsOf(batch.take())).toEqual([])
})

describe('composeImportFile', () => {
  test('gives the same bytes and says the same on another thread as on the calling one', async () => {
    await inFolder(async (folder) => {
      const world = large()
      const ops = operations(world)
      const [here, there] = [join(folder, 'here.zip'), join(folder, 'there.zip')]
      const records = new Records(folder)
      const stated = async function* () {
        for (const op of ops) yield { state: 'new' as const, op }
      }
      await composeImportZip(
        here,
        stated(),
        world.blobs,
        { ...optionsOf(fileOptions(folder, false)).options, ...recordsOf('acme', records) },
        signal,
      )
      const said = await Array.fromAsync(records.read(new Map()))
      const told: number[] = []
      await composeImportFile(there, from(ops), world.blobs, fileOptions(folder, true), (composed) => void told.push(composed), signal)
      expect((await readFile(there)).equals(await readFile(here))).toBe(true)
      expect(await Array.fromAsync(Records.written(folder))).toEqual(said)
      expect(told.at(-1)).toBe(said.length)
      expect(said.length).toBeGreaterThan(4000)
    })
  })

  test('a line that would be refused is a fault that says so, and no file stands there', async () => {
    await inFolder(async (folder) => {
      const world = large()
      const ops = operations(world).map((op, n) => (n === 3000 && op.type === 'post' ? { ...op, user: 'ghost', placeholder: null } : op))
      const composing = composeImportFile(join(folder, 'a.zip'), from(ops), world.blobs, fileOptions(folder, false), nothing, signal)
      await expect(composing).rejects.toMatchObject({ name: 'Fault', code: 'rejected', why: expect.stringContaining('unknown author') })
      expect((await readdir(folder)).filter((name) => name.includes('.zip'))).toEqual([])
    })
  })

  test('stops when told to, and when the operations break off', async () => {
    await inFolder(async (folder) => {
      const world = large()
      const ops = operations(world)
      const stop = new AbortController()
      async function* until(then: () => void): AsyncGenerator<MattermostOperation> {
        for (const [n, op] of ops.entries()) {
          if (n === 3500) then()
          yield op
        }
      }
      const options = fileOptions(folder, false)
      const out = join(folder, 'a.zip')
      const stopping = until(() => stop.abort(new Error('enough')))
      await expect(composeImportFile(out, stopping, world.blobs, options, nothing, stop.signal)).rejects.toThrow('enough')
      const breaking = until(() => {
        throw new Error('the vault is gone')
      })
      await expect(composeImportFile(out, breaking, world.blobs, options, nothing, signal)).rejects.toThrow('the vault is gone')
      expect((await readdir(folder)).filter((name) => name.includes('.zip'))).toEqual([])
    })
  })
  test('files come from the calling thread, piece by piece, and what goes wrong there is told as it was', async () => {
    await inFolder(async (folder) => {
      const world = large()
      const ops = operations(world)
      const out = join(folder, 'a.zip')
      const [options, stop] = [fileOptions(folder, false), new AbortController()]
      const inPieces: BlobReader = {
        open: async (ref, stopped) => {
          const pieces = await Array.fromAsync(await world.blobs.open(ref, stopped))
          const bytes = Buffer.concat(pieces)
          return ReadableStream.from([bytes.subarray(0, 3), bytes.subarray(3, 4), bytes.subarray(4)])
        },
      }
      await composeImportFile(out, from(ops), world.blobs, options, nothing, signal)
      const whole = await readFile(out)
      await composeImportFile(out, from(ops), inPieces, options, nothing, signal)
      expect((await readFile(out)).equals(whole)).toBe(true)
      await rm(out)
      const damaged = new Fault({ code: 'corrupt', what: 'The bytes are not what their name says' })
      const broken: BlobReader = {
        open: () => Promise.resolve(new ReadableStream({ pull: (controller) => controller.error(damaged) })),
      }
      await expect(composeImportFile(out, from(ops), broken, options, nothing, signal)).rejects.toBe(damaged)
      const silent: BlobReader = {
        open: () => {
          stop.abort(new Error('enough'))
          return new Promise(() => undefined)
        },
      }
      await expect(composeImportFile(out, from(ops), silent, options, nothing, stop.signal)).rejects.toThrow('enough')
      expect((await readdir(folder)).filter((name) => name.includes('.zip'))).toEqual([])
    })
  })

  test('where the file cannot stand is told as the file system says it', async () => {
    await inFolder(async (folder) => {
      const world = large()
      const out = join(folder, 'nowhere', 'a.zip')
      const composing = composeImportFile(out, from(operations(world)), world.blobs, fileOptions(folder, false), nothing, signal)
      await expect(composing).rejects.toMatchObject({ code: 'ENOENT' })
    })
  })
})

test('text goes through memory that two threads share, as long as it finds a place there', () => {
  const slots = batchSlots(2)
  const writer = new SlotWriter(slots)
  const texts = ['plain', 'Überraschung 会議 😀']
  const put = texts.map((text) => writer.put(text))
  expect(put.map((at) => at && slotText(slots, at))).toEqual(texts)
  expect(writer.put('no slot is free')).toBeUndefined()
  writer.free(put[0]?.slot ?? -1)
  expect(writer.put('会'.repeat(100_000))).toBeUndefined()
  const again = writer.put('short')
  expect(again && slotText(slots, again)).toBe('short')
  expect(put[1] && slotText(slots, put[1])).toBe(texts[1])
})
