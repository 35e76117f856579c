import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { settingsIn } from '../features.ts'
import { flagIn, listOf, numberIn, textIn } from '../fields.ts'
import { removeProject } from '../places.ts'
import { protectDefaultBranch } from '../protection.ts'
import type { Fields, ProjectRow, UserRow } from '../rows.ts'
import type { World } from '../world.ts'
import { ImportError, parse, records, unpack } from './archive.ts'
import { maxIidsOf, restoreLfs, restoreRepository, restoreUploads, restoreWiki } from './media.ts'
import { Members } from './members.ts'
import { importCommitNote } from './commit-notes.ts'
import { importIssue, importMergeRequest } from './merge-requests.ts'
import { importFeatures, importLabel, importMilestone, importProtection, importRelease } from './places.ts'
import { fail, RecordError, type Run } from './run-context.ts'
import { permit, RELATIONS } from './whitelist.ts'

type Relation = (typeof RELATIONS)[number]
const BUILD: Readonly<Record<Relation, (run: Run, record: Fields, line: number) => unknown>> = {
  labels: importLabel,
  milestones: importMilestone,
  issues: importIssue,
  releases: importRelease,
  merge_requests: importMergeRequest,
  protected_branches: (run, record) => importProtection(run, 'protected_branches', record),
  protected_tags: (run, record) => importProtection(run, 'protected_tags', record),
  commit_notes: importCommitNote,
  project_feature: importFeatures,
  boards: () => undefined,
}

export interface ImportOrder {
  readonly project: ProjectRow
  readonly importer: UserRow
  readonly file: string
  readonly overrides: Fields
  /** The project that is replaced when all went well. */
  readonly replaces: ProjectRow | undefined
}

/** Imports a project file from beginning to end (`importer.rb`): version, repository, wiki, tree, uploads, LFS. Throws what fails it as a whole. */
export async function importProject(world: World, order: ImportOrder): Promise<void> {
  const { project } = order
  await inWorkshop(world, order.file, async (directory, start) => {
    await checkVersion(world, directory)
    const run = await runOf(world, order, directory, start)
    await restoreRepository(run)
    await restoreWiki(run)
    await setAttributes(run, order.overrides)
    for (const relation of RELATIONS) await importRelation(run, relation)
    if (world.can.readsMaxIids) await reserveNumbers(run)
    await restoreUploads(run)
    await restoreLfs(run)
    world.outage.check(start)
    protectDefaultBranch(world, project)
    if (order.replaces !== undefined) takePlace(world, project, order.replaces)
  })
}
async function inWorkshop(world: World, file: string, work: (directory: string, start: number) => Promise<void>): Promise<void> {
  const start = world.outage.starts
  const directory = join(world.directory, 'workshop', world.secret())
  try {
    await unpack(file, directory, Number(world.settings['max_decompressed_archive_size']) * 1024 * 1024)
    await work(directory, start)
  } finally {
    await rm(directory, { recursive: true, force: true })
    await rm(file, { force: true })
  }
}
async function runOf(world: World, order: Pick<ImportOrder, 'project' | 'importer'>, directory: string, start: number): Promise<Run> {
  const { project, importer } = order
  const members = new Members(world, project, importer)
  const dropped = (name: string): void => void world.dropped.set(name, (world.dropped.get(name) ?? 0) + 1)
  for await (const [record] of records(directory, 'project_members')) members.add(permit('project_members', record, dropped))
  return { world, project, importer, directory, members, start, dropped }
}
async function checkVersion(world: World, directory: string): Promise<void> {
  const path = join(directory, 'VERSION')
  if (!existsSync(path)) throw new ImportError('No such file or directory @ rb_sysopen - VERSION')
  const version = (await readFile(path, 'utf8')).split('\n')[0] ?? ''
  if (!/^\d+\.\d+\.\d+/.test(version)) throw new ImportError('Incorrect VERSION format')
  if (version.trim() !== world.exportVersion)
    throw new ImportError(`Import version mismatch: Required ${world.exportVersion} but was ${version}`)
}

