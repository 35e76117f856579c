import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeFileName, UniqueNames } from '../../../src/model/file-name.ts'

test.each([
  ['日本語.pdf', '日本語.pdf'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['/etc/passwd', '_etc_passwd'],
  ['a\u0000b.txt', 'a_b.txt'],
  ['..', 'unnamed'],
  ['', 'unnamed'],
  ['   ', 'unnamed'],
  ['CON.txt', '_CON.txt'],
  ['invoice\u202efdp.exe', 'invoice_fdp.exe'],
  ['u\u0308ber.txt', 'über.txt'],
])('%j becomes %j', (name, safe) => expect(safeFileName(name)).toBe(safe))

test('a long name keeps its extension and fits', () => {
  const safe = safeFileName(`${'ü'.repeat(300)}.docx`)
  expect(safe.endsWith('.docx')).toBe(true)
  expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200)
})

test('no name ever makes a path, and safe names stay as they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      const safe = safeFileName(name)
      expect(safe).not.toMatch(/[/\\\u0000-\u001f]/)
      expect(['', '.', '..']).not.toContain(safe)
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200)
      expect(safeFileName(safe)).toBe(safe)
    }),
  )
})

test('every name is given once, whatever its letter case', () => {
  const names = new UniqueNames()
  expect(['a.txt', 'A.txt', 'a.txt', 'b'].map((name) => names.take(name))).toEqual(['a.txt', 'A (2).txt', 'a (3).txt', 'b'])
})
