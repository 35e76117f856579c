import type { Sample } from '../observe/metrics.ts'
import { notifiersOf, tellFinished, tellStarted } from '../observe/notify/notifiers.ts'
import { exitCodes, type ExitCode } from './exit-code.ts'
import { failureOf } from './failure.ts'
import { writeRunMetrics } from './metrics.ts'
import type { Session } from './session.ts'

export interface Done {
  readonly code: ExitCode
  readonly summary: object
  readonly samples: readonly Sample[]
}

/** Runs one journey with notifications and metrics around it. What it throws is told to them and thrown on; what they throw is only told. */
export async function noticed(command: string, subject: string, session: Session, journey: () => Promise<Done>): Promise<ExitCode> {
  const { config } = await session.config()
  const notifiers = notifiersOf(config, fetch)
  const warn = (text: string): void => session.output.note(text)
  const fromMs = performance.now()
  await tellStarted(notifiers, command, subject, warn)
  let done: Done = { code: exitCodes.failed, summary: {}, samples: [] }
  try {
    done = await journey()
    return done.code
  } catch (error) {
    const { code, exitCode, what } = failureOf(error, { run: session.run, position: undefined, resume: undefined, signal: session.signal })
    done = { code: exitCode, summary: { type: 'exit-error', code, what, run: session.run }, samples: [] }
    throw error
  } finally {
    await tellFinished(notifiers, { command, subject, exitCode: done.code, summary: done.summary }, warn)
    if (config.metrics !== undefined) {
      const seconds = (performance.now() - fromMs) / 1000
      const measured = { command, subject, exitCode: done.code, seconds, samples: done.samples }
      await writeRunMetrics(config.metrics, config.stateDir, measured, Date.now()).catch((error: unknown) =>
        warn(`could not write metrics: ${error instanceof Error ? error.message : String(error)}`),
      )
    }
  }
}
