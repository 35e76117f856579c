import { Fault } from '../fault.ts'

/** One packet: its bytes without the length, or one of the packets that only separate. */
export type Packet = Uint8Array | 'flush' | 'delimiter' | 'response-end'

/** The longest packet there may be, its four letters of length included. */
const MAX_PACKET_BYTES = 65_520
const SPECIAL = new Map<number, Packet>([
  [0, 'flush'],
  [1, 'delimiter'],
  [2, 'response-end'],
])

export const FLUSH = Buffer.from('0000')
export const DELIMITER = Buffer.from('0001')
export const RESPONSE_END = Buffer.from('0002')

/**
 * One packet with its length in front. Text is written as UTF-8; a line end is the caller's business.
 * https://git-scm.com/docs/protocol-common#_pkt_line_format, read 2026-11-25
 * @throws RangeError if it is longer than a packet may be
 */
export function packet(content: string | Uint8Array): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const length = bytes.byteLength + 4
  if (length > MAX_PACKET_BYTES) throw new RangeError(`a packet holds at most ${MAX_PACKET_BYTES - 4} bytes`)
  return Buffer.concat([Buffer.from(length.toString(16).padStart(4, '0')), bytes])
}

/**
 * The packets in a stream of bytes, however it is cut into chunks; never more than a packet and a chunk are held. A packet is a view of the
 * chunk it came in: copy what is kept. `what` names the stream in errors.
 * @throws Fault `corrupt` at something that is no packet; Fault `unavailable` if the stream ends inside one
 */
export async function* packets(source: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<Packet> {
  let held: Uint8Array = new Uint8Array()
  for await (const chunk of source) {
    held = held.byteLength === 0 ? chunk : Buffer.concat([held, chunk])
    let at = 0
    while (held.byteLength - at >= 4) {
      const length = lengthAt(held, at, what)
      const special = SPECIAL.get(length)
      if (special !== undefined) {
        at += 4
        yield special
        continue
      }
      if (held.byteLength - at < length) break
      at += length
      yield held.subarray(at - length + 4, at)
    }
    held = held.subarray(at)
  }
  if (held.byteLength > 0) throw brokenOff(what)
}

/** The stream ended before it was complete. */
export const brokenOff = (what: string): Fault =>
  new Fault({
    code: 'unavailable',
    what: `${what} broke off`,
    remedy: 'Run again; what was done is kept',
    retry: { type: 'backoff' },
  })

function lengthAt(bytes: Uint8Array, at: number, what: string): number {
  let length = 0
  for (let digit = at; digit < at + 4; digit++) length = length * 16 + hexDigit(bytes[digit] ?? 0)
  // NaN, if one of the four is no digit.
  if ((length >= 4 && length <= MAX_PACKET_BYTES) || SPECIAL.has(length)) return length
  throw new Fault({
    code: 'corrupt',
    what: `${what} cannot be read`,
    why: 'it is not in the form of the git protocol',
    remedy: 'Check the address in the configuration, and that no proxy changes answers on the way',
  })
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN
}
