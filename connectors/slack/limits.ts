import type { QuotaNeed, RateLimit } from '../../src/contract/ports.ts'

const minute = 60_000
const tiers = 'https://docs.slack.dev/apis/web-api/rate-limits (read 2026-11-23): per method, workspace and app'
const tier = (requests: number, concurrency: number): RateLimit => ({ concurrency, requests, perMs: minute, source: tiers })

/**
 * Slack's budgets for an app that the customer made for itself. One that is distributed commercially outside the Marketplace gets one
 * call a minute and 15 messages each from `conversations.history` and `conversations.replies`; the connector notices and says so.
 */
export const limits: Readonly<Record<string, RateLimit>> = {
  'auth.test': tier(100, 2),
  'team.info': tier(50, 2),
  'team.profile.get': tier(50, 2),
  'users.list': tier(20, 1),
  'users.profile.get': tier(100, 4),
  'conversations.list': tier(20, 1),
  'conversations.info': tier(50, 2),
  'conversations.members': tier(100, 4),
  'conversations.history': tier(50, 4),
  'conversations.replies': tier(50, 4),
  'pins.list': tier(20, 2),
  'bookmarks.list': tier(50, 2),
  'usergroups.list': tier(20, 1),
  'emoji.list': tier(20, 1),
  'files.info': tier(100, 4),
  'slackLists.items.list': tier(20, 2),
  'files.download': { concurrency: 4, requests: 600, perMs: minute, source: 'Slack publishes none for files; ours, kept low (2026-11-23)' },
}

const method = /\/([A-Za-z]+(?:\.[A-Za-z]+)+)$/
const filePath = /\/files-(?:pri|tmb)\//

/** The budget a request draws on, by its address alone. */
export function quotaOf(request: Request): readonly QuotaNeed[] {
  const { pathname } = new URL(request.url)
  const name = method.exec(pathname)?.[1]
  if (name !== undefined && Object.hasOwn(limits, name)) return [{ key: name, cost: 1 }]
  return filePath.test(pathname) ? [{ key: 'files.download', cost: 1 }] : []
}
