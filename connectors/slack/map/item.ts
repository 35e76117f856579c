import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import { type CollectionId, collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { BodyByKind, Kind, RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
import type { JsonValue } from '../../../src/contract/json.ts'
import { revisionOf } from '../../../src/model/revision.ts'
import { type Wire, withoutTokens } from '../wire.ts'

/** What mapping knows of its surroundings. `endpoint`: the method or export file that gave the JSON. */
export interface Mapping {
  readonly source: string
  readonly fetchedAt: string
  readonly endpoint: string
  /** Told each token found in a link; they are taken out of everything that is kept. */
  readonly token: (found: string) => void
}
export interface Mapped<K extends Kind> {
  readonly item: SourceItem<K> | undefined
  readonly losses: readonly Loss[]
}

export const accountId = (native: string): ItemId => itemId('account', native)
export const groupId = (native: string): ItemId => itemId('group', native)
export const emojiId = (name: string): ItemId => itemId('emoji', name)
export const channelId = (native: string): ItemId => itemId('channel', native)
export const messageId = (channel: string, ts: string): ItemId => itemId('message', channel, ts)
export const directory = collectionId('directory')
export const channelCollection = (native: string): CollectionId => collectionId(`channel/${native}`)

/** Raw JSON that may be kept: tokens in links are taken out and remembered by `mapping`. */
export const clean = (raw: Wire, mapping: Mapping): Wire => withoutTokens(raw, mapping.token) as unknown as Wire

interface Parts<K extends Kind> {
  readonly kind: K
  readonly id: ItemId
  readonly nativeId: string
  readonly collection: CollectionId
  readonly body: BodyByKind[K]
  readonly raw: Wire
  readonly blobs: readonly RemoteBlob[]
}

/** Puts an item together. `raw` has been through `clean`. */
export function itemOf<K extends Kind>(parts: Parts<K>, mapping: Mapping): SourceItem<K> {
  const { kind, id, nativeId, collection, body, raw, blobs } = parts
  const item = {
    kind,
    id,
    collection,
    revision: revisionOf(
      body,
      blobs.map((blob) => blob.key),
    ),
    body,
    raw: raw as unknown as JsonValue,
    blobs,
    provenance: { source: mapping.source, nativeId, fetchedAt: mapping.fetchedAt, endpoint: mapping.endpoint },
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
