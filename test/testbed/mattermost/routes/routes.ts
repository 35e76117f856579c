import type { Route } from './ask.ts'
import { channelRoutes } from './channels.ts'
import { extraRoutes } from './extras.ts'
import { fileRoutes } from './files.ts'
import { postRoutes } from './posts.ts'
import { preferenceRoutes } from './preferences.ts'
import { systemRoutes } from './system.ts'
import { teamRoutes } from './teams.ts'
import { userRoutes } from './users.ts'

/** Every route, the ones without parameters in a place before those that would swallow them. */
export const routes: readonly Route[] = [
  ...systemRoutes,
  ...userRoutes,
  ...preferenceRoutes,
  ...teamRoutes,
  ...channelRoutes,
  ...postRoutes,
  ...fileRoutes,
  ...extraRoutes,
].toSorted((a, b) => fixedParts(b.route) - fixedParts(a.route))

function fixedParts(route: string): number {
  return route.split('/').filter((part) => !part.startsWith('{')).length
}
