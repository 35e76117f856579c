import { rm } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { cursor } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import type { Driver } from '../../../src/vault/driver.ts'
import { type Call, dyingAt, FaultyDriver, type Mishap } from '../../support/vault/faulty.ts'
import { pointsOf } from '../../support/points.ts'
import { MemoryDriver } from '../../support/vault/memory.ts'
import { channel, message, messageId, never, newKeys, newSubject, streamOf, type Subject, textsIn } from '../../support/vault/subject.ts'

const eng = channel('C1', 'eng')
const day = (n: number): string => `2026-03-${String(n).padStart(2, '0')}T00:00:00.000000Z`

/** A run that stores, edits, deletes, and makes a checkpoint half-way. */
async function secondRun(subject: Subject, driver: Driver): Promise<void> {
  await using host = await subject.host({ driver })
  await using writer = await host.begin('acme', never)
  await writer.begin(eng)
  const blob = await writer.putBlob(
    streamOf('bytes of the second run'),
    { mediaType: 'text/plain', name: 'b.txt', key: 'F2', collection: eng.id },
    never,
  )
  await writer.write(eng.id, { type: 'upsert', item: message(eng.id, day(2), 'two, edited', [blob]) })
  await writer.write(eng.id, { type: 'checkpoint', cursor: cursor('half') })
  await writer.checkpoint()
  await writer.write(eng.id, { type: 'upsert', item: message(eng.id, day(3), 'three') })
  await writer.write(eng.id, { type: 'delete', id: messageId(eng.id, day(1)), evidence: 'gone' })
  await writer.write(eng.id, { type: 'checkpoint', cursor: cursor('whole') })
  await writer.commit('complete')
}
async function firstRun(subject: Subject): Promise<void> {
  await using host = await subject.host()
  await using writer = await host.begin('acme', never)
  await writer.begin(eng)
  await writer.putBlob(streamOf('bytes of the first run'), { mediaType: 'text/plain', name: 'a.txt', key: 'F1', collection: eng.id }, never)
  for (const n of [1, 2]) await writer.write(eng.id, { type: 'upsert', item: message(eng.id, day(n), n === 1 ? 'one' : 'two') })
  await writer.write(eng.id, { type: 'checkpoint', cursor: cursor('first') })
  await writer.commit('complete')
}
const failures = async (subject: Subject): Promise<string[]> => {
  await using holder = await subject.holder()
  return (await Array.fromAsync(holder.verify('every-byte', never)))
    .filter(({ status }) => status === 'fail')
    .map(({ name, detail }) => `${name}: ${detail}`)
}

describe('a run that dies', () => {
  test('at any call to the storage, before or after its effect: the snapshot before stays readable, and a rerun completes', async () => {
    const keys = newKeys()
    const storage = new MemoryDriver()
    await using template = await newSubject(storage, keys)
    await firstRun(template)
    const before = new Map(storage.objects)
    const counting = new FaultyDriver(new MemoryDriver(before), () => undefined)
    await rm(template.stateDir, { recursive: true, force: true })
    await secondRun(template, counting)
    const total = counting.calls.length
    const commitAt = counting.calls.findLastIndex(({ call, name }) => call === 'put' && name.startsWith('commits/'))
    expect(total).toBeGreaterThan(30)
    const calls = [...counting.calls.keys()]
    const writes = calls.filter((n) => counting.calls[n]?.call === 'write')
    for (const effect of ['none', 'whole', 'half'] as const) {
      const chosen = effect === 'half' ? pointsOf(writes.length, 6).map((at) => writes[at] ?? 0) : pointsOf(total, 16)
      // Around the commit nothing is left to chance.
      const closely = effect === 'half' ? [] : calls.slice(commitAt - 2, commitAt + 3)
      for (const n of new Set([...chosen, ...closely])) {
        const copy = new MemoryDriver(before)
        // The catalog's own survival is left to chance: every second time it is lost with the process.
        if (n % 2 === 0) await rm(template.stateDir, { recursive: true, force: true })
        const subject: Subject = {
          ...template,
          host: (options = {}) => template.host({ driver: copy, ...options }),
          holder: () => template.holder({ driver: copy }),
        }
        const survived = await secondRun(subject, new FaultyDriver(copy, dyingAt(n, effect))).then(
          () => true,
          () => false,
        )
        // Only what tidies up after the commit may fail unnoticed.
        expect(survived, `death at call ${n} (${effect})`).toBe(n > commitAt)
        await using holder = await subject.holder()
        const seen = (await textsIn(holder)).toSorted()
        expect(
          [
            ['one', 'two'],
            ['three', 'two, edited'],
          ],
          `after death at call ${n} (${effect})`,
        ).toContainEqual(seen)
        await secondRun(subject, copy)
        expect((await textsIn(holder)).toSorted()).toEqual(['three', 'two, edited'])
        // Every byte is looked at after every third death; structure and content after all of them.
        expect(n % 3 === 0 ? await failures(subject) : [], `after the rerun, death at call ${n} (${effect})`).toEqual([])
      }
    }
  })
})

const storageFull = new Fault({ code: 'unavailable', what: 'The vault could not write', why: 'the disk of the vault is full' })
const ioError = new Fault({ code: 'unavailable', what: 'The vault could not write', why: 'EIO' })

describe('a storage that fails once', () => {
  const once = (wanted: Call, mishap: Mishap) => {
    let met = false
    return (call: Call): Mishap | undefined => {
      if (call !== wanted || met) return undefined
      met = true
      return mishap
    }
  }
  test.each([
    ['a full disk while writing', once('write', { effect: 'none', error: storageFull })],
    ['half a write, then a full disk', once('write', { effect: 'half', error: storageFull })],
    ['an I/O error while publishing', once('publish', { effect: 'none', error: ioError })],
    ['a timeout after a publication that worked', once('publish', { effect: 'whole', error: ioError })],
  ])('%s: the run ends with a fault, nothing is damaged, a rerun completes', async (_, mishap) => {
    const storage = new MemoryDriver()
    await using subject = await newSubject(storage)
    await firstRun(subject)
    await expect(secondRun(subject, new FaultyDriver(storage, mishap))).rejects.toMatchObject({ code: 'unavailable' })
    expect(await failures(subject)).toEqual([])
    await secondRun(subject, storage)
    await using holder = await subject.holder()
    expect((await textsIn(holder)).toSorted()).toEqual(['three', 'two, edited'])
    expect(await failures(subject)).toEqual([])
  })

  test('a commit whose answer was lost counts', async () => {
    const storage = new MemoryDriver()
    await using subject = await newSubject(storage)
    await firstRun(subject)
    const lost = new FaultyDriver(storage, (call, name) =>
      call === 'put' && name.endsWith('00000003.json') ? { effect: 'whole', error: ioError } : undefined,
    )
    await secondRun(subject, lost)
    await using holder = await subject.holder()
    expect((await textsIn(holder)).toSorted()).toEqual(['three', 'two, edited'])
  })

  test('an object that vanishes after it was written is noticed before the commit', async () => {
    const storage = new MemoryDriver()
    await using subject = await newSubject(storage)
    await firstRun(subject)
    const vanishing = new FaultyDriver(storage, (call, name) => {
      if (call === 'head' && name.startsWith('packs/')) storage.objects.delete(name)
      return undefined
    })
    await expect(secondRun(subject, vanishing)).rejects.toMatchObject({ code: 'unavailable' })
    expect((await Array.fromAsync((await subject.host()).list())).length).toBe(1)
    expect(await failures(subject)).toEqual([])
  })
})
