import { parseArgs } from 'node:util'
import { definition as google } from '../connectors/google-workspace/definition.ts'
import { definition as m365 } from '../connectors/m365/definition.ts'
import type { BackupSummary } from '../src/engine/api.ts'
import { systemClock } from '../src/http/system-clock.ts'
import { NO_BUDGET } from '../src/queue/budgets.ts'
import { configOf } from '../test/connectors/google-workspace/world.ts'
import { configFor } from '../test/connectors/m365/world.ts'
import { memoryVault } from '../test/support/memory-vault.ts'
import { sourceRun } from '../test/support/source-run.ts'
import { googleTestbed } from '../test/testbed/google/testbed.ts'
import { graphTestbed } from '../test/testbed/graph/testbed.ts'
import type { CallLog } from '../test/testbed/kit/calls.ts'

/** What one night cost, by what was asked for. */
interface Night {
  readonly source: string
  readonly users: number
  readonly requests: number
  readonly requestsPerUser: number
  readonly seconds: number
  readonly changed: BackupSummary['snapshot']['changed']
  readonly byRoute: Readonly<Record<string, number>>
}

/**
 * A night in which nothing changed, for so many people at Google and as many at Microsoft: how many requests it takes. The emulators answer
 * with full pages; budgets are left out, because only the number counts here.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      users: { type: 'string', default: '300' },
      mails: { type: 'string', default: '3' },
    },
  })
  const [users, mails] = [Number(values.users), Number(values.mails)]
  const nights = [await atGoogle(users, mails), await atMicrosoft(users, mails)]
  const requests = nights.reduce((all, night) => all + night.requests, 0)
  const people = nights.reduce((all, night) => all + night.users, 0)
  const result = { bench: 'workspace-noop', users: people, requests, requestsPerUser: rounded(requests / people), rows: nights }
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, undefined, 2)}\n`)
}

async function atGoogle(users: number, mails: number): Promise<Night> {
  await using bed = await googleTestbed({ people: users, mailsPerPerson: mails, pages: 'full' })
  return await nightOf('google-workspace', bed.calls, () =>
    sourceRun(
      { definition: google, config: configOf(bed), clock: systemClock, transport: fetch, budgets: unlimited(google.limits) },
      vault,
    ),
  )
}

async function atMicrosoft(users: number, mails: number): Promise<Night> {
  await using bed = await graphTestbed({ people: users, mails, pages: 'full' })
  const config = configFor(bed, { services: [...m365Services] })
  return await nightOf('m365', bed.calls, () =>
    sourceRun({ definition: m365, config, clock: systemClock, transport: fetch, budgets: unlimited(m365.limits) }, vault),
  )
}
const m365Services = ['mail', 'calendars', 'contacts', 'tasks', 'planner'] as const
const vault = memoryVault()

/** The first night fills the vault; the second is the one that counts. */
async function nightOf(source: string, calls: CallLog, backup: () => Promise<BackupSummary>): Promise<Night> {
  const first = await backup()
  calls.clear()
  const from = performance.now()
  const { snapshot, requests } = await backup()
  const users = first.snapshot.counts.account ?? 0
  return {
    source,
    users,
    requests,
    requestsPerUser: rounded(requests / users),
    seconds: rounded((performance.now() - from) / 1000),
    changed: snapshot.changed,
    byRoute: calls.byRoute,
  }
}

const unlimited = (limits: object): Record<string, typeof NO_BUDGET> =>
  Object.fromEntries(Object.keys(limits).map((key) => [key, NO_BUDGET]))
const rounded = (value: number): number => Math.round(value * 100) / 100
