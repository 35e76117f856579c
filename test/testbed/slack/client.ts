import { LogLevel, WebClient, type WebAPICallResult } from '@slack/web-api'
import type { SlackTestbed } from './testbed.ts'

/** The vendor's own client on the emulator, with nothing between: no retries, no queue of its own. */
export const clientOf = (bed: Pick<SlackTestbed, 'url' | 'token'>, token: string = bed.token): WebClient =>
  new WebClient(token, { slackApiUrl: bed.url, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logLevel: LogLevel.ERROR })

/** Everything a paginated method has, page after page. `take` picks the list out of a page, `pages` are their sizes. */
export async function everything<P extends WebAPICallResult, T>(
  client: WebClient,
  method: string,
  args: Record<string, unknown>,
  take: (page: P) => readonly T[] | undefined,
): Promise<{ readonly items: readonly T[]; readonly pages: readonly number[]; readonly answers: readonly P[] }> {
  const items: T[] = []
  const pages: number[] = []
  const answers: P[] = []
  for await (const page of client.paginate(method, args)) {
    const part = take(page as P) ?? []
    items.push(...part)
    pages.push(part.length)
    answers.push(page as P)
  }
  return { items, pages, answers }
}

/** The word Slack gives for a refusal, undefined for anything else. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('data' in error)) return undefined
  const { data } = error
  return typeof data === 'object' && data !== null && 'error' in data ? String(data.error) : undefined
}
