import { company, organisation } from '../testbed/company.ts'
import { pictureOf } from '../testbed/gitlab/picture.ts'
import { Meter } from './meter.ts'
import type { Trip } from './trips.ts'
import { portless, vaultPicture } from './vault-picture.ts'

/** The company's GitHub, git and large files included, on its way into a GitLab. */
export async function code(dir: string): Promise<Trip> {
  await using opening = new AsyncDisposableStack()
  const acme = opening.use(await company({ dir, code: {} }))
  if (acme.code === undefined) throw new Error('the company has no code')
  const { github, gitlab } = acme.code
  const meter = new Meter()
  for (const { calls } of [github, gitlab]) meter.watch(calls)
  const owned = opening.move()
  return {
    acme,
    meter,
    steps: [
      { way: 'backup', args: ['--json', 'backup', 'github'] },
      { way: 'cutover', args: ['--json', 'cutover', 'github', '--to', 'code', '--confirm', organisation] },
    ],
    days: [],
    picture: async () => [
      ...(await vaultPicture(acme, ['github'])),
      ...(await pictureOf(gitlab.world)).map((line) => `on the target: ${placeless(line)}`),
      ...gitlab.mails.map((mail) => `mailed: ${JSON.stringify(mail)}`),
      ...gitlab.pipelines.map((pipeline) => `ran: ${JSON.stringify(pipeline)}`),
    ],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Where an upload stands follows from its old address, and that has the emulator's port in it. */
const placeless = (text: string): string => portless(text).replaceAll(/\b[0-9a-f]{32}\b/g, 'SECRET')
