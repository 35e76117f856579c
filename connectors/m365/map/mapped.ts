import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import type { CollectionId, ItemId } from '../../../src/contract/ids.ts'
import type { BodyByKind, Kind, RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import { revisionOf } from '../../../src/model/revision.ts'

/** What mapping knows of its surroundings. `endpoint`: what was asked for the JSON. */
export interface Mapping {
  readonly source: string
  readonly fetchedAt: string
  readonly endpoint: string
}
export interface Mapped<K extends Kind> {
  readonly item: SourceItem<K> | undefined
  readonly losses: readonly Loss[]
}

interface Parts<K extends Kind> {
  readonly kind: K
  readonly id: ItemId
  readonly nativeId: string
  readonly collection: CollectionId
  readonly body: BodyByKind[K]
  readonly raw: unknown
  readonly blobs: readonly RemoteBlob[]
}
export function itemOf<K extends Kind>(parts: Parts<K>, { source, fetchedAt, endpoint }: Mapping): SourceItem<K> {
  const { kind, id, nativeId, collection, body, raw, blobs } = parts
  const revision = revisionOf(
    body,
    blobs.map((blob) => blob.key),
  )
  const item = {
    kind,
    id,
    collection,
    revision,
    body,
    raw: raw as JsonValue,
    blobs,
    provenance: { source, nativeId, fetchedAt, endpoint },
  }
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
