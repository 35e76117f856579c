import type { z } from 'zod'
import type { Protection } from '../../../src/model/repository-settings.ts'
import type { ProtectionAnswer, RulesetAnswer } from '../wire/settings.ts'

const nothing = {
  allowForcePush: true,
  allowDeletion: true,
  requiresChangeRequest: false,
  approvals: null,
  codeOwners: false,
  checks: [],
  pushers: null,
  linearHistory: false,
  signedCommits: false,
} satisfies Partial<Protection>

/** The protection of one branch. */
export function protection(branch: string, given: z.infer<typeof ProtectionAnswer>): Protection {
  const { required_status_checks: checks, required_pull_request_reviews: reviews, restrictions } = given
  const others: readonly (readonly [string, boolean])[] = [
    ['enforce_admins', given.enforce_admins],
    ['block_creations', given.block_creations],
    ['required_conversation_resolution', given.required_conversation_resolution],
    ['lock_branch', given.lock_branch],
  ]
  return {
    pattern: branch,
    of: 'branch',
    origin: 'protection',
    enforced: true,
    allowForcePush: given.allow_force_pushes,
    allowDeletion: given.allow_deletions,
    requiresChangeRequest: reviews !== null,
    approvals: reviews?.required_approving_review_count ?? null,
    codeOwners: reviews?.require_code_owner_reviews ?? false,
    checks: [...new Set([...(checks?.contexts ?? []), ...(checks?.checks.map(({ context }) => context) ?? [])])].toSorted(),
    pushers:
      restrictions === null
        ? null
        : [
            ...restrictions.users.flatMap(({ login }) => login ?? []),
            ...restrictions.teams.flatMap(({ slug }) => slug ?? []),
            ...restrictions.apps.flatMap(({ slug }) => slug ?? []),
          ].toSorted(),
    linearHistory: given.required_linear_history,
    signedCommits: given.required_signatures,
    others: others.flatMap(([name, set]) => (set ? name : [])),
  }
}

/** A ruleset guards every name it includes; GitHub writes them as whole refs, and two in words of its own. */
export function ruleset(given: z.infer<typeof RulesetAnswer>): Protection[] {
  const { target, rules, conditions } = given
  if (target !== 'branch' && target !== 'tag') return []
  const { include = [], exclude = [] } = conditions?.ref_name ?? {}
  const has = (type: string): boolean => rules.some((rule) => rule.type === type)
  const parameters = (type: string): Readonly<Record<string, unknown>> => rules.find((rule) => rule.type === type)?.parameters ?? {}
  const approvals = parameters('pull_request')['required_approving_review_count']
  const checks = parameters('required_status_checks')['required_status_checks']
  return include.toSorted().map((pattern) => ({
    ...nothing,
    pattern: pattern.replace(/^refs\/(?:heads|tags)\//, ''),
    of: target,
    origin: 'ruleset',
    enforced: given.enforcement === 'active',
    allowForcePush: !has('non_fast_forward'),
    allowDeletion: !has('deletion'),
    requiresChangeRequest: has('pull_request'),
    approvals: typeof approvals === 'number' ? approvals : null,
    codeOwners: parameters('pull_request')['require_code_owner_review'] === true,
    checks: Array.isArray(checks) ? checks.flatMap(contextOf).toSorted() : [],
    linearHistory: has('required_linear_history'),
    signedCommits: has('required_signatures'),
    others: [...rules.flatMap(({ type }) => (worded.has(type) ? [] : type)), ...exclude.map((name) => `exclude ${name}`)].toSorted(),
  }))
}

const worded = new Set([
  'non_fast_forward',
  'deletion',
  'pull_request',
  'required_status_checks',
  'required_linear_history',
  'required_signatures',
])
const contextOf = (check: unknown): string[] =>
  typeof check === 'object' && check !== null && 'context' in check && typeof check.context === 'string' ? [check.context] : []
