import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../fault.ts'
import type { RunFiles, RunResult } from './api.ts'

/** A short lower-case id that sorts by time: `20261123t0312-4f9a`. */
export function runId(now: Date): string {
  const time = now.toISOString().slice(0, 16).replaceAll(/[-:]/g, '').toLowerCase()
  return `${time}-${randomBytes(2).toString('hex')}`
}

export const runsDir = (stateDir: string): string => join(stateDir, 'runs')

export function runFiles(stateDir: string, run: string): RunFiles {
  const directory = join(runsDir(stateDir), run)
  return {
    directory,
    result: join(directory, 'result.json'),
    losses: join(directory, 'losses.ndjson'),
    findings: join(directory, 'findings.ndjson'),
  }
}

/** Writes a JSON file so that it is whole or absent, whenever the power fails. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true, mode: 0o700 })
  const file = await open(`${path}.tmp`, 'w', 0o600)
  try {
    await file.writeFile(`${JSON.stringify(value, undefined, 2)}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.tmp`, path)
}

/** Runs that have a result, newest last. @throws nothing for a state directory that does not exist yet. */
export async function listRuns(stateDir: string): Promise<readonly RunResult[]> {
  const names = await readdir(runsDir(stateDir)).catch(() => [])
  const results: RunResult[] = []
  for (const name of names.toSorted((a, b) => (a < b ? -1 : 1))) {
    const text = await readFile(runFiles(stateDir, name).result, 'utf8').catch(() => undefined)
    if (text !== undefined) results.push(JSON.parse(text) as RunResult)
  }
  return results
}

/** The result of one run, or of the newest. @throws Fault `usage` if there is none. */
export async function readRun(stateDir: string, run: string | undefined): Promise<RunResult> {
  const runs = await listRuns(stateDir)
  const found = run === undefined ? runs.at(-1) : runs.find((result) => result.run === run)
  if (found !== undefined) return found
  throw new Fault({
    code: 'usage',
    what: run === undefined ? 'There is no rehearsal or cutover to report on yet' : `There is no run ${run}`,
    remedy:
      run === undefined
        ? 'Start with: fallreep rehearse SNAPSHOT --to TARGET'
        : `Runs: ${runs.map((result) => result.run).join(', ') || 'none'}`,
  })
}
