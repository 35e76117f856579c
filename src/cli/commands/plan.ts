import type { Command } from 'commander'
import type { PlanSummary } from '../../engine/api.ts'
import { exitCodes } from '../exit-code.ts'
import { countText, durationText, table } from '../format.ts'
import { lossTable } from '../loss-text.ts'
import { repeatable } from '../options.ts'
import type { Act, Session } from '../session.ts'
import { leftToNobody, requireTargets } from '../targets-option.ts'

interface Options {
  readonly to?: readonly string[]
  readonly person?: string
  readonly offline?: boolean
}

export const configure = (command: Command, act: Act): Command =>
  command
    .addOption(repeatable('--to <target>', 'target from the configuration; may be repeated'))
    .option('--person <address>', 'only the mail, calendars, contacts and tasks of one person')
    .option('--offline', 'do not even read from the target')
    .action(act<Options>((session, [snapshot = ''], options) => planAll(session, snapshot, options)))

/** Also what `--dry-run` makes of a rehearsal or a cutover. */
export async function planAll(session: Session, wanted: string, { to, offline, person }: Options): Promise<0> {
  const { plan } = await import('../../engine/plan.ts')
  const { ledgerPath } = await import('../../engine/cutover.ts')
  const { openWorkspace } = await import('../workspace.ts')
  const { findSnapshot } = await import('../find-snapshot.ts')
  const loaded = await session.config()
  const handles = await requireTargets(loaded, to)
  await using open = await openWorkspace(session, { contentKey: true })
  const manifest = await findSnapshot(open.workspace.vault, wanted)
  leftToNobody(session, manifest.counts, handles)
  for (const target of handles) {
    const request = {
      snapshot: manifest.id,
      target,
      ledgerPath: ledgerPath(open.workspace.stateDir, target.name, manifest.source),
      ask: offline !== true,
      person,
    }
    const summary = await plan(request, open.workspace, session.signal)
    session.output.print({ type: 'summary', ...summary }, planText(summary))
  }
  return exitCodes.done
}

function planText({ source, snapshot, target, person, planned, byKind, operations, losses, seconds }: PlanSummary): string {
  const kinds = Object.entries(byKind).map(([kind, { items, operations, losses }]) => [
    `  ${kind}`,
    items.toLocaleString('en'),
    operations.toLocaleString('en'),
    losses.toLocaleString('en'),
  ])
  return [
    `${source} ${snapshot}${person === undefined ? '' : ` of ${person}`} to ${target}: ${countText(planned, 'item')} mapped in ${durationText(seconds)}, nothing written`,
    table([['  KIND', 'ITEMS', 'OPERATIONS', 'LOSSES'], ...kinds]),
    `operations: ${operations.new} new, ${operations.changed} changed, ${operations.same} unchanged, ${operations.gone} to remove`,
    lossTable(losses),
  ].join('\n')
}
