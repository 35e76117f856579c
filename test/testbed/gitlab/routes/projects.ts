import { canReadProject, groupAccess } from '../access.ts'
import { projectAnswer } from '../answers/projects.ts'
import { type Ask, body, created, flag, json, projectIn, type Route, word } from '../ask.ts'
import { flagIn, namesIn, numberIn, textIn } from '../fields.ts'
import { branchSha, gitOr } from '../git/repository.ts'
import { settingsIn } from '../features.ts'
import { keysetPage } from '../pages.ts'
import { addProject, checkPath, removeProject } from '../places.ts'
import { badRequest, forbidden, missing, notFound } from '../refusal.ts'
import type { Fields, ProjectRow } from '../rows.ts'
import { visibilityIn } from './groups.ts'

function namespaceIn({ world, me }: Ask, fields: Fields): number {
  const id = numberIn(fields, 'namespace_id')
  if (id === undefined || id === me.namespace_id) return me.namespace_id
  const group = world.groups.get(id)
  if (group === undefined) throw notFound('Namespace')
  if (groupAccess(world, me, group) < 30) throw forbidden()
  return id
}
function change(ask: Ask, project: ProjectRow, fields: Fields): void {
  const path = textIn(fields, 'path')
  if (path !== undefined && path !== project.path) {
    checkPath(path)
    if (ask.world.projectAt(`${ask.world.namespacePath(project.namespace_id)}/${path}`) !== undefined)
      throw badRequest({ path: ['has already been taken'] })
    project.path = path
  }
  const branch = textIn(fields, 'default_branch')
  if (branch !== undefined && branch !== project.default_branch) {
    const repository = ask.world.repository(project)
    if (branchSha(repository, branch) === undefined)
      throw badRequest({ base: [`Could not change HEAD: branch '${branch}' does not exist`] })
    gitOr(repository, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`)
    project.default_branch = branch
  }
  project.name = textIn(fields, 'name') ?? project.name
  project.description = textIn(fields, 'description') ?? project.description
  const visibility = visibilityIn(textIn(fields, 'visibility'))
  const group = ask.world.groups.get(project.namespace_id)
  const order = ['private', 'internal', 'public']
  if (visibility !== undefined && group !== undefined && order.indexOf(visibility) > order.indexOf(group.visibility))
    throw badRequest({ visibility_level: [`${visibility} is not allowed in a ${group.visibility} group.`] })
  project.visibility = visibility ?? project.visibility
  project.topics = namesIn(fields, 'topics') ?? project.topics
  Object.assign(project.settings, settingsIn(fields))
  project.updated_at = ask.world.now()
}

export const projectRoutes: readonly Route[] = [
  {
    route: 'GET /projects',
    answer: (ask) => {
      const { world, me } = ask
      const search = word(ask, 'search')?.toLowerCase()
      const topic = word(ask, 'topic')
      const archived = flag(ask, 'archived')
      const rows = [...world.projects.values()].filter(
        (project) =>
          canReadProject(world, me, project) &&
          (archived === undefined || project.archived === archived) &&
          (topic === undefined || project.topics.includes(topic)) &&
          (search === undefined || project.path.toLowerCase().includes(search) || project.name.toLowerCase().includes(search)),
      )
      return keysetPage(ask, rows, (project) => projectAnswer(world, project))
    },
  },
  {
    route: 'POST /projects',
    answer: async (ask) => {
      const fields = await body(ask)
      const path =
        textIn(fields, 'path') ??
        textIn(fields, 'name')
          ?.toLowerCase()
          .replaceAll(/[^a-z0-9_.-]+/g, '-')
      if (path === undefined) throw missing('name')
      const group = ask.world.groups.get(namespaceIn(ask, fields))
      const visibility = visibilityIn(textIn(fields, 'visibility')) ?? 'private'
      if (group?.visibility === 'private' && visibility !== 'private')
        throw badRequest({ visibility_level: [`${visibility} is not allowed in a private group.`] })
      const project = addProject(ask.world, {
        path,
        name: textIn(fields, 'name') ?? path,
        namespace_id: namespaceIn(ask, fields),
        creator: ask.me,
        description: textIn(fields, 'description') ?? null,
        visibility,
        settings: settingsIn(fields),
        topics: namesIn(fields, 'topics') ?? [],
      })
      return created(projectAnswer(ask.world, project, ask.me))
    },
  },
  { route: 'GET /projects/{id}', answer: (ask) => json(projectAnswer(ask.world, projectIn(ask), ask.me)) },
  {
    route: 'PUT /projects/{id}',
    answer: async (ask) => {
      const project = projectIn(ask, 40)
      change(ask, project, await body(ask))
      return json(projectAnswer(ask.world, project, ask.me))
    },
  },
  {
    route: 'DELETE /projects/{id}',
    answer: async (ask) => {
      const { world } = ask
      const project = projectIn(ask, 50)
      const fields = await body(ask)
      if (flagIn(fields, 'permanently_remove') === true) {
        if (world.can.delaysDeletion && project.marked_for_deletion_on === null)
          throw badRequest('Project must be marked for deletion first.')
        if (textIn(fields, 'full_path') !== world.pathOf(project))
          throw badRequest('`full_path` is incorrect. You must enter the complete path for the project.')
      } else if (world.can.delaysDeletion) {
        if (project.marked_for_deletion_on !== null) throw badRequest('Project has been already marked for deletion')
        project.marked_for_deletion_on = world.now().slice(0, 10)
        project.path += `-deletion_scheduled-${project.id}`
        return json({ message: '202 Accepted' }, 202)
      }
      removeProject(world, project)
      return json({ message: '202 Accepted' }, 202)
    },
  },
  ...(['archive', 'unarchive'] as const).map((act): Route => ({
    route: `POST /projects/{id}/${act}`,
    answer: (ask) => {
      const project = projectIn(ask, 50)
      project.archived = act === 'archive'
      return created(projectAnswer(ask.world, project, ask.me))
    },
  })),
]
