import type { ItemId } from '../../../src/contract/ids.ts'
import type { Addressbook } from '../../../src/model/addressbook.ts'

/** Google has two lists of people for everybody, and they have no names of their own. */
export const addressbook = (which: 'own' | 'other', owner: ItemId): Addressbook =>
  which === 'own'
    ? { owner, name: 'Contacts', type: 'personal', primary: true }
    : { owner, name: 'Other contacts', type: 'collected', primary: false }
