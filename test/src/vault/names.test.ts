import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { safeSegment, taggedName } from '../../../src/vault/names.ts'
import { tarHeader, tarEnd, padding, TarReader } from '../../../src/vault/tar.ts'

const HOSTILE = [
  '..',
  '.',
  '',
  '/',
  '/etc/passwd',
  '../../x',
  'a\0b',
  'a\nb',
  'C:\\x',
  '\\\\host\\share',
  'x'.repeat(300),
  'ä'.repeat(300),
  '😀'.repeat(100),
  'con',
  'NUL.txt',
  '-rf',
  ' .hidden. ',
  'a%0Ab',
  '\u202Egnp.exe',
  '文件.txt',
  'ملف.pdf',
  '\uD800broken',
  'e\u0301',
]
const isSafe = (segment: string): boolean =>
  segment !== '' &&
  segment !== '.' &&
  segment !== '..' &&
  !/[/\\\0\n\r%]/.test(segment) &&
  Buffer.byteLength(segment) <= 160 &&
  !segment.startsWith('-') &&
  segment.isWellFormed()

describe('names inside packs', () => {
  test.each(HOSTILE.map((name) => [JSON.stringify(name).slice(0, 40), name] as const))('%s becomes one harmless segment', (_, name) => {
    expect(isSafe(safeSegment(name))).toBe(true)
    expect(isSafe(taggedName(name, '0123456789'))).toBe(true)
    expect(taggedName(name, '0123456789')).toContain('0123456789')
  })
  test('any text does, too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
        expect(isSafe(safeSegment(name)) && isSafe(taggedName(name, '0123456789'))).toBe(true)
      }),
    )
  })
  test('an extension survives', () => {
    expect(taggedName('Gehälter 2026.xlsx', 'abc')).toBe('Gehälter 2026_abc.xlsx')
  })
})

describe('tar', () => {
  test('files of any name and size come back, however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            path: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }).map((text) => safeSegment(text, 300)),
            bytes: fc.uint8Array({ maxLength: 1500 }),
          }),
          { maxLength: 6 },
        ),
        fc.integer({ min: 1, max: 700 }),
        (files, cut) => {
          const stream = Buffer.concat([
            ...files.flatMap(({ path, bytes }) => [tarHeader(path, bytes.length, 0), bytes, padding(bytes.length)]),
            tarEnd(),
          ])
          const reader = new TarReader()
          const seen: { path: string; bytes: Buffer }[] = []
          for (let at = 0; at < stream.length; at += cut)
            for (const event of reader.push(stream.subarray(at, at + cut))) {
              if (event.type === 'file') seen.push({ path: event.path, bytes: Buffer.alloc(0) })
              const last = seen.at(-1)
              if (event.type === 'bytes' && last !== undefined) last.bytes = Buffer.concat([last.bytes, event.bytes])
            }
          reader.finish()
          expect(seen).toEqual(files.map(({ path, bytes }) => ({ path, bytes: Buffer.from(bytes) })))
        },
      ),
      { numRuns: 60 },
    )
  })
})
