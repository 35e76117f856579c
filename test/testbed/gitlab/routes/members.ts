import { ancestors } from '../access.ts'
import { memberAnswer } from '../answers/people.ts'
import { type Ask, body, created, groupIn, json, noContent, param, projectIn, type Route } from '../ask.ts'
import { numberIn, numbersIn, textIn } from '../fields.ts'
import { mailTo } from '../mail.ts'
import { page } from '../pages.ts'
import { badRequest, conflict, forbidden, missing, notFound } from '../refusal.ts'

const LEVELS = [5, 10, 15, 20, 30, 40, 50]
type Kind = 'projects' | 'groups'
/** The key of the membership table, and how far the one asking may go. */
function ownerOf(ask: Ask, kind: Kind, level: number): { readonly owner: string; readonly above: readonly string[] } {
  if (kind === 'projects') {
    const project = projectIn(ask, level)
    return { owner: `project:${project.id}`, above: ancestors(ask.world, project.namespace_id).map(({ id }) => `group:${id}`) }
  }
  const group = groupIn(ask, level)
  return {
    owner: `group:${group.id}`,
    above: group.parent_id === null ? [] : ancestors(ask.world, group.parent_id).map(({ id }) => `group:${id}`),
  }
}
const shape = (ask: Ask) => (row: readonly [number, number]) => memberAnswer(ask.world, row[0], row[1])

function all(ask: Ask, kind: Kind): readonly (readonly [number, number])[] {
  const { owner, above } = ownerOf(ask, kind, 0)
  const levels = new Map<number, number>()
  for (const key of [owner, ...above])
    for (const [id, level] of ask.world.members.get(key) ?? []) levels.set(id, Math.max(level, levels.get(id) ?? 0))
  return [...levels]
}

const routesOf = (kind: Kind): readonly Route[] => [
  {
    route: `GET /${kind}/{id}/members`,
    answer: (ask) => page(ask, [...ask.world.membersOf(ownerOf(ask, kind, 0).owner)], shape(ask)),
  },
  { route: `GET /${kind}/{id}/members/all`, answer: (ask) => page(ask, all(ask, kind), shape(ask)) },
  {
    route: `GET /${kind}/{id}/members/{user_id}`,
    answer: (ask) => {
      const id = Number(param(ask, 'user_id'))
      const level = ask.world.membersOf(ownerOf(ask, kind, 0).owner).get(id)
      if (level === undefined) throw notFound('Member')
      return json(memberAnswer(ask.world, id, level))
    },
  },
  {
    route: `POST /${kind}/{id}/members`,
    answer: async (ask) => {
      const { world, me } = ask
      const { owner } = ownerOf(ask, kind, kind === 'projects' ? 40 : 50)
      const fields = await body(ask)
      const level = numberIn(fields, 'access_level')
      const named = world.userNamed(textIn(fields, 'username') ?? '')
      const ids = numbersIn(fields, 'user_id') ?? (named === undefined ? [] : [named.id])
      if (level === undefined || ids.length === 0)
        throw missing(...(level === undefined ? ['access_level'] : []), ...(ids.length === 0 ? ['user_id'] : []))
      if (!LEVELS.includes(level)) throw badRequest({ access_level: ['is not included in the list'] })
      if (level === 50 && kind === 'projects' && !me.admin) throw forbidden()
      const members = world.membersOf(owner)
      for (const id of ids) {
        const user = world.users.get(id)
        if (user === undefined) throw notFound('User')
        if (members.has(id)) throw conflict('Member already exists')
        members.set(id, level)
        // People are told that they were given access; blocked ones are left alone.
        mailTo(world, user, 'access granted', owner)
      }
      return created(memberAnswer(world, ids[0] ?? 0, level))
    },
  },
  {
    route: `PUT /${kind}/{id}/members/{user_id}`,
    answer: async (ask) => {
      const { owner } = ownerOf(ask, kind, kind === 'projects' ? 40 : 50)
      const id = Number(param(ask, 'user_id'))
      const level = numberIn(await body(ask), 'access_level')
      if (!ask.world.membersOf(owner).has(id)) throw notFound('Member')
      if (level === undefined || !LEVELS.includes(level)) throw badRequest({ access_level: ['is not included in the list'] })
      ask.world.membersOf(owner).set(id, level)
      return json(memberAnswer(ask.world, id, level))
    },
  },
  {
    route: `DELETE /${kind}/{id}/members/{user_id}`,
    answer: (ask) => {
      const { owner } = ownerOf(ask, kind, kind === 'projects' ? 40 : 50)
      if (!ask.world.membersOf(owner).delete(Number(param(ask, 'user_id')))) throw notFound('Member')
      return noContent
    },
  },
]
const shareRoutes: readonly Route[] = [
  {
    route: 'POST /projects/{id}/share',
    answer: async (ask) => {
      const project = projectIn(ask, 40)
      const fields = await body(ask)
      const [id, level] = [numberIn(fields, 'group_id'), numberIn(fields, 'group_access')]
      if (id === undefined || level === undefined) throw missing('group_id', 'group_access')
      if (!ask.world.groups.has(id)) throw notFound('Group')
      if (project.shares.has(id)) throw conflict({ group_id: ['already shared with this group'] })
      project.shares.set(id, level)
      return created({ id: ask.world.next('share'), project_id: project.id, group_id: id, group_access: level, expires_at: null })
    },
  },
  {
    route: 'DELETE /projects/{id}/share/{group_id}',
    answer: (ask) => {
      if (!projectIn(ask, 40).shares.delete(Number(param(ask, 'group_id')))) throw notFound('Group Link')
      return noContent
    },
  },
]
export const memberRoutes: readonly Route[] = [...routesOf('projects'), ...routesOf('groups'), ...shareRoutes]
