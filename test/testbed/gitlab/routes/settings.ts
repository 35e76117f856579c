import { hookAnswer, protectedBranchAnswer, protectedTagAnswer, variableAnswer } from '../answers/projects.ts'
import { type Ask, body, created, groupIn, json, noContent, param, projectIn, type Route } from '../ask.ts'
import { flagIn, numberIn, textIn } from '../fields.ts'
import { page } from '../pages.ts'
import { badRequest, conflict, missing, notFound } from '../refusal.ts'
import type { Fields, ProtectionRow, VariableRow } from '../rows.ts'

const levelsIn = (ask: Ask, fields: Fields, key: string): ProtectionRow['push'] => [
  { id: ask.world.next('access_level'), access_level: numberIn(fields, key) ?? 40 },
]
function protectionRoutes(room: 'protected_branches' | 'protected_tags'): readonly Route[] {
  const answer = room === 'protected_branches' ? protectedBranchAnswer : protectedTagAnswer
  const rowsIn = (ask: Ask): ProtectionRow[] => (room === 'protected_branches' ? ask.world.protectedBranches : ask.world.protectedTags)
  const find = (ask: Ask, level: number): ProtectionRow => {
    const project = projectIn(ask, level)
    const row = rowsIn(ask).find((each) => each.project_id === project.id && each.name === param(ask, 'name'))
    if (row === undefined) throw notFound('')
    return row
  }
  return [
    {
      route: `GET /projects/{id}/${room}`,
      answer: (ask) => {
        const project = projectIn(ask, 30)
        return page(
          ask,
          rowsIn(ask).filter((row) => row.project_id === project.id),
          answer,
        )
      },
    },
    { route: `GET /projects/{id}/${room}/{name}`, answer: (ask) => json(answer(find(ask, 30))) },
    {
      route: `POST /projects/{id}/${room}`,
      answer: async (ask) => {
        const project = projectIn(ask, 40)
        const fields = await body(ask)
        const name = textIn(fields, 'name')
        if (name === undefined) throw missing('name')
        if (rowsIn(ask).some((row) => row.project_id === project.id && row.name === name))
          throw conflict(`Protected ${room === 'protected_branches' ? 'branch' : 'tag'} '${name}' already exists`)
        const row: ProtectionRow = {
          id: ask.world.next(room),
          project_id: project.id,
          name,
          push: levelsIn(ask, fields, room === 'protected_branches' ? 'push_access_level' : 'create_access_level'),
          merge: levelsIn(ask, fields, 'merge_access_level'),
          allow_force_push: flagIn(fields, 'allow_force_push') ?? false,
        }
        rowsIn(ask).push(row)
        return created(answer(row))
      },
    },
    {
      route: `DELETE /projects/{id}/${room}/{name}`,
      answer: (ask) => {
        const rows = rowsIn(ask)
        rows.splice(rows.indexOf(find(ask, 40)), 1)
        return noContent
      },
    },
  ]
}

