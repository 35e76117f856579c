import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { snapshotId } from '../../../src/contract/ids.ts'
import { identityIn } from '../../../src/vault/compartment.ts'
import { openVault } from '../../../src/vault/open.ts'
import { bytesOf, channel, message, messageId, never, secret, steppingPorts, textOf, textsIn } from '../../support/vault/subject.ts'

/*
 * A vault that an earlier version wrote stays readable for ever, and can be written on. The fixture is never made anew:
 * when these tests fail, the program is wrong.
 */
const fixture = fileURLToPath(new URL('../../fixtures/vault-1/', import.meta.url))
const key = async (name: string) => secret(identityIn(await readFile(join(fixture, `TEST-ONLY-${name}.key`), 'utf8')))
const [first, second] = [snapshotId('acme-9171c4fc.2'), snapshotId('acme-9171c4fc.3')]
const eng = channel('C1', 'eng')

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'fallreep-golden-'))
  await cp(join(fixture, 'vault'), join(root, 'vault'), { recursive: true })
})
afterEach(() => rm(root, { recursive: true, force: true }))

const holder = async () =>
  openVault(
    { dir: join(root, 'vault'), stateDir: join(root, 'reader'), host: 'desk', ports: steppingPorts(), contentKey: await key('escrow') },
    never,
  )

test('every byte of the vault of 2026-11-23 is sound', async () => {
  await using vault = await holder()
  const checks = await Array.fromAsync(vault.verify('every-byte', never))
  expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual(['structure pass', 'every-byte pass'])
})

test('its snapshots hold what was written: edits, a deletion, a loss, a file in parts', async () => {
  await using vault = await holder()
  expect((await Array.fromAsync(vault.list('acme'))).map(({ id, counts, losses }) => ({ id, counts, losses }))).toEqual([
    { id: first, counts: { message: 3 }, losses: 1 },
    { id: second, counts: { message: 3 }, losses: 1 },
  ])
  await using before = await vault.read(first, never)
  const items = await Array.fromAsync(before.items({}, never))
  expect(items.map(textOf)).toEqual(['one', 'two', 'three'])
  const [note, film] = [items[0]?.blobs[0], items[2]?.blobs[0]]
  if (note == null || film == null) throw new Error('the fixture has two files')
  expect((await bytesOf(before, note)).toString()).toBe('golden bytes\n')
  const bytes = await bytesOf(before, film)
  expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([5 << 19, film.sha256])
  expect(items[2]?.blobs[1]).toBeNull()

  await using after = await vault.read(second, never)
  expect((await Array.fromAsync(after.items({}, never))).map(textOf)).toEqual(['two, edited', 'four', 'three'])
  expect(await Array.fromAsync(after.tombstones(never))).toMatchObject([
    { id: messageId(eng.id, '2026-01-01T00:00:00.000000Z'), evidence: 'absent from history' },
  ])
  expect(await Array.fromAsync(after.losses(undefined, never))).toMatchObject([{ code: 'withheld-by-source', detail: 'one file' }])
  expect((await Array.fromAsync(after.collections())).map(({ title }) => title)).toEqual(['eng', '運用/../ops'])
})

test('a backup goes on where it ended, even if the clock was put back meanwhile', async () => {
  {
    await using vault = await openVault(
      { dir: join(root, 'vault'), stateDir: join(root, 'state'), host: 'night', ports: steppingPorts(), indexIdentity: await key('index') },
      never,
    )
    await using writer = await vault.begin('acme', never)
    expect([...writer.resume]).toEqual([
      ['channel/C1', 'eng-2'],
      ['channel/C2', 'ops-1'],
    ])
    const known = message(eng.id, '2026-04-01T00:00:00.000000Z', 'four')
    expect(writer.has(eng.id, known.id, known.revision)).toBe(true)
    expect(writer.knownBlob('F1')?.bytes).toBe(13)
    await writer.begin(eng)
    await writer.write(eng.id, { type: 'upsert', item: message(eng.id, '2026-05-01T00:00:00.000000Z', 'five') })
    await writer.commit('complete')
  }
  await using vault = await holder()
  expect((await textsIn(vault)).toSorted()).toEqual(['five', 'four', 'three', 'two, edited'])
})
