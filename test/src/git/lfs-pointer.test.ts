import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { lfsPointerOf } from '../../../src/git/lfs-pointer.ts'

const oid = '4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393'
const text = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 12345\n`
const of = (file: string): unknown => lfsPointerOf(Buffer.from(file))

describe('an LFS pointer', () => {
  test.each([
    ['as it is written today', text],
    ['of the versions before', text.replace('git-lfs', 'hawser')],
    ['of the first of all', text.replace('https://git-lfs.github.com/spec/v1', 'http://git-media.io/v/2')],
    ['without a line end', text.trimEnd()],
    ['with line ends of Windows', text.replaceAll('\n', '\r\n')],
    ['with white space around it', `\n \n${text}\n\n`],
    ['with extensions', text.replace('oid ', `ext-0-foo sha256:${'a'.repeat(64)}\next-1-bar sha256:${'b'.repeat(64)}\noid `)],
  ])('%s is one', (_, file) => {
    expect(of(file)).toEqual({ oid, size: 12345 })
  })

  test.each([
    ['another version', text.replace('spec/v1', 'spec/v2')],
    ['no version', text.slice(text.indexOf('oid'))],
    ['another hash', text.replace('sha256:', 'sha512:')],
    ['a hash in capitals', text.replace(oid, oid.toUpperCase())],
    ['a hash that is short', text.replace(oid, oid.slice(1))],
    ['a negative size', text.replace('12345', '-1')],
    ['a size that no number holds', text.replace('12345', '9'.repeat(19))],
    ['a size in hex', text.replace('12345', '0x10')],
    ['keys out of order', text.replace(/(oid .*\n)(size .*\n)/, '$2$1')],
    ['a key more', `${text}zzz 1\n`],
    ['a key twice', text.replace('size', 'size 1\nsize')],
    ['an extension twice', text.replace('oid ', `ext-0-foo sha256:${'a'.repeat(64)}\next-0-bar sha256:${'b'.repeat(64)}\noid `)],
    ['two spaces', text.replace('oid ', 'oid  ')],
    ['something behind it', `${text}and then the text of a file that tells about pointers\n`],
    ['more than 1,024 bytes', text + '\n'.repeat(1024)],
    ['nothing', ''],
  ])('%s makes it none', (_, file) => {
    expect(of(file)).toBeUndefined()
  })

  test('whatever a file holds, it is a pointer or it is none', () => {
    const near = fc.array(fc.constantFrom(...text.split(/(?<= )|(?<=\n)/), '\r', '\0', 'ext-0-a ', `sha256:${oid}`), { maxLength: 30 })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 1100 }),
          near.map((parts) => Buffer.from(parts.join(''))),
        ),
        (bytes) => {
          const pointer = lfsPointerOf(bytes)
          expect(pointer === undefined || (/^[0-9a-f]{64}$/.test(pointer.oid) && pointer.size >= 0)).toBe(true)
        },
      ),
    )
  })
})
