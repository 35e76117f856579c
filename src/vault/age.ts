import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { Fault } from '../fault.ts'
import { bech32Decode, bech32Encode } from './bech32.ts'

/*
 * age version 1 with X25519 recipients, on node:crypto. Specification: https://age-encryption.org/v1, read 2026-11-23.
 * No armor, no passphrases, no plugins: the vault needs none of them.
 */

const CHUNK = 65_536
const TAG = 16
const SEALED = CHUNK + TAG
const INTRO = 'age-encryption.org/v1'
const INFO_WRAP = `${INTRO}/X25519`
/** DER around 32 raw bytes (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')
const SPKI = Buffer.from('302a300506032b656e032100', 'hex')

const corrupt = (why: string): Fault => new Fault({ code: 'corrupt', what: 'This is not a whole age file', why })
const hkdf = (secret: Uint8Array, salt: Uint8Array, info: string): Buffer => Buffer.from(hkdfSync('sha256', secret, salt, info, 32))
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')
const publicKey = (raw: Uint8Array) => createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' })
const privateKey = (raw: Uint8Array) => createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' })
const publicOf = (raw: Uint8Array): Buffer => createPublicKey(privateKey(raw)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length)
const sharedSecret = (secret: Uint8Array, point: Uint8Array): Buffer =>
  diffieHellman({ privateKey: privateKey(secret), publicKey: publicKey(point) })

function unbase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (base64(bytes) !== text) throw corrupt('its header holds broken base64')
  return bytes
}

function parseKey(text: string, prefix: 'age' | 'age-secret-key-'): Buffer {
  const key = bech32Decode(text.trim())
  if (key?.prefix === prefix && key.bytes.length === 32) return key.bytes
  const what = prefix === 'age' ? 'This is no age recipient' : 'This is no age identity'
  throw new Fault({ code: 'config', what, remedy: prefix === 'age' ? 'It starts with age1' : 'It starts with AGE-SECRET-KEY-1' })
}

/** A new key pair: `identity` is secret (AGE-SECRET-KEY-1…), `recipient` is public (age1…). */
export function generateIdentity(): { readonly identity: string; readonly recipient: string } {
  const secret = randomBytes(32)
  return { identity: bech32Encode('age-secret-key-', secret).toUpperCase(), recipient: bech32Encode('age', publicOf(secret)) }
}

/** @throws Fault `config` when it is no X25519 identity; the message never holds it. */
export const recipientOf = (identity: string): string => bech32Encode('age', publicOf(parseKey(identity, 'age-secret-key-')))

/** @throws Fault `config` when it is no X25519 recipient. */
export const checkRecipient = (recipient: string): string => bech32Encode('age', parseKey(recipient, 'age'))

const nonceOf = (index: number, final: boolean): Buffer => {
  const nonce = Buffer.alloc(12)
  nonce.writeUIntBE(index, 5, 6)
  nonce[11] = final ? 1 : 0
  return nonce
}

function seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): readonly [Buffer, Buffer] {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG })
  const body = cipher.update(plain)
  cipher.final()
  return [body, cipher.getAuthTag()]
}

function unseal(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Buffer | undefined {
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG })
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
  const plain = decipher.update(sealed.subarray(0, sealed.length - TAG))
  try {
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}

