import type { Observed } from '../../../src/contract/target.ts'
import { projectPath } from '../api/client.ts'
import { Hook, type Project, ProtectedBranch, ProtectedTag, Variable, Project as ProjectAnswer } from '../api/wire.ts'
import { directMembers } from '../apply/groups.ts'
import { settingRemotes } from '../apply/setting-remotes.ts'
import { textHash } from '../file/expect.ts'
import type { Scan } from './observe.ts'

type Levels = readonly { readonly access_level?: number | null | undefined }[]
/** The least that somebody needs. */
const least = (levels: Levels): number => Math.min(...levels.map(({ access_level }) => access_level ?? 0))

/** Protections, hooks, variables, members and shares. */
export async function* observeSettings(
  { client, project, id, intended }: Scan,
  found: Project,
  signal: AbortSignal,
): AsyncGenerator<Observed> {
  for await (const branch of client.list(ProtectedBranch, projectPath(id, '/protected_branches'), {}, signal)) {
    const remote = settingRemotes.protectedBranch(project, branch.name)
    const { push_access_levels, merge_access_levels, allow_force_push } = branch
    const fields = { push: least(push_access_levels), merge: least(merge_access_levels), allowForcePush: allow_force_push === true }
    // GitLab protects the default branch by itself.
    if (intended.has(remote)) yield { remote, fields }
  }
  for await (const { name, create_access_levels } of client.list(ProtectedTag, projectPath(id, '/protected_tags'), {}, signal))
    yield { remote: settingRemotes.protectedTag(project, name), fields: { create: least(create_access_levels) } }
  for await (const hook of client.list(Hook, projectPath(id, '/hooks'), {}, signal)) {
    const events = Object.entries(hook).filter(([key, value]) => key.endsWith('_events') && value === true)
    yield {
      remote: settingRemotes.hook(project, hook.url),
      fields: { verifyTls: hook.enable_ssl_verification === true, events: events.map(([key]) => key).toSorted() },
    }
  }
  for await (const { key, value, environment_scope } of client.list(Variable, projectPath(id, '/variables'), {}, signal))
    yield { remote: settingRemotes.variable(project, environment_scope, key), fields: { value: textHash(value ?? '') } }
  for (const member of await directMembers(client, `projects/${id}`, signal))
    yield { remote: settingRemotes.member(project, member.username), fields: { access: member.access_level } }
  // Only the answer for a single project tells with whom it is shared.
  const { shared_with_groups } = await client.get(ProjectAnswer, projectPath(id), {}, signal)
  for (const { group_full_path, group_access_level } of shared_with_groups)
    yield { remote: settingRemotes.share(project, group_full_path), fields: { access: group_access_level } }
  const remote = settingRemotes.merging(project)
  if (!intended.has(remote)) return
  const { merge_method, squash_option, remove_source_branch_after_merge } = found
  const removeSourceBranch = remove_source_branch_after_merge === true
  yield { remote, fields: { method: merge_method ?? null, squash: squash_option ?? null, removeSourceBranch } }
}
