import { hash, hkdfSync } from 'node:crypto'
import type { CollectionId, ItemId } from '../contract/ids.ts'

/**
 * Keyed hashes, under which items stand in refs and catalog. Without the index identity nobody can ask "is this id in here?".
 * 128 bits: a collision among 10^12 items has odds below 10^-14.
 */
export class KeyedHashes {
  readonly #inner: Buffer
  /** The outer key, then room for the inner hash. */
  readonly #last = Buffer.alloc(96)
  readonly #scratch = Buffer.alloc(4096)
  #part = { key: '', hash: '' }
  constructor(indexIdentity: string, vaultId: string, source: string) {
    const key = Buffer.from(
      hkdfSync('sha256', Buffer.from(indexIdentity.trim().toUpperCase()), Buffer.from(vaultId), `fallreep refs v1 ${source}`, 64),
    )
    this.#inner = key.map((byte) => byte ^ 0x36) as Buffer
    for (const [at, byte] of key.entries()) this.#last[at] = byte ^ 0x5c
  }
  collection(id: CollectionId): string {
    return this.#of('c', id)
  }
  item(collection: CollectionId, id: ItemId): string {
    return this.#of('i', `${collection}\0${id}`)
  }
  revision(revision: string): string {
    return this.#of('v', revision)
  }
  /** What shares a month and a kind in one collection. */
  part(collection: CollectionId, kind: string, month: string): string {
    const key = `${collection}\0${kind}\0${month}`
    // Neighbours mostly share it.
    if (key !== this.#part.key) this.#part = { key, hash: this.#of('p', key).slice(0, 16) }
    return this.#part.hash
  }
  blobKey(key: string): string {
    return this.#of('b', key)
  }
  loss(collection: CollectionId, loss: object): string {
    return this.#of('l', `${collection}\0${JSON.stringify(loss)}`)
  }
  title(line: object): string {
    return this.#of('t', JSON.stringify(line))
  }
  /** HMAC-SHA-256 (RFC 2104) by two one-shot hashes: `createHmac` costs four times as much, and this runs several times per item. */
  #of(domain: string, text: string): string {
    const message = `${domain}\0${text}`
    // No letter takes more than three bytes per unit of its string.
    const room = 64 + 3 * message.length
    const block = room <= this.#scratch.length ? this.#scratch : Buffer.allocUnsafe(room)
    this.#inner.copy(block)
    const length = 64 + block.write(message, 64)
    hash('sha256', block.subarray(0, length), 'buffer').copy(this.#last, 64)
    return hash('sha256', this.#last).slice(0, 32)
  }
}

/** The directory name of one writer: the source readable, host and source as a hash. */
export function laneOf(host: string, source: string): string {
  const slug = source
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
  return `${slug === '' ? 'source' : slug}-${hash('sha256', `${host}\0${source}`).slice(0, 8)}`
}
