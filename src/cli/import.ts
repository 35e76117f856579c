import { join } from 'node:path'
import type { SnapshotId } from '../contract/ids.ts'
import type { RunResult, SourceLabel, TargetHandle, Workspace } from '../engine/api.ts'
import { exitCodes, worstOf, type ExitCode } from './exit-code.ts'
import { bytesText, countText, durationText, table } from './format.ts'
import { lossTable } from './loss-text.ts'
import { importSamples } from './metrics.ts'
import type { Session } from './session.ts'
import { requireTargets } from './targets-option.ts'

interface Asked {
  readonly command: 'rehearse' | 'cutover'
  readonly snapshot: string
  readonly to: readonly string[] | undefined
}
interface Request {
  readonly source: SourceLabel
  readonly target: TargetHandle
  readonly snapshot: SnapshotId
  readonly tool: string
}

/** What rehearsal and cutover have in common: open, import into each target, write the report, tell. */
export async function importInto(
  session: Session,
  { command, snapshot, to }: Asked,
  journey: (request: Request, workspace: Workspace, signal: AbortSignal) => Promise<RunResult>,
): Promise<ExitCode> {
  const { openWorkspace } = await import('./workspace.ts')
  const { findSnapshot } = await import('./find-snapshot.ts')
  const { noticed } = await import('./noticed.ts')
  const { sourceLabel } = await import('../config/backends.ts')
  const loaded = await session.config()
  const targets = await requireTargets(loaded, to)
  await using open = await openWorkspace(session, { contentKey: true })
  const manifest = await findSnapshot(open.workspace.vault, snapshot)
  const source = await sourceLabel(loaded, manifest.source)
  const codes: ExitCode[] = []
  for (const target of targets)
    codes.push(
      await noticed(command, target.name, session, async () => {
        const result = await journey({ source, target, snapshot: manifest.id, tool: session.tool }, open.workspace, session.signal)
        const { writeReport } = await import('../observe/report/write.ts')
        const { runFiles } = await import('../engine/runs.ts')
        const files = runFiles(open.workspace.stateDir, result.run)
        const report = await writeReport(result, files, { base: join(files.directory, 'report'), lang: loaded.config.lang }, session.signal)
        const summary = {
          command,
          run: result.run,
          source: source.name,
          target: target.name,
          snapshot: manifest.id,
          ...result.totals,
          applied: result.applied,
          losses: result.lossesTotal,
          foreign: result.foreign,
          leftovers: result.leftovers,
          seconds: result.seconds,
          report: report.html,
        }
        session.output.print({ type: 'summary', ...summary }, importText(result, report.html))
        return { code: codeOf(result), summary, samples: importSamples(result) }
      }),
    )
  return worstOf(codes)
}

export function codeOf({ totals, applied, snapshot }: Pick<RunResult, 'totals' | 'applied' | 'snapshot'>): ExitCode {
  if (totals.differs + totals.missing > 0) return exitCodes.differences
  return applied.failed > 0 || snapshot.state === 'partial' ? exitCodes.partial : exitCodes.done
}

function importText(
  { command, source, target, run, totals, byKind, losses, blobs, foreign, leftovers, seconds, stages }: RunResult,
  report: string,
): string {
  const row = (name: string, of: RunResult['totals']): readonly string[] => [
    `  ${name}`,
    ...[of.planned, of.matched, of.explained, of.differs, of.missing].map((count) => count.toLocaleString('en')),
  ]
  const good = totals.differs + totals.missing === 0
  return [
    `${command} ${source.name} to ${target.name}, run ${run}: ${durationText(seconds)}`,
    table([
      ['  KIND', 'PLANNED', 'MATCHED', 'EXPLAINED', 'DIFFERS', 'MISSING'],
      ...Object.entries(byKind).map(([kind, of]) => row(kind, of)),
      row('all', totals),
    ]),
    `  files read back and hashed: ${blobs.count.toLocaleString('en')} (${bytesText(blobs.bytes)})`,
    `  ${stages.map((stage) => `${stage.stage} ${durationText(stage.seconds)}`).join(', ')}`,
    lossTable(losses),
    ...(foreign === 0 ? [] : [`${countText(foreign, 'thing')} on the target that no item of ours explains: told, not touched`]),
    ...leftovers.map(({ what, why, remedy }) => `left behind: ${what} (${why}). ${remedy}`),
    good ? 'everything arrived, or a recorded loss says why not' : `NOT EXPLAINED: ${totals.differs} differ, ${totals.missing} are missing`,
    `report: ${report}`,
  ].join('\n')
}
