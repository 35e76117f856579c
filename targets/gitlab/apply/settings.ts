import { Fault } from '../../../src/fault.ts'
import { orGone, projectPath } from '../api/client.ts'
import { resourcesOf } from '../api/resources.ts'
import { Hook, Project, Variable } from '../api/wire.ts'
import type { ProjectOperation } from '../operations.ts'
import type { HookOperation, SettingsOperation, ShareOperation, VariableOperation } from '../setting-operations.ts'
import { recall } from './memory.ts'
import { giveMembership } from './members.ts'
import { settingShape } from './setting-remotes.ts'
import { degraded, dropped, isRefused, type Work } from './work.ts'

/** Protections, hooks, variables, members, shares: each by itself, and one that is refused stops no other. */
export async function applySettings(work: Work, project: ProjectOperation, id: number, whole: boolean, signal: AbortSignal): Promise<void> {
  const { spool, stock } = work
  const refused: { readonly op: SettingsOperation; readonly why: string }[] = []
  let standing = 0
  for (const op of [...spool.part<SettingsOperation>(project.project, 'setting')]) {
    const { key } = op
    const row = stock.of(key)
    const { remote, expect } = settingShape(op)
    if (!whole && row.state === 'same' && row.known?.state === 'applied' && row.known.notes['failed'] !== true) {
      stock.keep({ key, outcome: 'unchanged', remote, expect: recall(op, null, row.known), losses: [] })
      standing++
      continue
    }
    try {
      await applyOne(work, id, op, signal)
      stock.keep({ key, outcome: row.state === 'new' || whole ? 'created' : 'updated', remote, expect, losses: [] })
      standing++
    } catch (error) {
      if (!(error instanceof Fault) || !isRefused(error)) throw error
      refused.push({ op, why: `${op.summary}: ${error.why ?? error.what}` })
    }
  }
  // All settings of a repository are one item: it is lost only if nothing of it stands.
  for (const { op, why } of refused) {
    const loss = standing > 0 ? degraded(op.item, 'rejected-by-target', op.type, why) : dropped(op.item, 'rejected-by-target', why)
    stock.keep({ key: op.key, outcome: 'failed', remote: settingShape(op).remote, expect: {}, losses: [loss] })
  }
}

async function applyOne(work: Work, id: number, op: SettingsOperation, signal: AbortSignal): Promise<void> {
  const { client } = work
  const { protectedBranches, protectedTags } = resourcesOf(client, signal)
  switch (op.type) {
    case 'protected-branch': {
      // The access levels of a standing protection cannot be changed in the free edition.
      await orGone(() => protectedBranches.unprotect(id, op.name))
      const [pushAccessLevel, mergeAccessLevel] = [op.push, op.merge] as const
      type Options = NonNullable<Parameters<typeof protectedBranches.protect>[2]>
      const options = { pushAccessLevel, mergeAccessLevel, allowForcePush: op.allowForcePush } as Options
      await protectedBranches.protect(id, op.name, options)
      return
    }
    case 'protected-tag': {
      await orGone(() => protectedTags.unprotect(id, op.name))
      type Options = NonNullable<Parameters<typeof protectedTags.protect>[2]>
      await protectedTags.protect(id, op.name, { createAccessLevel: op.create } as Options)
      return
    }
    case 'hook':
      return makeHook(work, id, op, signal)
    case 'variable':
      return setVariable(work, id, op, signal)
    case 'member':
      return giveMembership(work, id, op, signal)
    case 'share':
      return share(work, id, op, signal)
    case 'merging': {
      const json = {
        merge_method: op.method,
        squash_option: op.squash,
        remove_source_branch_after_merge: op.removeSourceBranch,
      }
      await client.call(Project, { method: 'PUT', path: projectPath(id), json }, signal)
    }
  }
}

export const HOOK_EVENTS = [
  'push_events',
  'tag_push_events',
  'issues_events',
  'confidential_issues_events',
  'merge_requests_events',
  'note_events',
  'confidential_note_events',
  'job_events',
  'pipeline_events',
  'wiki_page_events',
  'deployment_events',
  'releases_events',
] as const

async function makeHook({ client }: Work, id: number, op: HookOperation, signal: AbortSignal): Promise<void> {
  for await (const hook of client.list(Hook, projectPath(id, '/hooks'), {}, signal))
    if (hook.url === op.url) await client.remove(projectPath(id, `/hooks/${hook.id}`), {}, signal)
  const off = Object.fromEntries(HOOK_EVENTS.map((event) => [event, false]))
  const json = { url: op.url, enable_ssl_verification: op.verifyTls, ...off }
  await client.call(Hook, { method: 'POST', path: projectPath(id, '/hooks'), json }, signal)
}

async function setVariable({ client }: Work, id: number, op: VariableOperation, signal: AbortSignal): Promise<void> {
  const { name, value, scope } = op
  const { variables } = resourcesOf(client, signal)
  for await (const variable of client.list(Variable, projectPath(id, '/variables'), {}, signal))
    if (variable.key === name && variable.environment_scope === scope) {
      await variables.edit(id, name, value, { filter: { environment_scope: scope } })
      return
    }
  await variables.create(id, name, value, { environmentScope: scope, raw: true })
}

async function share({ client, groups }: Work, id: number, op: ShareOperation, signal: AbortSignal): Promise<void> {
  const group = groups.get(op.group)
  if (group === undefined)
    throw new Fault({ code: 'rejected', what: `${op.group} is not ours`, why: `the group ${op.group} was not made by us` })
  const { projects } = resourcesOf(client, signal)
  const { shared_with_groups } = await client.get(Project, projectPath(id), {}, signal)
  const standing = shared_with_groups.find(({ group_id }) => group_id === group)
  if (standing?.group_access_level === op.access) return
  if (standing !== undefined) await projects.unshare(id, group)
  await projects.share(id, group, op.access)
}
