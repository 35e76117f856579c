import type { LoadedConfig } from '../config/load.ts'
import type { ExitCode } from './exit-code.ts'
import { failureOf, Interrupted } from './failure.ts'
import { jsonOutput } from './render/json.ts'
import { textOutput } from './render/text.ts'
import { ulid } from './run-id.ts'
import type { Globals, Session } from './session.ts'
import { watchSignals } from './signals.ts'
import { processStreams } from './streams.ts'

/** One command from its options to its exit code: session, signals and errors around `body`. */
export async function runBody(globals: Globals, tool: string, body: (session: Session) => Promise<ExitCode>): Promise<ExitCode> {
  const streams = processStreams(globals.color)
  const now = (): number => performance.now()
  const framesPerSecond = Math.max(0, Math.min(60, Number(process.env['FALLREEP_PROGRESS_FPS'] ?? 10) || 0))
  using output =
    globals.json === true
      ? jsonOutput(streams, now)
      : textOutput(streams, { quiet: globals.quiet === true, verbose: globals.verbose > 0, framesPerSecond, now })
  using signals = watchSignals(
    () => streams.err(`${output.position()}\n`),
    (text) => output.note(text),
  )
  const { signal } = signals
  let resume: string | undefined
  let loaded: Promise<LoadedConfig> | undefined
  const session: Session = {
    globals,
    streams,
    output,
    env: process.env,
    cwd: process.cwd(),
    signal,
    run: ulid(new Date()),
    tool,
    config: () => (loaded ??= configOf(globals)),
    resumeWith: (command) => {
      resume = command
    },
  }
  try {
    return await body(session)
  } catch (error) {
    const position = resume === undefined ? undefined : output.position()
    const report = failureOf(error, { run: session.run, position, resume, signal })
    output.failure(report)
    return signal.aborted && signal.reason instanceof Interrupted ? signal.reason.exitCode : report.exitCode
  }
}

async function configOf({ config, lang, logFormat }: Globals): Promise<LoadedConfig> {
  const { loadConfig } = await import('../config/load.ts')
  return loadConfig({ path: config, env: process.env, cwd: process.cwd(), flags: { lang, 'log.format': logFormat } })
}
