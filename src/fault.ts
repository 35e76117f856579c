/**
 * The one class thrown on purpose. `main.ts` maps the code to an exit code; anything else is our bug and prints a stack.
 * - `usage`, `config`: the person can fix it at the keyboard · `auth`, `permission`: a token or a scope · `wrong-key`: this key opens nothing here
 * - `gone`: it does not exist any more · `throttled`, `unavailable`: later it may work · `conflict`: somebody else changed it
 * - `corrupt`: bytes are not what their name says · `locked`: another process has it · `no-vault`: nothing there yet · `cancelled`: the person said stop
 */
export type FaultCode =
  | 'usage'
  | 'config'
  | 'auth'
  | 'permission'
  | 'wrong-key'
  | 'gone'
  | 'throttled'
  | 'unavailable'
  | 'conflict'
  | 'corrupt'
  | 'rejected'
  | 'locked'
  | 'no-vault'
  | 'cancelled'
export type Retry = { readonly type: 'never' } | { readonly type: 'backoff' } | { readonly type: 'after'; readonly ms: number }
export interface FaultInit {
  readonly code: FaultCode
  /** What failed, in one sentence without a full stop. */
  readonly what: string
  readonly why?: string | undefined
  /** What the person should do next. */
  readonly remedy?: string | undefined
  readonly retry?: Retry | undefined
  readonly cause?: unknown
}
export class Fault extends Error {
  override readonly name: string = 'Fault'
  readonly code: FaultCode
  readonly what: string
  readonly why: string | undefined
  readonly remedy: string | undefined
  readonly retry: Retry
  constructor({ code, what, why, remedy, retry = { type: 'never' }, cause }: FaultInit) {
    super(why === undefined ? what : `${what}: ${why}`, { cause })
    this.code = code
    this.what = what
    this.why = why
    this.remedy = remedy
    this.retry = retry
  }
}

/** The Fault inside an error's chain of causes, if there is one. */
export function faultIn(error: unknown): Fault | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof Fault) return at
  return undefined
}
