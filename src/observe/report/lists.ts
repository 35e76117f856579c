import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Loss, LossCode } from '../../contract/fidelity.ts'
import type { Finding } from '../../engine/api.ts'

/** The head of a long list, and how much there is altogether. */
export interface Bounded<T> {
  readonly shown: readonly T[]
  readonly total: number
}
export interface ReportLists {
  readonly losses: ReadonlyMap<LossCode, Bounded<Loss>>
  readonly findings: Bounded<Finding>
}

const SHOWN = 50

/** What of the long lists stands in the HTML: so many per reason, whatever their length. */
export async function readLists(files: { readonly losses: string; readonly findings: string }, signal: AbortSignal): Promise<ReportLists> {
  const losses = new Map<LossCode, { shown: Loss[]; total: number }>()
  for await (const loss of ndjson<Loss>(files.losses, signal)) {
    const of = losses.get(loss.code) ?? { shown: [], total: 0 }
    of.total++
    if (of.shown.length < SHOWN) of.shown.push(loss)
    losses.set(loss.code, of)
  }
  const findings: Finding[] = []
  let total = 0
  for await (const finding of ndjson<Finding>(files.findings, signal)) {
    total++
    if (findings.length < 2 * SHOWN) findings.push(finding)
  }
  return { losses, findings: { shown: findings, total } }
}

/** The records of an NDJSON file of ours, one at a time; a missing file is an empty one. */
async function* ndjson<T>(path: string, signal: AbortSignal): AsyncGenerator<T> {
  for await (const line of linesOf(path, signal)) yield JSON.parse(line) as T
}

export async function* linesOf(path: string, signal: AbortSignal): AsyncGenerator<string> {
  const input = createReadStream(path, { encoding: 'utf8', signal })
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) if (line !== '') yield line
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
}
