import type { QuotaNeed, RateLimit } from '../../src/contract/ports.ts'

const minute = 60_000
const gmailPage =
  'https://developers.google.com/workspace/gmail/api/reference/quota (projects made since 2026-05-01, read 2026-11-25): 6,000 units a minute and user, 1,200,000 a minute and project'
const calendarPage =
  'https://developers.google.com/workspace/calendar/api/guides/quota (read 2026-11-25): 600 a minute and user, 10,000 a minute and project'
const directoryPage = 'https://developers.google.com/workspace/admin/directory/v1/limits (read 2026-11-25): 2,400 a minute and user'
const console = (numbers: string): string => `Google shows it in the Cloud console only; ours, kept low: ${numbers} (2026-11-25)`
const tasksPage =
  'https://developers.google.com/workspace/tasks/limits (read 2026-11-25): 50,000 a day and project; a minute and user is ours, kept low'

/**
 * Google's budgets for a Cloud project of the customer's own, as new projects get them. An older project has more; the configuration's
 * `limits:` says so (`gmail.user: { requests: 60000 }` for 15,000 old units, in which messages.get cost 5 and not 20).
 * A person's budget is named after the person: `gmail.user/ada@acme.example`, `calendar.user/108…`.
 */
export const limits: Readonly<Record<string, RateLimit>> = {
  'gmail.user': { concurrency: 10, requests: 6_000, perMs: minute, source: gmailPage },
  'gmail.project': { concurrency: 400, requests: 1_200_000, perMs: minute, source: gmailPage },
  'calendar.user': { concurrency: 4, requests: 600, perMs: minute, source: calendarPage },
  'calendar.project': { concurrency: 60, requests: 10_000, perMs: minute, source: calendarPage },
  'people.user': { concurrency: 2, requests: 90, perMs: minute, source: console('90 a minute and user') },
  'tasks.user': { concurrency: 4, requests: 300, perMs: minute, source: tasksPage },
  directory: { concurrency: 8, requests: 2_400, perMs: minute, source: directoryPage },
  photos: { concurrency: 4, requests: 600, perMs: minute, source: 'Google publishes none for pictures; ours, kept low (2026-11-25)' },
  token: { concurrency: 8, requests: 1_200, perMs: minute, source: 'Google publishes none for tokens; ours, kept low (2026-11-25)' },
}

/**
 * Units by method, the longest beginning that fits. `messages.get` costs 20 since May 2026 (before: 5), whatever its format.
 * Read 2026-11-25: the page above, and as quoted by https://developer.nylas.com/docs/cookbook/email/gmail-api-quotas/.
 */
const gmailCosts: readonly (readonly [string, number])[] = [
  ['messages/', 20],
  ['messages', 5],
  ['history', 2],
  ['labels', 1],
  ['profile', 1],
  ['settings/', 1],
]

const gmailPath = /\/gmail\/v1\/users\/([^/]+)\/([a-zA-Z]+\/?)/
const others: readonly (readonly [path: RegExp, person: string, project?: string])[] = [
  [/\/calendar\/v3\//, 'calendar.user', 'calendar.project'],
  [/\/v1\/(?:people|contactGroups|otherContacts)\b/, 'people.user'],
  [/\/tasks\/v1\//, 'tasks.user'],
]

/** The budgets a request draws on, by its address alone. */
export function quotaOf(request: Request): readonly QuotaNeed[] {
  const { pathname, searchParams, hostname } = new URL(request.url)
  const [, user, method] = gmailPath.exec(pathname) ?? []
  if (user !== undefined && method !== undefined) {
    const cost = gmailCosts.find(([begin]) => method.startsWith(begin))?.[1] ?? 5
    return [
      { key: `gmail.user/${decodeURIComponent(user)}`, cost },
      { key: 'gmail.project', cost },
    ]
  }
  for (const [path, person, project] of others) {
    if (!path.test(pathname)) continue
    const own = { key: `${person}/${searchParams.get('quotaUser') ?? 'me'}`, cost: 1 }
    return project === undefined ? [own] : [own, { key: project, cost: 1 }]
  }
  if (pathname.includes('/admin/directory/v1/')) return [{ key: 'directory', cost: 1 }]
  if (pathname.endsWith('/token') || pathname.includes('/oauth2/')) return [{ key: 'token', cost: 1 }]
  if (hostname.endsWith('.googleusercontent.com') || pathname.includes('/photos/')) return [{ key: 'photos', cost: 1 }]
  return []
}
