import type { Loss } from '../../../src/contract/fidelity.ts'
import type { ItemId } from '../../../src/contract/ids.ts'
import type { Item } from '../../../src/contract/item.ts'
import type { Directory, Mapped, Mapper } from '../../../src/contract/target.ts'
import { type Mapping, degraded, dropped, mapObject, mapPlace } from '../../../src/dav/target/map.ts'
import type { DavOperation, Fill, ObjectOperation } from '../../../src/dav/target/operations.ts'
import { cardAs3 } from '../../../src/standards/card-as-3.ts'
import { PHOTO, cardFormat } from '../format.ts'
import type { Settings } from '../settings.ts'

/** Pure: the same input gives the same operations. */
export function cardMapper(directory: Directory, settings: Settings): Mapper<DavOperation> {
  const mapping: Mapping = { directory, settings, format: cardFormat }
  return {
    map(item: Item): Mapped<DavOperation> {
      switch (item.kind) {
        case 'addressbook':
          return mapPlace(item, { description: null, color: null, timezone: null, components: [] }, [], mapping)
        case 'contact':
          return mapContact(item, settings, mapping)
        default:
          return dropped(item.id, 'no-such-concept', 'address books hold no such thing')
      }
    },
  }
}

/** A card in the version that the server is to have, with its picture. */
function mapContact(item: Item<'contact'>, { version, photos }: Settings, mapping: Mapping): Mapped<ObjectOperation> {
  const entry = mapping.directory.addressbooks.get(item.body.addressbook as ItemId)
  const place = entry === undefined ? undefined : { id: item.body.addressbook, owner: entry.body.owner }
  return mapObject(
    item,
    place,
    () => {
      const { fills, losses } = picture(item, photos.upTo)
      if (version === '4.0') return { text: item.body.vcf, fills, losses }
      const { vcf, lost } = cardAs3(item.body.vcf)
      return { text: vcf, fills, losses: lost.length === 0 ? losses : [...losses, reworded(item, lost)] }
    },
    mapping,
  )
}

function picture(
  { id, body, blobs }: Item<'contact'>,
  upTo: number,
): { readonly fills: readonly Fill[]; readonly losses: readonly Loss[] } {
  const blob = body.photo === null ? null : (blobs[body.photo] ?? null)
  // That the source gave no bytes was said when it was backed up.
  if (blob === null) return { fills: [], losses: [] }
  if (blob.bytes <= upTo) return { fills: [{ slot: PHOTO, blob }], losses: [] }
  return {
    fills: [],
    losses: [degraded(id, 'too-large', PHOTO, `the picture has ${blob.bytes} bytes, ${upTo} are allowed: the card has none`)],
  }
}
const reworded = ({ id }: Item, lost: readonly string[]): Loss =>
  degraded(id, 'text-changed', 'version', `vCard 3.0 says it with less: ${lost.join(', ')}`)
