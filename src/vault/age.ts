import { randomBytes } from 'node:crypto'
import { corrupt, openHeader, newHeader, type Opened } from './age-header.ts'
import { release } from '../release.ts'
import { hkdf, seal, TAG, unseal } from './age-keys.ts'

export { openHeader, type Opened } from './age-header.ts'
export { checkRecipient, generateIdentity, recipientOf } from './age-keys.ts'

/*
 * age version 1 with X25519 recipients, on node:crypto. Specification: https://age-encryption.org/v1, read 2026-11-23.
 * No armor, no passphrases, no plugins: the vault needs none of them.
 */

const CHUNK = 65_536
const SEALED = CHUNK + TAG

const nonceOf = (index: number, final: boolean): Buffer => {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(index, 5, 6)
  nonce[11] = final ? 1 : 0
  return nonce
}

/** Encrypts a stream to every one of the recipients. `header` comes first, then what `update` and `final` return. */
export class Sealer {
  readonly header: Buffer
  readonly #key: Buffer
  readonly #held = Buffer.allocUnsafe(CHUNK)
  #fill = 0
  #index = 0
  constructor(recipients: readonly string[]) {
    const { header, fileKey } = newHeader(recipients)
    const nonce = randomBytes(16)
    this.header = Buffer.concat([header, nonce])
    this.#key = hkdf(fileKey, nonce, 'payload')
  }
  update(data: Uint8Array): Buffer[] {
    const out: Buffer[] = []
    for (let at = 0; at < data.length;) {
      // A full chunk is held until more follows: the last one is sealed with another nonce.
      if (this.#fill === CHUNK) this.#flush(this.#held, out)
      if (this.#fill === 0 && data.length - at > CHUNK) {
        this.#flush(data.subarray(at, at + CHUNK), out)
        at += CHUNK
        continue
      }
      const take = Math.min(CHUNK - this.#fill, data.length - at)
      this.#held.set(data.subarray(at, at + take), this.#fill)
      this.#fill += take
      at += take
    }
    return out
  }
  final(): readonly Buffer[] {
    return seal(this.#key, nonceOf(this.#index, true), this.#held.subarray(0, this.#fill))
  }
  #flush(chunk: Uint8Array, out: Buffer[]): void {
    out.push(...seal(this.#key, nonceOf(this.#index++, false), chunk))
    this.#fill = 0
  }
}

/** One chunk of the payload; undefined when it was changed, cut, or stands in the wrong place. */
function tryChunk(key: Uint8Array, index: number, final: boolean, sealed: Uint8Array): Buffer | undefined {
  const plain = sealed.length < TAG ? undefined : unseal(key, nonceOf(index, final), sealed)
  return plain?.length === 0 && index > 0 ? undefined : plain
}
/** @throws Fault `corrupt` */
function openChunk(key: Uint8Array, index: number, final: boolean, sealed: Uint8Array): Buffer {
  const plain = tryChunk(key, index, final, sealed)
  if (plain === undefined) throw corrupt(`chunk ${index} was changed or cut`)
  return plain
}
/** As `openChunk`; an authentic chunk that is last too early or not last at the end is released before the fault, as the reference implementation does. */
function* releaseChunk(key: Uint8Array, index: number, final: boolean, sealed: Uint8Array): Generator<Buffer> {
  const plain = tryChunk(key, index, final, sealed)
  if (plain !== undefined) return yield plain
  const misplaced = sealed.length === SEALED ? tryChunk(key, index, !final, sealed) : undefined
  if (misplaced !== undefined) yield misplaced
  throw corrupt(`chunk ${index} was changed or cut`)
}

/** Decrypts a stream; everything it yields is authentic, but only a normal end says that it was whole. @throws Fault `wrong-key`, `corrupt` */
export async function* decrypting(source: AsyncIterable<Uint8Array>, identities: readonly string[]): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0)
  let opened: Opened | undefined
  let index = 0
  for await (const piece of source) {
    held = held.length === 0 ? Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength) : Buffer.concat([held, piece])
    if (opened === undefined) {
      opened = openHeader(held, identities)
      if (opened === undefined) continue
      held = held.subarray(opened.start)
    }
    let at = 0
    for (; held.length - at > SEALED; at += SEALED) yield* releaseChunk(opened.key, index++, false, held.subarray(at, at + SEALED))
    // Copied, because a source may use its buffer again.
    held = Buffer.from(held.subarray(at))
  }
  if (opened === undefined) throw corrupt('its header is cut')
  yield* releaseChunk(opened.key, index, true, held)
}

/** Size of the plaintext of an age file. */
export const plainSize = (opened: Opened, fileSize: number): number => {
  const payload = fileSize - opened.start
  return payload - TAG * Math.max(1, Math.ceil(payload / SEALED))
}

/** The bytes of the file that cover a range of the plaintext. */
export function sealedRange(
  opened: Opened,
  fileSize: number,
  offset: number,
  length: number,
): { readonly first: number; readonly offset: number; readonly length: number } {
  const first = Math.floor(offset / CHUNK)
  const start = opened.start + first * SEALED
  return { first, offset: start, length: Math.min(fileSize, opened.start + Math.ceil((offset + length) / CHUNK) * SEALED) - start }
}

/** Decrypts what `sealedRange` named. @throws Fault `corrupt` */
export function openRange(opened: Opened, fileSize: number, sealed: Buffer, first: number): Buffer {
  const plain = Buffer.allocUnsafeSlow(sealed.length)
  let end = 0
  for (let at = 0, index = first; at < sealed.length; at += SEALED, index++) {
    const final = opened.start + (index + 1) * SEALED >= fileSize
    const chunk = openChunk(opened.key, index, final, sealed.subarray(at, at + SEALED))
    end += chunk.copy(plain, end)
    release(chunk)
  }
  return plain.subarray(0, end)
}

/** A whole small file at once. */
export function encryptBytes(plain: Uint8Array, recipients: readonly string[]): Buffer {
  const sealer = new Sealer(recipients)
  return Buffer.concat([sealer.header, ...sealer.update(plain), ...sealer.final()])
}
/** @throws Fault `wrong-key`, `corrupt` */
export async function decryptBytes(sealed: Uint8Array, identities: readonly string[]): Promise<Buffer> {
  async function* once() {
    yield sealed
  }
  return Buffer.concat(await Array.fromAsync(decrypting(once(), identities)))
}
