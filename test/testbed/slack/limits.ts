/** Calls a minute that Slack promises per method, workspace and app. Read 2026-11-23: https://docs.slack.dev/apis/web-api/rate-limits */
export const TIERS = { 1: 1, 2: 20, 3: 50, 4: 100, special: 600 } as const
export type Tier = keyof typeof TIERS

export interface LimitOptions {
  /** Milliseconds; tests hand in a virtual clock. */
  readonly now: () => number
  /** `generous` never refuses; `published` allows exactly what the tiers promise. */
  readonly tiers: 'generous' | 'published'
  /** `distributed`: an unapproved app sold outside the Marketplace: 1 call of history and replies a minute, 15 objects each. */
  readonly app: 'internal' | 'distributed'
}

/** At most so many calls of each method in any 60 seconds. Every refusal is a violation that a polite client never commits. */
export class Limits {
  readonly #options: LimitOptions
  readonly #recent = new Map<string, number[]>()
  readonly violations: { readonly method: string; readonly atMs: number }[] = []
  constructor(options: LimitOptions) {
    this.#options = options
  }
  get distributed(): boolean {
    return this.#options.app === 'distributed'
  }
  /** Calls a minute, undefined when nothing is enforced. */
  allowance(method: string, tier: Tier): number | undefined {
    if (this.distributed && (method === 'conversations.history' || method === 'conversations.replies')) return 1
    return this.#options.tiers === 'published' ? TIERS[tier] : undefined
  }
  /** Seconds to wait, or undefined when the call is allowed and counted. A refused call does not count against the next minute. */
  take(method: string, tier: Tier): number | undefined {
    const allowed = this.allowance(method, tier)
    if (allowed === undefined) return undefined
    const now = this.#options.now()
    const recent = (this.#recent.get(method) ?? []).filter((at) => at > now - 60_000)
    this.#recent.set(method, recent)
    if (recent.length < allowed) {
      recent.push(now)
      return undefined
    }
    this.violations.push({ method, atMs: now })
    return Math.max(1, Math.ceil(((recent[0] ?? now) + 60_000 - now) / 1000))
  }
}
