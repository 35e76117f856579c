import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { promisify } from 'node:util'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import yauzl from 'yauzl'
import { type ZipEntry, writeZip } from '../../../src/bundle/zip.ts'

const signal = AbortSignal.timeout(60_000)
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const entry = (name: string, text: string, deflate = false): ZipEntry => ({ name, deflate, open: () => Promise.resolve(bytes(text)) })

interface Read {
  readonly name: string
  readonly text: string
  readonly method: number
}
async function read(path: string): Promise<readonly Read[]> {
  const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(path, { lazyEntries: true })
  const opened = promisify<yauzl.Entry, Readable>((entry, done) => zip.openReadStream(entry, done))
  const found: Read[] = []
  for (let left = zip.entryCount; left > 0; left--) {
    const next = once(zip, 'entry') as Promise<[yauzl.Entry]>
    zip.readEntry()
    const [entry] = await next
    const content = await buffer(await opened(entry))
    found.push({ name: entry.fileName, text: content.toString(), method: entry.compressionMethod })
  }
  zip.close()
  return found
}

describe('writeZip', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fallreep-zip-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  const at = (name: string) => join(folder, name)

  test('keeps order, names in every script and contents; stores what is not to be deflated', async () => {
    const entries = [entry('import.jsonl', 'line\n'.repeat(1000), true), entry('data/ab/日本語 ü.pdf', 'bytes'), entry('data/empty', '')]
    const written = await writeZip(at('a.zip'), entries, signal)
    expect(await read(at('a.zip'))).toEqual([
      { name: 'import.jsonl', text: 'line\n'.repeat(1000), method: 8 },
      { name: 'data/ab/日本語 ü.pdf', text: 'bytes', method: 0 },
      { name: 'data/empty', text: '', method: 0 },
    ])
    expect(written).toEqual({ entries: 3, bytes: (await readFile(at('a.zip'))).length })
  })

  test('gives the same bytes for the same entries, however they arrive and whatever the time zone', async () => {
    const content = 'the same content, in pieces or whole. '.repeat(5000)
    async function* pieces(size: number): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < content.length; n += size) yield bytes(content.slice(n, n + size))
    }
    const hashes = new Set<string>()
    const zone = process.env['TZ']
    try {
      for (const [n, [tz, size]] of (
        [
          ['UTC', 1000],
          ['Asia/Tokyo', 1000],
          ['America/New_York', 77],
        ] as const
      ).entries()) {
        process.env['TZ'] = tz
        await writeZip(
          at(`${n}.zip`),
          [
            { name: 'a', deflate: true, open: () => Promise.resolve(pieces(size)) },
            { name: 'b', deflate: false, open: () => Promise.resolve(pieces(size)) },
          ],
          signal,
        )
        hashes.add(
          createHash('sha256')
            .update(await readFile(at(`${n}.zip`)))
            .digest('hex'),
        )
      }
    } finally {
      if (zone === undefined) delete process.env['TZ']
      else process.env['TZ'] = zone
    }
    expect(hashes.size).toBe(1)
  })

  test('packs what is larger than a piece, and makes every byte of it arrive', async () => {
    const text = Array.from({ length: 60_000 }, (_, n) => `line ${n} ${(n * 7919) % 65_537}`).join('\n')
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < text.length; n += 10_007) yield bytes(text.slice(n, n + 10_007))
    }
    const entries = [
      { name: 'whole', deflate: true, open: () => Promise.resolve(bytes(text)) },
      { name: 'pieces', deflate: true, open: () => Promise.resolve(pieces()) },
      { name: 'stored', deflate: false, open: () => Promise.resolve(pieces()) },
    ]
    await writeZip(at('a.zip'), entries, signal)
    expect((await read(at('a.zip'))).map(({ text: got }) => got === text)).toEqual([true, true, true])
  })

  test('holds more entries than sixteen bits can count', async () => {
    function* many(): Generator<ZipEntry> {
      for (let n = 0; n < 66_000; n++) yield entry(`${n}`, '')
    }
    await writeZip(at('a.zip'), many(), signal)
    const zip = await promisify<string, yauzl.Options, yauzl.ZipFile>(yauzl.open)(at('a.zip'), { lazyEntries: true })
    expect(zip.entryCount).toBe(66_000)
    zip.close()
  })

  test.each(['../up', '/etc/passwd', 'a//b', 'a/../b', 'nul\0', 'back\\slash', ''])(
    'refuses the name %j and leaves nothing behind',
    async (name) => {
      await expect(writeZip(at('a.zip'), [entry('fine', 'x'), entry(name, 'x')], signal)).rejects.toMatchObject({ code: 'usage' })
      expect(await readdir(folder)).toEqual([])
    },
  )

  test('refuses two entries of one name', async () => {
    await expect(writeZip(at('a.zip'), [entry('a', '1'), entry('a', '2')], signal)).rejects.toMatchObject({ code: 'usage' })
  })

  test('fails with the error of a source that breaks off, and leaves nothing behind', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield bytes('so far')
      throw new Error('the disk is gone')
    }
    await expect(writeZip(at('a.zip'), [{ name: 'a', deflate: false, open: () => Promise.resolve(broken()) }], signal)).rejects.toThrow(
      'the disk is gone',
    )
    expect(await readdir(folder)).toEqual([])
  })

  test('stops when told to', async () => {
    const stop = new AbortController()
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let n = 0; ; n++) {
        if (n === 5) stop.abort(new Error('enough'))
        yield bytes('x'.repeat(1000))
      }
    }
    await expect(
      writeZip(at('a.zip'), [{ name: 'a', deflate: true, open: () => Promise.resolve(endless()) }], stop.signal),
    ).rejects.toThrow('enough')
    expect(await readdir(folder)).toEqual([])
  })

  test('fails when the folder cannot be written to', async () => {
    await expect(writeZip(join(folder, 'nowhere', 'a.zip'), [entry('a', 'x')], signal)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
