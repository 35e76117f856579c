import type { FaultCode } from '../fault.ts'

/** New codes may come; a code not in this table means failure. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  partial: 3,
  auth: 4,
  differences: 5,
  noVault: 10,
  locked: 11,
  wrongKey: 12,
  temporary: 75,
  interrupted: 130,
  terminated: 143,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [0, 'done'],
  [1, 'failed (also: doctor or verify found something broken)'],
  [2, 'wrong usage or configuration'],
  [3, 'done, but partial: some items failed, the rest is safe'],
  [4, 'authentication or permission'],
  [5, 'verification found differences that nothing explains'],
  [10, 'no vault there'],
  [11, 'locked by another process'],
  [12, 'wrong key'],
  [75, 'temporary: run the same command again later'],
  [130, 'interrupted (Ctrl-C), checkpoint saved'],
  [143, 'terminated (SIGTERM), checkpoint saved'],
]

const codes: Readonly<Record<FaultCode, ExitCode>> = {
  usage: exitCodes.usage,
  config: exitCodes.usage,
  auth: exitCodes.auth,
  permission: exitCodes.auth,
  'wrong-key': exitCodes.wrongKey,
  gone: exitCodes.failed,
  throttled: exitCodes.temporary,
  unavailable: exitCodes.temporary,
  conflict: exitCodes.failed,
  corrupt: exitCodes.failed,
  rejected: exitCodes.failed,
  locked: exitCodes.locked,
  'no-vault': exitCodes.noVault,
  cancelled: exitCodes.interrupted,
}
export const exitCodeOf = (code: FaultCode): ExitCode => codes[code]

/** What to leave with when several things were done: the gravest. */
export function worstOf(codes: readonly ExitCode[]): ExitCode {
  const gravest: readonly ExitCode[] = [143, 130, 1, 2, 4, 12, 10, 11, 5, 75, 3]
  return gravest.find((code) => codes.includes(code)) ?? exitCodes.done
}