/** Encrypts a stream to every one of the recipients. `header` comes first, then what `update` and `final` return. */
export class Sealer {
  readonly header: Buffer
  readonly #key: Buffer
  readonly #held = Buffer.allocUnsafe(CHUNK)
  #fill = 0
  #index = 0
  constructor(recipients: readonly string[]) {
    if (recipients.length === 0)
      throw new Fault({ code: 'config', what: 'Nobody to encrypt to', remedy: 'Give at least one age recipient' })
    const fileKey = randomBytes(16)
    const stanzas = recipients.map((recipient) => {
      const point = parseKey(recipient, 'age')
      const ephemeral = randomBytes(32)
      const share = publicOf(ephemeral)
      const wrapKey = hkdf(sharedSecret(ephemeral, point), Buffer.concat([share, point]), INFO_WRAP)
      return `-> X25519 ${base64(share)}\n${base64(Buffer.concat(seal(wrapKey, Buffer.alloc(12), fileKey)))}\n`
    })
    const text = `${INTRO}\n${stanzas.join('')}---`
    const nonce = randomBytes(16)
    this.header = Buffer.concat([Buffer.from(`${text} ${base64(macOf(fileKey, text))}\n`), nonce])
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

const macOf = (fileKey: Uint8Array, text: string): Buffer =>
  createHmac('sha256', hkdf(fileKey, Buffer.alloc(0), 'header'))
    .update(text, 'latin1')
    .digest()

/** Where the payload of an age file starts, and its key. */
export interface Opened {
  readonly key: Buffer
  readonly start: number
}

/**
 * Reads the header of an age file. Undefined: `bytes` does not reach its end yet.
 * @throws Fault `wrong-key` when none of the identities opens it, `corrupt` when it is no age file or was changed.
 */
export function openHeader(bytes: Buffer, identities: readonly string[]): Opened | undefined {
  const text = bytes.toString('latin1', 0, 1 << 20)
  if (!`${INTRO}\n`.startsWith(text.slice(0, INTRO.length + 1))) throw corrupt('it does not begin like one')
  const foot = text.indexOf('\n---')
  if (foot < 0 && text.length === 1 << 20) throw corrupt('its header has no end')
  const end = foot < 0 ? -1 : text.indexOf('\n', foot + 1)
  if (end < 0 || bytes.length < end + 17) return undefined
  const mac = /^--- ([A-Za-z0-9+/]{43})$/.exec(text.slice(foot + 1, end))?.[1]
  if (mac === undefined) throw corrupt('its header has no checksum')
  const macBytes = unbase64(mac)
  const shares = parseStanzas(text.slice(INTRO.length + 1, foot + 1))
  const fileKey = unwrap(shares, identities)
  if (fileKey === undefined)
    throw new Fault({
      code: 'wrong-key',
      what: 'None of the keys at hand opens this file',
      remedy: 'Give the identity it was encrypted to',
    })
  if (!timingSafeEqual(macOf(fileKey, text.slice(0, foot + 4)), macBytes)) throw corrupt('the checksum of its header is wrong')
  return { key: hkdf(fileKey, bytes.subarray(end + 1, end + 17), 'payload'), start: end + 17 }
}

interface Share {
  readonly point: Buffer
  readonly body: Buffer
}

function parseStanzas(text: string): readonly Share[] {
  const lines = text.split('\n').slice(0, -1)
  const shares: Share[] = []
  let stanzas = 0
  let scrypt = false
  for (let at = 0; at < lines.length; stanzas++) {
    const [, type = '', args = ''] = /^-> ([\x21-\x7e]+)((?: [\x21-\x7e]+)*)$/.exec(lines[at++] ?? '') ?? []
    if (type === '') throw corrupt('its header is broken')
    let encoded = ''
    for (let more = true; more; at++) {
      const line = lines[at]
      if (line === undefined || line.length > 64) throw corrupt('its header is broken')
      encoded += line
      more = line.length === 64
    }
    const body = unbase64(encoded)
    scrypt ||= type === 'scrypt'
    if (type !== 'X25519') continue
    const point = unbase64(args.slice(1))
    if (point.length !== 32 || body.length !== 32) throw corrupt('its header is broken')
    shares.push({ point, body })
  }
  if (stanzas === 0 || (scrypt && stanzas > 1)) throw corrupt('its header is broken')
  return shares
}

function unwrap(shares: readonly Share[], identities: readonly string[]): Buffer | undefined {
  for (const identity of identities) {
    const secret = parseKey(identity, 'age-secret-key-')
    const own = publicOf(secret)
    for (const { point, body } of shares) {
      const fileKey = unseal(hkdf(agreed(secret, point), Buffer.concat([point, own]), INFO_WRAP), Buffer.alloc(12), body)
      if (fileKey !== undefined) return fileKey
    }
  }
  return undefined
}

function agreed(secret: Uint8Array, point: Uint8Array): Buffer {
  try {
    return sharedSecret(secret, point)
  } catch (cause) {
    // OpenSSL refuses points of low order, as the specification asks.
    throw new Fault({ code: 'corrupt', what: 'This is not a whole age file', why: 'its header holds a point of low order', cause })
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
  const parts: Buffer[] = []
  for (let at = 0, index = first; at < sealed.length; at += SEALED, index++) {
    const final = opened.start + (index + 1) * SEALED >= fileSize
    parts.push(openChunk(opened.key, index, final, sealed.subarray(at, at + SEALED)))
  }
  return Buffer.concat(parts)
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
