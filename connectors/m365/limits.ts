import type { QuotaNeed, RateLimit } from '../../src/contract/ports.ts'

const page = 'https://learn.microsoft.com/graph/throttling-limits (read 2026-11-25)'

/**
 * Microsoft's budgets. `outlook/P` is one mailbox: mail, calendars, contacts and To Do draw on the same four connections and the same
 * 10,000 requests in ten minutes. A request inside `$batch` counts like one outside. The limit of a whole app, 130,000 requests in ten
 * seconds, is not among them: nobody gets there, and a budget that all mailboxes share would make all of them wait when one is throttled.
 */
export const limits: Readonly<Record<string, RateLimit>> = {
  outlook: { concurrency: 4, requests: 10_000, perMs: 600_000, source: `${page}: per app and mailbox` },
  directory: {
    concurrency: 4,
    requests: 3_500,
    perMs: 10_000,
    source: `${page}: resource units per app and tenant, smallest tenants; one listing is up to 5 units`,
  },
  planner: { concurrency: 4, requests: 3_000, perMs: 60_000, source: 'Microsoft publishes none for Planner; ours, kept low (2026-11-25)' },
  token: { concurrency: 2, requests: 60, perMs: 60_000, source: 'Microsoft publishes none for tokens; ours, kept low (2026-11-25)' },
}

/** What one listing of people, groups or members costs at most. */
const directoryUnits = 5
const batchSize = 20

/**
 * The budgets a request draws on, by its address alone. Graph's own links write `users('ID')` where we write `users/ID`. A batch is only
 * ever made of directory requests, so it costs as many of those.
 */
export function quotaOf(request: Request): readonly QuotaNeed[] {
  const { pathname } = new URL(request.url)
  if (pathname.endsWith('/oauth2/v2.0/token')) return [{ key: 'token', cost: 1 }]
  const parts = pathname.replaceAll(/\('([^']*)'\)/g, '/$1').split('/')
  const from = parts.findIndex((part) => collections.has(part.toLowerCase()))
  const [collection = '', id, service = ''] = parts.slice(from === -1 ? parts.length : from).map((part) => decodeURIComponent(part))
  switch (collection.toLowerCase()) {
    case '$batch':
      return [{ key: 'directory', cost: directoryUnits * batchSize }]
    case 'planner':
      return [{ key: 'planner', cost: 1 }]
    case 'users':
      if (id === undefined || service === '') return [{ key: 'directory', cost: directoryUnits }]
      return [{ key: `outlook/${id.toLowerCase()}`, cost: 1 }]
    case 'groups':
      return [service.toLowerCase() === 'planner' ? { key: 'planner', cost: 1 } : { key: 'directory', cost: directoryUnits }]
    default:
      return []
  }
}

const collections = new Set(['$batch', 'planner', 'users', 'groups'])
