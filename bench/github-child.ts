import { largeWorld } from '../test/testbed/github/large/world.ts'
import { githubTestbed } from '../test/testbed/github/testbed.ts'

/** What the emulator was asked since it was last asked this. */
export interface Seen {
  readonly rest: number
  readonly queries: number
  readonly git: number
  readonly points: number
  readonly violations: number
  readonly routes: Readonly<Record<string, number>>
}

const [repositories, issues, pulls, comments] = process.argv.slice(2).map(Number)
let now = Date.parse('2026-11-25T03:00:00Z')
const stop = Promise.withResolvers<void>()
const world = largeWorld({
  ...(repositories === undefined ? {} : { repositories }),
  ...(issues === undefined ? {} : { issues }),
  ...(pulls === undefined ? {} : { pulls }),
  ...(comments === undefined ? {} : { comments }),
})
await using bed = await githubTestbed({
  world,
  limits: 'published',
  now: () => now,
  heed: (headers) => {
    now = Math.max(now, Number(headers.get('x-now') ?? 0))
  },
})
process.on('message', () => {
  const { calls, points, limits } = bed
  const queries = calls.count('graphql')
  const git = calls.calls.filter(({ route }) => /^(?:git|wiki|lfs)\./.test(route)).length
  const seen: Seen = {
    queries,
    git,
    points: points.total,
    rest: calls.calls.length - queries - git,
    violations: limits.violations.length,
    routes: Object.fromEntries(Object.entries(calls.byRoute).toSorted(([, a], [, b]) => b - a)),
  }
  calls.clear()
  points.clear()
  limits.violations.length = 0
  process.send?.(seen)
})
process.on('disconnect', () => stop.resolve())
process.send?.({ url: bed.url, apiUrl: bed.apiUrl, token: bed.token('classic') })
await stop.promise
