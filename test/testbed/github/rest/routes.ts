import type { GithubWorld } from '../world.ts'
import { accessRoutes } from './access-routes.ts'
import type { Route } from './call.ts'
import { issueRoutes } from './issue-routes.ts'
import { organisationRoutes } from './organisation-routes.ts'
import { pullRoutes } from './pull-routes.ts'
import { repositoryRoutes } from './repository-routes.ts'
import { settingsRoutes } from './settings-routes.ts'

export const ROUTES: readonly Route[] = [
  ...accessRoutes,
  ...organisationRoutes,
  ...repositoryRoutes,
  ...settingsRoutes,
  ...issueRoutes,
  ...pullRoutes,
]

export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}
const isPlace = (part: string): boolean => part.startsWith('{')
const compiled = ROUTES.map((route) => ({ route, parts: route.path.split('/').slice(1) }))
  // Words before places: `/issues/comments` is no issue.
  .toSorted((a, b) => b.parts.filter((part) => !isPlace(part)).length - a.parts.filter((part) => !isPlace(part)).length)

/** Places whose values may hold slashes. */
const WIDE = ['{branch}', '{path}']

/** The route of a path below the API's root. */
export function match(method: string, path: string): Match | undefined {
  const given = path.split('/').filter((part) => part !== '')
  for (const { route, parts } of compiled) {
    if (route.method !== method) continue
    const wide = parts.findIndex((part) => WIDE.includes(part))
    const extra = wide === -1 ? 0 : given.length - parts.length
    if (extra < 0 || given.length !== parts.length + extra) continue
    const fitted =
      extra === 0 ? given : [...given.slice(0, wide), given.slice(wide, wide + extra + 1).join('/'), ...given.slice(wide + extra + 1)]
    const params: Record<string, string> = {}
    const fits = parts.every((part, at) => {
      const value = fitted[at] ?? ''
      if (!isPlace(part)) return part === value
      params[part.slice(1, -1)] = decodeURIComponent(value)
      return true
    })
    if (fits) return { route, params }
  }
  return undefined
}

/** `/repositories/ID/...` and `/organizations/ID/...`, as links of pages are written, to the paths that routes know. */
export function plainPath(world: GithubWorld, path: string): string | undefined {
  const [, kind, id, rest = ''] = /^\/(repositories|organizations)\/(\d+)(\/.*)?$/.exec(path) ?? []
  if (kind === undefined) return path
  if (kind === 'repositories') {
    const found = world.repositories.get(Number(id))
    return found === undefined ? undefined : `/repos/${found.fullName}${rest}`
  }
  const found = [...world.organisations.values()].find((one) => one.id === Number(id))
  return found === undefined ? undefined : `/orgs/${found.login}${rest}`
}
/** The other way: what a link says instead of names. */
export function pathById(world: GithubWorld, path: string): string {
  const [, kind, names = '', rest = ''] = /^\/(repos|orgs)\/([^/]+(?:(?<=\/repos\/[^/]+)\/[^/]+)?)(\/.*)?$/.exec(path) ?? []
  if (kind === 'repos') {
    const found = world.find(names)
    return found === undefined ? path : `/repositories/${found.id}${rest}`
  }
  if (kind !== 'orgs') return path
  const found = world.organisations.get(names.toLowerCase())
  return found === undefined ? path : `/organizations/${found.id}${rest}`
}
