import { parseArgs } from 'node:util'
import { definition as google } from '../connectors/google-workspace/definition.ts'
import { definition as m365 } from '../connectors/m365/definition.ts'
import type { QuotaNeed } from '../src/contract/ports.ts'
import { budgetOf, type Budgets } from '../src/queue/budgets.ts'
import { configOf } from '../test/connectors/google-workspace/world.ts'
import { configFor } from '../test/connectors/m365/world.ts'
import { VirtualClock } from '../test/support/clock.ts'
import { memoryVault } from '../test/support/memory-vault.ts'
import { sourceRun } from '../test/support/source-run.ts'
import { googleTestbed } from '../test/testbed/google/testbed.ts'
import { graphTestbed } from '../test/testbed/graph/testbed.ts'

interface Row {
  readonly source: string
  readonly simulatedSeconds: number
  readonly floorSeconds: number
  readonly ratio: number
  readonly violations: number
  readonly requests: number
  readonly items: number
  /** The budget that decided. */
  readonly narrowest: string
}

/**
 * A first backup of two tenants, Google's and Microsoft's published quotas enforced to the second by the emulators, time virtual: how much
 * longer it takes than the quotas allow at best for the requests it made, and whether any limit was exceeded.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      users: { type: 'string', default: '40' },
      mails: { type: 'string', default: '1500' },
      boxes: { type: 'string', default: '1' },
      letters: { type: 'string', default: '11000' },
    },
  })
  const rows = [await atGoogle(Number(values.users), Number(values.mails)), await atMicrosoft(Number(values.boxes), Number(values.letters))]
  const sum = (field: 'simulatedSeconds' | 'floorSeconds' | 'violations') => rows.reduce((all, row) => all + row[field], 0)
  const [simulatedSeconds, floorSeconds] = [sum('simulatedSeconds'), sum('floorSeconds')]
  const result = {
    bench: 'workspace-quota',
    simulatedSeconds,
    floorSeconds,
    ratio: rounded(simulatedSeconds / floorSeconds),
    violations: sum('violations'),
    rows,
  }
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, undefined, 2)}\n`)
}

async function atGoogle(users: number, mails: number): Promise<Row> {
  const clock = new VirtualClock('2026-11-01T00:00:00Z')
  await using bed = await googleTestbed({
    people: users,
    mailsPerPerson: mails,
    stories: false,
    pages: 'full',
    quota: 'published',
    now: () => clock.now().getTime(),
  })
  const spent = new Spent(google)
  const summary = await sourceRun(
    { definition: google, config: configOf(bed), clock, transport: spent.counting(clock.fetch) },
    memoryVault(),
  )
  return rowOf('google-workspace', clock, spent, bed.quota.violations.length, summary.requests, summary.snapshot.changed.added)
}

async function atMicrosoft(boxes: number, letters: number): Promise<Row> {
  const clock = new VirtualClock('2026-11-01T00:00:00Z')
  await using bed = await graphTestbed({
    people: 0,
    mails: letters,
    stories: false,
    pages: 'full',
    strict: true,
    now: () => clock.now().getTime(),
  })
  const include = [...bed.tenant.users.values()].slice(0, boxes).map(({ id }) => id)
  const spent = new Spent(m365)
  const config = configFor(bed, { services: ['mail'], people: { include } })
  const summary = await sourceRun({ definition: m365, config, clock, transport: spent.counting(clock.fetch) }, memoryVault())
  return rowOf('m365', clock, spent, bed.limits.violations.length, summary.requests, summary.snapshot.changed.added)
}

/** What was drawn from each budget. */
class Spent {
  readonly #definition: { readonly limits: Budgets; quotaOf(request: Request): readonly QuotaNeed[] }
  readonly #units = new Map<string, number>()
  constructor(definition: { readonly limits: Budgets; quotaOf(request: Request): readonly QuotaNeed[] }) {
    this.#definition = definition
  }
  counting(transport: typeof fetch): typeof fetch {
    return (input, init) => {
      for (const { key, cost } of this.#definition.quotaOf(new Request(input, init)))
        this.#units.set(key, (this.#units.get(key) ?? 0) + cost)
      return transport(input, init)
    }
  }
  /** The budget that takes longest: `n` units at `requests` a window cannot end before so many whole windows have passed. */
  floor(): { readonly seconds: number; readonly key: string } {
    const all = [...this.#units].map(([key, units]) => {
      const budget = budgetOf(this.#definition.limits, key)
      return { key, seconds: budget === undefined ? 0 : (Math.floor((units - 1) / budget.requests) * budget.perMs) / 1000 }
    })
    return all.reduce((longest, one) => (one.seconds > longest.seconds ? one : longest), { key: 'none', seconds: 0 })
  }
}

function rowOf(source: string, clock: VirtualClock, spent: Spent, violations: number, requests: number, items: number): Row {
  const floor = spent.floor()
  const simulatedSeconds = clock.monotonicMs() / 1000
  const ratio = rounded(simulatedSeconds / floor.seconds)
  return {
    source,
    simulatedSeconds,
    floorSeconds: floor.seconds,
    ratio,
    violations,
    requests,
    items,
    narrowest: floor.key.split('/')[0] ?? '',
  }
}
const rounded = (value: number): number => Math.round(value * 1000) / 1000
