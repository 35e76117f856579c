import type { Command } from 'commander'
import type { Manifest } from '../../contract/vault.ts'
import { exitCodes } from '../exit-code.ts'
import { table } from '../format.ts'
import type { Act } from '../session.ts'

export const configure = (command: Command, act: Act): Command =>
  command.action(
    act(async (session, [source]) => {
      const { openWorkspace } = await import('../workspace.ts')
      await using open = await openWorkspace(session, { contentKey: false })
      const all = await Array.fromAsync(open.workspace.vault.list(source))
      const lines = table([['SNAPSHOT', 'SOURCE', 'FINISHED', 'STATE', 'ITEMS', 'CHANGES'], ...all.map(columns)]).split('\n')
      if (all.length > 0) session.output.note(lines[0] ?? '')
      for (const [index, manifest] of all.entries()) session.output.print({ type: 'snapshot', ...manifest }, lines[index + 1] ?? '')
      session.output.print(
        { type: 'summary', command: 'snapshots', snapshots: all.length },
        all.length === 0 ? 'No snapshot yet. Start with: fallreep backup' : '',
      )
      return exitCodes.done
    }),
  )

const columns = ({ id, source, finishedAt, state, counts, changed }: Manifest): readonly string[] => [
  id,
  source,
  finishedAt.slice(0, 16).replace('T', ' '),
  state,
  Object.values(counts)
    .reduce((sum, count) => sum + count, 0)
    .toLocaleString('en'),
  `+${changed.added} ~${changed.updated} -${changed.deleted}`,
]
