import { canReadGroup, canReadProject, groupAccess } from '../access.ts'
import { groupAnswer } from '../answers/people.ts'
import { labelAnswer, namespaceAnswer, projectAnswer } from '../answers/projects.ts'
import { body, created, flag, groupIn, json, type Route, word } from '../ask.ts'
import { flagIn, numberIn, textIn } from '../fields.ts'
import { addLabel, labelComplaint } from '../labels.ts'
import { keysetPage, page } from '../pages.ts'
import { addGroup, removeGroup } from '../places.ts'
import { badRequest, conflict, forbidden, missing, notFound } from '../refusal.ts'
import type { Visibility } from '../rows.ts'

export const visibilityIn = (text: string | undefined): Visibility | undefined =>
  text === 'public' || text === 'internal' || text === 'private' ? text : undefined

export const groupRoutes: readonly Route[] = [
  {
    route: 'GET /groups',
    answer: (ask) => {
      const search = word(ask, 'search')?.toLowerCase()
      const rows = [...ask.world.groups.values()].filter(
        (group) =>
          canReadGroup(ask.world, ask.me, group) &&
          (flag(ask, 'top_level_only') !== true || group.parent_id === null) &&
          (search === undefined || group.path.toLowerCase().includes(search) || group.name.toLowerCase().includes(search)),
      )
      return keysetPage(ask, rows, (group) => groupAnswer(ask.world, group))
    },
  },
  {
    route: 'POST /groups',
    answer: async (ask) => {
      const { world, me } = ask
      const fields = await body(ask)
      const [name, path] = [textIn(fields, 'name'), textIn(fields, 'path')]
      if (name === undefined || path === undefined)
        throw missing(...(name === undefined ? ['name'] : []), ...(path === undefined ? ['path'] : []))
      const parent_id = numberIn(fields, 'parent_id') ?? null
      const parent = parent_id === null ? undefined : world.groups.get(parent_id)
      if (parent_id !== null && parent === undefined) throw notFound('Group')
      if (parent !== undefined && groupAccess(world, me, parent) < 40) throw forbidden()
      const visibility = visibilityIn(textIn(fields, 'visibility')) ?? 'private'
      const group = addGroup(world, { name, path, parent_id, visibility, description: textIn(fields, 'description') ?? '', owner: me })
      for (const key of ['emails_enabled', 'mentions_disabled', 'lfs_enabled'])
        if (flagIn(fields, key) !== undefined) group.settings[key] = flagIn(fields, key)
      return created(groupAnswer(world, group))
    },
  },
  {
    route: 'GET /groups/{id}',
    answer: (ask) => {
      const group = groupIn(ask)
      const projects = [...ask.world.projects.values()].filter((project) => project.namespace_id === group.id)
      const shown = flag(ask, 'with_projects') === false ? {} : { projects: projects.map((project) => projectAnswer(ask.world, project)) }
      return json({ ...groupAnswer(ask.world, group), shared_with_groups: [], ...shown })
    },
  },
  {
    route: 'PUT /groups/{id}',
    answer: async (ask) => {
      const group = groupIn(ask, 50)
      const fields = await body(ask)
      group.name = textIn(fields, 'name') ?? group.name
      group.path = textIn(fields, 'path') ?? group.path
      group.description = textIn(fields, 'description') ?? group.description
      group.visibility = visibilityIn(textIn(fields, 'visibility')) ?? group.visibility
      if (flagIn(fields, 'emails_enabled') !== undefined) group.settings['emails_enabled'] = flagIn(fields, 'emails_enabled')
      return json(groupAnswer(ask.world, group))
    },
  },
  {
    route: 'DELETE /groups/{id}',
    answer: (ask) => {
      removeGroup(ask.world, groupIn(ask, 50))
      return json({ message: '202 Accepted' }, 202)
    },
  },
  {
    route: 'GET /groups/{id}/subgroups',
    answer: (ask) => {
      const parent = groupIn(ask)
      const rows = [...ask.world.groups.values()].filter((group) => group.parent_id === parent.id && canReadGroup(ask.world, ask.me, group))
      return keysetPage(ask, rows, (group) => groupAnswer(ask.world, group))
    },
  },
  {
    route: 'GET /groups/{id}/projects',
    answer: (ask) => {
      const { world, me } = ask
      const group = groupIn(ask)
      const path = world.namespacePath(group.id)
      const below = flag(ask, 'include_subgroups') === true
      const rows = [...world.projects.values()].filter((project) => {
        const inside = project.namespace_id === group.id || (below && world.pathOf(project).startsWith(`${path}/`))
        return inside && canReadProject(world, me, project)
      })
      return keysetPage(ask, rows, (project) => projectAnswer(world, project))
    },
  },
  {
    route: 'GET /groups/{id}/labels',
    answer: (ask) => {
      const owner = `group:${groupIn(ask).id}`
      return page(
        ask,
        [...ask.world.labels.values()].filter((label) => label.owner === owner),
        labelAnswer,
      )
    },
  },
  {
    route: 'POST /groups/{id}/labels',
    answer: async (ask) => {
      const owner = `group:${groupIn(ask, 20).id}`
      const fields = await body(ask)
      const [title, color] = [textIn(fields, 'name') ?? '', textIn(fields, 'color')]
      const complaint = labelComplaint(title, color)
      if (complaint !== undefined) throw badRequest(complaint)
      if (ask.world.labels.values().some((label) => label.owner === owner && label.title === title)) throw conflict('Label already exists')
      return created(
        labelAnswer(addLabel(ask.world, owner, { title, color: color ?? '', description: textIn(fields, 'description') ?? null })),
      )
    },
  },
  {
    route: 'GET /namespaces/{id}',
    answer: (ask) => {
      const text = ask.params['id'] ?? ''
      const group = /^\d+$/.test(text) ? ask.world.groups.get(Number(text)) : ask.world.groupAt(text)
      const user = ask.world.users.values().find((each) => each.username === text || String(each.namespace_id) === text)
      const id = group?.id ?? user?.namespace_id
      if (id === undefined) throw notFound('Namespace')
      return json(namespaceAnswer(ask.world, id))
    },
  },
]
