import type { Mode } from './mode.ts'
import { folderRow, objectPath, objectRow } from './rows.ts'
import type { DavState, Place } from './state.ts'
import { type Row, type Tree, inside, list, textIn } from './xml.ts'

export interface ReportAnswer {
  readonly rows: readonly Row[]
  readonly syncToken?: string
  readonly status?: number
}

/** Answers of REPORT on one place. */
export function report(mode: Mode, place: Place, tree: Tree): ReportAnswer {
  const [name = ''] = Object.keys(tree).filter((key) => !key.startsWith('?'))
  const root = tree[name]
  if (name.endsWith('-multiget')) {
    const paths = list(inside(root, 'href')).map((href) => decodeURIComponent(textIn(href)))
    return {
      rows: paths.map((path): Row => {
        const object = place.objects.get(path.split('/').at(-1) ?? '')
        return object === undefined ? { href: encodeURI(path), status: 404, props: {} } : objectRow(mode, place, object)
      }),
    }
  }
  if (name.endsWith('-query')) {
    const uid = textIn(
      inside(root, 'filter', 'prop-filter', 'text-match') ??
        inside(root, 'filter', 'comp-filter', 'comp-filter', 'prop-filter', 'text-match'),
    )
    const objects = [...place.objects.values()].filter((object) => uid === '' || object.uid.includes(uid))
    return { rows: objects.map((object) => objectRow(mode, place, object)) }
  }
  if (name !== 'sync-collection') return { rows: [], status: 403 }
  const token = textIn(inside(root, 'sync-token'))
  const since = token === '' ? 0 : Number(/^token-(\d+)$/.exec(token)?.[1] ?? Number.NaN)
  if (Number.isNaN(since) || since > place.changes.length) return { rows: [], status: 403 }
  const rows = [...new Set(place.changes.slice(since))].flatMap((changed): readonly Row[] => {
    const object = place.objects.get(changed)
    if (object !== undefined) return [objectRow(mode, place, object)]
    return token === '' ? [] : [{ href: objectPath(mode, place, changed), status: 404, props: {} }]
  })
  return { rows, syncToken: `token-${place.changes.length}` }
}

/** The trash bin of a person: it answers a query, and nothing else. */
export function trashRows(mode: Mode, state: DavState, login: string): readonly Row[] {
  const home = mode.calendars(login)
  return state.trash
    .filter((one) => one.login === login)
    .map(({ id, place, text }) => ({
      href: `${home}trashbin/objects/${id}.ics`,
      props: { ...folderRow(mode, '', login).props, 'calendar-data': text, 'calendar-uri': place },
    }))
}

/** What a request asks for; nothing named means everything that is cheap. */
export function askedIn(tree: Tree): readonly string[] {
  const [name = ''] = Object.keys(tree).filter((key) => !key.startsWith('?'))
  const prop = inside(tree[name], 'prop')
  if (prop === null || typeof prop !== 'object') return ['resourcetype', 'displayname', 'getetag', 'current-user-principal']
  return Object.keys(prop).filter((key) => !key.startsWith('@') && !key.startsWith('#'))
}
