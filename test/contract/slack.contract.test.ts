import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { definition } from '../../connectors/slack/definition.ts'
import { itemId } from '../../src/contract/ids.ts'
import { apiConfig } from '../connectors/slack/world.ts'
import { writeExport } from '../testbed/slack/export/write.ts'
import { slackTestbed } from '../testbed/slack/testbed.ts'
import { connectorContract, type ConnectorStage } from './connector.suite.ts'

connectorContract({
  name: 'slack via api',
  async start(): Promise<ConnectorStage> {
    const bed = await slackTestbed({ messagesPerChannel: 12 })
    const { general, random } = bed.world.rooms
    const { ada } = bed.world.people
    return {
      definition,
      open: (ports) => definition.open('acme', apiConfig(bed.url, bed.token), ports, new AbortController().signal),
      canaries: [bed.token, bed.linkToken],
      world: {
        add: async () => itemId('message', random.id, bed.world.postMessage(random.id, { user: ada, text: 'new' }).ts),
        edit: async () => {
          const ts = general.messages.find((message) => message.thread_ts === undefined && message.subtype === undefined)?.ts ?? ''
          bed.world.editMessage(general.id, ts, 'edited now')
          return itemId('message', general.id, ts)
        },
        remove: async () => {
          const { ts } = bed.world.message(random.id, random.messages.findLast((message) => message.text === 'new')?.ts ?? '')
          bed.world.deleteMessage(random.id, ts)
          return itemId('message', random.id, ts)
        },
      },
      failNext: (status) => bed.faults.next('auth.test', { type: 'status', status, ...(status === 429 ? { retryAfterS: 7 } : {}) }),
      [Symbol.asyncDispose]: () => bed[Symbol.asyncDispose](),
    }
  },
})

connectorContract({
  name: 'slack via export',
  refusals: false,
  async start(): Promise<ConnectorStage> {
    const bed = await slackTestbed({ messagesPerChannel: 12 })
    const folder = await mkdtemp(join(tmpdir(), 'fallreep-export-'))
    const path = join(folder, 'export.zip')
    const from = { filesUrl: bed.filesUrl, imagesUrl: bed.filesUrl, linkToken: bed.linkToken }
    const { random } = bed.world.rooms
    const { ada } = bed.world.people
    const said = bed.world.postMessage(random.id, { user: ada, text: 'first' }).ts
    // Slack never changes an export: a newer one takes its place.
    const after = async (ts: string): Promise<ReturnType<typeof itemId>> => {
      await writeExport(bed.world, path, { fileLinks: 'live', from })
      return itemId('message', random.id, ts)
    }
    await after(said)
    const config = { via: 'export' as const, path, apiUrl: bed.url, channels: { include: ['*'], exclude: [] } }
    return {
      definition,
      open: (ports) => definition.open('acme', config, ports, new AbortController().signal),
      canaries: [bed.token, bed.linkToken],
      world: {
        add: () => after(bed.world.postMessage(random.id, { user: ada, text: 'new' }).ts),
        edit: () => after(bed.world.editMessage(random.id, said, 'edited now').ts),
        remove: () => {
          bed.world.deleteMessage(random.id, said)
          return after(said)
        },
      },
      async [Symbol.asyncDispose]() {
        await bed[Symbol.asyncDispose]()
        await rm(folder, { recursive: true })
      },
    }
  },
})
