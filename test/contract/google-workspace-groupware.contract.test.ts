import { definition } from '../../connectors/google-workspace/definition.ts'
import { itemId } from '../../src/contract/ids.ts'
import { configOf } from '../connectors/google-workspace/world.ts'
import { googleTestbed } from '../testbed/google/testbed.ts'
import { connectorContract, type ConnectorStage } from './connector.suite.ts'

connectorContract({
  name: 'google-workspace, groupware alone',
  // Who refuses and how is the road of mail; the same calls are behind both.
  refusals: false,
  async start(): Promise<ConnectorStage> {
    const bed = await googleTestbed({ eventsEach: 4, contactsEach: 4, tasksEach: 4 })
    const { calendars, contacts, taskLists } = bed.groupware
    const { id, primaryEmail: who } = bed.company.user('ada')
    const [list = ''] = [...taskLists.of(who).keys()]
    const config = configOf(bed, { services: ['calendars', 'contacts', 'tasks'], people: { include: ['ada@*', 'ken*'] } })
    const start = { dateTime: '2026-06-01T10:00:00Z', timeZone: 'Europe/Berlin' }
    return {
      definition,
      open: (ports) => definition.open('acme', config, ports, new AbortController().signal),
      canaries: [bed.desk.keyJson, 'ya29.canary', 'PRIVATE KEY'],
      // Each of the three kinds of collections changes in one of the three ways; the other six are tested with the connector.
      world: {
        add: async () => itemId('event', who, calendars.addEvent(who, { summary: 'new', start, end: start }).iCalUID ?? ''),
        edit: async () => {
          const resourceName = contacts.of(who).own.values[0]?.resourceName ?? ''
          contacts.editContact(who, resourceName, { phoneNumbers: [{ value: '+49 431 1' }] })
          return itemId('contact', id, resourceName)
        },
        remove: async () => {
          const task = taskLists.list(who, list).tasks.keys().next().value ?? ''
          taskLists.deleteTask(who, list, task)
          return itemId('task', id, list, task)
        },
      },
      [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
    }
  },
})
