import type { Command } from 'commander'
import type { LoadedConfig } from '../../config/load.ts'
import { Fault } from '../../fault.ts'
import { importInto } from '../import.ts'
import { repeatable } from '../options.ts'
import type { Act } from '../session.ts'
import { planAll } from './plan.ts'

interface Options {
  readonly to?: readonly string[]
  readonly person?: string
  readonly confirm?: string
}

export const configure = (command: Command, act: Act): Command =>
  command
    .addOption(repeatable('--to <target>', 'target from the configuration; may be repeated'))
    .option('--person <address>', 'only the mail, calendars, contacts and tasks of one person')
    .option('--confirm <organisation>', 'the organisation as the configuration names it')
    .action(
      act<Options>(async (session, [snapshot = ''], options) => {
        const { to, person, confirm } = options
        if (session.globals.dryRun === true) return planAll(session, snapshot, options)
        requireConfirmation(await session.config(), confirm)
        const { cutover } = await import('../../engine/cutover.ts')
        const of = person === undefined ? [] : [`--person ${person}`]
        session.resumeWith(
          ['fallreep cutover', snapshot, ...(to ?? []).map((name) => `--to ${name}`), ...of, `--confirm ${confirm}`].join(' '),
        )
        return importInto(session, { command: 'cutover', snapshot, to, person }, cutover)
      }),
    )

function requireConfirmation({ config, path }: LoadedConfig, confirm: string | undefined): void {
  const { organisation } = config
  if (organisation === undefined)
    throw new Fault({
      code: 'config',
      what: 'The configuration does not name the organisation',
      why: 'a cutover is confirmed with its name',
      remedy: `Add organisation: NAME to ${path}`,
    })
  if (confirm === organisation) return
  throw new Fault({
    code: 'usage',
    what:
      confirm === undefined
        ? 'A cutover writes for good and has to be confirmed'
        : `"${confirm}" is not the organisation of this configuration`,
    remedy: `Add: --confirm ${/\s/.test(organisation) ? JSON.stringify(organisation) : organisation}`,
  })
}
