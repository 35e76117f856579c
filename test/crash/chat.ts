import { company, organisation } from '../testbed/company.ts'
import { pictureOf } from '../testbed/mattermost/picture.ts'
import { demoWorld } from '../testbed/world/demo.ts'
import { Meter } from './meter.ts'
import type { Trip } from './trips.ts'
import { portless, vaultPicture } from './vault-picture.ts'

/** The demo company's Slack on its way into a Mattermost. */
export async function chat(dir: string): Promise<Trip> {
  await using opening = new AsyncDisposableStack()
  const acme = opening.use(await company({ dir, slack: { world: demoWorld({ messagesPerChannel: 8 }) } }))
  const { slack, mattermost } = acme
  if (mattermost === undefined) throw new Error('the crash suite looks into the emulated server')
  const meter = new Meter()
  for (const { calls } of [slack, mattermost]) meter.watch(calls)
  const owned = opening.move()
  return {
    acme,
    meter,
    steps: [
      { way: 'backup', args: ['--json', 'backup'] },
      { way: 'cutover', args: ['--json', 'cutover', 'slack', '--to', 'chat', '--confirm', organisation] },
    ],
    days: [],
    picture: async () => [
      ...(await vaultPicture(acme, ['slack'])),
      ...pictureOf(mattermost.state).map((line) => `on the target: ${portless(line)}`),
    ],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
