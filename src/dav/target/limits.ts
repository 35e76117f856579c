import type { QuotaNeed, RateLimit } from '../../contract/ports.ts'

const source = 'The customer runs the server; no limit is known beforehand (read 2026-11-25)'
/**
 * Budgets, to be lowered under `limits:`. `places` is the making of calendars and address books of one person, of which Nextcloud allows ten an
 * hour where it has a memory cache (apps/dav RateLimitingPlugin, 29.0.6).
 */
export const davLimits: Readonly<Record<string, RateLimit>> = {
  api: { concurrency: 16, requests: 100_000, perMs: 60_000, source },
  places: { concurrency: 1, requests: 10_000, perMs: 3_600_000, source },
}

/** How many places a person may have on Nextcloud, and the setting of the app `dav` that says so (29.0.6, whose spelling this is). */
export const nextcloudLimits = {
  calendar: { places: 30, setting: 'maximumCalendarsSubscriptions' },
  addressbook: { places: 10, setting: 'maximumAdressbooks' },
} as const

export function davQuotaOf({ method, url }: Request): readonly QuotaNeed[] {
  const api = { key: 'api', cost: 1 }
  if (method !== 'MKCALENDAR' && method !== 'MKCOL') return [api]
  const home = new URL(url).pathname.split('/').slice(0, -2).join('/')
  return [api, { key: `places${home}`, cost: 1 }]
}
