import type { JsonObject } from '../../contract/json.ts'
import type { Homes } from './homes.ts'

/** What mapping must know of the server. */
export interface Survey {
  readonly [name: string]: boolean
  readonly nextcloud: boolean
  /** It sends invitations itself. Unknown counts as yes. */
  readonly autoSchedule: boolean
}

/** @throws Fault if nobody's home can be reached */
export async function surveyed(homes: Homes, logins: readonly string[], signal: AbortSignal): Promise<Survey> {
  const server = await homes.server(logins, signal)
  return server === undefined ? surveyOf(undefined) : { nextcloud: server.nextcloud, autoSchedule: server.autoSchedule }
}

export const surveyOf = (found: JsonObject | undefined): Survey => ({
  nextcloud: found?.['nextcloud'] === true,
  autoSchedule: found?.['autoSchedule'] !== false,
})
