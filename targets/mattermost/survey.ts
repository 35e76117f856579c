import { z } from 'zod'
import type { JsonObject } from '../../src/contract/json.ts'
import { type Features, OLDEST, featuresOf } from './features.ts'

/** What was found on the server before mapping: its version and limits, and the names that are taken. */
export const Survey = z.object({
  version: z.string(),
  siteUrl: z.string(),
  maxMessage: z.number(),
  maxFileBytes: z.number(),
  overrideNames: z.boolean(),
  customGroups: z.boolean(),
  licensed: z.boolean(),
  /** Names of custom groups. */
  groups: z.array(z.string()),
  /** Usernames and addresses of everybody on the server, lower-case. */
  users: z.array(z.object({ username: z.string(), email: z.string() })),
  emoji: z.array(z.string()),
})
export type Survey = z.infer<typeof Survey>

/** Without a server: an empty one of the oldest supported version, so that no loss goes unsaid. */
export function surveyed(found: JsonObject | undefined, siteUrl: string): { readonly survey: Survey; readonly features: Features } {
  const survey = found === undefined ? { ...NOBODY, siteUrl } : Survey.parse(found)
  return { survey, features: featuresOf(survey.version, survey) }
}
const NOBODY: Omit<Survey, 'siteUrl'> = {
  version: OLDEST,
  maxMessage: 16_383,
  maxFileBytes: 52_428_800,
  overrideNames: false,
  customGroups: false,
  licensed: false,
  groups: [],
  users: [],
  emoji: [],
}
