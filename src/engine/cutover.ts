import { join } from 'node:path'
import type { SnapshotId } from '../contract/ids.ts'
import type { Milestone, RunResult, SourceLabel, TargetHandle, Workspace } from './api.ts'
import { runFiles, runId, writeJson } from './runs.ts'
import { transfer } from './transfer.ts'

export interface ImportRequest {
  readonly source: SourceLabel
  readonly target: TargetHandle
  readonly snapshot: SnapshotId
  /** Address of the one person this is about; undefined: everybody. */
  readonly person: string | undefined
  /** What stands on the targets that came before, and since when (monotonic milliseconds) the whole command runs. */
  readonly since: { readonly startedMs: number; readonly milestones: readonly Milestone[] }
  /** Name and version of this program. */
  readonly tool: string
}

/** One ledger for each source on each target: the memory that makes a second cutover a delta. */
export const ledgerPath = (stateDir: string, target: string, source: string): string => join(stateDir, 'ledgers', `${target}--${source}.db`)

/**
 * Imports a snapshot for good and proves it by reading back. The same call again continues after an interruption, and with a newer
 * snapshot brings only the difference. @throws Fault
 */
export async function cutover(request: ImportRequest, workspace: Workspace, signal: AbortSignal): Promise<RunResult> {
  const run = runId(workspace.clock.now())
  const files = runFiles(workspace.stateDir, run)
  const result = await transfer(
    {
      ...request,
      command: 'cutover',
      run,
      runDir: files.directory,
      ledgerPath: ledgerPath(workspace.stateDir, request.target.name, request.source.name),
    },
    workspace,
    signal,
  )
  await writeJson(files.result, result)
  return result
}
