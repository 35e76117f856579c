import type { Item } from '../../../src/contract/item.ts'
import type { Mapped } from '../../../src/contract/target.ts'
import type { GitHistory } from '../../../src/model/repository.ts'
import type { History, ProjectOperation } from '../operations.ts'
import type { Settings } from '../settings.ts'
import type { Place } from './places.ts'
import { sealed } from './sealed.ts'
import { fullTime } from './times.ts'
import { Told } from './told.ts'

/** `Project` takes 2,000 letters (app/models/project.rb, read 2026-11-25). */
const MOST_DESCRIPTION = 2000
const WIDTH = ['private', 'internal', 'public'] as const

export function mapRepository(item: Item<'repository'>, place: Place, settings: Settings): Mapped<ProjectOperation> {
  const { body } = item
  const told = new Told(item.id)
  const path = place.path.slice(place.path.lastIndexOf('/') + 1)
  if (path !== body.name) told.degraded('name-changed', 'path', `"${body.name}" is "${path}" there`)
  if (body.homepage !== null && body.homepage !== '') told.degraded('no-such-concept', 'homepage', `its home page was ${body.homepage}`)
  if (body.template) told.degraded('no-such-concept', 'template', 'it was a template')
  if (body.forkOf !== null) told.degraded('no-such-concept', 'forkOf', `it was a fork of ${body.forkOf}`)
  const description = clean(body.description ?? '')
  if (description.length > MOST_DESCRIPTION)
    told.degraded('too-large', 'description', `${description.length} letters, of which GitLab takes ${MOST_DESCRIPTION}`)
  const visibility = WIDTH[Math.min(WIDTH.indexOf(body.visibility), WIDTH.indexOf(settings.visibility))] ?? 'private'
  if (visibility !== body.visibility) told.degraded('access-narrowed', 'visibility', `it was ${body.visibility} and is ${visibility}`)
  const op = sealed<ProjectOperation>({
    item: item.id,
    collection: item.collection,
    summary: `project ${place.path}`,
    type: 'project',
    repository: place.id,
    project: place.path,
    name: nameOf(body.name),
    description: description.slice(0, MOST_DESCRIPTION).toWellFormed(),
    visibility,
    archived: body.archived,
    topics: body.topics.map((topic) => topic.slice(0, 255)),
    defaultBranch: body.defaultBranch,
    features: { issues: body.features.issues || body.features.discussions, wiki: body.features.wiki },
    createdAt: fullTime(body.createdAt),
    git: historyOf(item, body.git, 'git', told),
    wiki: historyOf(item, body.wiki, 'wiki', told),
  })
  return { ops: [op], losses: told.losses }
}

const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed()

/** Names of projects begin with a letter, a digit, an emoji or `_` (`Gitlab::Regex.project_name_regex`, read 2026-11-25). */
const nameOf = (name: string): string => (/^[\p{L}\p{N}_]/u.test(name) ? name : `_${name}`)

function historyOf({ blobs }: Item<'repository'>, history: GitHistory | null, field: string, told: Told): History | null {
  if (history === null || history.bundles.length === 0) return null
  const bundles = history.bundles.map(({ blob }) => (blob === null ? null : (blobs[blob] ?? null)))
  if (bundles.every((blob) => blob !== null)) return { head: history.head, bundles }
  told.degraded('withheld-by-source', field, 'a part of its history was not given, without which no later part is of use')
  return null
}
