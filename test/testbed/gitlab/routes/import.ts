import { rm } from 'node:fs/promises'
import { importAnswer, relationImportAnswer } from '../answers/projects.ts'
import { type Ask, created, json, projectIn, received, type Route } from '../ask.ts'
import { groupAccess, projectAccess } from '../access.ts'
import { fieldsOf, flagIn, isFields, textIn } from '../fields.ts'
import type { Jobs } from '../import/jobs.ts'
import { page } from '../pages.ts'
import { addProject } from '../places.ts'
import { badRequest, conflict, forbidden, missing, notFound, Refusal } from '../refusal.ts'
import type { Fields, ProjectRow } from '../rows.ts'

const sizeLimit = ({ world }: Ask): number => Number(world.settings['max_import_size']) * 1024 * 1024

function namespaceOf({ world, me }: Ask, fields: Fields): number {
  const wanted = textIn(fields, 'namespace')
  if (wanted === undefined) return me.namespace_id
  const group = /^\d+$/.test(wanted) ? world.groups.get(Number(wanted)) : world.groupAt(wanted)
  if (group === undefined) {
    const own = [me.username, String(me.namespace_id)].includes(wanted)
    if (own) return me.namespace_id
    throw notFound('Namespace')
  }
  if (groupAccess(world, me, group) < 40) throw forbidden()
  return group.id
}
/** Fields that override the file; a client that sends an object as text is refused. */
function overridesIn(fields: Fields): Fields {
  const given = fields['override_params']
  if (given === undefined) return {}
  if (!isFields(given)) throw new Refusal(400, { error: 'override_params is invalid' })
  return fieldsOf(given)
}

async function startImport(ask: Ask, jobs: Jobs): Promise<ProjectRow> {
  const { world, me, limits } = ask
  // The file is taken in before anything is decided about it, as Workhorse does.
  const { fields, files } = await received(ask)
  try {
    if (!(world.settings['import_sources'] as string[]).includes('gitlab_project')) throw forbidden()
    limits.projectImport(me)
    const file = files.get('file')
    const path = textIn(fields, 'path')
    if (file === undefined || path === undefined)
      throw missing(...(path === undefined ? ['path'] : []), ...(file === undefined ? ['file'] : []))
    if (!/\.(?:tar\.gz|tgz|gz)$/.test(file.filename)) throw badRequest('The uploaded file must be a .tar.gz')
    if (sizeLimit(ask) > 0 && file.size > sizeLimit(ask)) throw new Refusal(413, { message: '413 Request Entity Too Large' })
    const namespace_id = namespaceOf(ask, fields)
    const overrides = overridesIn(fields)
    const replaces = world.projectAt(`${world.namespacePath(namespace_id)}/${path}`)
    if (replaces !== undefined && flagIn(fields, 'overwrite') !== true) throw badRequest('Project namespace path has already been taken')
    const project = addProject(world, {
      path: replaces === undefined ? path : `${path}-${world.secret(8)}`,
      name: textIn(fields, 'name') ?? path,
      namespace_id,
      creator: me,
      import: { status: 'scheduled', correlation_id: world.secret(), error: null, failed: [] },
    })
    jobs.importProject({ project, importer: me, file: file.path, overrides, replaces })
    return project
  } catch (error) {
    for (const { path } of files.values()) await rm(path, { force: true })
    throw error
  }
}

async function startRelation(ask: Ask, jobs: Jobs): Promise<ReturnType<typeof relationImportAnswer>> {
  const { world, me } = ask
  const { fields, files } = await received(ask)
  const file = files.get('file')
  const path = textIn(fields, 'path')
  const relation = textIn(fields, 'relation')
  if (file === undefined || path === undefined || relation === undefined)
    throw missing(...['path', 'relation', 'file'].filter((name) => fields[name] === undefined && !files.has(name)))
  try {
    const project = world.projectAt(path)
    if (project === undefined) throw notFound('Project')
    if (!['issues', 'merge_requests', 'milestones', 'ci_pipelines'].includes(relation))
      throw badRequest('Imported relation must be one of issues, merge_requests, milestones, or ci_pipelines')
    if (projectAccess(world, me, project) < 40) throw forbidden('You are not authorized to perform this action')
    const busy = world.relationImports.some(
      (row) => row.project_id === project.id && (row.status === 'created' || row.status === 'started'),
    )
    if (busy || project.import.status === 'scheduled' || project.import.status === 'started')
      throw conflict('A relation import is already in progress for this project')
    const now = world.now()
    const row = {
      id: world.next('relation_import'),
      project_id: project.id,
      relation,
      status: 'created' as const,
      created_at: now,
      updated_at: now,
    }
    world.relationImports.push(row)
    jobs.importRelation({ project, importer: me, file: file.path }, row)
    return relationImportAnswer(world, project, row)
  } catch (error) {
    await rm(file.path, { force: true })
    throw error
  }
}

export const importRoutes = (jobs: Jobs): readonly Route[] => [
  { route: 'POST /projects/import', answer: async (ask) => created(importAnswer(ask.world, await startImport(ask, jobs))) },
  { route: 'GET /projects/{id}/import', answer: (ask) => json(importAnswer(ask.world, projectIn(ask))) },
  {
    route: 'POST /projects/import-relation',
    exists: (world) => world.can.importsRelations,
    answer: async (ask) => created(await startRelation(ask, jobs)),
  },
  {
    route: 'GET /projects/{id}/relation-imports',
    exists: (world) => world.can.importsRelations,
    answer: (ask) => {
      const project = projectIn(ask, 40)
      const rows = ask.world.relationImports.filter((row) => row.project_id === project.id)
      return page(ask, rows, (row) => relationImportAnswer(ask.world, project, row))
    },
  },
]
