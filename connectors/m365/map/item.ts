import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import type { CollectionId, ItemId } from '../../../src/contract/ids.ts'
import type { BodyByKind, Kind, Provenance, RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import { revisionOf } from '../../../src/model/revision.ts'
import type { Wire } from '../wire.ts'

export interface Mapped<K extends Kind> {
  readonly item: SourceItem<K> | undefined
  readonly losses: readonly Loss[]
}

interface Parts<K extends Kind> {
  readonly kind: K
  readonly id: ItemId
  readonly collection: CollectionId
  readonly body: BodyByKind[K]
  readonly raw: Wire
  readonly blobs: readonly RemoteBlob[]
  readonly provenance: Provenance
}

/** Puts an item together. */
export function itemOf<K extends Kind>({ raw, ...parts }: Parts<K>): SourceItem<K> {
  const { kind, id, collection, body, blobs, provenance } = parts
  const revision = revisionOf(
    body,
    blobs.map((blob) => blob.key),
  )
  const item = { kind, id, collection, revision, body, raw: raw as unknown as JsonValue, blobs, provenance }
  return item
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
