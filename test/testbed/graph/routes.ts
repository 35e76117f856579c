import type { Route } from './call.ts'
import { directoryRoutes } from './directory.ts'
import { calendarRoutes } from './groupware/calendar-routes.ts'
import { contactRoutes } from './groupware/contact-routes.ts'
import { plannerRoutes } from './groupware/planner-routes.ts'
import { todoRoutes } from './groupware/todo-routes.ts'
import { folderRoutes } from './mail-folders.ts'
import { messageRoutes } from './mail-messages.ts'
import { settingsRoutes } from './mail-settings.ts'

/** Every route of the API the emulator knows. A further service is one more line. */
export const ROUTES: readonly Route[] = [
  ...directoryRoutes,
  ...folderRoutes,
  ...messageRoutes,
  ...settingsRoutes,
  ...calendarRoutes,
  ...contactRoutes,
  ...todoRoutes,
  ...plannerRoutes,
]

/** Beside the API: tokens, and many requests in one. */
export const OTHER_ROUTES = ['token', 'batch'] as const

interface Match {
  readonly route: Route
  readonly params: Readonly<Record<string, string>>
}

const compiled = ROUTES.map((route) => ({ route, parts: route.path.split('/').slice(1) }))
  // Words before places: `/mailFolders/delta` is no folder called delta.
  .toSorted((a, b) => b.parts.filter((part) => !part.startsWith(':')).length - a.parts.filter((part) => !part.startsWith(':')).length)

/** The route of a path below `/v1.0`. Ids may stand as `users('ID')` too, and words in any case, as Graph has it. */
export function match(method: string, path: string): Match | undefined {
  const given = path
    .replaceAll(/\('([^']*)'\)/g, '/$1')
    .split('/')
    .filter((part) => part !== '')
  for (const { route, parts } of compiled) {
    if (route.method !== method || parts.length !== given.length) continue
    const params: Record<string, string> = {}
    const fits = parts.every((part, at) => {
      const value = given[at] ?? ''
      if (!part.startsWith(':')) return part.toLowerCase() === value.toLowerCase()
      params[part.slice(1)] = decodeURIComponent(value)
      return true
    })
    if (fits) return { route, params }
  }
  return undefined
}
