import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { definition } from '../connectors/github/definition.ts'
import type { BlobRef, Kind } from '../src/contract/item.ts'
import type { CollectionId, Cursor } from '../src/contract/ids.ts'
import { snapshotId } from '../src/contract/ids.ts'
import type { Manifest, Vault } from '../src/contract/vault.ts'
import { configOf } from '../test/connectors/github/world.ts'
import { VirtualClock } from '../test/support/clock.ts'
import { sourceRun } from '../test/support/source-run.ts'
import type { Seen } from './github-child.ts'
import { launcherEnv, launcherFlags } from './lib/launcher.ts'

/**
 * A first backup of an organisation and a night in which nothing happened, GitHub's published limits enforced to the second by the emulator, time
 * virtual. `requests`: all of them, git and files included; `points`: of GraphQL; `floorHours`: what the limits allow at best for these requests.
 */
export async function run(argv: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      json: { type: 'boolean', default: false },
      repositories: { type: 'string', default: '200' },
      issues: { type: 'string', default: '20000' },
      pulls: { type: 'string', default: '30000' },
      comments: { type: 'string', default: '150000' },
      git: { type: 'boolean', default: true },
    },
    allowNegative: true,
  })
  if (!launcherFlags.every((flag) => process.execArgv.includes(flag))) return again(argv)
  // git is a process of its own; the emulator's does not count.
  const clock = new VirtualClock('2026-11-25T03:00:00Z', 400, () => process.getActiveResourcesInfo().includes('ProcessWrap'))
  const { repositories, issues, pulls, comments } = values
  await using github = await elsewhere([repositories, issues, pulls, comments])
  // The clock goes with every request, for the limits are kept in another process, whose memory is not ours.
  const transport: typeof fetch = (input, init) => {
    const headers = new Headers(init?.headers)
    headers.set('x-now', String(clock.now().getTime()))
    return clock.fetch(input, { ...init, headers })
  }
  const bed = { url: github.url, apiUrl: github.apiUrl, app: { organisation: { login: 'acme' } } }
  const config = configOf(bed, values.git ? {} : { read: ['issues', 'discussions', 'releases', 'settings', 'boards'] }, github.token)
  const vault = countingVault()
  const memory = new Memory()
  const source = { definition, config, clock, transport }
  const first = await sourceRun(source, vault)
  const rssMiB = memory.end()
  const spent = await github.seen()
  const hours = clock.monotonicMs() / 3_600_000
  await clock.sleep(86_400_000, new AbortController().signal)
  const noop = await sourceRun(source, vault)
  const night = await github.seen()
  const floorHours = floorOf(spent)
  const result = {
    bench: 'github',
    requests: first.requests,
    rest: spent.rest,
    queries: spent.queries,
    git: spent.git,
    points: spent.points,
    items: first.snapshot.changed.added,
    simulatedHours: rounded(hours),
    floorHours: rounded(floorHours),
    ratio: rounded(hours / floorHours),
    violations: spent.violations + night.violations,
    noopRequests: noop.requests,
    noopItems: noop.snapshot.changed.added - first.snapshot.changed.added,
    rssMiB,
  }
  process.stdout.write(
    values.json
      ? `${JSON.stringify(result)}\n`
      : `${JSON.stringify({ ...result, routes: spent.routes, noop: night.routes }, undefined, 2)}\n`,
  )
}

async function again(argv: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [...launcherFlags, fileURLToPath(new URL('run.ts', import.meta.url)), 'github', ...argv], {
    stdio: 'inherit',
    env: launcherEnv(),
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  process.exitCode = code ?? 1
}

/** The emulator in a process of its own. */
async function elsewhere(
  amounts: readonly string[],
): Promise<AsyncDisposable & { url: string; apiUrl: string; token: string; seen(): Promise<Seen> }> {
  const child = fork(new URL('github-child.ts', import.meta.url), amounts)
  const [ready] = (await once(child, 'message')) as [{ url: string; apiUrl: string; token: string }]
  child.unref()
  return {
    ...ready,
    async seen() {
      child.send('seen')
      const [seen] = (await once(child, 'message')) as [Seen]
      return seen
    },
    async [Symbol.asyncDispose]() {
      child.ref()
      child.disconnect()
      await once(child, 'exit')
    },
  }
}

/** Whole hours that must pass before the last request may go, and the minutes that the last of them takes. */
function floorOf({ rest, queries, points }: Seen): number {
  const of = (hourly: number, spent: number, minutely: number, requests: number): number => {
    const whole = Math.floor((spent - 1) / hourly)
    const left = requests * (1 - (whole * hourly) / spent)
    return whole + Math.floor((left - 1) / minutely) / 60
  }
  return Math.max(of(5_000, rest, 900, rest), of(5_000, points, 2_000, queries))
}

/** The largest resident set while it is looked at. */
class Memory {
  #most = process.memoryUsage.rss()
  readonly #timer = setInterval(() => {
    this.#most = Math.max(this.#most, process.memoryUsage.rss())
  }, 100)
  end(): number {
    clearInterval(this.#timer)
    return Math.round(this.#most / 1024 / 1024)
  }
}

/** A vault that counts and keeps nothing but cursors: what is measured is the way into it. */
function countingVault(): Vault {
  const cursors = new Map<CollectionId, Cursor>()
  const counts: Partial<Record<Kind, number>> = {}
  let added = 0
  const refuse = (): never => {
    throw new Error('this vault is only written')
  }
  return {
    begin: async (source) => ({
      resume: new Map(cursors),
      begin: async () => undefined,
      has: () => false,
      knownBlob: () => undefined,
      async putBlob(data, { mediaType }): Promise<BlobRef> {
        let bytes = 0
        for await (const chunk of data) bytes += chunk.byteLength
        return { sha256: '0'.repeat(64), bytes, mediaType }
      },
      async write(to, change) {
        if (change.type === 'checkpoint') cursors.set(to, change.cursor)
        if (change.type !== 'upsert') return
        added += 1
        counts[change.item.kind] = (counts[change.item.kind] ?? 0) + 1
      },
      checkpoint: async () => undefined,
      commit: async (state): Promise<Manifest> => ({
        id: snapshotId('bench'),
        source,
        startedAt: '',
        finishedAt: '',
        state,
        counts,
        changed: { added, updated: 0, deleted: 0 },
        losses: 0,
        root: '',
      }),
      [Symbol.asyncDispose]: async () => undefined,
    }),
    read: refuse,
    list: refuse,
    verify: refuse,
    [Symbol.asyncDispose]: async () => undefined,
  }
}
const rounded = (value: number): number => Math.round(value * 1000) / 1000
