import type { ItemId } from '../../../src/contract/ids.ts'
import type { Directory, Entry } from '../../../src/contract/target.ts'
import type { Settings } from '../settings.ts'
import { lowerPath } from './names.ts'

/** Where a repository goes. `path`: full path; `url`: its web address, without a slash at its end. */
export interface Place {
  readonly id: ItemId
  readonly path: string
  readonly url: string
  readonly owner: string
  readonly name: string
  /** Why it stays behind; null: it does not. */
  readonly excluded: string | null
}
export interface Places {
  of(repository: string): Place | undefined
  /** By the name at the source, old names too; letter case does not matter. */
  named(owner: string, name: string): Place | undefined
  /** Full path of a team's group; undefined: it has none. */
  group(group: string): string | undefined
  /** By handle, as it is mentioned. */
  groupNamed(handle: string): string | undefined
}

/** The paths of all projects and groups at once, the same for the same input in any order. On a collision the smallest id keeps the plain name. */
export function planPlaces(directory: Directory, settings: Settings): Places {
  const taken = new Set<string>()
  const free = (wanted: string): string => {
    for (let n = 1; ; n++) {
      const path = n === 1 ? wanted : `${wanted}-${n}`
      if (taken.has(path.toLowerCase())) continue
      taken.add(path.toLowerCase())
      return path
    }
  }
  const places = new Map<string, Place>()
  const byName = new Map<string, Place>()
  const repositories = [...directory.repositories].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const web = settings.url.replace(/\/+$/, '')
  for (const [id, { body }] of repositories.toSorted(([, a], [, b]) => plainness(a) - plainness(b))) {
    const path = `${settings.group}/${free(lowerPath(body.name))}`
    places.set(id, { id, path, url: `${web}/${path}`, owner: body.owner, name: body.name, excluded: excluded(body.name, settings) })
  }
  // Present names first: an old name may be somebody else's now.
  for (const [id, { body }] of repositories) setOnce(byName, `${body.owner}/${body.name}`, places.get(id))
  for (const [id, { body }] of repositories) for (const name of body.formerNames) setOnce(byName, name, places.get(id))
  const groups = new Map<string, string>()
  const byHandle = new Map<string, string>()
  if (settings.teams === 'groups')
    for (const [id, { body }] of [...directory.groups].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const path = `${settings.group}/${free(lowerPath(`team-${body.handle.split('/').at(-1) ?? body.handle}`))}`
      groups.set(id, path)
      byHandle.set((body.handle.split('/').at(-1) ?? body.handle).toLowerCase(), path)
    }
  return {
    of: (repository) => places.get(repository),
    named: (owner, name) => byName.get(`${owner}/${name}`.toLowerCase()),
    group: (group) => groups.get(group),
    groupNamed: (handle) => byHandle.get(handle.toLowerCase()),
  }
}

/** Names that can stay as they are come first, so that nobody takes theirs. */
const plainness = ({ body }: Entry<'repository'>): number => (lowerPath(body.name) === body.name ? 0 : 1)

function setOnce(map: Map<string, Place>, name: string, place: Place | undefined): void {
  const key = name.toLowerCase()
  if (place !== undefined && !map.has(key)) map.set(key, place)
}

function excluded(name: string, { include, exclude }: Settings): string | null {
  if (include.length > 0 && !include.some((pattern) => matches(pattern, name))) return 'its repository is not among those to be brought'
  return exclude.some((pattern) => matches(pattern, name)) ? 'its repository is to be left out' : null
}
function matches(pattern: string, name: string): boolean {
  const parts = pattern
    .toLowerCase()
    .split('*')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`).test(name.toLowerCase())
}
