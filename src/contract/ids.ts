type Brand<B extends string> = string & { readonly __brand: B }

/**
 * Names one item inside one source for ever: `<kind>/<the vendor's own id>`, for example `message/C024BE91L/1700000000.000100`.
 * Equal for every way into the same source (API, export file), so that two roads give one item.
 */
export type ItemId = Brand<'ItemId'>
/** Names one collection inside one source: `directory` or `channel/C024BE91L`. */
export type CollectionId = Brand<'CollectionId'>
/** Where an item stands on a target, in words the target can find again: `post/<team>/<channel>/<create_at>`. */
export type RemoteId = Brand<'RemoteId'>
/** Opaque resume point of one collection. Only the connector that made it reads it. */
export type Cursor = Brand<'Cursor'>
/** Names one operation on one target for ever; applying the same key twice equals applying it once. */
export type IdempotencyKey = Brand<'IdempotencyKey'>
export type SnapshotId = Brand<'SnapshotId'>

export function itemId(kind: string, ...native: readonly string[]): ItemId {
  let id = kind
  for (const part of native) id += `/${part}`
  return id as ItemId
}
export const collectionId = (id: string): CollectionId => id as CollectionId
export const remoteId = (id: string): RemoteId => id as RemoteId
export const cursor = (text: string): Cursor => text as Cursor
export const idempotencyKey = (key: string): IdempotencyKey => key as IdempotencyKey
export const snapshotId = (id: string): SnapshotId => id as SnapshotId
