import { z } from 'zod'
import type { JsonObject } from '../../../src/contract/json.ts'

/** What was found in GitLab before mapping: its version, and the names that are taken. */
export const Survey = z.object({
  /** As `GET /version` gives it: `18.6.1` or `17.11.0-ee`. */
  version: z.string(),
  /** Everybody on the server. `email`: the primary address, lower-case. `publicEmail`: null if the person shows none. */
  users: z.array(z.object({ username: z.string(), name: z.string(), email: z.string(), publicEmail: z.string().nullable() })),
  /** Full paths of the groups and projects directly below the group everything goes to, and of all top-level groups. */
  paths: z.array(z.string()),
})
export type Survey = z.infer<typeof Survey>

/** Without a server: an empty one, so that no loss goes unsaid. */
export const surveyed = (found: JsonObject | undefined): Survey =>
  found === undefined ? { version: '17.0.0', users: [], paths: [] } : Survey.parse(found)
