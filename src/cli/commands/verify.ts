import { Option, type Command } from 'commander'
import type { VerifyDepth } from '../../contract/vault.ts'
import { checkText } from '../check-text.ts'
import { exitCodes } from '../exit-code.ts'
import { countText } from '../format.ts'
import type { Act } from '../session.ts'

export const configure = (command: Command, act: Act): Command =>
  command
    .addOption(
      new Option(
        '--depth <depth>',
        'structure: all files there; keyless: every file matches its name; every-byte: everything decrypts and matches (content key)',
      )
        .choices(['structure', 'keyless', 'every-byte'])
        .default('keyless'),
    )
    .action(
      act<{ readonly depth: VerifyDepth }>(async (session, _none, { depth }) => {
        const { openWorkspace } = await import('../workspace.ts')
        await using open = await openWorkspace(session, { contentKey: depth === 'every-byte' })
        const counts = { pass: 0, warn: 0, fail: 0, skip: 0 }
        for await (const check of open.workspace.vault.verify(depth, session.signal)) {
          counts[check.status]++
          session.output.print({ type: 'check', subject: 'vault', ...check }, checkText('vault', check, session.streams))
        }
        const text =
          counts.fail === 0
            ? `vault is whole (${depth}, ${countText(counts.pass, 'check')})`
            : `vault is DAMAGED: ${countText(counts.fail, 'finding')}`
        session.output.print({ type: 'summary', command: 'verify', depth, ...counts }, text)
        return counts.fail === 0 ? exitCodes.done : exitCodes.failed
      }),
    )
