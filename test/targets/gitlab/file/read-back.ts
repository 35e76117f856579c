import type { Fields } from '../../../../src/contract/target.ts'
import { textHash } from '../../../../targets/gitlab/file/expect.ts'

type Json = Record<string, unknown>
type Person = { readonly username: string } | null

/** What stands in one project of GitLab, by remote id, in the words in which expectations are said. Reads one page of everything. */
export async function readBack(url: string, token: string, project: string): Promise<ReadonlyMap<string, Fields>> {
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${url}/api/v4/projects/${encodeURIComponent(project)}${path}`, { headers: { 'private-token': token } })
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
    return (await response.json()) as T
  }
  const list = (path: string): Promise<Json[]> => get(`${path}${path.includes('?') ? '&' : '?'}per_page=100`)
  const found = new Map<string, Fields>()
  for (const kind of ['issues', 'merge_requests'] as const)
    for (const listed of await list(`/${kind}?scope=all&state=all`)) {
      const at = `/${kind}/${String(listed['iid'])}`
      const item = await get<Json>(at)
      const awards = namesOf(await list(`${at}/award_emoji`))
      const common = {
        title: item['title'],
        text: textHash((item['description'] as string | null) ?? ''),
        state: item['state'],
        author: nameOf(item['author']),
        createdAt: item['created_at'],
        labels: item['labels'],
        milestone: (item['milestone'] as Json | null)?.['title'] ?? null,
        assignees: peopleOf(item['assignees']),
        locked: item['discussion_locked'] === true,
        awards,
      }
      const more =
        kind === 'issues'
          ? { closedAt: item['closed_at'], closedBy: nameOf(item['closed_by']) }
          : {
              draft: item['draft'],
              sourceBranch: item['source_branch'],
              targetBranch: item['target_branch'],
              head: item['sha'],
              mergeCommit: item['merge_commit_sha'],
              mergedAt: item['merged_at'],
              mergedBy: nameOf(item['merge_user']),
              closedAt: item['closed_at'],
              reviewers: peopleOf(item['reviewers']),
              approvedBy: ((await get<Json>(`${at}/approvals`))['approved_by'] as { user: Person }[])
                .map(({ user }) => user?.username ?? '')
                .toSorted(),
            }
      found.set(`${kind === 'issues' ? 'issue' : 'merge-request'}/${project}/${String(item['iid'])}`, { ...common, ...more } as Fields)
      await notes(at, kind, String(item['iid']))
      await events(at, kind, String(item['iid']))
    }
  return found

  async function notes(at: string, kind: string, iid: string): Promise<void> {
    for (const { id, individual_note, notes } of (await list(`${at}/discussions`)) as unknown as {
      id: string
      individual_note: boolean
      notes: Json[]
    }[]) {
      for (const note of notes) {
        const position = note['position'] as Json | undefined | null
        found.set(`note/${project}/${kind}/${iid}/${String(note['created_at'])}`, {
          author: nameOf(note['author']),
          createdAt: note['created_at'],
          text: textHash(String(note['body'])),
          system: note['system'],
          discussion: individual_note ? null : id,
          position: position == null ? null : placeOf(position),
          resolved: note['resolved'] === true,
          awards: namesOf(await list(`${at}/notes/${String(note['id'])}/award_emoji`)),
        } as Fields)
      }
      const [first] = notes
      if (kind === 'merge_requests' && !individual_note && first?.['resolvable'] === true)
        found.set(`discussion/${project}/merge_requests/${iid}/${id}`, {
          resolved: first['resolved'] === true,
          resolvedBy: nameOf(first['resolved_by']),
        })
    }
  }
  async function events(at: string, kind: string, iid: string): Promise<void> {
    for (const type of ['label', 'milestone', 'state'])
      for (const one of await list(`${at}/resource_${type}_events`)) {
        const what =
          type === 'state'
            ? { state: one['state'] }
            : { action: one['action'], [type]: (one[type] as Json | null)?.[type === 'label' ? 'name' : 'title'] ?? null }
        found.set(`${type}-event/${project}/${kind}/${iid}/${String(one['created_at'])}`, {
          author: nameOf(one['user']),
          createdAt: one['created_at'],
          ...what,
        } as Fields)
      }
  }
}

const nameOf = (person: unknown): string | null => (person as Person | undefined)?.username ?? null
const peopleOf = (people: unknown): string[] => ((people ?? []) as Person[]).map((person) => person?.username ?? '').toSorted()
const namesOf = (awards: readonly Json[]): string[] => awards.map((award) => `${String(award['name'])}:${nameOf(award['user'])}`).toSorted()
const placeOf = (position: Json): Json => ({
  type: position['position_type'],
  oldPath: position['old_path'],
  newPath: position['new_path'],
  oldLine: position['old_line'] ?? null,
  newLine: position['new_line'] ?? null,
})
