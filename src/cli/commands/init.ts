import { resolve } from 'node:path'
import type { Command } from 'commander'
import { userConfigDir } from '../../config/xdg.ts'
import { Fault } from '../../fault.ts'
import { exitCodes } from '../exit-code.ts'
import { repeatable } from '../options.ts'
import type { Act, Session } from '../session.ts'

interface Options {
  readonly vault?: string
  readonly organisation?: string
  readonly recipient?: readonly string[]
  readonly escrow?: readonly string[]
}

export const configure = (command: Command, act: Act): Command =>
  command
    .option('--vault <directory>', 'where the vault goes')
    .option('--organisation <name>', 'what a cutover will be confirmed with')
    .addOption(repeatable('--recipient <age1…>', 'public key of somebody who may read the vault; give two or more'))
    .addOption(repeatable('--escrow <file>', 'no keys yet? writes a new secret key to this file; give two, on different media'))
    .action(
      act<Options>(async (session, _none, options) => {
        const { setUp } = await import('../set-up.ts')
        const path = resolve(
          session.cwd,
          session.globals.config ?? session.env['FALLREEP_CONFIG'] ?? `${userConfigDir(session.env)}/fallreep.yaml`,
        )
        const { vault, organisation, recipients, escrow } = await answersOf(session, options)
        const plan = {
          configPath: path,
          vaultPath: resolve(session.cwd, vault),
          organisation,
          recipients,
          escrow: escrow.map((file) => resolve(session.cwd, file)),
        }
        if (session.globals.dryRun === true) {
          session.output.print(
            { type: 'summary', command: 'init', dryRun: true, ...plan },
            `would write ${[path, ...plan.escrow].join(', ')} and create the vault ${plan.vaultPath}`,
          )
          return exitCodes.done
        }
        const made = await setUp(plan)
        const secrets = plan.escrow.join(' and ')
        if (plan.escrow.length > 0)
          session.output.note(`IMPORTANT: ${secrets} open the vault. Move them off this machine, to two places held by different people.`)
        session.output.print(
          {
            type: 'summary',
            command: 'init',
            config: path,
            vault: plan.vaultPath,
            indexIdentity: made.indexIdentity,
            recipients: made.recipients,
            escrow: plan.escrow,
          },
          [
            `wrote ${path}`,
            `wrote ${made.indexIdentity} (key of this host; it opens no content)`,
            `created the vault ${plan.vaultPath} for ${made.recipients.length} recipients`,
            `A lost key is a lost vault: nobody, we included, can open it without one of the secret keys${plan.escrow.length > 0 ? ` in ${secrets}` : ' of the recipients'}.`,
            'next: add a source to the configuration, then: fallreep doctor && fallreep backup',
          ].join('\n'),
        )
        return exitCodes.done
      }),
    )

interface Answers {
  readonly vault: string
  readonly organisation: string | undefined
  readonly recipients: readonly string[]
  readonly escrow: readonly string[]
}

/** Flags answer; what they leave open is asked on a terminal and refused without one. */
async function answersOf(session: Session, { vault, organisation, recipient = [], escrow = [] }: Options): Promise<Answers> {
  const enough = recipient.length + escrow.length >= 2
  if (vault !== undefined && enough) return { vault, organisation, recipients: recipient, escrow }
  if (session.streams.inIsTty && session.streams.errIsTty && session.globals.json !== true) {
    const { ask } = await import('../ask.ts')
    return ask({ vault, organisation, recipients: recipient, escrow })
  }
  const missing = [
    ...(vault === undefined ? ['--vault DIRECTORY'] : []),
    ...(enough ? [] : ['--recipient age1… twice (or --escrow FILE twice, for new keys)']),
  ]
  throw new Fault({
    code: 'usage',
    what: 'There is no terminal to ask on, and flags are missing',
    why: missing.join(', '),
    remedy: 'Give them, or run fallreep init on a terminal',
  })
}
