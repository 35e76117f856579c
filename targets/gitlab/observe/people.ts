import type { z } from 'zod'
import type { GitlabClient } from '../api/client.ts'
import { AwardEmoji, type Person } from '../api/wire.ts'

type Somebody = z.infer<typeof Person>
export const nameOf = (person: Somebody | null | undefined): string | null => person?.username ?? null
export const namesOf = (people: readonly Somebody[] | null | undefined): readonly string[] =>
  (people ?? []).map(({ username }) => username).toSorted()

/** `thumbsup:alice`, sorted. */
export async function awardsAt(client: GitlabClient, path: string, signal: AbortSignal): Promise<readonly string[]> {
  const awards: string[] = []
  for await (const { name, user } of client.list(AwardEmoji, `${path}/award_emoji`, {}, signal)) awards.push(`${name}:${user.username}`)
  return awards.toSorted()
}
/** Times as GitLab gives them may lack the milliseconds. */
export const timeOf = (text: string | null | undefined): string | null =>
  text === null || text === undefined || Number.isNaN(Date.parse(text)) ? null : new Date(text).toISOString()