function variableRoutes(kind: 'projects' | 'groups'): readonly Route[] {
  const ownerIn = (ask: Ask): string => (kind === 'projects' ? `project:${projectIn(ask, 40).id}` : `group:${groupIn(ask, 50).id}`)
  const find = (ask: Ask): VariableRow => {
    const owner = ownerIn(ask)
    const row = ask.world.variables.find((each) => each.owner === owner && each.key === param(ask, 'key'))
    if (row === undefined) throw notFound('Variable')
    return row
  }
  return [
    {
      route: `GET /${kind}/{id}/variables`,
      answer: (ask) => {
        const owner = ownerIn(ask)
        return page(
          ask,
          ask.world.variables.filter((row) => row.owner === owner),
          variableAnswer,
        )
      },
    },
    { route: `GET /${kind}/{id}/variables/{key}`, answer: (ask) => json(variableAnswer(find(ask))) },
    {
      route: `POST /${kind}/{id}/variables`,
      answer: async (ask) => {
        const owner = ownerIn(ask)
        const fields = await body(ask)
        const [key, value] = [textIn(fields, 'key') ?? '', textIn(fields, 'value')]
        const scope = textIn(fields, 'environment_scope') ?? '*'
        if (value === undefined) throw missing('value')
        if (!/^[A-Za-z0-9_]{1,255}$/.test(key)) throw badRequest({ key: ["can contain only letters, digits and '_'."] })
        if (ask.world.variables.some((row) => row.owner === owner && row.key === key && row.environment_scope === scope))
          throw badRequest({ key: [`(${key}) has already been taken`] })
        const masked = flagIn(fields, 'masked') ?? false
        if (masked && !/^[A-Za-z0-9_+=/@:.~-]{8,}$/.test(value)) throw badRequest({ value: ['is invalid'] })
        const row: VariableRow = {
          owner,
          key,
          value,
          environment_scope: scope,
          protected: flagIn(fields, 'protected') ?? false,
          masked,
          variable_type: textIn(fields, 'variable_type') === 'file' ? 'file' : 'env_var',
        }
        ask.world.variables.push(row)
        return created(variableAnswer(row))
      },
    },
    {
      route: `PUT /${kind}/{id}/variables/{key}`,
      answer: async (ask) => {
        const row = find(ask)
        row.value = textIn(await body(ask), 'value') ?? row.value
        return json(variableAnswer(row))
      },
    },
    {
      route: `DELETE /${kind}/{id}/variables/{key}`,
      answer: (ask) => {
        ask.world.variables.splice(ask.world.variables.indexOf(find(ask)), 1)
        return noContent
      },
    },
  ]
}

const hookSettings = (fields: Fields): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => !['url', 'token', 'id'].includes(key)))
export const settingRoutes: readonly Route[] = [
  ...protectionRoutes('protected_branches'),
  ...protectionRoutes('protected_tags'),
  ...variableRoutes('projects'),
  ...variableRoutes('groups'),
  {
    route: 'GET /projects/{id}/hooks',
    answer: (ask) => {
      const project = projectIn(ask, 40)
      return page(
        ask,
        ask.world.hooks.filter((row) => row.project_id === project.id),
        hookAnswer,
      )
    },
  },
  {
    route: 'POST /projects/{id}/hooks',
    answer: async (ask) => {
      const project = projectIn(ask, 40)
      const fields = await body(ask)
      const url = textIn(fields, 'url')
      if (url === undefined) throw missing('url')
      if (!/^https?:\/\//.test(url)) throw badRequest({ url: ['is blocked: Only allowed schemes are http, https'] })
      const row = {
        id: ask.world.next('hook'),
        project_id: project.id,
        created_at: ask.world.now(),
        url,
        settings: hookSettings(fields),
        token: textIn(fields, 'token') ?? null,
      }
      ask.world.hooks.push(row)
      return created(hookAnswer(row))
    },
  },
  {
    route: 'PUT /projects/{id}/hooks/{hook_id}',
    answer: async (ask) => {
      const hook = ask.world.hooks.find((row) => row.project_id === projectIn(ask, 40).id && row.id === Number(param(ask, 'hook_id')))
      if (hook === undefined) throw notFound('Hook')
      const fields = await body(ask)
      hook.url = textIn(fields, 'url') ?? hook.url
      Object.assign(hook.settings, hookSettings(fields))
      return json(hookAnswer(hook))
    },
  },
  {
    route: 'DELETE /projects/{id}/hooks/{hook_id}',
    answer: (ask) => {
      const project = projectIn(ask, 40)
      const at = ask.world.hooks.findIndex((row) => row.project_id === project.id && row.id === Number(param(ask, 'hook_id')))
      if (at < 0) throw notFound('Hook')
      ask.world.hooks.splice(at, 1)
      return noContent
    },
  },
]
