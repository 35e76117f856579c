import { createHmac, hkdfSync } from 'node:crypto'
import { Decrypter, Encrypter } from 'age-encryption'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collectionId } from '../../../src/contract/ids.ts'
import {
  checkRecipient,
  decryptBytes,
  encryptBytes,
  generateIdentity,
  openHeader,
  openRange,
  plainSize,
  recipientOf,
  sealedRange,
} from '../../../src/vault/age.ts'
import { KeyedHashes } from '../../../src/vault/hashes.ts'

const sizes = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.constantFrom(65_535, 65_536, 65_537, 131_072, 131_073))
const content = (size: number): Buffer => Buffer.alloc(size, 'differential fuzzing ')

describe('age', () => {
  test('what we encrypt npm age-encryption decrypts, and the other way round, for every recipient', async () => {
    const own = [generateIdentity(), generateIdentity()] as const
    await fc.assert(
      fc.asyncProperty(sizes, fc.constantFrom<0 | 1>(0, 1), async (size, which) => {
        const plain = content(size)
        const theirs = new Decrypter()
        theirs.addIdentity(own[which].identity)
        expect(
          plain.equals(
            await theirs.decrypt(
              encryptBytes(
                plain,
                own.map(({ recipient }) => recipient),
              ),
            ),
          ),
        ).toBe(true)
        const encrypter = new Encrypter()
        for (const { recipient } of own) encrypter.addRecipient(recipient)
        expect(plain.equals(await decryptBytes(await encrypter.encrypt(plain), [own[which].identity]))).toBe(true)
      }),
      { numRuns: 30 },
    )
  })
  test('any changed byte, any cut and anything appended is refused', async () => {
    const { identity, recipient } = generateIdentity()
    const sealed = encryptBytes(content(200), [recipient])
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      await expect(decryptBytes(changed, [identity]), `byte ${at}`).rejects.toMatchObject({ name: 'Fault' })
      await expect(decryptBytes(sealed.subarray(0, at), [identity]), `cut at ${at}`).rejects.toMatchObject({ name: 'Fault' })
    }
    await expect(decryptBytes(Buffer.concat([sealed, Buffer.from('x')]), [identity])).rejects.toMatchObject({ code: 'corrupt' })
  })
  test('any range is read without the rest', async () => {
    const { identity, recipient } = generateIdentity()
    const plain = content(200_000)
    const sealed = encryptBytes(plain, [recipient])
    const opened = openHeader(sealed, [identity])
    if (opened === undefined) throw new Error('the header is whole')
    expect(plainSize(opened, sealed.length)).toBe(plain.length)
    for (const [offset, length] of [
      [0, 1],
      [65_535, 2],
      [131_000, 69_000],
      [199_999, 1],
    ] as const) {
      const range = sealedRange(opened, sealed.length, offset, length)
      const part = openRange(opened, sealed.length, sealed.subarray(range.offset, range.offset + range.length), range.first)
      expect(
        part
          .subarray(offset - range.first * 65_536)
          .subarray(0, length)
          .equals(plain.subarray(offset, offset + length)),
      ).toBe(true)
    }
  })
  test('keys are checked, and secret ones never stand in a message', () => {
    const { identity, recipient } = generateIdentity()
    expect(recipientOf(identity)).toBe(recipient)
    expect(checkRecipient(` ${recipient}\n`)).toBe(recipient)
    const broken = `${identity.slice(0, -1)}${identity.endsWith('Q') ? 'P' : 'Q'}`
    expect(() => recipientOf(broken)).toThrow('This is no age identity')
    expect(() => checkRecipient(identity)).toThrow('This is no age recipient')
  })
})

test('keyed hashes are HMAC-SHA-256 under a key derived from the index identity', () => {
  const { identity } = generateIdentity()
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(identity), Buffer.from('vault'), 'fallreep refs v1 acme', 64))
  const expected = createHmac('sha256', key).update('c\0channel/C1').digest('hex').slice(0, 32)
  expect(new KeyedHashes(identity, 'vault', 'acme').collection(collectionId('channel/C1'))).toBe(expected)
})
