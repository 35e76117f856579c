import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import { type CollectionId, collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { BodyByKind, Kind, Provenance, RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import { revisionOf } from '../../../src/model/revision.ts'

export const directory = collectionId('directory')
export const boards = collectionId('boards')
export const repositoryCollection = (repository: number): CollectionId => collectionId(`repository/${repository}`)

/** Where everything of one repository goes: its ids, its collection, and who says where it came from. */
export interface Place {
  /** GitHub's database id. */
  readonly id: number
  /** `owner/name` as it is now. */
  readonly name: string
  readonly item: ItemId
  readonly collection: CollectionId
  readonly provenance: (nativeId: string, endpoint: string) => Provenance
}
export const placeOf = (id: number, name: string, provenance: Place['provenance']): Place => ({
  id,
  name,
  item: itemId('repository', String(id)),
  collection: repositoryCollection(id),
  provenance,
})

export const idIn = (place: Place, kind: Kind, ...native: readonly (string | number)[]): ItemId =>
  itemId(kind, String(place.id), ...native.map(String))
export const commentId = (place: Place, of: 'issue' | 'review' | 'commit' | 'discussion', id: number): ItemId =>
  idIn(place, 'comment', of, id)

interface Parts<K extends Kind> {
  readonly kind: K
  readonly id: ItemId
  readonly collection: CollectionId
  readonly body: BodyByKind[K]
  /** GitHub's JSON as it came. It holds no secrets, but for what `settings.ts` takes out. */
  readonly raw: unknown
  readonly blobs?: readonly RemoteBlob[]
  readonly provenance: Provenance
}

/** Puts an item together. */
export function itemOf<K extends Kind>({ kind, id, collection, body, raw, blobs = [], provenance }: Parts<K>): SourceItem<K> {
  const keys = blobs.map((blob) => blob.key)
  return { kind, id, collection, revision: revisionOf(body, keys), body, raw: raw as JsonValue, blobs, provenance }
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
