import { definition } from '../../connectors/m365/definition.ts'
import { itemId } from '../../src/contract/ids.ts'
import { configFor } from '../connectors/m365/world.ts'
import { graphTestbed } from '../testbed/graph/testbed.ts'
import { connectorContract, type ConnectorStage } from './connector.suite.ts'

connectorContract({
  name: 'm365',
  async start(): Promise<ConnectorStage> {
    const bed = await graphTestbed({ mails: 8 })
    const ada = bed.tenant.user('ada')
    const box = bed.tenant.mailbox('ada')
    const first = box.in('inbox')[0]?.id ?? ''
    // Whoever has an address and no mailbox any more is tested by itself: nothing of his can be listed again.
    const config = configFor(bed, { people: { exclude: ['frida@*'] } })
    const mail = (id: string) => itemId('mail', ada.id, id)
    return {
      definition,
      open: (ports) => definition.open('tenant', config, ports, new AbortController().signal),
      canaries: [bed.secret, 'canary-of-graph', 'canary-description'],
      world: {
        add: async () => mail(box.deliver('inbox', { subject: 'new' }).id),
        edit: async () => {
          box.change(first, { flagStatus: 'flagged' })
          return mail(first)
        },
        remove: async () => {
          box.delete(first)
          return mail(first)
        },
      },
      failNext: (status) => {
        const fault = { type: 'status', status, ...(status === 429 ? { retryAfterS: 7 } : {}) } as const
        // A refused token is renewed and tried once more before it is given up.
        bed.faults.next('users.list', fault, ...(status === 401 ? [fault] : []))
      },
      [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
    }
  },
})
