import { z } from 'zod'
import { User } from './rest.ts'

const text = z.string().nullable().catch(null).default(null)
const flag = z.boolean().catch(false).default(false)
const list = <T extends z.ZodType>(entry: T) => z.array(entry).catch([]).default([])
const enabled = z
  .object({ enabled: z.boolean() })
  .transform((value) => value.enabled)
  .catch(false)
  .default(false)

export const HookRow = z.object({
  id: z.number().int(),
  active: flag,
  events: list(z.string()),
  config: z.object({ url: text, insecure_ssl: z.unknown().optional() }).catch({ url: null }),
})
export const EnvironmentRow = z.object({
  name: z.string(),
  protection_rules: list(
    z.object({ type: z.string(), wait_timer: z.number().optional(), reviewers: list(z.object({ type: text, reviewer: z.unknown() })) }),
  ),
})
export const VariableRow = z.object({ name: z.string(), value: z.string() })
export const SecretRow = z.object({ name: z.string() })
export const CollaboratorRow = User.extend({ role_name: text, permissions: z.record(z.string(), z.boolean()).catch({}).default({}) })
export const TeamRow = z.object({
  id: z.number().int(),
  slug: z.string(),
  name: z.string(),
  description: text,
  permission: text,
  parent: z.object({ id: z.number().int() }).nullable().catch(null).default(null),
})
export const AutolinkRow = z.object({ key_prefix: z.string(), url_template: z.string() })
export const BranchRow = z.object({ name: z.string() })
export const ContentRow = z.object({ type: z.string(), path: z.string() })

const named = list(z.object({ login: text, slug: text }))
/** `GET /repos/{owner}/{repo}/branches/{branch}/protection`. */
export const ProtectionAnswer = z.object({
  required_status_checks: z
    .object({ contexts: list(z.string()), checks: list(z.object({ context: z.string() })) })
    .nullable()
    .catch(null)
    .default(null),
  required_pull_request_reviews: z
    .object({ required_approving_review_count: z.number().int().catch(0).default(0), require_code_owner_reviews: flag })
    .nullable()
    .catch(null)
    .default(null),
  restrictions: z.object({ users: named, teams: named, apps: named }).nullable().catch(null).default(null),
  required_linear_history: enabled,
  allow_force_pushes: enabled,
  allow_deletions: enabled,
  enforce_admins: enabled,
  block_creations: enabled,
  required_conversation_resolution: enabled,
  required_signatures: enabled,
  lock_branch: enabled,
})
export const RulesetRow = z.object({ id: z.number().int(), source_type: text })
/** `GET /repos/{owner}/{repo}/rulesets/{id}`. */
export const RulesetAnswer = z.object({
  name: z.string(),
  target: z.string().catch('branch').default('branch'),
  enforcement: z.string(),
  conditions: z
    .object({
      ref_name: z
        .object({ include: list(z.string()), exclude: list(z.string()) })
        .optional()
        .catch(undefined),
    })
    .nullable()
    .catch(null)
    .default(null),
  rules: list(z.object({ type: z.string(), parameters: z.record(z.string(), z.unknown()).catch({}).default({}) })),
})
