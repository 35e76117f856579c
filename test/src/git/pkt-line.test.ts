import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DELIMITER, FLUSH, packet, type Packet, packets, RESPONSE_END } from '../../../src/git/pkt-line.ts'

/** The bytes, cut at these places. */
async function* cut(bytes: Uint8Array, places: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0
  for (const place of [...places.map((n) => n % (bytes.byteLength + 1)), bytes.byteLength].toSorted((a, b) => a - b)) {
    yield bytes.subarray(from, place)
    from = place
  }
}
async function read(bytes: Uint8Array, places: readonly number[] = []): Promise<Packet[]> {
  const found: Packet[] = []
  for await (const one of packets(cut(bytes, places), 'The answer')) found.push(typeof one === 'string' ? one : Buffer.from(one))
  return found
}
const written = new Map([
  ['flush', FLUSH],
  ['delimiter', DELIMITER],
  ['response-end', RESPONSE_END],
])

describe('pkt-line', () => {
  const content = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))
  const sequence = fc.array(fc.oneof(content, fc.constantFrom<Packet>('flush', 'delimiter', 'response-end')), { maxLength: 20 })

  test('what was written is read, wherever the stream is cut', () =>
    fc.assert(
      fc.asyncProperty(sequence, fc.array(fc.nat(), { maxLength: 30 }), async (all, places) => {
        const bytes = Buffer.concat(all.map((one) => (typeof one === 'string' ? (written.get(one) ?? Buffer.alloc(0)) : packet(one))))
        expect(await read(bytes, places)).toEqual(all)
      }),
    ))

  test('arbitrary bytes give packets or a Fault, nothing else', () =>
    fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 5 }), async (bytes, places) => {
        const outcome = await read(bytes, places).catch((error: unknown) => error)
        expect(Array.isArray(outcome) || ['corrupt', 'unavailable'].includes((outcome as { code: string }).code)).toBe(true)
      }),
    ))

  test('the longest packet is 65,520 bytes; longer ones are neither written nor read', async () => {
    const longest = packet(new Uint8Array(65_516))
    expect((await read(longest))[0]).toHaveLength(65_516)
    expect(() => packet(new Uint8Array(65_517))).toThrow(RangeError)
    await expect(read(Buffer.from('fff1'))).rejects.toMatchObject({ code: 'corrupt', retry: { type: 'never' } })
  })

  test('0003 is no length, and neither is a page of a proxy', async () => {
    await expect(read(Buffer.from('0003'))).rejects.toMatchObject({ code: 'corrupt' })
    await expect(read(Buffer.from('<html><body>Sign in'))).rejects.toMatchObject({
      code: 'corrupt',
      remedy: expect.stringContaining('proxy'),
    })
  })

  test('a stream that ends inside a packet may be asked for again', async () => {
    await expect(read(packet('want').subarray(0, 6))).rejects.toMatchObject({ code: 'unavailable', retry: { type: 'backoff' } })
    await expect(read(Buffer.from('00'))).rejects.toMatchObject({ code: 'unavailable' })
  })
})
