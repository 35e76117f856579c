import { Fault } from '../../../src/fault.ts'
import { collectionsOf } from '../directory/listing.ts'
import type { Road } from '../roads.ts'
import { todoChanges } from './changes.ts'

/** `tasks/P`: somebody's lists in To Do. */
export const todoRoad: Road = {
  service: 'tasks',
  prefix: 'tasks',
  roles: [['Tasks.Read.All', 'Tasks.ReadWrite.All']],
  collections: (listed) => collectionsOf(listed, 'tasks', 'Tasks', ['tasklist', 'task']),
  changes(graph, id, listed, since, signal) {
    const person = listed.people.get(id)
    if (person === undefined) throw new Fault({ code: 'gone', what: 'This person is not listed any more', remedy: 'Nothing to do' })
    return todoChanges(graph, person, since, signal)
  },
  blob: (graph, handle, signal) => graph.stream(handle, signal),
}
