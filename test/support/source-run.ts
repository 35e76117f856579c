import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectorDefinition } from '../../src/contract/connector.ts'
import type { Clock, Log } from '../../src/contract/ports.ts'
import type { Vault } from '../../src/contract/vault.ts'
import type { BackupSummary, SourceHandle } from '../../src/engine/api.ts'
import { backup } from '../../src/engine/backup.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { memoryBucketStore } from '../../src/queue/bucket-store.ts'
import { createLimiter } from '../../src/queue/limiter.ts'
import type { Budgets } from '../../src/queue/budgets.ts'

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {} }

/** A backup by the engine, with the published budgets of its connector, by any clock. `transport`: what carries its requests. */
export async function sourceRun<Config>(
  {
    definition,
    config,
    clock,
    transport,
    budgets = definition.limits,
  }: {
    readonly definition: ConnectorDefinition<string, Config>
    readonly config: Config
    readonly clock: Clock
    readonly transport: typeof fetch
    readonly budgets?: Budgets
  },
  vault: Vault,
): Promise<BackupSummary> {
  const stateDir = await mkdtemp(join(tmpdir(), 'fallreep-source-'))
  try {
    const limiter = createLimiter({ clock, store: memoryBucketStore(), budgets, scope: definition.id })
    const quotaOf = (request: Request) => definition.quotaOf(request)
    const fetch = createFetch({ clock, log: silent, limiter, quotaOf, retryable: () => true, transport })
    const source = { name: definition.id, definition, config } as unknown as SourceHandle
    const workspace = { vault, clock, stateDir, people: [], portsFor: () => ({ fetch, clock, log: silent }), emit: () => {} }
    return await backup({ source, full: false, tool: 'bench' }, workspace, new AbortController().signal)
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
}
