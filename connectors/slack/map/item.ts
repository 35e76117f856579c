import type { Loss, LossCode } from '../../../src/contract/fidelity.ts'
import { type CollectionId, collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { BodyByKind, Kind, Provenance, RemoteBlob, SourceItem } from '../../../src/contract/item.ts'
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

export const accountId = (native: string): ItemId => personOf(native).id
/** The same text for the same person: each channel names its members anew. */
export const sharedNative = (native: string): string => personOf(native).native

interface Person {
  readonly native: string
  readonly id: ItemId
}
/** People are named over and over: one text for each of them is made, kept and looked at letter by letter once. */
const people = new Map<string, Person>()
const MOST_PEOPLE = 20_000
function personOf(native: string): Person {
  const known = people.get(native)
  if (known !== undefined) return known
  if (people.size === MOST_PEOPLE) people.clear()
  const person = { native, id: itemId('account', native) }
  people.set(native, person)
  return person
}

export const groupId = (native: string): ItemId => itemId('group', native)
export const emojiId = (name: string): ItemId => itemId('emoji', name)
export const channelId = (native: string): ItemId => itemId('channel', native)
export const messageId = (channel: string, ts: string): ItemId => `message/${channel}/${ts}` as ItemId
export const directory = collectionId('directory')
/** The same text for neighbours, which mostly are of one channel: a million of them would be made, kept and looked up by their letters. */
export function channelCollection(native: string): CollectionId {
  if (last.native !== native) last = { native, id: collectionId(`channel/${native}`) }
  return last.id
}
let last = { native: '', id: collectionId('channel/') }

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
  return new MappedItem(parts, mapping)
}

/** An item whose revision is counted when somebody asks for it: a vault does, an import file does not. A copy by `...` has none. */
class MappedItem<K extends Kind> {
  readonly kind: K
  readonly id: ItemId
  readonly collection: CollectionId
  readonly body: BodyByKind[K]
  readonly raw: JsonValue
  readonly blobs: readonly RemoteBlob[]
  readonly provenance: Provenance
  #revision: string | undefined
  constructor({ kind, id, nativeId, collection, body, raw, blobs }: Parts<K>, { source, fetchedAt, endpoint }: Mapping) {
    this.kind = kind
    this.id = id
    this.collection = collection
    this.body = body
    this.raw = raw as unknown as JsonValue
    this.blobs = blobs
    this.provenance = { source, nativeId, fetchedAt, endpoint }
  }
  get revision(): string {
    return (this.#revision ??= revisionOf(
      this.body,
      this.blobs.map(({ key }) => key),
    ))
  }
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
