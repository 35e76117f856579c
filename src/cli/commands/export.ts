import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { exitCodes } from '../exit-code.ts'
import { bytesText, countText } from '../format.ts'
import type { Act } from '../session.ts'

interface Options {
  readonly format: 'zip' | 'tar'
  readonly output?: string
}

export const configure = (command: Command, act: Act): Command =>
  command
    .addOption(new Option('--format <format>', 'container').choices(['zip', 'tar']).default('zip'))
    .option('-o, --output <file>', 'file to write (default: SOURCE-SNAPSHOT.zip here)')
    .action(
      act<Options>(async (session, [wanted = ''], { format, output }) => {
        const { exportSnapshot } = await import('../../engine/export.ts')
        const { openWorkspace } = await import('../workspace.ts')
        const { findSnapshot } = await import('../find-snapshot.ts')
        await using open = await openWorkspace(session, { contentKey: true })
        const { vault } = open.workspace
        const manifest = await findSnapshot(vault, wanted)
        const path = resolve(session.cwd, output ?? `${manifest.source}-${manifest.id}.${format}`)
        if (session.globals.dryRun === true) {
          session.output.print({ type: 'summary', command: 'export', dryRun: true, snapshot: manifest.id, path }, `would write ${path}`)
          return exitCodes.done
        }
        await using reader = await vault.read(manifest.id, session.signal)
        session.output.note('The export is not encrypted: whoever has the file can read it.')
        const summary = await exportSnapshot(reader, path, format, session.signal)
        session.output.print(
          { type: 'summary', ...summary },
          `${path}: ${countText(summary.entries, 'entry', 'entries')}, ${bytesText(summary.bytes)}`,
        )
        return exitCodes.done
      }),
    )
