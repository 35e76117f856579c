import { Refusal } from './refusal.ts'

export interface QuotaOptions {
  /** Milliseconds; tests hand in a virtual clock. */
  readonly now: () => number
  /** `generous` never refuses; `published` allows what Google promises to new projects. */
  readonly quota: 'generous' | 'published'
  /** How the refusal comes: Google uses both for the same thing. */
  readonly refusal: 403 | 429
}

/** Units a minute and user, by API. Gmail: https://developers.google.com/workspace/gmail/api/reference/quota (read 2026-11-25). */
const PER_USER: Readonly<Record<string, number>> = { gmail: 6_000, directory: 2_400, calendar: 600, people: 90, tasks: 300 }
const PER_PROJECT: Readonly<Record<string, number>> = { gmail: 1_200_000 }

/** At most so many units in any 60 seconds. Every refusal is a violation that a polite client never commits. */
export class Quota {
  readonly #options: QuotaOptions
  readonly #windows = new Map<string, { at: number; units: number }[]>()
  readonly violations: { readonly key: string; readonly atMs: number }[] = []
  /** Units spent since the start, by API. */
  readonly spent: Record<string, number> = {}
  constructor(options: QuotaOptions) {
    this.#options = options
  }
  /** @throws Refusal when the minute is used up */
  take(api: string, user: string, units: number): void {
    this.spent[api] = (this.spent[api] ?? 0) + units
    if (this.#options.quota === 'generous') return
    this.#draw(`${api} ${user}`, units, PER_USER[api], 'userRateLimitExceeded')
    this.#draw(api, units, PER_PROJECT[api], 'rateLimitExceeded')
  }
  #draw(key: string, units: number, most: number | undefined, reason: string): void {
    if (most === undefined) return
    const now = this.#options.now()
    const window = this.#windows.get(key) ?? []
    this.#windows.set(key, window)
    while (window[0] !== undefined && window[0].at <= now - 60_000) window.shift()
    const used = window.reduce((sum, spend) => sum + spend.units, 0)
    if (used + units <= most) return void window.push({ at: now, units })
    this.violations.push({ key, atMs: now })
    throw new Refusal(this.#options.refusal, reason, 'Quota exceeded for quota metric, limit and consumer of this project.')
  }
}
