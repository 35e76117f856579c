import { definition } from '../../connectors/google-workspace/definition.ts'
import { itemId } from '../../src/contract/ids.ts'
import { configOf } from '../connectors/google-workspace/world.ts'
import { googleTestbed } from '../testbed/google/testbed.ts'
import { connectorContract, type ConnectorStage } from './connector.suite.ts'

connectorContract({
  name: 'google-workspace',
  async start(): Promise<ConnectorStage> {
    const bed = await googleTestbed()
    const ken = bed.company.user('ken.tanaka').id
    const mailbox = bed.mail.of(ken)
    // Frida left: nobody may read in her name, which is a refusal and no part of these laws.
    const config = configOf(bed, { people: { exclude: ['frida@*'] } })
    let added = ''
    return {
      definition,
      open: (ports) => definition.open('acme', config, ports, new AbortController().signal),
      canaries: [bed.desk.keyJson, 'ya29.canary', 'PRIVATE KEY'],
      world: {
        add: async () => {
          added = mailbox.arrive({ subject: 'new' }).id
          return itemId('mail', ken, added)
        },
        edit: async () => {
          const id = mailbox.ids.at(-1) ?? ''
          mailbox.mark(id, mailbox.mail(id).labels.has('STARRED') ? { remove: ['STARRED'] } : { add: ['STARRED'] })
          return itemId('mail', ken, id)
        },
        remove: async () => {
          mailbox.remove(added)
          return itemId('mail', ken, added)
        },
      },
      failNext: (status) =>
        bed.faults.next(
          'directory.users.list',
          // Refused with a token that was made anew as well.
          ...Array.from({ length: status === 401 ? 2 : 1 }, () => ({
            type: 'status' as const,
            status,
            ...(status === 429 ? { retryAfterS: 7 } : {}),
          })),
        ),
      [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
    }
  },
})
