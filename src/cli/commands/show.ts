import type { Command } from 'commander'
import type { LossCode } from '../../contract/fidelity.ts'
import { exitCodes } from '../exit-code.ts'
import { countText, table } from '../format.ts'
import type { Act } from '../session.ts'

export const configure = (command: Command, act: Act): Command =>
  command.action(
    act(async (session, [wanted = '']) => {
      const { openWorkspace } = await import('../workspace.ts')
      const { findSnapshot } = await import('../find-snapshot.ts')
      const { contentKey } = (await session.config()).config.vault
      await using open = await openWorkspace(session, { contentKey: contentKey !== undefined })
      const { vault } = open.workspace
      const manifest = await findSnapshot(vault, wanted)
      const counts = Object.entries(manifest.counts).map(([kind, count]) => [`  ${kind}`, count.toLocaleString('en')])
      const head = [
        `snapshot ${manifest.id} of ${manifest.source}, ${manifest.state}`,
        `started ${manifest.startedAt}, finished ${manifest.finishedAt}`,
        `root ${manifest.root}`,
        table(counts),
      ]
      session.output.print({ type: 'snapshot', ...manifest }, head.join('\n'))
      if (contentKey === undefined) {
        session.output.note('Names and losses are encrypted: set vault.contentKey to see them.')
        session.output.print(
          { type: 'summary', command: 'show', snapshot: manifest.id, losses: manifest.losses },
          `${countText(manifest.losses, 'loss', 'losses')} recorded`,
        )
        return exitCodes.done
      }
      await using reader = await vault.read(manifest.id, session.signal)
      for await (const collection of reader.collections())
        session.output.print({ type: 'collection', ...collection }, `  ${collection.id}  ${collection.title}`)
      const byCode = new Map<LossCode, number>()
      for await (const loss of reader.losses(undefined, session.signal)) {
        byCode.set(loss.code, (byCode.get(loss.code) ?? 0) + 1)
        session.output.event({ type: 'loss', loss })
      }
      const losses = [...byCode].map(([code, count]) => [`  ${code}`, count.toLocaleString('en')])
      session.output.print(
        { type: 'summary', command: 'show', snapshot: manifest.id, losses: Object.fromEntries(byCode) },
        losses.length === 0 ? 'nothing was withheld' : `not given by the source (each one with -v):\n${table(losses)}`,
      )
      return exitCodes.done
    }),
  )
