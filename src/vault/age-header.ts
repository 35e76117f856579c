import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { Fault } from '../fault.ts'
import { hkdf, parseKey, publicOf, seal, sharedSecret, unseal } from './age-keys.ts'

const INTRO = 'age-encryption.org/v1'
const INFO_WRAP = `${INTRO}/X25519`

export const corrupt = (why: string): Fault => new Fault({ code: 'corrupt', what: 'This is not a whole age file', why })
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64').replace(/=+$/, '')

function unbase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64')
  if (base64(bytes) !== text) throw corrupt('its header holds broken base64')
  return bytes
}

const macOf = (fileKey: Uint8Array, text: string): Buffer =>
  createHmac('sha256', hkdf(fileKey, Buffer.alloc(0), 'header'))
    .update(text, 'latin1')
    .digest()

/** A new file key, wrapped for each recipient: the header with its checksum, and the key. @throws Fault `config` for a malformed recipient */
export function newHeader(recipients: readonly string[]): { readonly header: Buffer; readonly fileKey: Buffer } {
  if (recipients.length === 0) throw new Fault({ code: 'config', what: 'Nobody to encrypt to', remedy: 'Give at least one age recipient' })
  const fileKey = randomBytes(16)
  const stanzas = recipients.map((recipient) => {
    const point = parseKey(recipient, 'age')
    const ephemeral = randomBytes(32)
    const share = publicOf(ephemeral)
    const wrapKey = hkdf(sharedSecret(ephemeral, point), Buffer.concat([share, point]), INFO_WRAP)
    return `-> X25519 ${base64(share)}\n${base64(Buffer.concat(seal(wrapKey, Buffer.alloc(12), fileKey)))}\n`
  })
  const text = `${INTRO}\n${stanzas.join('')}---`
  return { header: Buffer.from(`${text} ${base64(macOf(fileKey, text))}\n`), fileKey }
}

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
