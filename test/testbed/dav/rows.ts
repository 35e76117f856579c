import type { Mode } from './mode.ts'
import type { Place, StoredObject } from './state.ts'
import { type Row, escape } from './xml.ts'

export const placePath = (mode: Mode, { kind, login, name }: Place): string =>
  `${kind === 'calendar' ? mode.calendars(login) : mode.addressbooks(login)}${encodeURIComponent(name)}/`
export const objectPath = (mode: Mode, place: Place, name: string): string => `${placePath(mode, place)}${encodeURIComponent(name)}`

export function principalRow(mode: Mode, href: string, login: string): Row {
  return {
    href,
    props: {
      resourcetype: '<d:collection/><d:principal/>',
      displayname: escape(login),
      'current-user-principal': `<d:href>${mode.principal(login)}</d:href>`,
      'calendar-home-set': `<d:href>${mode.calendars(login)}</d:href>`,
      'addressbook-home-set': `<d:href>${mode.addressbooks(login)}</d:href>`,
    },
  }
}
/** The root and plain folders know who is asking, and nothing else. */
export const folderRow = (mode: Mode, href: string, login: string): Row => ({
  href,
  props: { resourcetype: '<d:collection/>', 'current-user-principal': `<d:href>${mode.principal(login)}</d:href>` },
})

export function placeRow(mode: Mode, place: Place, maxBytes: number | undefined): Row {
  const { kind, props, components, trashed } = place
  const type = trashed ? '<nc:deleted-calendar/>' : kind === 'calendar' ? '<c:calendar/>' : '<card:addressbook/>'
  const own = Object.fromEntries([...props].map(([name, value]) => [name, escape(value)]))
  return {
    href: placePath(mode, place),
    props: {
      ...own,
      resourcetype: `<d:collection/>${type}`,
      'supported-calendar-component-set': kind === 'calendar' ? components.map((name) => `<c:comp name="${name}"/>`).join('') : undefined,
      'max-resource-size': maxBytes === undefined ? undefined : String(maxBytes),
      getetag: mode.placeEtags ? placeEtag(place) : undefined,
      'sync-token': `token-${place.changes.length}`,
    },
  }
}
export const placeEtag = ({ changes, props }: Place): string => `"place-${changes.length}-${[...props.values()].join().length}"`

export const objectRow = (mode: Mode, place: Place, { name, text, etag }: StoredObject): Row => ({
  href: objectPath(mode, place, name),
  props: {
    resourcetype: '',
    getetag: escape(etag),
    getcontenttype: place.kind === 'calendar' ? 'text/calendar; charset=utf-8' : 'text/vcard; charset=utf-8',
    'calendar-data': place.kind === 'calendar' ? escape(text) : undefined,
    'address-data': place.kind === 'addressbook' ? escape(text) : undefined,
  },
})
