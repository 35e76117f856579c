import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Unzip, zipLimits } from '../../../src/bundle/unzip.ts'
import { faultIn } from '../../../src/fault.ts'
import { RawZip, type RawEntry } from '../../testbed/slack/export/raw-zip.ts'

const never = new AbortController().signal
const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8')
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fallreep-unzip-'))
})
afterAll(() => rm(folder, { recursive: true }))

let serial = 0
async function zipOf(...entries: readonly RawEntry[]): Promise<string> {
  const path = join(folder, `${(serial += 1)}.zip`)
  await using zip = await RawZip.create(path)
  for (const entry of entries) await zip.add(entry)
  await zip.finish()
  return path
}
async function contentOf(zip: Unzip, name: string): Promise<string> {
  const entry = zip.entries.get(name)
  if (entry === undefined) throw new Error(`no entry ${name}`)
  return Buffer.concat(await Array.fromAsync(zip.stream(entry, never))).toString('utf8')
}
const codeOf = async (work: Promise<unknown>): Promise<string | undefined> => faultIn(await work.catch((error: unknown) => error))?.code

describe('Unzip', () => {
  test('gives every entry its bytes, with names in every script', async () => {
    const path = await zipOf(
      { name: 'a.txt', content: utf8('one') },
      { name: 'büro/東京.json', content: utf8('[]') },
      { name: 'empty', content: utf8('') },
    )
    await using zip = await Unzip.open(path, never)
    expect([...zip.entries.keys()]).toEqual(['a.txt', 'büro/東京.json', 'empty'])
    expect(await Promise.all(['a.txt', 'büro/東京.json', 'empty'].map((name) => contentOf(zip, name)))).toEqual(['one', '[]', ''])
    expect(zip.refused).toEqual([])
  })

  test.each([[40], [5000], [200_000], [9_000_000]])('gives back the %i bytes of an entry when they were used', async (size) => {
    await using zip = await Unzip.open(await zipOf({ name: 'a', content: Buffer.alloc(size, 'abc') }), never)
    const entry = zip.entries.get('a') ?? fail()
    const { bytes, copy } = await zip.using(entry, async (given) => ({ bytes: given, copy: Buffer.from(given) }), never)
    expect(copy.equals(Buffer.alloc(size, 'abc'))).toBe(true)
    expect(bytes.byteLength).toBe(0)
    await expect(zip.using(entry, () => Promise.reject(new Error('no use')), never)).rejects.toThrow('no use')
    expect(await contentOf(zip, 'a')).toBe('abc'.repeat(size).slice(0, size))
  })

  test('streams an entry larger than what it would hold in memory', async () => {
    const chunk = createHash('sha256').update('x').digest()
    const content = Buffer.alloc(12 * 2 ** 20, chunk)
    await using zip = await Unzip.open(await zipOf({ name: 'big', content, level: 0 }), never)
    const entry = zip.entries.get('big')
    let most = 0
    const sum = createHash('sha256')
    for await (const part of zip.stream(entry ?? fail(), never)) {
      most = Math.max(most, part.byteLength)
      sum.update(part)
    }
    expect(sum.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'))
    expect(most).toBeLessThan(2 ** 20)
  })

  test.each([['../out'], ['a/../../out'], ['/etc/passwd'], ['C:/x'], ['a\\..\\..\\b'], ['nul\u0000.json'], ['line\nbreak']])(
    'reads nothing under the name %j, and its neighbours all the same',
    async (name) => {
      await using zip = await Unzip.open(await zipOf({ name, content: utf8('bad') }, { name: 'good', content: utf8('good') }), never)
      expect([...zip.entries.keys()]).toEqual(['good'])
      expect(zip.refused).toHaveLength(1)
      expect(await contentOf(zip, 'good')).toBe('good')
    },
  )

  test('does not follow a symbolic link', async () => {
    await using zip = await Unzip.open(await zipOf({ name: 'link', content: utf8('/etc/passwd'), mode: 0o120777 }), never)
    expect(zip.refused).toMatchObject([{ why: 'it is a symbolic link' }])
  })

  test('takes the first of two entries of one name', async () => {
    await using zip = await Unzip.open(await zipOf({ name: 'a', content: utf8('first') }, { name: 'a', content: utf8('second') }), never)
    expect(await contentOf(zip, 'a')).toBe('first')
    expect(zip.refused).toHaveLength(1)
  })

  test('does not unpack an entry that unpacks to many times its size', async () => {
    await using zip = await Unzip.open(
      await zipOf({ name: 'bomb', content: new Uint8Array(20 * 2 ** 20), level: 9 }, { name: 'a', content: utf8('a') }),
      never,
    )
    expect([...zip.entries.keys()]).toEqual(['a'])
  })

  test('unpacks no more than an entry claims', async () => {
    await using zip = await Unzip.open(await zipOf({ name: 'liar', content: new Uint8Array(2 ** 20), level: 9, claimedBytes: 100 }), never)
    expect(await codeOf(contentOf(zip, 'liar'))).toBe('corrupt')
  })

  test('refuses an archive that claims more than its limits allow', async () => {
    const path = await zipOf({ name: 'a', content: utf8('aaaa') }, { name: 'b', content: utf8('bbbb') })
    expect(await codeOf(Unzip.open(path, never, { ...zipLimits, totalBytes: 7 }))).toBe('corrupt')
    expect(await codeOf(Unzip.open(path, never, { ...zipLimits, entries: 1 }))).toBe('corrupt')
  })

  test('finds a flipped byte by its checksum', async () => {
    const path = await zipOf({ name: 'a', content: utf8('abcdefgh'.repeat(50)), level: 0 })
    const bytes = await readFile(path)
    bytes[80] = (bytes[80] ?? 0) ^ 1
    await writeFile(path, bytes)
    await using zip = await Unzip.open(path, never)
    expect(await codeOf(contentOf(zip, 'a'))).toBe('corrupt')
  })

  test('says what is wrong with what is no archive, is cut short, or is not there', async () => {
    const path = await zipOf({ name: 'a', content: utf8('a'.repeat(1000)), level: 0 })
    await truncate(path, 700)
    expect(await codeOf(Unzip.open(path, never))).toBe('corrupt')
    const page = join(folder, 'page.zip')
    await writeFile(page, '<!DOCTYPE html>')
    expect(await codeOf(Unzip.open(page, never))).toBe('corrupt')
    expect(await codeOf(Unzip.open(join(folder, 'nowhere.zip'), never))).toBe('config')
  })

  test('has the same identity for the same archive and another for another', async () => {
    const one = await zipOf({ name: 'a', content: utf8('1') })
    const copy = join(folder, 'copy.zip')
    await writeFile(copy, await readFile(one))
    const other = await zipOf({ name: 'a', content: utf8('2') })
    const identities = await Promise.all(
      [one, copy, other].map(async (path) => {
        await using zip = await Unzip.open(path, never)
        return zip.identity
      }),
    )
    expect(identities[0]).toBe(identities[1])
    expect(identities[0]).not.toBe(identities[2])
  })

  test('stops when it is told to', async () => {
    await using zip = await Unzip.open(await zipOf({ name: 'big', content: Buffer.alloc(12 * 2 ** 20, 'abc'), level: 0 }), never)
    const controller = new AbortController()
    const read = async (): Promise<void> => {
      for await (const _ of zip.stream(zip.entries.get('big') ?? fail(), controller.signal)) controller.abort(new Error('enough'))
    }
    await expect(read()).rejects.toThrow('enough')
  })
})

function fail(): never {
  throw new Error('the entry is missing')
}
