import { Secret } from '../../../src/config/secret.ts'
import { MattermostClient } from '../../../targets/mattermost/client.ts'
import { ServerPlaces } from '../../../targets/mattermost/places.ts'
import type { Settings } from '../../../targets/mattermost/settings.ts'
import type { Post } from '../../../targets/mattermost/wire.ts'
import { World, memoryLedger, ports, run, settings, signal } from './world.ts'

/** A server to try on, the emulator or a real one. `team` and `person` give names nobody used before. */
export interface Server {
  readonly url: string
  readonly token: string
  readonly team: () => string
  readonly person: (name: string) => string
}
/** A source, a server and the ledger between them. */
export class Bench {
  readonly client: MattermostClient
  readonly world = new World()
  readonly ledger = memoryLedger()
  readonly config: Settings
  readonly places: ServerPlaces
  constructor(server: Server, more: Partial<Settings> = {}) {
    const team = server.team()
    this.config = settings(server.url, server.token, { team, teamTitle: team, adjustLimits: true, ...more })
    this.client = new MattermostClient(server.url, new Secret(() => Promise.resolve(server.token)), ports)
    this.places = new ServerPlaces(this.client, team)
  }
  run = () => run(this.world, this.config, this.ledger)
  async posts(channel: string): Promise<readonly Post[]> {
    this.places.forget()
    const found = await this.places.channel({ type: 'channel', name: channel }, signal)
    const posts: Post[] = []
    if (found !== undefined)
      for await (const post of this.places.posts(found.id, signal)) if (!post.type.startsWith('system_')) posts.push(post)
    return posts.toSorted((a, b) => a.create_at - b.create_at)
  }
  texts = async (channel: string) => (await this.posts(channel)).map(({ message }) => message)
}

/** Two people in one channel, with a thread and a file. */
export function small(server: Server, more: Partial<Settings> = {}): Bench {
  const bench = new Bench(server, more)
  const { world } = bench
  const [erika, bob] = [server.person('erika'), server.person('bob')]
  world.account('U1', { handle: erika, email: `${erika}@example.test` })
  world.account('U2', { handle: bob, email: `${bob}@example.test` })
  world.channel('C1', { name: 'plans', members: ['account/U1', 'account/U2'] })
  world.message(
    'C1',
    '1700000000.000001',
    { text: ['root'], files: [world.file('plan ü.txt', 0)], reactions: [{ name: '+1', tone: null, accounts: ['account/U2'], count: 1 }] },
    [world.blob('the plan')],
  )
  world.message(
    'C1',
    '1700000001.000001',
    {
      author: 'account/U2',
      text: ['first reply'],
      thread: { root: 'message/C1/1700000000.000001', broadcast: false },
      files: [world.file('reply.txt', 0), world.file('empty.txt', 1)],
    },
    [world.blob('of the reply'), world.blob('')],
  )
  world.message('C1', '1700000002.000001', { text: ['another'] })
  return bench
}
