import type { z } from 'zod'
import type { Loss } from '../../../src/contract/fidelity.ts'
import { itemId } from '../../../src/contract/ids.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import { refused } from '../github-fault.ts'
import type { Github } from '../github.ts'
import { degraded, directory, itemOf } from '../map/item.ts'
import { User } from '../wire/rest.ts'
import { TeamRow } from '../wire/settings.ts'

/** Teams with everybody in them, those of child teams included, as GitHub counts them. @throws Fault `permission` without members:read */
export async function readTeams(
  github: Github,
  signal: AbortSignal,
): Promise<{ readonly items: SourceItem<'group'>[]; readonly losses: Loss[] }> {
  const { owner } = github.config
  const items: SourceItem<'group'>[] = []
  const losses: Loss[] = []
  for (const raw of await github.list(`GitHub refused the teams of ${owner}`, `/orgs/${owner}/teams?per_page=100`, signal)) {
    const team = TeamRow.safeParse(raw).data
    if (team === undefined) continue
    let members: unknown[] | null = null
    try {
      const path = `/orgs/${owner}/teams/${encodeURIComponent(team.slug)}/members?per_page=100`
      members = [...(await github.list(`GitHub refused the members of the team ${team.slug}`, path, signal))]
    } catch (error) {
      if (!refused(error)) throw error
      losses.push(degraded(itemId('group', String(team.id)), 'members', 'withheld-by-source', error.message))
    }
    items.push(group(team, members, raw, github))
  }
  return { items, losses }
}

function group(team: z.infer<typeof TeamRow>, members: readonly unknown[] | null, raw: unknown, github: Github): SourceItem<'group'> {
  const ids = members?.flatMap((member) => User.safeParse(member).data?.id ?? []) ?? null
  return itemOf({
    kind: 'group',
    id: itemId('group', String(team.id)),
    collection: directory,
    body: {
      handle: team.slug,
      name: team.name,
      description: team.description ?? '',
      members: ids?.map((id) => itemId('account', String(id))).toSorted() ?? null,
      active: true,
    },
    raw: { team: raw, members: ids },
    provenance: github.provenance(String(team.id), 'teams'),
  })
}
