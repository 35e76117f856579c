import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import { type CollectionId, collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { BodyByKind, Kind, Provenance, RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import { revisionOf } from '../../../src/model/revision.ts'

export interface Mapped<K extends Kind> {
  readonly item: SourceItem<K> | undefined
  readonly losses: readonly Loss[]
}

export const directory = collectionId('directory')
export const accountId = (native: string): ItemId => itemId('account', native)
export const groupId = (native: string): ItemId => itemId('group', native)

interface Parts<K extends Kind> {
  readonly kind: K
  readonly id: ItemId
  readonly collection: CollectionId
  readonly body: BodyByKind[K]
  /** Google's JSON as it came, without bytes that stand in a blob. */
  readonly raw: object
  readonly blobs: readonly RemoteBlob[]
  readonly provenance: Provenance
}

/** Puts an item together. */
export function itemOf<K extends Kind>(parts: Parts<K>): SourceItem<K> {
  const { kind, id, collection, body, raw, blobs, provenance } = parts
  const revision = revisionOf(
    body,
    blobs.map((blob) => blob.key),
  )
  return { kind, id, collection, revision, body, raw: raw as JsonValue, blobs, provenance }
}

export const dropped = (item: ItemId, code: LossCode, detail: string): Loss => ({
  item,
  stage: 'export',
  code,
  effect: { type: 'dropped' },
  detail,
})
export const degraded = (item: ItemId, field: string, code: LossCode, detail: string): Loss => ({
  item,
  stage: 'export',
  code,
  effect: { type: 'degraded', field },
  detail,
})

/** In the order of code units, so that the same set is always the same list. */
export const sorted = (texts: Iterable<string>): string[] => [...new Set(texts)].toSorted()
