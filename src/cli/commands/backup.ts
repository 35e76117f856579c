import type { Command } from 'commander'
import type { BackupSummary, SourceHandle } from '../../engine/api.ts'
import { Fault } from '../../fault.ts'
import { exitCodes, worstOf, type ExitCode } from '../exit-code.ts'
import { countText, durationText } from '../format.ts'
import { duration } from '../options.ts'
import type { Act, Session } from '../session.ts'
import type { OpenWorkspace } from '../workspace.ts'

interface Options {
  readonly full?: boolean
  readonly maxDuration?: number
}

export const configure = (command: Command, act: Act): Command =>
  command
    .option('--full', 'read everything again instead of what changed')
    .addOption(duration('--max-duration <time>', 'stop after this time with a checkpoint, e.g. 2h'))
    .action(
      act<Options>(async (session, names, options) => {
        const { openWorkspace } = await import('../workspace.ts')
        const { sourceHandle } = await import('../../config/backends.ts')
        const loaded = await session.config()
        const wanted = names.length > 0 ? names : Object.keys(loaded.config.sources)
        if (wanted.length === 0)
          throw new Fault({ code: 'config', what: 'The configuration names no source', remedy: `Add one under sources: in ${loaded.path}` })
        session.resumeWith(['fallreep backup', ...names].join(' '))
        const handles = await Promise.all(wanted.map((name) => sourceHandle(loaded, name)))
        await using workspace = await openWorkspace(session, { contentKey: false })
        const codes: ExitCode[] = []
        for (const handle of handles)
          codes.push(
            session.globals.dryRun === true
              ? await announce(handle, workspace, session)
              : await backupOne(handle, options, workspace, session),
          )
        return worstOf(codes)
      }),
    )

async function backupOne(
  source: SourceHandle,
  { full, maxDuration }: Options,
  workspace: OpenWorkspace,
  session: Session,
): Promise<ExitCode> {
  const { backup } = await import('../../engine/backup.ts')
  const { noticed } = await import('../noticed.ts')
  const { backupSamples } = await import('../metrics.ts')
  return noticed('backup', source.name, session, async () => {
    const deadline = maxDuration === undefined ? undefined : AbortSignal.timeout(maxDuration)
    const signal = deadline === undefined ? session.signal : AbortSignal.any([session.signal, deadline])
    try {
      const summary = await backup({ source, full: full === true, tool: session.tool }, workspace.workspace, signal)
      session.output.print({ type: 'summary', ...summary }, summaryText(summary))
      return { code: summary.state === 'complete' ? exitCodes.done : exitCodes.partial, summary, samples: backupSamples(summary) }
    } catch (error) {
      if (deadline?.aborted !== true || session.signal.aborted) throw error
      throw new Fault({
        code: 'unavailable',
        what: `Stopped after ${durationText((maxDuration ?? 0) / 1000)}, as --max-duration says`,
        remedy: 'Run the same command again: it continues at the checkpoint',
        cause: error,
      })
    }
  })
}

/** `--dry-run`: asks the source for its collections and says how much there is. */
async function announce(source: SourceHandle, { workspace }: OpenWorkspace, session: Session): Promise<ExitCode> {
  const { openSource } = await import('../../engine/open.ts')
  const { name } = source
  await using connector = await openSource(source, workspace.portsFor, session.signal)
  let collections = 0
  let items = 0
  for await (const { id, title, kinds, estimate } of connector.collections(session.signal)) {
    collections++
    items += estimate ?? 0
    session.output.print(
      { type: 'collection', source: name, id, title, kinds, estimate },
      `${title}${estimate === undefined ? '' : `  about ${countText(estimate, 'item')}`}`,
    )
  }
  session.output.print(
    { type: 'summary', command: 'backup', dryRun: true, source: name, collections, items },
    `${name}: ${countText(collections, 'collection')}; nothing was read further, nothing written`,
  )
  return exitCodes.done
}

function summaryText({ source, state, snapshot, collections, losses, requests, seconds }: BackupSummary): string {
  const { added, updated, deleted } = snapshot.changed
  const lost = losses.reduce((sum, { count }) => sum + count, 0)
  return [
    `${source}: snapshot ${snapshot.id} is ${state}, ${durationText(seconds)}, ${countText(requests, 'request')}`,
    `  ${countText(added, 'new item')}, ${updated.toLocaleString('en')} changed, ${deleted.toLocaleString('en')} deleted at the source`,
    ...(collections.failed === 0
      ? []
      : [`  ${collections.failed} of ${countText(collections.total, 'collection')} failed; run the command again`]),
    ...(lost === 0 ? [] : [`  ${countText(lost, 'loss', 'losses')} recorded: fallreep show ${snapshot.id}`]),
  ].join('\n')
}
