import type { QuotaNeed, RateLimit } from '../../src/contract/ports.ts'

const minute = 60_000
const hour = 60 * minute
const rest = 'https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api (read 2026-11-25)'
const graphql = 'https://docs.github.com/en/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api (read 2026-11-25)'

/**
 * GitHub's budgets of one token or installation. Installations of Apps in large organisations get up to 12,500 an hour, those of Enterprise
 * Cloud 15,000: `doctor` shows what GitHub says, and the configuration's `limits:` may then say so (`rest.hour: { requests: 12500 }`).
 */
export const limits: Readonly<Record<string, RateLimit>> = {
  'rest.hour': { concurrency: 90, requests: 5_000, perMs: hour, source: `${rest}: 5,000 requests an hour` },
  'rest.minute': { concurrency: 90, requests: 900, perMs: minute, source: `${rest}: 900 points a minute, a GET is one` },
  'graphql.hour': { concurrency: 90, requests: 5_000, perMs: hour, source: `${graphql}: 5,000 points an hour` },
  'graphql.minute': { concurrency: 90, requests: 2_000, perMs: minute, source: `${graphql}: 2,000 points a minute, a query is one` },
  connections: { concurrency: 90, requests: 100_000, perMs: minute, source: `${rest}: 100 at once, REST and GraphQL together` },
  tokens: { concurrency: 2, requests: 2_000, perMs: hour, source: `${rest}: 2,000 requests for tokens an hour` },
  git: { concurrency: 6, requests: 900, perMs: minute, source: 'GitHub publishes none for git; ours, kept low (2026-11-25)' },
  files: { concurrency: 6, requests: 900, perMs: minute, source: 'GitHub publishes none for files; ours, kept low (2026-11-25)' },
}

/** Says what a GraphQL query costs; only our own limiter reads it, GitHub passes over it. */
export const pointsHeader = 'x-fallreep-points'

/** The budgets a request draws on, by its address and that header. */
export function quotaOf(request: Request): readonly QuotaNeed[] {
  const { pathname } = new URL(request.url)
  if (/\/graphql$/.test(pathname)) {
    const points = Number(request.headers.get(pointsHeader) ?? 1)
    return [
      { key: 'graphql.hour', cost: points },
      { key: 'graphql.minute', cost: 1 },
      { key: 'connections', cost: 1 },
    ]
  }
  if (pathname.endsWith('/access_tokens')) return [{ key: 'tokens', cost: 1 }]
  if (/\/(?:git-upload-pack|info\/refs|info\/lfs\/.*|lfs\/.*)$/.test(pathname)) return [{ key: 'git', cost: 1 }]
  if (isApi(pathname))
    return [
      { key: 'rest.hour', cost: 1 },
      { key: 'rest.minute', cost: 1 },
      { key: 'connections', cost: 1 },
    ]
  return [{ key: 'files', cost: 1 }]
}

const isApi = (pathname: string): boolean =>
  /^(?:\/api\/v3)?\/(?:repos|repositories|orgs|organizations|users?|app|installation|teams?|rate_limit|meta|markdown|projectsV2)(?:\/|$)/.test(
    pathname,
  )
