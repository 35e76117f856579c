import type { Route } from './ask.ts'

interface Entry {
  readonly route: Route
  readonly segments: readonly string[]
}
export interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}
const isParameter = (segment: string): boolean => segment.startsWith('{')

/** Finds entries by method and raw path: ids of projects are paths with `%2F` in them, so nothing may be decoded before it is split. */
export class Router {
  readonly #byShape = new Map<string, Entry[]>()
  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      const [method = '', path = ''] = route.route.split(' ')
      const segments = path.split('/').slice(1)
      const shape = `${method} ${segments.length}`
      this.#byShape.set(shape, [...(this.#byShape.get(shape) ?? []), { route, segments }])
    }
    const parameters = ({ segments }: Entry): number => segments.filter(isParameter).length
    for (const entries of this.#byShape.values()) entries.sort((a, b) => parameters(a) - parameters(b))
  }
  /** `path` is what follows `/api/v4`, still encoded. */
  find(method: string, path: string): Match | undefined {
    const given = path.split('/').slice(1)
    const asked = method === 'HEAD' ? 'GET' : method
    for (const { route, segments } of this.#byShape.get(`${asked} ${given.length}`) ?? []) {
      if (!segments.every((segment, at) => isParameter(segment) || segment === given[at])) continue
      const params: Record<string, string> = {}
      for (const [at, segment] of segments.entries())
        if (isParameter(segment)) params[segment.slice(1, -1)] = decodeURIComponent(given[at] ?? '')
      return { route, params }
    }
    return undefined
  }
}
