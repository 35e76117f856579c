import { forbidden, notFound } from './refusal.ts'
import type { GroupRow, ProjectRow, UserRow, Visibility } from './rows.ts'
import type { World } from './world.ts'

/** Access levels (doc/api/access_requests.md): 10 guest, 20 reporter, 30 developer, 40 maintainer, 50 owner. */
const OWNER = 50

/** What somebody may do in a group: direct membership or that of a group above, whichever is more. Administrators are owners everywhere. */
export function groupAccess(world: World, user: UserRow, group: GroupRow): number {
  if (user.admin) return OWNER
  const direct = world.members.get(`group:${group.id}`)?.get(user.id) ?? 0
  const parent = group.parent_id === null ? undefined : world.groups.get(group.parent_id)
  return Math.max(direct, parent === undefined ? 0 : groupAccess(world, user, parent))
}
export function projectAccess(world: World, user: UserRow, project: ProjectRow): number {
  if (user.admin || user.namespace_id === project.namespace_id) return OWNER
  const group = world.groups.get(project.namespace_id)
  const direct = world.members.get(`project:${project.id}`)?.get(user.id) ?? 0
  const shared = [...project.shares].map(([id, most]) => {
    const other = world.groups.get(id)
    return other === undefined ? 0 : Math.min(most, groupAccess(world, user, other))
  })
  return Math.max(direct, group === undefined ? 0 : groupAccess(world, user, group), ...shared)
}
const openTo = (visibility: Visibility, user: UserRow): boolean => visibility === 'public' || (visibility === 'internal' && !user.external)
export const canReadProject = (world: World, user: UserRow, project: ProjectRow): boolean =>
  openTo(project.visibility, user) || projectAccess(world, user, project) > 0
export const canReadGroup = (world: World, user: UserRow, group: GroupRow): boolean =>
  openTo(group.visibility, user) || groupAccess(world, user, group) > 0

/** GitLab answers 404 for what must not be seen and 403 for what must not be done. */
export function requireProject(world: World, user: UserRow, project: ProjectRow, level: number): void {
  if (!canReadProject(world, user, project)) throw notFound('Project')
  if (level > 0 && projectAccess(world, user, project) < level) throw forbidden()
}
export function requireGroup(world: World, user: UserRow, group: GroupRow, level: number): void {
  if (!canReadGroup(world, user, group)) throw notFound('Group')
  if (level > 0 && groupAccess(world, user, group) < level) throw forbidden()
}

/** Groups a project is in, the nearest first. */
export function ancestors(world: World, namespaceId: number): GroupRow[] {
  const group = world.groups.get(namespaceId)
  return group === undefined ? [] : [group, ...(group.parent_id === null ? [] : ancestors(world, group.parent_id))]
}
