import { Fault } from '../../../src/fault.ts'
import { collectionsOf } from '../directory/listing.ts'
import type { Road } from '../roads.ts'
import { contactChanges } from './changes.ts'

/** `contacts/P`: somebody's contact folders and the contacts in them. */
export const contactsRoad: Road = {
  service: 'contacts',
  prefix: 'contacts',
  roles: [['Contacts.Read', 'Contacts.ReadWrite']],
  collections: (listed) => collectionsOf(listed, 'contacts', 'Contacts', ['addressbook', 'contact']),
  changes(graph, id, listed, since, signal) {
    const person = listed.people.get(id)
    if (person === undefined) throw new Fault({ code: 'gone', what: 'This person is not listed any more', remedy: 'Nothing to do' })
    return contactChanges(graph, person, since, signal)
  },
  blob: (graph, handle, signal) => graph.stream(handle, signal),
}
