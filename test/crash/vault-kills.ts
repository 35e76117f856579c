import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createVault } from '../../src/vault/create.ts'
import { openVault } from '../../src/vault/open.ts'
import { newKeys, never, secret, steppingPorts, textOf } from '../support/vault/subject.ts'
import { COLLECTIONS, MESSAGES, textAfter } from './vault-child.ts'

const child = fileURLToPath(new URL('vault-child.ts', import.meta.url))

/** What came of a series of killed backups. `problems` is empty when nothing was lost, doubled or damaged. */
export interface Kills {
  readonly kills: number
  readonly finished: number
  /** How many runs were followed by a problem. */
  readonly failed: number
  readonly problems: readonly string[]
}

/** Small and reproducible (mulberry32). */
function dice(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** So many runs into one vault: looking at every byte of it after each of them takes longer the more it holds. */
const SERIES = 20

/** As `killSeries`, with a new vault for every twenty runs. */
export async function killVaultWriters(runs: number, seed: number): Promise<Kills> {
  let sum: Kills = { kills: 0, finished: 0, failed: 0, problems: [] }
  for (let from = 0; from < runs; from += SERIES) {
    const { kills, finished, failed, problems } = await killSeries(Math.min(SERIES, runs - from), seed + from)
    sum = {
      kills: sum.kills + kills,
      finished: sum.finished + finished,
      failed: sum.failed + failed,
      problems: [...sum.problems, ...problems.map((problem) => `from run ${from} on, ${problem}`)],
    }
  }
  return sum
}

/**
 * Starts backups as processes and kills each with SIGKILL at a seeded moment; every fourth run is left to finish.
 * After each one the newest snapshot must be whole and every byte of the vault sound.
 */
async function killSeries(runs: number, seed: number): Promise<Kills> {
  const root = await mkdtemp(join(tmpdir(), 'fallreep-kills-'))
  const keys = newKeys()
  const ports = steppingPorts()
  const random = dice(seed)
  const problems: string[] = []
  let kills = 0
  let finished = 0
  let failed = 0
  let life = 1500
  try {
    await createVault({
      dir: join(root, 'vault'),
      escrowRecipients: keys.escrow.map(({ recipient }) => recipient),
      indexRecipient: keys.index.recipient,
      ports,
    })
    await writeFile(join(root, 'index.key'), keys.index.identity, { mode: 0o600 })
    const check = async (label: string, whole: number): Promise<void> => {
      await using holder = await openVault(
        { dir: join(root, 'vault'), stateDir: join(root, 'reader'), host: 'desk', ports, contentKey: secret(keys.escrow[0].identity) },
        never,
      )
      for await (const { name, status, detail } of holder.verify('every-byte', never))
        if (status === 'fail') problems.push(`${label}: ${name} ${detail}`)
      const newest = (await Array.fromAsync(holder.list())).at(-1)
      if (newest === undefined) {
        if (whole > 0) problems.push(`${label}: the last snapshot is gone`)
        return
      }
      await using reader = await holder.read(newest.id, never)
      const texts = (await Array.fromAsync(reader.items({}, never))).map(textOf).toSorted()
      const wanted = (run: number): string[] =>
        Array.from({ length: COLLECTIONS * MESSAGES }, (_, n) => textAfter(run, n % MESSAGES) ?? '').toSorted()
      // A run may have committed before it was killed.
      if (![whole, whole + 1].some((run) => run > 0 && JSON.stringify(wanted(run)) === JSON.stringify(texts)))
        problems.push(`${label}: the newest snapshot is neither run ${whole} nor run ${whole + 1}`)
    }
    for (let at = 0; at < runs; at++) {
      const before = problems.length
      const spare = at % 4 === 3
      const start = performance.now()
      const running = spawn(process.execPath, [child, root, String(finished + 1)], { stdio: ['ignore', 'ignore', 'inherit'] })
      const timer = spare ? undefined : setTimeout(() => running.kill('SIGKILL'), random() * life)
      const [code, signal] = (await once(running, 'close')) as [number | null, string | null]
      clearTimeout(timer)
      if (signal === 'SIGKILL') kills += 1
      else if (code === 0) {
        finished += 1
        life = Math.max(300, performance.now() - start)
      } else problems.push(`run ${at} ended with ${code}`)
      await check(`after run ${at}`, finished)
      if (problems.length > before) failed += 1
    }
    const left = (await readdir(join(root, 'vault', 'sessions')).catch(() => [])).length
    if (left > 1 && problems.push(`${left} sessions were left behind`) === 1) failed = 1
    return { kills, finished, failed, problems }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
}
