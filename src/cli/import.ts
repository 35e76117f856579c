import { join } from 'node:path'
import type { Milestone, RunResult, TargetHandle, Workspace } from '../engine/api.ts'
import type { ImportRequest } from '../engine/cutover.ts'
import { exitCodes, worstOf, type ExitCode } from './exit-code.ts'
import { bytesText, countText, durationText, table } from './format.ts'
import { lossTable } from './loss-text.ts'
import { importSamples } from './metrics.ts'
import { noticed, type Done } from './noticed.ts'
import type { Session } from './session.ts'
import { leftToNobody, requireTargets } from './targets-option.ts'

interface Asked {
  readonly command: 'rehearse' | 'cutover'
  readonly snapshot: string
  readonly to: readonly string[] | undefined
  readonly person: string | undefined
}

/** What rehearsal and cutover have in common: open, import into each target, write the report, tell. */
export async function importInto(
  session: Session,
  { command, snapshot, to, person }: Asked,
  journey: (request: ImportRequest, workspace: Workspace, signal: AbortSignal) => Promise<RunResult>,
): Promise<ExitCode> {
  const { openWorkspace } = await import('./workspace.ts')
  const { findSnapshot } = await import('./find-snapshot.ts')
  const { sourceLabel } = await import('../config/backends.ts')
  const loaded = await session.config()
  const targets = await requireTargets(loaded, to)
  await using open = await openWorkspace(session, { contentKey: true })
  const manifest = await findSnapshot(open.workspace.vault, snapshot)
  const source = await sourceLabel(loaded, manifest.source)
  const codes: ExitCode[] = []
  const { clock } = open.workspace
  let since: ImportRequest['since'] = { startedMs: clock.monotonicMs(), milestones: [] }
  const intoOne = async (target: TargetHandle): Promise<Done> => {
    const request = { source, target, snapshot: manifest.id, person, since, tool: session.tool }
    const result = await journey(request, open.workspace, session.signal)
    since = { ...since, milestones: result.milestones }
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
      ...(person === undefined ? {} : { person }),
      ...result.totals,
      applied: result.applied,
      losses: result.lossesTotal,
      foreign: result.foreign,
      leftovers: result.leftovers,
      milestones: result.milestones,
      uncarried: result.uncarried,
      seconds: result.seconds,
      report: report.html,
    }
    session.output.print({ type: 'summary', ...summary }, importText(result, report.html))
    return { code: codeOf(result), summary, samples: importSamples(result) }
  }
  let stopped: { readonly error: unknown } | undefined
  for (const target of targets)
    try {
      codes.push(await noticed(command, target.name, session, () => intoOne(target)))
    } catch (error) {
      // A calendar server that is down is no reason to keep somebody's mail back. What was wrong is told at the end, as if it had come last.
      if (session.signal.aborted) throw error
      stopped ??= { error }
      if (target !== targets.at(-1))
        session.output.note(
          `${target.name} stopped: ${error instanceof Error ? error.message : String(error)}. Going on with the other targets`,
        )
    }
  if (person === undefined) leftToNobody(session, manifest.counts, targets)
  if (stopped !== undefined) throw stopped.error
  return worstOf(codes)
}

export function codeOf({ totals, applied, snapshot }: Pick<RunResult, 'totals' | 'applied' | 'snapshot'>): ExitCode {
  if (totals.differs + totals.missing > 0) return exitCodes.differences
  return applied.failed > 0 || snapshot.state === 'partial' ? exitCodes.partial : exitCodes.done
}

function importText(
  { command, source, target, run, person, totals, byKind, losses, blobs, foreign, leftovers, milestones, seconds, stages }: RunResult,
  report: string,
): string {
  const row = (name: string, of: RunResult['totals']): readonly string[] => [
    `  ${name}`,
    ...[of.planned, of.matched, of.explained, of.differs, of.missing].map((count) => count.toLocaleString('en')),
  ]
  const good = totals.differs + totals.missing === 0
  return [
    `${command} ${source.name}${person === undefined ? '' : ` of ${person}`} to ${target.name}, run ${run}: ${durationText(seconds)}`,
    table([
      ['  KIND', 'PLANNED', 'MATCHED', 'EXPLAINED', 'DIFFERS', 'MISSING'],
      ...Object.entries(byKind).map(([kind, of]) => row(kind, of)),
      row('all', totals),
    ]),
    `  files read back and hashed: ${blobs.count.toLocaleString('en')} (${bytesText(blobs.bytes)})`,
    `  ${stages.map((stage) => `${stage.stage} ${durationText(stage.seconds)}`).join(', ')}`,
    ...milestones.map(milestoneText),
    lossTable(losses),
    ...(foreign === 0 ? [] : [`${countText(foreign, 'thing')} on the target that no item of ours explains: told, not touched`]),
    ...leftovers.map(({ what, why, remedy }) => `left behind: ${what} (${why}). ${remedy}`),
    good ? 'everything arrived, or a recorded loss says why not' : `NOT EXPLAINED: ${totals.differs} differ, ${totals.missing} are missing`,
    `report: ${report}`,
  ].join('\n')
}

const milestoneText = ({ target, kinds, items, newest, seconds }: Milestone): string =>
  `  after ${durationText(seconds)}: ${newest ? `the newest ${items.toLocaleString('en')} mails` : `${items.toLocaleString('en')} of ${kinds.join(', ')}`} on ${target}`
