import type { ExpandedUserSchema, GroupSchema, MemberSchema, SimpleUserSchema } from '@gitbeaker/rest'
import type { GroupRow, UserRow } from '../rows.ts'
import type { World } from '../world.ts'
import type { Told } from './told.ts'

/** Somebody as everybody sees them. A user who is gone is the ghost. */
export function userAnswer(world: World, id: number): Told<SimpleUserSchema> & { readonly id: number } {
  const user = world.users.get(id)
  return {
    id,
    username: user?.username ?? 'ghost',
    name: user?.name ?? 'Ghost User',
    state: user?.state ?? 'active',
    locked: false,
    avatar_url: null,
    web_url: `${world.url}/${user?.username ?? 'ghost'}`,
  }
}
export function fullUser(world: World, user: UserRow, admin: boolean): Told<ExpandedUserSchema> {
  const seen = {
    ...userAnswer(world, user.id),
    public_email: user.public_email === '' ? null : user.public_email,
    bio: '',
    bot: user.bot,
    organization: '',
    created_at: user.created_at,
  }
  if (!admin) return seen
  return {
    ...seen,
    email: user.email,
    commit_email: user.email,
    is_admin: user.admin,
    external: user.external,
    confirmed_at: user.confirmed_at,
    note: user.note,
    namespace_id: user.namespace_id,
    identities: [],
    projects_limit: 100_000,
    can_create_group: true,
    can_create_project: true,
    two_factor_enabled: false,
    last_sign_in_at: null,
    current_sign_in_at: null,
    last_activity_on: null,
  }
}
export function groupAnswer(world: World, group: GroupRow): Told<GroupSchema> {
  const full_path = world.namespacePath(group.id)
  return {
    id: group.id,
    web_url: `${world.url}/groups/${full_path}`,
    name: group.name,
    path: group.path,
    description: group.description,
    visibility: group.visibility,
    full_name: world.namespaceName(group.id),
    full_path,
    parent_id: group.parent_id,
    created_at: group.created_at,
    avatar_url: null,
    lfs_enabled: true,
    request_access_enabled: true,
    share_with_group_lock: false,
    require_two_factor_authentication: false,
    two_factor_grace_period: 48,
    default_branch_protection: 2,
    project_creation_level: 'developer',
    subgroup_creation_level: 'maintainer',
    emails_disabled: group.settings['emails_enabled'] === false,
    emails_enabled: group.settings['emails_enabled'] !== false,
  }
}
export function memberAnswer(world: World, userId: number, level: number): Told<MemberSchema> {
  return { ...userAnswer(world, userId), access_level: level, expires_at: null, membership_state: 'active' }
}
