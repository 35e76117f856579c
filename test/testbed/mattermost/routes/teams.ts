import { teamAnswer, teamMemberAnswer } from '../answers.ts'
import { isAdmin, joinTeam } from '../people.ts'
import { saveTeam } from '../places.ts'
import { badBody, notAllowed, Refusal } from '../refusal.ts'
import type { TeamRow } from '../rows.ts'
import {
  type Ask,
  body,
  boolOf,
  flag,
  json,
  listBody,
  ok,
  pageOf,
  param,
  requireAdmin,
  type Route,
  selfOrAdmin,
  teamIn,
  textOf,
  userIn,
} from './ask.ts'

const noMember = (): Refusal =>
  new Refusal('app.team.get_member.missing.app_error', 404, 'No team member found for that user ID and team ID.')

function manageable(ask: Ask, team: TeamRow): TeamRow {
  if (!isAdmin(ask.me) && ask.store.teamMembers.get(`${team.id}/${ask.me.id}`)?.scheme_admin !== true) throw notAllowed()
  return team
}

export const teamRoutes: readonly Route[] = [
  {
    route: 'POST /teams',
    answer: async (ask) => {
      const fields = await body(ask, 'team')
      const type = textOf(fields, 'type')
      const name = textOf(fields, 'name') ?? ''
      const display_name = textOf(fields, 'display_name') ?? ''
      if (display_name === '') throw new Refusal('model.team.is_valid.name.app_error', 400, 'Invalid name.')
      if (type !== 'O' && type !== 'I') throw new Refusal('model.team.is_valid.type.app_error', 400, 'Invalid type.')
      const team = saveTeam(ask.store, {
        name,
        display_name,
        type,
        email: ask.me.email,
        description: textOf(fields, 'description') ?? '',
        allow_open_invite: boolOf(fields, 'allow_open_invite') ?? false,
      })
      joinTeam(ask.store, team.id, ask.me, true)
      return json(teamAnswer(team), 201)
    },
  },
  {
    route: 'GET /teams',
    answer: (ask) => {
      const all = [...ask.store.teams.values()].filter((team) => isAdmin(ask.me) || team.allow_open_invite)
      const sorted = all.toSorted((a, b) => (a.display_name < b.display_name ? -1 : 1))
      const page = pageOf(ask, sorted).map(teamAnswer)
      return json(flag(ask, 'include_total_count') ? { teams: page, total_count: all.length } : page)
    },
  },
  {
    route: 'GET /teams/name/{team_name}',
    answer: (ask) => {
      const team = ask.store.teamNamed(param(ask, 'team_name'))
      if (team === undefined) throw new Refusal('app.team.get_by_name.missing.app_error', 404, 'Unable to find the existing team.')
      return json(teamAnswer(team))
    },
  },
  {
    route: 'GET /teams/name/{team_name}/exists',
    answer: (ask) => json({ exists: ask.store.teamNamed(param(ask, 'team_name')) !== undefined }),
  },
  { route: 'GET /teams/{team_id}', answer: (ask) => json(teamAnswer(teamIn(ask))) },
  {
    route: 'PUT /teams/{team_id}/patch',
    answer: async (ask) => {
      const team = manageable(ask, teamIn(ask))
      const fields = await body(ask, 'team')
      team.display_name = textOf(fields, 'display_name') ?? team.display_name
      team.description = textOf(fields, 'description') ?? team.description
      team.allow_open_invite = boolOf(fields, 'allow_open_invite') ?? team.allow_open_invite
      team.update_at = ask.store.now()
      return json(teamAnswer(team))
    },
  },
  {
    route: 'DELETE /teams/{team_id}',
    answer: (ask) => {
      const { store } = ask
      const team = manageable(ask, teamIn(ask))
      if (!flag(ask, 'permanent')) {
        team.delete_at = team.update_at = store.now()
        return ok()
      }
      if (!store.config.ServiceSettings.EnableAPITeamDeletion)
        throw new Refusal(
          'api.user.delete_team.not_enabled.app_error',
          401,
          'Permanent team deletion feature is not enabled. Please contact your System Administrator.',
        )
      for (const channel of [...store.channels.values()]) if (channel.team_id === team.id) store.removeChannel(channel)
      for (const [key, member] of store.teamMembers) if (member.team_id === team.id) store.teamMembers.delete(key)
      store.teams.delete(team.id)
      return ok()
    },
  },
  {
    route: 'POST /teams/{team_id}/restore',
    answer: (ask) => {
      const team = manageable(ask, teamIn(ask))
      team.delete_at = 0
      team.update_at = ask.store.now()
      return json(teamAnswer(team))
    },
  },
  {
    route: 'GET /teams/{team_id}/stats',
    answer: (ask) => {
      const members = ask.store.membersOfTeam(teamIn(ask).id)
      const active = members.filter((member) => ask.store.users.get(member.user_id)?.delete_at === 0)
      return json({ team_id: teamIn(ask).id, total_member_count: members.length, active_member_count: active.length })
    },
  },
  {
    route: 'GET /teams/{team_id}/members',
    answer: (ask) => json(pageOf(ask, ask.store.membersOfTeam(teamIn(ask).id)).map(teamMemberAnswer)),
  },
  {
    route: 'POST /teams/{team_id}/members',
    answer: async (ask) => {
      const team = teamIn(ask)
      const fields = await body(ask, 'member')
      if (textOf(fields, 'team_id') !== team.id) throw badBody('team_id')
      const user = userIn(ask, textOf(fields, 'user_id'))
      if (!isAdmin(ask.me) && !team.allow_open_invite) throw notAllowed()
      return json(teamMemberAnswer(joinTeam(ask.store, team.id, user)), 201)
    },
  },
  {
    route: 'POST /teams/{team_id}/members/batch',
    answer: async (ask) => {
      requireAdmin(ask)
      const members: unknown = await ask.http.req.json().catch(() => undefined)
      if (!Array.isArray(members) || members.length === 0) throw badBody('no members in batch')
      const team = teamIn(ask)
      const joined = (members as Readonly<Record<string, unknown>>[]).map((each) =>
        joinTeam(ask.store, team.id, userIn(ask, textOf(each, 'user_id'))),
      )
      return json(joined.map(teamMemberAnswer), 201)
    },
  },
  {
    route: 'POST /teams/{team_id}/members/ids',
    answer: async (ask) => {
      const team = teamIn(ask)
      const rows = (await listBody(ask, 'user_ids')).flatMap((id) => ask.store.teamMembers.get(`${team.id}/${id}`) ?? [])
      return json(rows.filter((row) => row.delete_at === 0).map(teamMemberAnswer))
    },
  },
  {
    route: 'GET /teams/{team_id}/members/{user_id}',
    answer: (ask) => {
      const row = ask.store.teamMembers.get(`${teamIn(ask).id}/${userIn(ask).id}`)
      if (row === undefined) throw noMember()
      return json(teamMemberAnswer(row))
    },
  },
  {
    route: 'DELETE /teams/{team_id}/members/{user_id}',
    answer: (ask) => {
      const user = userIn(ask)
      const team = teamIn(ask)
      const row = ask.store.teamMembers.get(`${team.id}/${user.id}`)
      if (row === undefined) throw noMember()
      row.delete_at = ask.store.now()
      for (const channel of ask.store.channels.values()) if (channel.team_id === team.id) ask.store.removeChannelMember(channel.id, user.id)
      return ok()
    },
  },
  {
    route: 'PUT /teams/{team_id}/members/{user_id}/schemeRoles',
    answer: async (ask) => {
      const row = ask.store.teamMembers.get(`${manageable(ask, teamIn(ask)).id}/${userIn(ask).id}`)
      if (row === undefined) throw noMember()
      const fields = await body(ask, 'scheme_roles')
      row.scheme_admin = boolOf(fields, 'scheme_admin') ?? row.scheme_admin
      row.scheme_user = boolOf(fields, 'scheme_user') ?? row.scheme_user
      return ok()
    },
  },
  {
    route: 'GET /users/{user_id}/teams',
    answer: (ask) => {
      const user = selfOrAdmin(ask, userIn(ask))
      const rows = [...ask.store.teamMembers.values()].filter((row) => row.user_id === user.id && row.delete_at === 0)
      return json(
        rows
          .flatMap((row) => ask.store.teams.get(row.team_id) ?? [])
          .filter((team) => team.delete_at === 0)
          .map(teamAnswer),
      )
    },
  },
]
