import type { Grant } from './auth.ts'

/** Read 2026-11-25: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api and the GraphQL page beside it. */
export const CONCURRENT = 100
export const REST_POINTS_A_MINUTE = 900
export const GRAPHQL_POINTS_A_MINUTE = 2000
const HOUR_MS = 3_600_000

export type Bucket = 'core' | 'graphql'
export interface Refused {
  readonly status: 403 | 429
  readonly message: string
  readonly headers: Readonly<Record<string, string>>
}
export interface Violation {
  readonly what: 'primary' | 'points' | 'concurrent'
  readonly bucket: Bucket
  readonly atMs: number
}
interface Window {
  used: number
  exhausted: boolean
  readonly resetMs: number
}
export interface LimitOptions {
  readonly now: () => number
  /** `published`: refuses what GitHub refuses. `generous`: counts only. */
  readonly mode: 'published' | 'generous'
  /** Requests (or points) an hour; default: GitHub's for the kind of token. */
  readonly hourly?: number
}

/** What one token may ask in an hour, and everybody in a minute. */
export class Limits {
  readonly #options: LimitOptions
  readonly #windows = new Map<string, Window>()
  readonly #recent: Record<Bucket, { at: number; points: number }[]> = { core: [], graphql: [] }
  readonly violations: Violation[] = []
  readonly spent: Record<Bucket, number> = { core: 0, graphql: 0 }
  #open = 0
  /** The most requests that were under way at a time. */
  peak = 0
  constructor(options: LimitOptions) {
    this.#options = options
  }
  hourly({ kind }: Grant, bucket: Bucket): number {
    if (this.#options.hourly !== undefined) return this.#options.hourly
    return kind === 'app' ? (bucket === 'core' ? 12_500 : 10_000) : kind === 'oauth' ? 15_000 : 5000
  }
  /** Takes a place among the requests under way. */
  enter(bucket: Bucket): Refused | undefined {
    if (this.#options.mode === 'published' && this.#open >= CONCURRENT) return this.#secondary('concurrent', bucket)
    this.#open += 1
    this.peak = Math.max(this.peak, this.#open)
    return undefined
  }
  leave(): void {
    this.#open -= 1
  }
  /** Spends, or says why not. `minute` counts against everybody's minute, `hour` against the token's hour. */
  take(grant: Grant, bucket: Bucket, hour: number, minute: number): Refused | undefined {
    const now = this.#options.now()
    const window = this.#window(grant, bucket)
    const limit = this.hourly(grant, bucket)
    if (window.exhausted || (this.#options.mode === 'published' && window.used + hour > limit)) {
      this.violations.push({ what: 'primary', bucket, atMs: now })
      return {
        status: 403,
        message: `API rate limit exceeded for ${grant.person === undefined ? 'installation' : 'user'} ID 1.`,
        headers: {},
      }
    }
    if (this.#options.mode === 'published') {
      const recent = this.#recent[bucket].filter(({ at }) => at > now - 60_000)
      this.#recent[bucket] = recent
      const most = bucket === 'core' ? REST_POINTS_A_MINUTE : GRAPHQL_POINTS_A_MINUTE
      if (recent.reduce((sum, { points }) => sum + points, 0) + minute > most) return this.#secondary('points', bucket)
      recent.push({ at: now, points: minute })
    }
    window.used += hour
    this.spent[bucket] += hour
    return undefined
  }
  headers(grant: Grant, bucket: Bucket): Record<string, string> {
    const { used, resetMs } = this.#window(grant, bucket)
    const limit = this.hourly(grant, bucket)
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(Math.max(0, limit - used)),
      'x-ratelimit-used': String(used),
      'x-ratelimit-reset': String(Math.ceil(resetMs / 1000)),
      'x-ratelimit-resource': bucket,
    }
  }
  state(grant: Grant, bucket: Bucket): { limit: number; used: number; remaining: number; reset: number } {
    const { used, resetMs } = this.#window(grant, bucket)
    const limit = this.hourly(grant, bucket)
    return { limit, used, remaining: Math.max(0, limit - used), reset: Math.ceil(resetMs / 1000) }
  }
  /** The whole hour is spent: the next request meets the primary limit in every mode. */
  exhaust(grant: Grant, bucket: Bucket): void {
    const window = this.#window(grant, bucket)
    window.used = this.hourly(grant, bucket)
    window.exhausted = true
  }
  /** 304 costs nothing. */
  refund(grant: Grant, bucket: Bucket): void {
    this.#window(grant, bucket).used -= 1
    this.spent[bucket] -= 1
  }
  #window({ token, kind }: Grant, bucket: Bucket): Window {
    // Tokens of one installation share their hour.
    const key = `${kind === 'app' ? 'installation' : token} ${bucket}`
    const now = this.#options.now()
    const found = this.#windows.get(key)
    if (found !== undefined && found.resetMs > now) return found
    const made = { used: 0, exhausted: false, resetMs: now + HOUR_MS }
    this.#windows.set(key, made)
    return made
  }
  #secondary(what: 'points' | 'concurrent', bucket: Bucket): Refused {
    this.violations.push({ what, bucket, atMs: this.#options.now() })
    return {
      status: 403,
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      headers: { 'retry-after': '60' },
    }
  }
}
