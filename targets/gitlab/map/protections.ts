import type { CollectionId, ItemId } from '../../../src/contract/ids.ts'
import type { Protection } from '../../../src/model/repository-settings.ts'
import type { Access, ProtectedBranchOperation, ProtectedTagOperation } from '../setting-operations.ts'
import { sealed } from './sealed.ts'
import type { Told } from './told.ts'

interface Common {
  readonly item: ItemId
  readonly collection: CollectionId
  readonly repository: string
  readonly project: string
}

/** Protected branches and tags; several rules of one pattern become the strictest of them. */
export function protections(
  all: readonly Protection[],
  common: Common,
  told: Told,
): readonly (ProtectedBranchOperation | ProtectedTagOperation)[] {
  const byName = new Map<string, Protection[]>()
  for (const rule of all) {
    const name = `${rule.of}/${patternOf(rule, told)}`
    if (!rule.enforced) told.degraded('no-such-concept', 'protections', `the rule of ${rule.pattern} was not enforced and is left out`)
    else byName.set(name, [...(byName.get(name) ?? []), rule])
  }
  return [...byName].map(([key, rules]) => {
    const name = key.slice(key.indexOf('/') + 1)
    for (const rule of rules) tell(rule, told)
    return rules[0]?.of === 'tag' ? tagOf(name, common) : branchOf(name, rules, common)
  })
}

function branchOf(name: string, rules: readonly Protection[], common: Common): ProtectedBranchOperation {
  const locked = rules.some(({ requiresChangeRequest }) => requiresChangeRequest)
  const few = rules.some(({ pushers }) => pushers !== null)
  const push: Access = locked ? 0 : few ? 40 : 30
  const summary = `protected branch ${name} of ${common.project}`
  const allowForcePush = rules.every((rule) => rule.allowForcePush)
  return sealed<ProtectedBranchOperation>(
    { ...common, summary, type: 'protected-branch', name, push, merge: few ? 40 : 30, allowForcePush },
    `#branch/${name}`,
  )
}
const tagOf = (name: string, common: Common): ProtectedTagOperation =>
  sealed<ProtectedTagOperation>(
    { ...common, summary: `protected tag ${name} of ${common.project}`, type: 'protected-tag', name, create: 40 },
    `#tag/${name}`,
  )

/** GitLab knows `*` alone. Patterns of rulesets may say `~DEFAULT_BRANCH` or `refs/heads/...`. */
function patternOf({ pattern }: Protection, told: Told): string {
  const plain = pattern.replace(/^refs\/(?:heads|tags)\//, '')
  const simple = plain === '~ALL' ? '*' : plain.replaceAll(/\*{2,}/g, '*').replaceAll(/\?|\[[^\]]*\]/g, '*')
  if (/[?[]/.test(plain)) told.degraded('no-such-concept', 'protections', `the pattern ${pattern} is ${simple} there, which covers more`)
  return simple
}

function tell(
  { pattern, approvals, codeOwners, checks, linearHistory, signedCommits, others, allowDeletion, pushers }: Protection,
  told: Told,
): void {
  const lost = [
    approvals !== null && approvals > 0 && `${approvals} approvals`,
    codeOwners && 'approval by code owners',
    checks.length > 0 && `the checks ${checks.join(', ')}`,
    linearHistory && 'a linear history',
    signedCommits && 'signed commits',
    allowDeletion && 'leave to delete it',
    pushers !== null && `pushing by ${pushers.length === 0 ? 'nobody' : pushers.join(', ')} alone`,
    ...others,
  ].filter((what) => typeof what === 'string')
  if (lost.length > 0) told.degraded('no-such-concept', 'protections', `of ${pattern}: ${lost.join('; ')}`)
}
