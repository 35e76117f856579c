import { describe, expect, test } from 'vitest'
import { cursor } from '../../../src/contract/ids.ts'
import type { VerifyDepth } from '../../../src/contract/vault.ts'
import { pointsOf } from '../../support/points.ts'
import { MemoryDriver } from '../../support/vault/memory.ts'
import { channel, message, never, newSubject, streamOf, type Subject } from '../../support/vault/subject.ts'

const eng = channel('C1', 'eng')
async function fill(subject: Subject): Promise<void> {
  for (const run of [1, 2]) {
    await using host = await subject.host()
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    const blob = await writer.putBlob(
      streamOf(`bytes ${run}`.repeat(200)),
      { mediaType: 'text/plain', name: 'a.txt', key: `F${run}`, collection: eng.id },
      never,
    )
    await writer.write(eng.id, { type: 'upsert', item: message(eng.id, `2026-0${run}-01T00:00:00.000000Z`, `run ${run}`, [blob]) })
    await writer.write(eng.id, { type: 'checkpoint', cursor: cursor(`c${run}`) })
    await writer.commit('complete')
  }
}
async function failing(subject: Subject, depth: VerifyDepth): Promise<string[]> {
  await using vault = depth === 'every-byte' ? await subject.holder() : await subject.host()
  return [...new Set((await Array.fromAsync(vault.verify(depth, never))).filter(({ status }) => status === 'fail').map(({ name }) => name))]
}

describe('verify', () => {
  test('a sound vault passes every level', async () => {
    await using subject = await newSubject()
    await fill(subject)
    await using holder = await subject.holder()
    const checks = await Array.fromAsync(holder.verify('every-byte', never))
    expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual(['structure pass', 'every-byte pass'])
    expect(checks[1]?.detail).toContain('4 items')
  })

  test('a byte of a small vault, flipped: found without any key, wherever it stands', async () => {
    const storage = new MemoryDriver()
    await using subject = await newSubject(storage)
    await fill(subject)
    await using host = await subject.host()
    const missed: string[] = []
    let size = 0
    for (const [name, bytes] of storage.objects) {
      size += bytes.length
      for (const at of pointsOf(bytes.length, 60)) {
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
        let found = false
        try {
          for await (const { status } of host.verify('keyless', never)) found ||= status === 'fail'
        } catch {
          found = true
        }
        if (!found) missed.push(`${name} at ${at}`)
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8))
      }
    }
    expect(size).toBeGreaterThan(10_000)
    expect(missed).toEqual([])
  })

  test.each([
    ['a pack that is not there', /^packs\//, 'remove', 'structure', 'object-missing'],
    ['a manifest cut short', /^manifests\//, 'cut', 'structure', 'object-size'],
    ['a commit that is not there', /00000001\.json$/, 'remove', 'structure', 'commit-missing'],
    ['a damaged commit', /00000002\.json$/, 'flip', 'structure', 'commit-damaged'],
    ['a changed key file', /^keys\//, 'flip', 'keyless', 'key-damaged'],
    ['a missing key file', /^keys\//, 'remove', 'structure', 'key-missing'],
    ['a changed guide', /^RESTORE\.md$/, 'flip', 'keyless', 'guide-damaged'],
    ['a missing script', /^restore\.sh$/, 'remove', 'structure', 'guide-missing'],
    ['a changed pack', /^packs\//, 'flip', 'keyless', 'object-damaged'],
    ['a changed pack, opened', /^packs\//, 'flip', 'every-byte', 'pack-damaged'],
    ['a changed index, opened', /^index\//, 'flip', 'every-byte', 'index-line'],
    ['a changed manifest, opened', /^manifests\//, 'flip', 'every-byte', 'manifest-line'],
    ['changed refs, opened', /^refs\//, 'flip', 'every-byte', 'object-damaged'],
  ] as const)('%s', async (_, pattern, damage, depth, code) => {
    const storage = new MemoryDriver()
    await using subject = await newSubject(storage)
    await fill(subject)
    const name = [...storage.objects.keys()].find((candidate) => pattern.test(candidate)) ?? ''
    const bytes = storage.objects.get(name) ?? Buffer.alloc(0)
    if (damage === 'remove') storage.objects.delete(name)
    else if (damage === 'cut') storage.objects.set(name, bytes.subarray(0, -5))
    else bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 4
    expect(await failing(subject, depth)).toContain(code)
  })

  test('a blob that a record names and no pack holds: found when every byte is looked at', async () => {
    await using subject = await newSubject()
    await using host = await subject.host()
    await using writer = await host.begin('acme', never)
    await writer.begin(eng)
    const ghost = { sha256: 'ab'.repeat(32), bytes: 3, mediaType: 'text/plain' }
    await writer.write(eng.id, { type: 'upsert', item: message(eng.id, '2026-03-01T00:00:00.000000Z', 'with a file', [ghost]) })
    await writer.commit('complete')
    expect(await failing(subject, 'keyless')).toEqual([])
    expect((await failing(subject, 'every-byte')).toSorted()).toEqual(['blob-missing', 'refs-line'])
  })
})
