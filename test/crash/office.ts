import { readFile, writeFile } from 'node:fs/promises'
import { parseDocument } from 'yaml'
import { company, organisation } from '../testbed/company.ts'
import { officeSources, officeTargets } from '../testbed/office.ts'
import { davPicture } from './dav-picture.ts'
import { mailPicture } from './mail-picture.ts'
import { mailServer } from './mail-server.ts'
import { Meter } from './meter.ts'
import { changeGoogle, changeGraph } from './office-day.ts'
import { fillGoogle, fillGraph, people } from './office-world.ts'
import type { Departure } from './trips.ts'
import { vaultPicture } from './vault-picture.ts'

/** What the emulated Google dates what stands there from the beginning, and what changes during the day: alike in every trip of a suite. */
const LONG_AGO = Date.UTC(2026, 0, 5, 8)
const TOMORROW = Date.now() + 86_400_000

/** Google Workspace and Microsoft 365 on their way into a mail server, calendars and address books. `real`: into a Dovecot. */
export const office =
  (real: boolean): Departure =>
  async (dir) => {
    await using opening = new AsyncDisposableStack()
    const meter = new Meter()
    const dovecot = real ? opening.use(await mailServer(people, meter)) : undefined
    let now = (): number => LONG_AGO
    const acme = opening.use(
      await company({
        dir,
        office: {
          google: { mailsPerPerson: 3, eventsEach: 1, contactsEach: 1, tasksEach: 1, now: () => now() },
          graph: { mails: 3, stories: false },
          ...(dovecot === undefined ? {} : { mailServer: dovecot.settings }),
        },
      }),
    )
    const { office: suites } = acme
    if (suites === undefined) throw new Error('this company was to have an office')
    const { google, graph, dav, imap } = suites
    fillGoogle(google)
    fillGraph(graph)
    now = Date.now
    for (const { calls } of [google, graph, dav, ...(imap === undefined ? [] : [imap])]) meter.watch(calls)
    await configure(acme.config)
    const port = dovecot?.port ?? imap?.port ?? 0
    const to = officeTargets.flatMap((name) => ['--to', name])
    const owned = opening.move()
    return {
      acme,
      meter,
      steps: [
        { way: 'backup', args: ['--json', 'backup', ...officeSources] },
        ...officeSources.map((source) => ({
          way: 'cutover' as const,
          args: ['--json', 'cutover', source, ...to, '--confirm', organisation],
        })),
      ],
      days: [
        () => {
          now = () => TOMORROW
          changeGoogle(google)
          changeGraph(graph)
          now = Date.now
        },
      ],
      picture: async () => {
        const known = new Set<string>()
        const vault = await vaultPicture(acme, officeSources, known)
        return [...vault, ...(await mailPicture({ host: '127.0.0.1', port }, people, known)), ...davPicture(dav)]
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    }
  }

/** Keeps to the few people this is about, and takes away what is gone at the source. */
async function configure(config: string): Promise<void> {
  const settings = parseDocument(await readFile(config, 'utf8'))
  for (const source of officeSources) settings.setIn(['sources', source, 'people'], { include: people })
  for (const target of officeTargets) settings.setIn(['targets', target, 'deletions'], 'apply')
  await writeFile(config, settings.toString())
}
