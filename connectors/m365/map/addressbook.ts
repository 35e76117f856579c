import { collectionId, type ItemId, itemId } from '../../../src/contract/ids.ts'
import type { Addressbook } from '../../../src/model/addressbook.ts'
import { filled } from '../fields.ts'
import { itemOf, type Mapping } from './mapped.ts'
import type { SourceItem } from '../../../src/contract/item.ts'

export const addressbookId = (person: string, native: string): ItemId => itemId('addressbook', person, native)

/** `path`: names from the topmost folder to this one. `primary`: the folder that every mailbox has. */
export function addressbook(
  person: { readonly id: string; readonly account: ItemId },
  folder: { readonly id: string; readonly path: readonly (string | null)[]; readonly primary: boolean },
  raw: unknown,
  mapping: Mapping,
): SourceItem<'addressbook'> {
  const names = folder.path.flatMap((name) => filled(name) ?? [])
  const body: Addressbook = {
    owner: person.account,
    name: names.length === 0 ? 'Contacts' : names.join(' / '),
    type: 'personal',
    primary: folder.primary,
  }
  const id = addressbookId(person.id, folder.id)
  const collection = collectionId(`contacts/${person.id}`)
  return itemOf({ kind: 'addressbook', id, nativeId: folder.id, collection, body, raw, blobs: [] }, mapping)
}
