import { Refusal, tooMany } from './refusal.ts'
import type { UserRow } from './rows.ts'
import type { World } from './world.ts'

/** How often somebody did something within a window, by the world's clock. */
class Window {
  readonly #times: number[] = []
  take(now: number, spanMs: number, most: number): boolean {
    while (this.#times[0] !== undefined && this.#times[0] <= now - spanMs) this.#times.shift()
    if (this.#times.length >= most) return false
    this.#times.push(now)
    return true
  }
}

/**
 * Rate limits of an instance, read from its settings at each request; 0 is none. Notes, issues and imports: so many a minute and person, answered
 * with JSON and no Retry-After; the whole API: so many in a period, answered with text and Retry-After
 * (doc/administration/settings/rate_limit_on_notes_creation.md, .../user_and_ip_rate_limits.md, read 2026-11-25).
 */
export class Limits {
  readonly #world: World
  readonly #windows = new Map<string, Window>()
  /** Requests that were refused, by limit. */
  readonly refused = new Map<string, number>()
  constructor(world: World) {
    this.#world = world
  }
  #take(limit: string, user: UserRow, most: number, spanMs: number): boolean {
    if (most <= 0) return true
    const key = `${limit} ${user.id}`
    const window = this.#windows.get(key) ?? new Window()
    this.#windows.set(key, window)
    const free = window.take(this.#world.nowMs(), spanMs, most)
    if (!free) this.refused.set(limit, (this.refused.get(limit) ?? 0) + 1)
    return free
  }
  #setting(name: string): number {
    return Number(this.#world.settings[name] ?? 0)
  }
  api(user: UserRow): void {
    if (this.#world.settings['throttle_authenticated_api_enabled'] !== true) return
    const seconds = this.#setting('throttle_authenticated_api_period_in_seconds')
    if (this.#take('api', user, this.#setting('throttle_authenticated_api_requests_per_period'), seconds * 1000)) return
    throw new Refusal(429, 'Retry later\n', { 'retry-after': String(seconds), 'ratelimit-remaining': '0' })
  }
  note(user: UserRow): void {
    const exempt = this.#world.settings['notes_create_limit_allowlist']
    if (Array.isArray(exempt) && exempt.includes(user.username)) return
    if (!this.#take('notes', user, this.#setting('notes_create_limit'), 60_000)) throw tooMany()
  }
  issue(user: UserRow): void {
    if (!this.#take('issues', user, this.#setting('issues_create_limit'), 60_000)) throw tooMany()
  }
  projectImport(user: UserRow): void {
    if (!this.#take('imports', user, this.#setting('project_import_limit'), 60_000)) throw tooMany()
  }
}
