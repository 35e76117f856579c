import { createHash } from 'node:crypto'

const ALPHABET = 'ybndrfg8ejkmcpqxot1uwisza345h769'

/** Sixteen bytes as the server writes its ids: 26 characters of its own base32, no padding. */
function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31]
}

/** Ids that look like the server's and are the same in every run with the same seed. */
export function idSource(seed: string): () => string {
  let count = 0
  return () => base32(createHash('sha256').update(`${seed}/${count++}`).digest().subarray(0, 16))
}

export const isId = (text: string): boolean => /^[a-z0-9]{26}$/.test(text)
