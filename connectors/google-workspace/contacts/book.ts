import { type CollectionId, itemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import { addressbook as mapped } from '../map/addressbook.ts'
import { itemOf } from '../map/item.ts'
import type { ContactReading, Which } from './reading.ts'

/** One of the two lists of people as an item, and the method that gives what is in it. */
export interface Book {
  readonly item: SourceItem<'addressbook'>
  readonly endpoint: string
}

export function addressbook(which: Which, { google, person }: ContactReading, collection: CollectionId): Book {
  const name = which === 'own' ? 'connections' : 'other'
  const endpoint = which === 'own' ? 'people.connections.list' : 'otherContacts.list'
  const item = itemOf({
    kind: 'addressbook',
    id: itemId('addressbook', person.id, name),
    collection,
    body: mapped(which, person.account),
    raw: {},
    blobs: [],
    provenance: google.provenance(name, endpoint),
  })
  return { item, endpoint }
}
