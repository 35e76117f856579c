import { createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, diffieHellman, hkdfSync, randomBytes } from 'node:crypto'
import { Fault } from '../fault.ts'
import { bech32Decode, bech32Encode } from './bech32.ts'

/** DER around 32 raw bytes (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex')
const SPKI = Buffer.from('302a300506032b656e032100', 'hex')

/** Bytes of an authentication tag of ChaCha20-Poly1305. */
export const TAG = 16

export const hkdf = (secret: Uint8Array, salt: Uint8Array, info: string): Buffer => Buffer.from(hkdfSync('sha256', secret, salt, info, 32))
const publicKey = (raw: Uint8Array) => createPublicKey({ key: Buffer.concat([SPKI, raw]), format: 'der', type: 'spki' })
const privateKey = (raw: Uint8Array) => createPrivateKey({ key: Buffer.concat([PKCS8, raw]), format: 'der', type: 'pkcs8' })
export const publicOf = (raw: Uint8Array): Buffer =>
  createPublicKey(privateKey(raw)).export({ format: 'der', type: 'spki' }).subarray(SPKI.length)
export const sharedSecret = (secret: Uint8Array, point: Uint8Array): Buffer =>
  diffieHellman({ privateKey: privateKey(secret), publicKey: publicKey(point) })

export function parseKey(text: string, prefix: 'age' | 'age-secret-key-'): Buffer {
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

export function seal(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array): readonly [Buffer, Buffer] {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG })
  const body = cipher.update(plain)
  cipher.final()
  return [body, cipher.getAuthTag()]
}

export function unseal(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array): Buffer | undefined {
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
