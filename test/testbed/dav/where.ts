import type { Mode } from './mode.ts'
import type { DavState, Place, StoredObject } from './state.ts'

/** What a path names. */
export type Where =
  | { readonly type: 'root' }
  | { readonly type: 'principal' | 'home'; readonly login: string; readonly kind: Place['kind'] | undefined }
  | {
      readonly type: 'place'
      readonly login: string
      readonly kind: Place['kind'] | undefined
      readonly name: string
      readonly place: Place | undefined
    }
  | {
      readonly type: 'object'
      readonly login: string
      readonly place: Place
      readonly name: string
      readonly object: StoredObject | undefined
    }
  | { readonly type: 'trash'; readonly login: string; readonly id: number | undefined }
  | { readonly type: 'nothing' }

export function where(mode: Mode, state: DavState, path: string): Where {
  if (path === mode.root || path === mode.root.slice(0, -1)) return { type: 'root' }
  for (const login of state.people.keys()) {
    const homes = [
      { kind: 'calendar' as const, path: mode.calendars(login) },
      { kind: 'addressbook' as const, path: mode.addressbooks(login) },
    ]
    const shared = homes[0]?.path === homes[1]?.path
    if (same(path, mode.principal(login))) return { type: shared ? 'home' : 'principal', login, kind: undefined }
    for (const home of homes) {
      if (same(path, home.path)) return { type: 'home', login, kind: home.kind }
      if (!path.startsWith(home.path)) continue
      return below(mode, state, login, shared ? undefined : home.kind, path.slice(home.path.length))
    }
  }
  return { type: 'nothing' }
}

function below(mode: Mode, state: DavState, login: string, kind: Place['kind'] | undefined, rest: string): Where {
  const [first = '', second, ...more] = rest.split('/').map(decodeURIComponent)
  if (mode.trash && kind === 'calendar' && first === 'trashbin')
    return { type: 'trash', login, id: more[0] === undefined || more[0] === '' ? undefined : Number.parseInt(more[0], 10) }
  const place = state.find(login, kind, first)
  if (second === undefined || second === '') return { type: 'place', login, kind, name: first, place }
  if (place === undefined || place.trashed) return { type: 'nothing' }
  return { type: 'object', login, place, name: second, object: place.objects.get(second) }
}
const same = (a: string, b: string): boolean => a.replace(/\/$/, '') === b.replace(/\/$/, '')
