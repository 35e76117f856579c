import { hash } from 'node:crypto'
import type { BodyByKind, Kind } from '../contract/item.ts'

/**
 * The revision of an item: 32 hex digits over its body and the vendor's names of its blobs.
 * Bodies are built with their fields in schema order, so plain JSON is canonical here; raw vendor JSON is left out because it changes without meaning.
 */
export function revisionOf(body: BodyByKind[Kind], blobKeys: readonly string[]): string {
  return hash('sha256', JSON.stringify([body, blobKeys])).slice(0, 32)
}
