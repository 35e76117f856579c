import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { definition } from '../connectors/slack/definition.ts'
import type { Log } from '../src/contract/ports.ts'
import { Secret } from '../src/config/secret.ts'
import type { SourceHandle } from '../src/engine/api.ts'
import { backup } from '../src/engine/backup.ts'
import { createFetch } from '../src/http/fetch.ts'
import { memoryBucketStore } from '../src/queue/bucket-store.ts'
import { createLimiter } from '../src/queue/limiter.ts'
import { VirtualClock } from '../test/support/clock.ts'
import { memoryVault } from '../test/support/memory-vault.ts'
import { slackTestbed } from '../test/testbed/slack/testbed.ts'
import { TIERS } from '../test/testbed/slack/limits.ts'
import { METHODS } from '../test/testbed/slack/methods.ts'

const windowMs = 60_000
const silent: Log = { debug: () => {}, info: () => {}, warn: () => {} }

/**
 * A first backup of a workspace, Slack's published tiers enforced to the second by the emulator, time virtual: how much longer it takes
 * than the quotas allow at best for the calls it made, and whether any limit was exceeded.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      channels: { type: 'string', default: '120' },
      users: { type: 'string', default: '200' },
      messages: { type: 'string', default: '60' },
    },
  })
  const clock = new VirtualClock('2026-11-01T00:00:00Z')
  await using slack = await slackTestbed({
    tiers: 'published',
    pages: 'full',
    now: () => clock.now().getTime(),
    channels: Number(values.channels),
    users: Number(values.users),
    messagesPerChannel: Number(values.messages),
  })
  const stateDir = await mkdtemp(join(tmpdir(), 'fallreep-quota-'))
  try {
    const limiter = createLimiter({ clock, store: memoryBucketStore(), budgets: definition.limits, scope: 'slack' })
    const fetch = createFetch({
      clock,
      log: silent,
      limiter,
      quotaOf: (request) => definition.quotaOf(request),
      retryable: () => true,
      transport: clock.fetch,
    })
    const config = {
      ...(definition.config.parse({ via: 'api', token: { env: 'UNUSED' }, apiUrl: slack.url }) as object),
      token: new Secret(() => Promise.resolve(slack.token)),
    }
    const source = { name: 'slack', definition, config } as unknown as SourceHandle
    const workspace = { vault: memoryVault(), clock, stateDir, people: [], portsFor: () => ({ fetch, clock, log: silent }), emit: () => {} }
    const summary = await backup({ source, full: false, tool: 'bench' }, workspace, new AbortController().signal)
    const simulatedSeconds = clock.monotonicMs() / 1000
    const floorSeconds = floor(slack.calls.byRoute)
    const result = {
      bench: 'slack-quota',
      simulatedSeconds,
      floorSeconds,
      ratio: Math.round((simulatedSeconds / floorSeconds) * 1000) / 1000,
      violations: slack.limits.violations.length,
      requests: slack.calls.count(),
      items: summary.snapshot.changed.added,
      state: summary.state,
      byMethod: slack.calls.byRoute,
    }
    process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, undefined, 2)}\n`)
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
}

/** The narrowest method decides: `n` calls at `limit` a window cannot end before so many whole windows have passed. */
function floor(calls: Readonly<Record<string, number>>): number {
  const tierOf = new Map<string, number>(Object.entries(METHODS).map(([name, { tier }]) => [name, TIERS[tier]]))
  const windows = Object.entries(calls).map(([method, n]) => Math.floor((n - 1) / (tierOf.get(method) ?? Infinity)))
  return (Math.max(...windows) * windowMs) / 1000
}
