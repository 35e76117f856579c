import { ancestors } from './access.ts'
import { badRequest } from './refusal.ts'
import type { LabelRow, MilestoneRow, ProjectRow } from './rows.ts'
import type { World } from './world.ts'

/** Labels of a project and of the groups it is in; the project's own come first. Titles are case sensitive. */
export function labelsOf(world: World, project: ProjectRow): LabelRow[] {
  const owners = [`project:${project.id}`, ...ancestors(world, project.namespace_id).map(({ id }) => `group:${id}`)]
  return owners.flatMap((owner) => [...world.labels.values()].filter((label) => label.owner === owner))
}
const NAMED = new Set([
  'red',
  'green',
  'blue',
  'orange',
  'yellow',
  'purple',
  'magenta',
  'pink',
  'gray',
  'black',
  'white',
  'brown',
  'violet',
])
/** What is wrong with a label, in GitLab's words (app/models/label.rb, read 2026-11-25). */
export function labelComplaint(title: string, color: string | undefined): string | undefined {
  if (title.trim() === '') return "Title can't be blank"
  if (title.length > 255) return 'Title is too long (maximum is 255 characters)'
  // A comma separates labels in every list of them; `?` and `&` were forbidden long ago.
  if (title.includes(',')) return 'Title is invalid'
  if (color === undefined) return "Color can't be blank"
  return /^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(color) || NAMED.has(color) ? undefined : 'Color must be a valid color code'
}
export function addLabel(
  world: World,
  owner: string,
  label: { readonly title: string; readonly color: string; readonly description?: string | null; readonly priority?: number | null },
): LabelRow {
  const row = {
    id: world.next('label'),
    owner,
    title: label.title,
    color: label.color,
    description: label.description ?? null,
    priority: label.priority ?? null,
  }
  world.labels.set(row.id, row)
  return row
}
/** Labels by title; unknown ones are made on the spot, as the API does for issues and merge requests. */
export function labelIds(world: World, project: ProjectRow, titles: readonly string[]): number[] {
  const known = labelsOf(world, project)
  return [...new Set(titles)].map((title) => {
    const label = known.find((each) => each.title === title)
    if (label !== undefined) return label.id
    const complaint = labelComplaint(title, '#6699cc')
    if (complaint !== undefined) throw badRequest(complaint)
    return addLabel(world, `project:${project.id}`, { title, color: '#6699cc' }).id
  })
}
export const milestonesOf = (world: World, project: ProjectRow): MilestoneRow[] =>
  [...world.milestones.values()].filter(({ project_id }) => project_id === project.id)