async function importRelation(run: Run, relation: Relation, skip: (record: Fields) => boolean = () => false): Promise<void> {
  for await (const [raw, line] of records(run.directory, relation)) {
    run.world.outage.check(run.start)
    const record = permit(relation, raw, run.dropped)
    if (skip(record)) continue
    try {
      BUILD[relation](run, record, line)
    } catch (error) {
      if (!(error instanceof RecordError)) throw error
      fail(run, relation, line, error)
    }
  }
}

/**
 * `tree/project.json`; what the call overrides wins, and passes the same whitelist. Without the file nothing can be restored. Hooks and topics are
 * whitelisted, but only the empty lists of real exports can be assigned: a record in one fails the import (`relation_tree_restorer.rb`, read 2026-11-25).
 */
async function setAttributes(run: Run, overrides: Fields): Promise<void> {
  const path = join(run.directory, 'tree', 'project.json')
  if (!existsSync(path)) throw new ImportError('Invalid file')
  const record = permit('project', { ...parse(await readFile(path)), ...overrides }, run.dropped)
  for (const [key, name] of [
    ['hooks', 'ProjectHook'],
    ['topics', 'Projects::Topic'],
  ] as const)
    if (listOf(record[key]).length > 0) throw new ImportError(`${name} expected, got a Hash or String`)
  const { project, world } = run
  const words = { 0: 'private', 10: 'internal', 20: 'public' } as const
  const level = numberIn(record, 'visibility_level')
  const visibility = textIn(record, 'visibility') ?? (level === 0 || level === 10 || level === 20 ? words[level] : undefined)
  const order = ['private', 'internal', 'public']
  const group = world.groups.get(project.namespace_id)
  if (visibility === 'private' || visibility === 'internal' || visibility === 'public')
    // A project is never more visible than its group (`drop_visibility_level!`).
    project.visibility = group !== undefined && order.indexOf(group.visibility) < order.indexOf(visibility) ? group.visibility : visibility
  project.description = textIn(record, 'description') ?? project.description
  project.archived = flagIn(record, 'archived') ?? project.archived
  Object.assign(project.settings, settingsIn(record))
}
async function reserveNumbers(run: Run): Promise<void> {
  const most = await maxIidsOf(run)
  const { counters } = run.project
  const names = { issues: 'issue', merge_requests: 'merge_request', project_milestones: 'milestone' } as const
  for (const [name, counter] of Object.entries(names) as [keyof typeof names, keyof typeof counters][])
    counters[counter] = Math.max(counters[counter], numberIn(most, name) ?? 0)
}
/** The new project takes the path of the one it replaces (`overwrite=true`). */
function takePlace(world: World, project: ProjectRow, replaced: ProjectRow): void {
  const { path, name } = replaced
  removeProject(world, replaced)
  project.path = path
  project.name = name
}

const RELATION_KINDS = { issues: 'issue', merge_requests: 'merge_request', milestones: 'milestone' } as const
/** `POST /projects/import-relation`: one relation again, what has a number that exists is left alone. */
export async function importOneRelation(
  world: World,
  order: Pick<ImportOrder, 'project' | 'importer' | 'file'>,
  relation: keyof typeof RELATION_KINDS,
): Promise<void> {
  const { project } = order
  const kind = RELATION_KINDS[relation]
  const known = (iid: number): boolean =>
    kind === 'milestone'
      ? world.milestones.values().some((row) => row.project_id === project.id && row.iid === iid)
      : world.items.has(project.id, kind, iid)
  await inWorkshop(world, order.file, async (directory, start) => {
    await checkVersion(world, directory)
    const before = new Map(world.membersOf(`project:${project.id}`))
    const run = await runOf(world, order, directory, start)
    const members = world.membersOf(`project:${project.id}`)
    for (const [id, level] of before) members.set(id, level)
    await importRelation(run, relation, (record) => known(numberIn(record, 'iid') ?? 0))
  })
}
