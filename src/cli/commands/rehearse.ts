import type { Command } from 'commander'
import { importInto } from '../import.ts'
import { repeatable } from '../options.ts'
import type { Act } from '../session.ts'
import { planAll } from './plan.ts'

interface Options {
  readonly to?: readonly string[]
  readonly person?: string
  readonly keep?: boolean
}

export const configure = (command: Command, act: Act): Command =>
  command
    .addOption(repeatable('--to <target>', 'target from the configuration; may be repeated'))
    .option('--person <address>', 'only the mail, calendars, contacts and tasks of one person')
    .option('--keep', 'leave the place standing to look at; the next rehearsal removes it')
    .action(
      act<Options>(async (session, [snapshot = ''], options) => {
        const { to, keep, person } = options
        if (session.globals.dryRun === true) return planAll(session, snapshot, options)
        const { rehearse } = await import('../../engine/rehearse.ts')
        return importInto(session, { command: 'rehearse', snapshot, to, person }, (request, workspace, signal) =>
          rehearse({ ...request, keep: keep === true }, workspace, signal),
        )
      }),
    )
