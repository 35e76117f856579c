import { faultIn, type FaultCode } from '../fault.ts'
import { redactText } from '../http/redact.ts'
import { exitCodeOf, exitCodes, type ExitCode } from './exit-code.ts'

/** An error as it is shown: what, why, next, and the state we are in. */
export interface FailureReport {
  readonly code: FaultCode | 'defect'
  readonly exitCode: ExitCode
  readonly what: string
  readonly why: string | undefined
  readonly remedy: string | undefined
  readonly state: string | undefined
  readonly run: string
  /** Only for defects: where it happened. */
  readonly stack: string | undefined
}

/** Reason of the abort signal when a person or the system says stop. */
export class Interrupted extends Error {
  readonly exitCode: ExitCode
  constructor(signal: 'SIGINT' | 'SIGTERM') {
    super(`stopped by ${signal}`)
    this.exitCode = signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated
  }
}

/** `resume`: the command that continues, if the failed one leaves something to continue. */
export function failureOf(
  error: unknown,
  context: {
    readonly run: string
    readonly position: string | undefined
    readonly resume: string | undefined
    readonly signal: AbortSignal
  },
): FailureReport {
  const again = context.resume === undefined ? undefined : `rerun \`${context.resume}\` to continue`
  const state = [context.position, again].filter((part) => part !== undefined).join('; ') || undefined
  const reason: unknown = context.signal.reason
  if (context.signal.aborted && reason instanceof Interrupted) {
    const saved = context.resume === undefined ? 'nothing was left half done' : 'checkpoint saved'
    return {
      code: 'cancelled',
      exitCode: reason.exitCode,
      what: `${capital(reason.message)}, ${saved}`,
      why: undefined,
      remedy: context.resume,
      state,
      run: context.run,
      stack: undefined,
    }
  }
  const fault = faultIn(error)
  if (fault !== undefined)
    return {
      code: fault.code,
      exitCode: exitCodeOf(fault.code),
      what: fault.what,
      why: fault.why,
      remedy: fault.remedy,
      state,
      run: context.run,
      stack: undefined,
    }
  const [what, stack] =
    error instanceof Error ? [redactText(error.message), redactText(error.stack ?? '')] : [redactText(String(error)), undefined]
  return {
    code: 'defect',
    exitCode: exitCodes.failed,
    what: `This is a defect of fallreep: ${what}`,
    why: undefined,
    remedy: 'Please report it with the lines below',
    state,
    run: context.run,
    stack,
  }
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
