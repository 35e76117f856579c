import { Command, CommanderError, Option } from 'commander'
import { actor, toolName } from './act.ts'
import { commands, type Entry } from './commands.ts'
import { exitCodeMeanings, exitCodes, type ExitCode } from './exit-code.ts'
import type { Act } from './session.ts'

const examples = `Examples:
  fallreep backup acme-slack                 every night: what changed since the last time
  fallreep rehearse acme-slack --to chat     the real import into a throw-away team, verified and timed
`
const exitCodeHelp = `\nExit codes:\n${exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}`

/** The command tree with everything behind it, for documents and completions. */
export const wholeProgram = (act: Act): Promise<Command> => buildProgram(act, () => true)

/** Commands that are not wanted are listed and stay empty, so that help starts at once. */
async function buildProgram(act: Act, wanted: (entry: Entry) => boolean): Promise<Command> {
  const program = new Command('fallreep')
    .description('Gets an organisation out of a cloud service and into systems it runs itself: backup, rehearsal, cutover, each verified.')
    .version(toolName(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .option('-c, --config <file>', 'configuration file')
    .option('--json', 'NDJSON on stdout, type first')
    .option('-n, --dry-run', 'say what would be done, write nothing')
    .option('-q, --quiet', 'results and errors only')
    .addOption(
      new Option('-v, --verbose', 'tell more; -vv: every request').argParser((_: string, before: number) => before + 1).default(0, 'no'),
    )
    .addOption(new Option('--log-format <format>', 'log on stderr').choices(['text', 'json']))
    .addOption(new Option('--color <when>', 'colours').choices(['auto', 'always', 'never']).default('auto'))
    .addOption(new Option('--lang <language>', 'language of reports').choices(['en', 'de']))
    .addHelpText('beforeAll', (context) => (context.command.parent === null ? examples : ''))
    .addHelpText('afterAll', exitCodeHelp)
    .configureHelp({ subcommandTerm: (command) => [command.name(), operandsOf(command.name())].filter((part) => part !== '').join(' ') })
    .showSuggestionAfterError()
    .exitOverride()
  for (const entry of commands) {
    const command = new Command(entry.name).summary(entry.summary).description(entry.summary).helpGroup(entry.group)
    if (entry.operands !== '') command.arguments(entry.operands)
    if (wanted(entry)) (await entry.load()).configure(command, act)
    program.addCommand(inheriting(command, program))
  }
  return program
}

const operandsOf = (name: string): string => commands.find((entry) => entry.name === name)?.operands ?? ''

/** What commander hands down only to commands that it made itself. */
function inheriting(command: Command, from: Command): Command {
  command.copyInheritedSettings(from)
  for (const child of command.commands) inheriting(child, command)
  return command
}

/** Parses, runs, answers the exit code. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done
  try {
    const program = await buildProgram(
      actor((settled) => (code = settled)),
      ({ name }) => argv.includes(name),
    )
    if (argv.length <= 2) program.help({ error: true })
    await program.parseAsync(argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    // Commander has printed the help or the mistake already.
    if (error.exitCode !== 0 || error.code === 'commander.help') code = exitCodes.usage
  }
  return code
}
