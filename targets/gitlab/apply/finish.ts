import { projectPath } from '../api/client.ts'
import { refsHash } from '../api/refs-hash.ts'
import { resourcesOf } from '../api/resources.ts'
import { Project } from '../api/wire.ts'
import type { ProjectOperation } from '../operations.ts'
import { uploadAssets } from './assets.ts'
import type { Histories } from './history.ts'
import { uploadLargeFiles } from './large-files.ts'
import { reconcileMembers } from './members.ts'
import { applySettings } from './settings.ts'
import type { Work } from './work.ts'

export interface Finishing {
  readonly id: number
  readonly histories: Pick<Histories, 'repository' | 'wiki'>
  /** The project has just been imported; otherwise only what is new or changed is done. */
  readonly whole: boolean
  /** Whether issues are to be closed by what commits say, as it was set before. */
  readonly autoclose?: boolean
  /** Whether somebody had archived it there. */
  readonly archived?: boolean
}

/** Switches mails of a project off, and what commits may close, for whatever is changed by single calls; and lets an archived one be written to. */
export async function openProject(work: Work, { id, archived }: Pick<Project, 'id' | 'archived'>, signal: AbortSignal): Promise<void> {
  const { client } = work
  if (archived) await resourcesOf(client, signal).projects.unarchive(id)
  await client.call(
    Project,
    { method: 'PUT', path: projectPath(id), json: { emails_enabled: false, autoclose_referenced_issues: false } },
    signal,
  )
}

/** Everything that no import file brings: large files, files of releases, rights, protections, hooks; and what the file's project says itself. */
export async function finishProject(work: Work, project: ProjectOperation, finishing: Finishing, signal: AbortSignal): Promise<void> {
  const { id, whole, histories, autoclose = true } = finishing
  const again = { emails_enabled: true, autoclose_referenced_issues: autoclose }
  const { context, client, stock } = work
  const standing = await client.get(Project, projectPath(id), {}, signal)
  await openProject(work, standing, signal)
  if (whole) await reconcileMembers(work, project.project, id, signal)
  context.progress('large files', 0, undefined)
  await uploadLargeFiles(work, project, whole, signal)
  await uploadAssets(work, project, id, whole, signal)
  context.progress('settings', 0, undefined)
  await applySettings(work, project, id, whole, signal)
  const { defaultBranch } = project
  const has = defaultBranch !== null && (await hasBranch(histories, defaultBranch, signal))
  const fields = {
    name: project.name,
    description: project.description,
    visibility: project.visibility,
    topics: project.topics,
    issues_access_level: project.features.issues ? 'enabled' : 'disabled',
    wiki_access_level: project.features.wiki ? 'enabled' : 'disabled',
    ...(has ? { default_branch: defaultBranch } : {}),
    ...again,
  }
  if (whole || stock.of(project.key).state !== 'same')
    await client.call(Project, { method: 'PUT', path: projectPath(id), json: fields }, signal)
  else await client.call(Project, { method: 'PUT', path: projectPath(id), json: again }, signal)
  const same = !whole && stock.of(project.key).state === 'same'
  if (project.archived || (same && finishing.archived === true)) await resourcesOf(client, signal).projects.archive(id)
  const result = stock.result(project.key)
  if (result === undefined) return
  const { name, archived } = project
  const expect = {
    ...result.expect,
    name,
    archived,
    topics: project.topics.toSorted(),
    ...(has ? { defaultBranch } : {}),
    ...(await wikiRefs(histories, signal)),
  }
  const [tip, wikiTip] = [project.git, project.wiki].map((history) => history?.bundles.at(-1)?.sha256)
  const tips = { ...(tip === undefined ? {} : { tip }), ...(wikiTip === undefined ? {} : { wikiTip }) }
  stock.keep({ ...result, expect, notes: { ...result.notes, id, ...tips } })
}

/** SHA-256 (hex) of the branches and tags of a wiki, as of the project's own; nothing of one that was not restored. */
async function wikiRefs({ wiki }: Finishing['histories'], signal: AbortSignal): Promise<{ readonly wikiRefs?: string }> {
  if (wiki === undefined) return {}
  const refs = await Array.fromAsync(wiki.refs(signal))
  return { wikiRefs: refsHash(refs) }
}

async function hasBranch({ repository }: Finishing['histories'], branch: string, signal: AbortSignal): Promise<boolean> {
  if (repository === undefined) return false
  for await (const { name } of repository.refs(signal)) if (name === `refs/heads/${branch}`) return true
  return false
}
