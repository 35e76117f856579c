import type {
  AuthTestResponse,
  EmojiListResponse,
  TeamInfoResponse,
  TeamProfileGetResponse,
  UsergroupsListResponse,
  UsergroupsUsersListResponse,
  UsersInfoResponse,
  UsersListResponse,
  UsersProfileGetResponse,
} from '@slack/web-api'
import type { WorldUser } from '../../world/model.ts'
import type { Open } from '../../world/wire.ts'
import type { Call, Method } from '../call.ts'
import { Refusal } from '../errors.ts'
import { renderUser } from '../render.ts'

export const authTest: Method = {
  tier: 'special',
  scopes: [],
  answer({ world, grant }): Open<AuthTestResponse> {
    const { wire } = world.user(grant.user)
    return {
      ok: true,
      url: `https://${world.team.domain}.slack.com/`,
      team: world.team.name,
      team_id: world.team.id,
      user: wire.name,
      user_id: grant.user,
      is_enterprise_install: false,
      ...(grant.type === 'bot' ? { bot_id: wire.profile?.bot_id ?? '' } : {}),
    }
  },
}

export const teamInfo: Method = {
  tier: 3,
  scopes: ['team:read'],
  answer({ world: { team } }): Open<TeamInfoResponse> & { team: { plan?: string } } {
    return {
      ok: true,
      team: {
        id: team.id,
        name: team.name,
        domain: team.domain,
        url: `https://${team.domain}.slack.com/`,
        email_domain: 'example.org',
        icon: { image_default: true },
        plan: team.plan === 'free' ? '' : 'std',
      },
    }
  },
}

export const teamProfile: Method = {
  tier: 3,
  scopes: ['users.profile:read'],
  answer: ({ world }): Open<TeamProfileGetResponse> => ({ ok: true, profile: { fields: world.profileFields, sections: [] } }),
}

const withEmail = ({ grant }: Call): boolean => grant.scopes.has('users:read.email')

function userOf(call: Call): WorldUser {
  const user = call.world.users.get(call.args.text('user') ?? call.grant.user)
  if (user === undefined) throw new Refusal('user_not_found')
  return user
}

/** Colleagues and bots. Strangers of a shared channel are not in the list: only users.info knows them. */
export const users: Method = {
  tier: 2,
  scopes: ['users:read'],
  answer(call): Open<UsersListResponse> {
    const own = [...call.world.users.values()].filter(({ wire }) => wire.team_id === call.world.team.id)
    const page = call.pager.page(own, call.args.text('cursor'), call.args.limit(), { usual: 1000, most: 1000, gaps: true })
    return {
      ok: true,
      members: page.items.map((user) => renderUser(call, user, withEmail(call))),
      cache_ts: call.world.nowSeconds,
      response_metadata: { next_cursor: page.next },
    }
  },
}

export const userInfo: Method = {
  tier: 4,
  scopes: ['users:read'],
  answer(call): Open<UsersInfoResponse> {
    call.args.required('user')
    const user = userOf(call)
    const stranger = user.wire.team_id !== call.world.team.id
    return { ok: true, user: { ...renderUser(call, user, withEmail(call)), ...(stranger ? { is_stranger: true } : {}) } }
  },
}

type Profile = NonNullable<Open<UsersProfileGetResponse>['profile']>

/** Without custom fields Slack says null, not an empty object. */
export const userProfile: Method = {
  tier: 4,
  scopes: ['users.profile:read'],
  answer(call): { ok: true; profile: Omit<Profile, 'fields'> & { fields: Profile['fields'] | null } } {
    const user = userOf(call)
    const { team: _, bot_id: _bot, api_app_id: _app, fields: _fields, ...profile } = renderUser(call, user, withEmail(call)).profile ?? {}
    return { ok: true, profile: { ...profile, fields: Object.keys(user.fields).length === 0 ? null : { ...user.fields } } }
  },
}

const needPaidPlan = ({ world }: Call): void => {
  if (world.team.plan === 'free') throw new Refusal('plan_upgrade_required')
}

type GroupWire = Omit<NonNullable<Open<UsergroupsListResponse>['usergroups']>[number], 'deleted_by'> & { deleted_by: null; auto_type: null }

export const groups: Method = {
  tier: 2,
  scopes: ['usergroups:read'],
  answer(call): Omit<Open<UsergroupsListResponse>, 'usergroups'> & { ok: true; usergroups: GroupWire[] } {
    needPaidPlan(call)
    const disabled = call.args.flag('include_disabled')
    const members = call.args.flag('include_users')
    const listed = [...call.world.groups.values()].filter(({ date_delete }) => disabled || (date_delete ?? 0) === 0)
    return {
      ok: true,
      usergroups: listed.map(({ users, ...group }) => ({ ...group, deleted_by: null, auto_type: null, ...(members ? { users } : {}) })),
    }
  },
}

export const groupMembers: Method = {
  tier: 2,
  scopes: ['usergroups:read'],
  answer(call): Open<UsergroupsUsersListResponse> {
    needPaidPlan(call)
    const group = call.world.groups.get(call.args.required('usergroup'))
    if (group === undefined) throw new Refusal('no_such_subteam')
    if ((group.date_delete ?? 0) > 0 && !call.args.flag('include_disabled')) throw new Refusal('subteam_disabled')
    return { ok: true, users: group.users }
  },
}

export const emoji: Method = {
  tier: 2,
  scopes: ['emoji:read'],
  answer({ world, addresses }): Open<EmojiListResponse> {
    const address = (name: string) => `${addresses.images}/emoji/${world.team.id}/${encodeURIComponent(name)}.png`
    const entries = [...world.emoji.values()].map(({ name, alias }) => [name, alias === undefined ? address(name) : `alias:${alias}`])
    return { ok: true, emoji: Object.fromEntries(entries), cache_ts: `${world.nowSeconds}.000000` }
  },
}
