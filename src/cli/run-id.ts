import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A ULID: ten letters of time, sixteen of chance; sorts by time. */
export function ulid(now: Date): string {
  let time = ''
  for (let rest = now.getTime(); time.length < 10; rest = Math.floor(rest / 32)) time = (ALPHABET[rest % 32] ?? '') + time
  return time + Array.from(randomBytes(16), (byte) => ALPHABET[byte % 32]).join('')
}
