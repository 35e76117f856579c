import { Fault } from '../../../src/fault.ts'
import { collectionsOf } from '../directory/listing.ts'
import type { Road } from '../roads.ts'
import { calendarChanges } from './changes.ts'

/** `calendars/P`: somebody's calendars and what stands in them. */
export const calendarRoad: Road = {
  service: 'calendars',
  prefix: 'calendars',
  roles: [['Calendars.Read', 'Calendars.ReadWrite']],
  collections: (listed) => collectionsOf(listed, 'calendars', 'Calendars', ['calendar', 'event']),
  changes(graph, id, listed, since, signal) {
    const person = listed.people.get(id)
    if (person === undefined) throw new Fault({ code: 'gone', what: 'This person is not in the tenant any more', remedy: 'Nothing to do' })
    return calendarChanges(graph, person, since, signal)
  },
  blob: (graph, handle, signal) => graph.stream(handle, signal),
}
