/** Read 2026-11-25: https://learn.microsoft.com/graph/throttling-limits */
export const MAILBOX_CONCURRENCY = 4
export const MAILBOX_REQUESTS = 10_000
const WINDOW_MS = 600_000

export interface Violation {
  readonly mailbox: string
  readonly what: 'concurrency' | 'rate'
  readonly atMs: number
}
export type Refused = { readonly message: string; readonly retryAfterS: number }

/** What one app may ask of one mailbox. Every refusal is a violation that a polite client never commits. */
export class MailboxLimits {
  readonly #now: () => number
  readonly #strict: boolean
  readonly #open = new Map<string, number>()
  readonly #spent = new Map<string, number[]>()
  readonly violations: Violation[] = []
  /** The most requests that were under way at one mailbox at a time. */
  peak = 0
  readonly #requests: number
  constructor(now: () => number, strict: boolean, requests = MAILBOX_REQUESTS) {
    this.#now = now
    this.#strict = strict
    this.#requests = requests
  }
  /** Counts a request, or says why it is refused. A taken place is given back by `leave`. */
  enter(mailbox: string): Refused | undefined {
    const now = this.#now()
    const open = this.#open.get(mailbox) ?? 0
    const spent = (this.#spent.get(mailbox) ?? []).filter((at) => at > now - WINDOW_MS)
    this.#spent.set(mailbox, spent)
    if (this.#strict && open >= MAILBOX_CONCURRENCY) {
      this.violations.push({ mailbox, what: 'concurrency', atMs: now })
      return { message: 'Application is over its MailboxConcurrency limit.', retryAfterS: 1 }
    }
    if (this.#strict && spent.length >= this.#requests) {
      this.violations.push({ mailbox, what: 'rate', atMs: now })
      return { message: 'Application is over its RequestRate limit.', retryAfterS: Math.ceil(((spent[0] ?? now) + WINDOW_MS - now) / 1000) }
    }
    spent.push(now)
    this.#open.set(mailbox, open + 1)
    this.peak = Math.max(this.peak, open + 1)
    return undefined
  }
  leave(mailbox: string): void {
    this.#open.set(mailbox, (this.#open.get(mailbox) ?? 1) - 1)
  }
}
