import type { Protection } from '../../../src/model/repository-settings.ts'
import { refused } from '../github-fault.ts'
import { protection, ruleset } from '../map/protection.ts'
import { BranchRow, ProtectionAnswer, RulesetAnswer, RulesetRow } from '../wire/settings.ts'
import { type Reading, refusedOf } from './reading.ts'

/**
 * Protected branches and rulesets, those of the organisation included where they hold here. `raw` is told what GitHub answered.
 * @throws Fault `permission` or `gone` if either may not be read
 */
export async function protections(reading: Reading, raw: Record<string, unknown>): Promise<Protection[]> {
  const { listed } = reading
  const branches = listed.branchProtectionRules === 0 || listed.isEmpty ? [] : await branchProtections(reading, raw)
  const rules = listed.rulesets === 0 ? [] : await rulesets(reading, raw)
  return [...branches, ...rules].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}
const keyOf = ({ origin, of, pattern, others }: Protection): string => `${origin} ${of} ${pattern} ${others.join()}`

async function branchProtections(reading: Reading, raw: Record<string, unknown>): Promise<Protection[]> {
  const { github, path, signal } = reading
  const what = refusedOf(reading, 'the protection of branches')
  const found: Protection[] = []
  const answers: Record<string, unknown> = {}
  for (const row of await github.list(what, `${path}/branches?protected=true&per_page=100`, signal)) {
    const branch = BranchRow.safeParse(row).data?.name
    if (branch === undefined) continue
    try {
      const { data } = await github.get(what, `${path}/branches/${encodeURIComponent(branch)}/protection`, signal)
      answers[branch] = data
      const answer = ProtectionAnswer.safeParse(data).data
      if (answer !== undefined) found.push(protection(branch, answer))
    } catch (error) {
      // Protected by a ruleset alone, a branch has no protection of its own.
      if (!refused(error) || error.code !== 'gone') throw error
    }
  }
  raw['protection'] = answers
  return found
}

async function rulesets(reading: Reading, raw: Record<string, unknown>): Promise<Protection[]> {
  const { github, path, signal } = reading
  const what = refusedOf(reading, 'rulesets')
  const answers: unknown[] = []
  const found: Protection[] = []
  for (const row of await github.list(what, `${path}/rulesets?includes_parents=true&per_page=100`, signal)) {
    const id = RulesetRow.safeParse(row).data?.id
    if (id === undefined) continue
    const { data } = await github.get(what, `${path}/rulesets/${id}?includes_parents=true`, signal)
    answers.push(data)
    const answer = RulesetAnswer.safeParse(data).data
    if (answer !== undefined) found.push(...ruleset(answer))
  }
  raw['rulesets'] = answers
  return found
}
