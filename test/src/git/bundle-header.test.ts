import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bundleHeader, readBundleHeader } from '../../../src/git/bundle-header.ts'
import { isRefName, refNameBytes, refNameOf } from '../../../src/git/ref-name.ts'
import { collected } from './collected.ts'

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size)
}
const oid = 'a'.repeat(40)
const read = (text: string): ReturnType<typeof readBundleHeader> =>
  readBundleHeader(inChunks(Buffer.from(text), text.length > 10_000 ? 4096 : 7))

describe('the header of a bundle', () => {
  const oids = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('hex'))
  const names = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).map((text) => `refs/heads/${text}`),
    fc.uint8Array({ minLength: 1, maxLength: 20 }).map((bytes) => `refs/tags/${refNameOf(bytes)}`),
    fc.constant('HEAD'),
  )
  const headers = fc.record({
    prerequisites: fc.array(oids, { maxLength: 5 }),
    refs: fc.array(fc.record({ name: names.filter(isRefName), oid: oids }), { maxLength: 8 }),
  })

  test('is read as it was written, wherever it is cut, and the pack follows it byte by byte', () =>
    fc.assert(
      fc.asyncProperty(headers, fc.uint8Array(), fc.integer({ min: 1, max: 90 }), async (header, pack, size) => {
        const bytes = bundleHeader(header)
        const { pack: rest, bytes: length, ...found } = await readBundleHeader(inChunks(Buffer.concat([bytes, pack]), size))
        expect(found).toEqual(header)
        expect(length).toBe(bytes.byteLength)
        expect(await collected(rest)).toEqual(Buffer.from(pack))
      }),
    ))

  test('of other programs is read too: subjects behind prerequisites, version 3 with sha1', async () => {
    expect(await read(`# v3 git bundle\n@object-format=sha1\n-${oid} Fix it\n-${oid}\n${oid} refs/heads/main\n\nPACK`)).toMatchObject({
      prerequisites: [oid, oid],
      refs: [{ name: 'refs/heads/main', oid }],
    })
  })

  test.each([
    ['no bundle', 'PACK\n\n'],
    ['a newer version', '# v4 git bundle\n\n'],
    ['another hash', '# v3 git bundle\n@object-format=sha256\n\n'],
    ['half of the history', '# v3 git bundle\n@filter=blob:none\n\n'],
    ['a name that climbs out', `# v2 git bundle\n${oid} refs/heads/../../config\n\n`],
    ['a name outside of refs', `# v2 git bundle\n${oid} config\n\n`],
    ['a line that is none', '# v2 git bundle\nhello\n\n'],
    ['an end inside of it', `# v2 git bundle\n${oid} refs/heads/main\n`],
    ['a line without end', `# v2 git bundle\n-${oid} ${'x'.repeat(100_000)}`],
  ])('with %s is refused', async (_, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'corrupt' })
  })

  test('left after the header, the source is closed', async () => {
    let closed = false
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        yield bundleHeader({ prerequisites: [], refs: [] })
        yield Buffer.from('PACK')
      } finally {
        closed = true
      }
    }
    const { pack } = await readBundleHeader(source())
    await pack.return?.()
    expect(closed).toBe(true)
  })
})

describe('the name of a ref', () => {
  test('is bytes that come back as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(refNameBytes(refNameOf(bytes))).toEqual(Buffer.from(bytes))
      }),
    )
  })

  test.each(['refs/heads/main', 'refs/heads/ä/ö', 'refs/tags/v1.0', 'refs/pull/1/head', 'HEAD', 'refs/heads/@', 'refs/heads/-x'])(
    '%s is one',
    (name) => {
      expect(isRefName(name)).toBe(true)
    },
  )

  test.each([
    'refs/heads/a..b',
    'refs/heads/a b',
    'refs/heads/.a',
    'refs/heads/a.lock/b',
    'refs/heads/a/',
    'refs//a',
    'refs/heads/a\n',
    'refs/heads/a@{1}',
    'refs/heads/a.',
    '../x',
    'refs/heads/a\\b',
    'config',
  ])('%j is none', (name) => {
    expect(isRefName(name)).toBe(false)
  })
})
