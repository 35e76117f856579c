import { z } from 'zod'
import { Actor } from './actor.ts'

/** What guards a branch or tag. `pattern`: name with `*`. Null: the source does not say, or has no such rule. */
export const Protection = z.strictObject({
  pattern: z.string(),
  of: z.enum(['branch', 'tag']),
  /** `protection` of a single branch or a `ruleset`. */
  origin: z.enum(['protection', 'ruleset']),
  enforced: z.boolean(),
  allowForcePush: z.boolean(),
  allowDeletion: z.boolean(),
  requiresChangeRequest: z.boolean(),
  approvals: z.number().int().nullable(),
  codeOwners: z.boolean(),
  /** Names of checks that must pass. */
  checks: z.array(z.string()),
  /** Logins and team handles that may push; null: everybody with write access. */
  pushers: z.array(z.string()).nullable(),
  linearHistory: z.boolean(),
  signedCommits: z.boolean(),
  /** Rules that this model has no word for, in the source's own words. */
  others: z.array(z.string()),
})
export type Protection = z.infer<typeof Protection>

/** How a repository is set up and who may do what in it: one item a repository. */
export const RepositorySettings = z.strictObject({
  /** Item id. */
  repository: z.string(),
  protections: z.array(Protection),
  /** Where events are sent; secrets are never given. */
  webhooks: z.array(z.strictObject({ url: z.string(), events: z.array(z.string()), active: z.boolean(), verifyTls: z.boolean() })),
  environments: z.array(z.strictObject({ name: z.string(), rules: z.array(z.string()) })),
  /** `environment` null: of the whole repository. */
  variables: z.array(z.strictObject({ name: z.string(), value: z.string(), environment: z.string().nullable() })),
  /** Names only: no source gives values. */
  secrets: z.array(z.strictObject({ name: z.string(), environment: z.string().nullable() })),
  members: z.array(z.strictObject({ account: Actor, role: z.enum(['read', 'triage', 'write', 'maintain', 'admin']) })),
  /** `group`: item id. */
  teams: z.array(z.strictObject({ group: z.string(), role: z.enum(['read', 'triage', 'write', 'maintain', 'admin']) })),
  autolinks: z.array(z.strictObject({ prefix: z.string(), url: z.string() })),
  /** Paths of automation that runs at the source and moves as text only. */
  workflows: z.array(z.string()),
  merging: z.strictObject({ merge: z.boolean(), squash: z.boolean(), rebase: z.boolean(), deleteBranch: z.boolean() }).nullable(),
  /** Parts that the token may not read (`webhooks`, `secrets`); their lists above are empty. */
  unseen: z.array(z.string()),
})
export type RepositorySettings = z.infer<typeof RepositorySettings>
