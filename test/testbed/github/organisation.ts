import type { Person } from './model.ts'
import type { Permission, Project, ProjectField, ProjectItem, Team } from './settings.ts'
import type { Repository } from './repository.ts'
import type { GithubWorld, Organisation } from './world.ts'

export function addTeam(
  world: GithubWorld,
  of: Organisation,
  name: string,
  more: {
    members?: Iterable<Person>
    maintainers?: Iterable<Person>
    repositories?: Iterable<[Repository, Permission]>
    parent?: Team
    secret?: boolean
  } = {},
): Team {
  const made: Team = {
    id: world.nextId(),
    name,
    slug: name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
    description: null,
    privacy: more.secret === true ? 'secret' : 'closed',
    parent: more.parent ?? null,
    createdAt: world.now,
    members: new Map([
      ...[...(more.members ?? [])].map((one) => [one, 'member'] as const),
      ...[...(more.maintainers ?? [])].map((one) => [one, 'maintainer'] as const),
    ]),
    repositories: new Map(more.repositories ?? []),
  }
  of.teams.push(made)
  return made
}

export function addProject(world: GithubWorld, of: Organisation, title: string, creator: Person, states: readonly string[]): Project {
  const options = states.map((name, at) => ({ id: `opt${at}`, name, color: 'GRAY' }))
  const field = (name: string, type: ProjectField['type'], more: Partial<ProjectField> = {}): ProjectField => ({
    id: world.nextId(),
    name,
    type,
    ...more,
  })
  const made: Project = {
    id: world.nextId(),
    number: of.projects.length + 1,
    title,
    description: null,
    creator,
    createdAt: world.now,
    updatedAt: world.now,
    closedAt: null,
    fields: [
      field('Title', 'title'),
      field('Status', 'single_select', { options }),
      field('Estimate', 'number'),
      field('Due', 'date'),
      field('Note', 'text'),
    ],
    items: [],
    views: [
      { number: 1, name: 'Board', layout: 'board' },
      { number: 2, name: 'All', layout: 'table' },
    ],
  }
  of.projects.push(made)
  return made
}
/** Values by the names of fields; for the state, its name. */
export function addToProject(
  world: GithubWorld,
  project: Project,
  creator: Person,
  content: ProjectItem['content'],
  values: Readonly<Record<string, string | number>> = {},
): ProjectItem {
  const made: ProjectItem = { id: world.nextId(), content, creator, createdAt: world.now, values: new Map() }
  for (const [name, value] of Object.entries(values)) {
    const field = project.fields.find((one) => one.name === name)
    if (field === undefined) throw new Error(`no field ${name}`)
    made.values.set(field, field.options?.find((one) => one.name === value)?.id ?? value)
  }
  project.items.push(made)
  project.updatedAt = world.now
  return made
}
