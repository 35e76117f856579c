/** How a command ended. */
export interface Outcome {
  readonly command: string
  /** Source or target it was about. */
  readonly subject: string
  readonly exitCode: number
  /** What `--json` prints last; holds counts and ids, no text of anybody. */
  readonly summary: object
}
/** Tells somebody elsewhere. A notifier may fail; that never changes what the command did or how it exits. */
export interface Notifier {
  readonly name: string
  started(command: string, subject: string, signal: AbortSignal): Promise<void>
  finished(outcome: Outcome, signal: AbortSignal): Promise<void>
}
