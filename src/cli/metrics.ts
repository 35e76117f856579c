import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackupSummary, RunResult } from '../engine/api.ts'
import { writeMetrics, type Sample } from '../observe/metrics.ts'

/** What one journey measured. */
export interface Measured {
  readonly command: string
  readonly subject: string
  readonly exitCode: number
  readonly seconds: number
  readonly samples: readonly Sample[]
}
interface Kept {
  readonly atMs: number
  readonly samples: readonly Sample[]
}

/**
 * Writes `fallreep.prom` into a directory of node_exporter's textfile collector: the last samples of every command and subject together,
 * because the collector refuses the same series in two files. What each run measured is kept in the state directory until its next run.
 * A failed run keeps the samples of the last good one: age is the alarm.
 */
export async function writeRunMetrics(
  directory: string,
  stateDir: string,
  { command, subject, exitCode, seconds, samples }: Measured,
  atMs: number,
): Promise<void> {
  const kept = join(stateDir, 'metrics')
  await mkdir(kept, { recursive: true, mode: 0o700 })
  const own = join(kept, `${command}--${subject}.json`)
  const before = samples.length > 0 ? [] : ((await readKept(own))?.samples ?? [])
  const run: readonly Sample[] = [
    { name: 'fallreep_run_duration_seconds', labels: { command }, value: seconds },
    { name: 'fallreep_last_exit_code', labels: {}, value: exitCode },
  ]
  await writeFile(`${own}.tmp`, JSON.stringify({ atMs, samples: [...before, ...samples, ...run] } satisfies Kept))
  await rename(`${own}.tmp`, own)
  const names = (await readdir(kept)).filter((name) => name.endsWith('.json'))
  const all = await Promise.all(names.map((name) => readKept(join(kept, name))))
  await writeMetrics(join(directory, 'fallreep.prom'), newest(all.filter((each) => each !== undefined)))
}

/** Of every series the sample that was measured last. */
export function newest(all: readonly Kept[]): readonly Sample[] {
  const series = new Map<string, Sample>()
  for (const { samples } of all.toSorted((a, b) => a.atMs - b.atMs))
    for (const sample of samples) series.set(JSON.stringify([sample.name, sample.labels]), sample)
  return [...series.values()]
}

async function readKept(path: string): Promise<Kept | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Kept
  } catch {
    return undefined
  }
}

export function backupSamples({ source, state, snapshot }: BackupSummary): readonly Sample[] {
  const items = Object.entries(snapshot.counts).map(([kind, value]): Sample => ({
    name: 'fallreep_items',
    labels: { source, kind },
    value,
  }))
  if (state !== 'complete') return items
  return [
    {
      name: 'fallreep_last_complete_snapshot_timestamp_seconds',
      labels: { source },
      value: Math.floor(Date.parse(snapshot.finishedAt) / 1000),
    },
    ...items,
  ]
}

export function importSamples({ target, losses }: Pick<RunResult, 'target' | 'losses'>): readonly Sample[] {
  const byCode = new Map<string, number>()
  for (const { code, count } of losses) byCode.set(code, (byCode.get(code) ?? 0) + count)
  return [...byCode].map(([code, value]) => ({ name: 'fallreep_losses', labels: { target: target.name, code }, value }))
}
