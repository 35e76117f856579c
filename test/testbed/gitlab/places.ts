import { mkdirSync, rmSync } from 'node:fs'
import { initRepository } from './git/repository.ts'
import { badRequest } from './refusal.ts'
import type { GroupRow, ImportState, ProjectRow, UserRow, Visibility } from './rows.ts'
import type { World } from './world.ts'

const PATH = /^[a-zA-Z0-9_][a-zA-Z0-9_.-]*$/
const RESERVED = new Set(['-', 'badges', 'blame', 'blob', 'builds', 'commits', 'create', 'edit', 'files', 'raw', 'refs', 'tree', 'wikis'])
/** Paths that end in these, or in `-`, `.`, `_`, are refused (doc/user/reserved_names.md, read 2026-11-25). */
export function checkPath(path: string): void {
  if (!PATH.test(path) || /\.(?:git|atom)$|\.$/.test(path))
    throw badRequest({
      path: ["can contain only letters, digits, '_', '-' and '.'. Cannot start with '-', end in '.git' or end in '.atom'"],
    })
  if (RESERVED.has(path)) throw badRequest({ path: [`${path} is a reserved name`] })
}

export interface NewGroup {
  readonly path: string
  readonly name?: string
  readonly parent_id?: number | null
  readonly visibility?: Visibility
  readonly description?: string
  readonly owner: UserRow
}
export function addGroup(world: World, group: NewGroup): GroupRow {
  checkPath(group.path)
  const parent_id = group.parent_id ?? null
  const full = parent_id === null ? group.path : `${world.namespacePath(parent_id)}/${group.path}`
  if (world.groupAt(full) !== undefined || world.projectAt(full) !== undefined || world.userNamed(full) !== undefined)
    throw badRequest('Failed to save group {:path=>["has already been taken"]}')
  const row: GroupRow = {
    id: world.next('namespace'),
    path: group.path,
    name: group.name ?? group.path,
    parent_id,
    visibility: group.visibility ?? 'private',
    description: group.description ?? '',
    created_at: world.now(),
    settings: { emails_enabled: true },
  }
  world.groups.set(row.id, row)
  world.membersOf(`group:${row.id}`).set(group.owner.id, 50)
  return row
}

export interface NewProject {
  readonly path: string
  readonly name?: string
  readonly namespace_id: number
  readonly creator: UserRow
  readonly description?: string | null
  readonly visibility?: Visibility
  readonly settings?: Readonly<Record<string, unknown>>
  readonly import?: ImportState
  readonly topics?: readonly string[]
}
const DEFAULT_PROJECT: Readonly<Record<string, unknown>> = {
  issues_access_level: 'enabled',
  merge_requests_access_level: 'enabled',
  wiki_access_level: 'enabled',
  builds_access_level: 'enabled',
  snippets_access_level: 'enabled',
  repository_access_level: 'enabled',
  forking_access_level: 'enabled',
  releases_access_level: 'enabled',
  lfs_enabled: true,
  packages_enabled: true,
  emails_enabled: true,
  autoclose_referenced_issues: true,
  shared_runners_enabled: true,
  auto_devops_enabled: false,
  merge_method: 'merge',
  squash_option: 'default_off',
  remove_source_branch_after_merge: true,
  only_allow_merge_if_pipeline_succeeds: false,
  only_allow_merge_if_all_discussions_are_resolved: false,
}
export function addProject(world: World, project: NewProject): ProjectRow {
  checkPath(project.path)
  const full = `${world.namespacePath(project.namespace_id)}/${project.path}`
  if (world.projectAt(full) !== undefined || world.groupAt(full) !== undefined)
    throw badRequest({
      name: ['has already been taken'],
      path: ['has already been taken'],
      'project_namespace.name': ['has already been taken'],
    })
  const now = world.now()
  const row: ProjectRow = {
    id: world.next('project'),
    path: project.path,
    name: project.name ?? project.path,
    namespace_id: project.namespace_id,
    creator_id: project.creator.id,
    description: project.description ?? null,
    visibility: project.visibility ?? 'private',
    archived: false,
    created_at: now,
    updated_at: now,
    default_branch: null,
    topics: [...(project.topics ?? [])],
    settings: { ...DEFAULT_PROJECT, ...project.settings },
    import: project.import ?? { status: 'none', correlation_id: '', error: null, failed: [] },
    counters: { issue: 0, merge_request: 0, milestone: 0 },
    marked_for_deletion_on: null,
    shares: new Map(),
  }
  world.projects.set(row.id, row)
  world.membersOf(`project:${row.id}`).set(project.creator.id, 50)
  mkdirSync(`${world.directory}/repositories`, { recursive: true })
  initRepository(world.repository(row), String(world.settings['default_branch_name']))
  return row
}

/** Takes a project away with all that belongs to it. */
export function removeProject(world: World, project: ProjectRow): void {
  world.projects.delete(project.id)
  world.items.forget(project.id)
  world.members.delete(`project:${project.id}`)
  world.lfs.delete(project.id)
  for (const [id, label] of world.labels) if (label.owner === `project:${project.id}`) world.labels.delete(id)
  for (const [id, milestone] of world.milestones) if (milestone.project_id === project.id) world.milestones.delete(id)
  const tables = [world.protectedBranches, world.protectedTags, world.releases, world.packages, world.uploads, world.hooks]
  for (const table of tables) {
    const kept = table.filter((row) => row.project_id !== project.id)
    table.splice(0, table.length, ...(kept as never[]))
  }
  rmSync(world.repository(project), { recursive: true, force: true })
  rmSync(world.wiki(project), { recursive: true, force: true })
}
export function removeGroup(world: World, group: GroupRow): void {
  for (const child of [...world.groups.values()]) if (child.parent_id === group.id) removeGroup(world, child)
  for (const project of [...world.projects.values()]) if (project.namespace_id === group.id) removeProject(world, project)
  world.groups.delete(group.id)
  world.members.delete(`group:${group.id}`)
}

/** The next free number of a project's issues, merge requests or milestones. A number given moves the counter on. */
export function takeNumber(project: ProjectRow, kind: 'issue' | 'merge_request' | 'milestone', given?: number): number {
  const number = given ?? project.counters[kind] + 1
  project.counters[kind] = Math.max(project.counters[kind], number)
  return number
}
