import { addLabel, labelComplaint, labelsOf, milestonesOf } from '../labels.ts'
import { numberIn, rowsOf, textIn } from '../fields.ts'
import { takeNumber } from '../places.ts'
import type { Fields, LabelRow, MilestoneRow } from '../rows.ts'
import { RecordError, type Run } from './run-context.ts'

const titles = new WeakMap<Run, Map<string, LabelRow>>()
/** Finds a label by its exact title in the project or its groups, or makes it: `object_builder.rb`. */
export function importLabel(run: Run, record: Fields): LabelRow {
  const known =
    titles.get(run) ??
    new Map(
      labelsOf(run.world, run.project)
        .toReversed()
        .map((label) => [label.title, label]),
    )
  titles.set(run, known)
  const title = textIn(record, 'title') ?? ''
  const found = known.get(title)
  if (found !== undefined) return found
  const color = textIn(record, 'color')
  const complaint = labelComplaint(title, color)
  if (complaint !== undefined) throw new RecordError(`Validation failed: ${complaint}`)
  const made = addLabel(run.world, `project:${run.project.id}`, {
    title,
    color: color ?? '',
    description: textIn(record, 'description') ?? null,
    priority: numberIn(rowsOf(record['priorities'])[0] ?? {}, 'priority') ?? null,
  })
  known.set(title, made)
  return made
}

/** Finds a milestone by its title, or makes it. A number that is taken pushes the other milestone away. */
export function importMilestone(run: Run, record: Fields): MilestoneRow {
  const { world, project } = run
  const title = textIn(record, 'title') ?? ''
  if (title.trim() === '') throw new RecordError("Validation failed: Title can't be blank")
  const known = milestonesOf(world, project)
  const found = known.find((milestone) => milestone.title === title)
  if (found !== undefined) return found
  const iid = numberIn(record, 'iid')
  const taken = known.find((milestone) => milestone.iid === iid)
  if (taken !== undefined) taken.iid = takeNumber(project, 'milestone')
  const state = textIn(record, 'state') ?? 'active'
  if (state !== 'active' && state !== 'closed') throw new RecordError('Validation failed: State is invalid')
  const row: MilestoneRow = {
    id: world.next('milestone'),
    project_id: project.id,
    iid: takeNumber(project, 'milestone', iid),
    title,
    description: textIn(record, 'description') ?? '',
    state,
    due_date: textIn(record, 'due_date') ?? null,
    start_date: textIn(record, 'start_date') ?? null,
    created_at: textIn(record, 'created_at') ?? world.now(),
    updated_at: textIn(record, 'updated_at') ?? world.now(),
  }
  world.milestones.set(row.id, row)
  return row
}

/** Access levels other than "nobody" become maintainer, unless the importer owns the root group. */
function levelOf(run: Run, record: Fields): number {
  const level = numberIn(record, 'access_level') ?? 40
  return level === 0 || level === 40 || ownsRootGroup(run) ? level : 40
}
function ownsRootGroup({ world, project, importer }: Run): boolean {
  let group = world.groups.get(project.namespace_id)
  if (group === undefined) return false
  while (group.parent_id !== null) {
    const parent = world.groups.get(group.parent_id)
    if (parent === undefined) break
    group = parent
  }
  return world.members.get(`group:${group.id}`)?.get(importer.id) === 50
}
export function importProtection(run: Run, relation: 'protected_branches' | 'protected_tags', record: Fields): void {
  const { world, project } = run
  const name = textIn(record, 'name') ?? ''
  if (name === '') throw new RecordError("Validation failed: Name can't be blank")
  const rows = relation === 'protected_branches' ? world.protectedBranches : world.protectedTags
  if (rows.some((row) => row.project_id === project.id && row.name === name))
    throw new RecordError('Validation failed: Name has already been taken')
  const levels = (key: string) =>
    rowsOf(record[key]).map((level) => ({ id: world.next('access_level'), access_level: levelOf(run, level) }))
  rows.push({
    id: world.next(relation),
    project_id: project.id,
    name,
    push: levels(relation === 'protected_tags' ? 'create_access_levels' : 'push_access_levels'),
    merge: levels('merge_access_levels'),
    allow_force_push: record['allow_force_push'] === true,
  })
}
export function importRelease(run: Run, record: Fields): void {
  const { world, project } = run
  const tag = textIn(record, 'tag') ?? ''
  if (tag === '') throw new RecordError("Validation failed: Tag can't be blank")
  if (world.releases.some((row) => row.project_id === project.id && row.tag === tag))
    throw new RecordError('Validation failed: Tag has already been taken')
  const author = numberIn(record, 'author_id')
  const created_at = textIn(record, 'created_at') ?? world.now()
  const links = rowsOf(record['links']).map((link) => linkOf(run, link))
  if (new Set(links.map((link) => link.url)).size < links.length || new Set(links.map((link) => link.name)).size < links.length)
    throw new RecordError('Validation failed: Links have duplicate values (name, url)')
  world.releases.push({
    project_id: project.id,
    tag,
    name: textIn(record, 'name') ?? tag,
    description: textIn(record, 'description') ?? '',
    author_id: author === undefined ? 0 : run.members.of(author),
    created_at,
    released_at: textIn(record, 'released_at') ?? created_at,
    sha: textIn(record, 'sha') ?? null,
    links,
  })
}
function linkOf({ world }: Run, link: Fields) {
  const url = textIn(link, 'url') ?? ''
  const filepath = textIn(link, 'filepath') ?? null
  const link_type = textIn(link, 'link_type') ?? 'other'
  if (!/^(?:https?|ftp):\/\//.test(url)) throw new RecordError('Validation failed: Links url is blocked')
  if (filepath !== null && !/^\/[^/].{0,126}$/.test(filepath))
    throw new RecordError('Validation failed: Links filepath is in an invalid format')
  if (!['other', 'runbook', 'package', 'image'].includes(link_type))
    throw new RecordError(`'${link_type}' is not a valid link_type`, 'ArgumentError')
  return { id: world.next('release_link'), name: textIn(link, 'name') ?? url, url, filepath, link_type }
}
/** Features are numbers here: 0 off, 10 members only, 20 everybody, 30 public. */
export function importFeatures(run: Run, record: Fields): void {
  const words: Readonly<Record<number, string>> = { 0: 'disabled', 10: 'private', 20: 'enabled', 30: 'public' }
  for (const key of Object.keys(record)) {
    const level = words[numberIn(record, key) ?? -1]
    if (key.endsWith('_access_level') && level !== undefined) run.project.settings[key] = level
  }
}
