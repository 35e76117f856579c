import type { Command } from 'commander'
import { exitCodes } from '../exit-code.ts'
import { durationText, table } from '../format.ts'
import type { Act } from '../session.ts'

/** RPO is the age of the last complete snapshot; RTO is what the last rehearsal took, never an estimate. */
export const configure = (command: Command, act: Act): Command =>
  command.action(
    act(async (session) => {
      const { openWorkspace } = await import('../workspace.ts')
      const { listRuns } = await import('../../engine/runs.ts')
      const { config } = await session.config()
      await using open = await openWorkspace(session, { contentKey: false })
      const { vault, clock } = open.workspace
      const manifests = await Array.fromAsync(vault.list())
      const runs = await listRuns(config.stateDir)
      const nowMs = clock.now().getTime()
      const rows = Object.keys(config.sources).map((source) => {
        const complete = manifests.findLast((manifest) => manifest.source === source && manifest.state === 'complete')
        const newest = manifests.findLast((manifest) => manifest.source === source)
        const rehearsal = runs.findLast((run) => run.source.name === source && run.command === 'rehearse')
        return {
          source,
          snapshot: complete?.id,
          // Counted from the start: what changed while it ran may not be in it.
          rpoSeconds: complete === undefined ? undefined : Math.round((nowMs - Date.parse(complete.startedAt)) / 1000),
          newestState: newest?.state,
          rehearsal: rehearsal?.run,
          rtoSeconds: rehearsal?.seconds,
          rehearsalVerified: rehearsal === undefined ? undefined : rehearsal.totals.differs + rehearsal.totals.missing === 0,
        }
      })
      const text = rows.map((row) => [
        row.source,
        row.rpoSeconds === undefined ? 'never' : `${durationText(row.rpoSeconds)} ago`,
        row.newestState === 'partial' ? 'newest is partial' : '',
        row.rtoSeconds === undefined
          ? 'never rehearsed'
          : `${durationText(row.rtoSeconds)}${row.rehearsalVerified === true ? ', verified' : ', NOT EXPLAINED differences'}`,
      ])
      session.output.print(
        { type: 'summary', command: 'status', sources: rows },
        rows.length === 0 ? 'The configuration names no source.' : table([['SOURCE', 'LAST COMPLETE', '', 'LAST REHEARSAL'], ...text]),
      )
      return exitCodes.done
    }),
  )
