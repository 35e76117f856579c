import { escapeXml } from './element.ts'

/** Namespaces by the prefixes used here. */
const NAMESPACES = {
  d: 'DAV:',
  c: 'urn:ietf:params:xml:ns:caldav',
  card: 'urn:ietf:params:xml:ns:carddav',
  cs: 'http://calendarserver.org/ns/',
  a: 'http://apple.com/ns/ical/',
  nc: 'http://nextcloud.com/ns',
} as const
/** A property with its prefix: `d:displayname`. */
export type Property = `${keyof typeof NAMESPACES}:${string}`

const declared = Object.entries(NAMESPACES)
  .map(([prefix, uri]) => ` xmlns:${prefix}="${uri}"`)
  .join('')
const document = (root: string, inside: string): string => `<?xml version="1.0" encoding="utf-8"?>\n<${root}${declared}>${inside}</${root}>`
const prop = (names: readonly Property[]): string => `<d:prop>${names.map((name) => `<${name}/>`).join('')}</d:prop>`
const hrefs = (paths: readonly string[]): string => paths.map((path) => `<d:href>${escapeXml(path)}</d:href>`).join('')

export const propfind = (names: readonly Property[]): string => document('d:propfind', prop(names))

export type Kind = 'calendar' | 'addressbook'
/** The property that holds the object itself. */
export const contentOf = { calendar: 'c:calendar-data', addressbook: 'card:address-data' } as const satisfies Record<Kind, Property>
const report = { calendar: 'c:calendar', addressbook: 'card:addressbook' } as const

export const multiget = (kind: Kind, names: readonly Property[], paths: readonly string[]): string =>
  document(`${report[kind]}-multiget`, prop(names) + hrefs(paths))

/** Everything in a place whose UID is this one. */
export function queryByUid(kind: Kind, component: string, names: readonly Property[], uid: string): string {
  const match = `<${kind === 'calendar' ? 'c' : 'card'}:text-match collation="i;octet">${escapeXml(uid)}</${kind === 'calendar' ? 'c' : 'card'}:text-match>`
  const filter =
    kind === 'calendar'
      ? `<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="${component}"><c:prop-filter name="UID">${match}</c:prop-filter></c:comp-filter></c:comp-filter></c:filter>`
      : `<card:filter><card:prop-filter name="UID">${match}</card:prop-filter></card:filter>`
  return document(`${report[kind]}-query`, prop(names) + filter)
}
/** Everything in a place, whatever it is. Needed where a plain listing is not given (the trash bin of Nextcloud). */
export const queryAll = (names: readonly Property[]): string =>
  document('c:calendar-query', `${prop(names)}<c:filter><c:comp-filter name="VCALENDAR"/></c:filter>`)

/** What changed in a place since a token (RFC 6578); without one, everything. */
export const syncCollection = (token: string | undefined): string =>
  document(
    'd:sync-collection',
    `<d:sync-token>${escapeXml(token ?? '')}</d:sync-token><d:sync-level>1</d:sync-level>${prop(['d:getetag'])}`,
  )

/** What a calendar, list or address book is called and looks like; null: not set. */
export interface PlaceProperties {
  readonly title: string
  readonly description: string | null
  /** `#rrggbb` */
  readonly color: string | null
  /** An iCalendar object with one VTIMEZONE. */
  readonly timezone: string | null
  readonly components: readonly string[]
}

/** Null leaves a property as it is. */
export type PlaceChange = Omit<PlaceProperties, 'components' | 'title'> & { readonly title: string | null }

function setting(kind: Kind, place: PlaceChange): string {
  const description = kind === 'calendar' ? 'c:calendar-description' : 'card:addressbook-description'
  const text = (name: Property, value: string | null): string => (value === null ? '' : `<${name}>${escapeXml(value)}</${name}>`)
  return [
    text('d:displayname', place.title),
    text(description, place.description),
    ...(kind === 'calendar' ? [text('a:calendar-color', place.color), text('c:calendar-timezone', place.timezone)] : []),
  ].join('')
}
const componentSet = (names: readonly string[]): string =>
  `<c:supported-calendar-component-set>${names.map((name) => `<c:comp name="${name}"/>`).join('')}</c:supported-calendar-component-set>`

export const mkcalendar = (place: PlaceProperties): string =>
  document('c:mkcalendar', `<d:set><d:prop>${setting('calendar', place)}${componentSet(place.components)}</d:prop></d:set>`)

/** Extended MKCOL (RFC 5689). */
export function mkcol(kind: Kind, place: PlaceProperties): string {
  const type = `<d:resourcetype><d:collection/><${kind === 'calendar' ? 'c:calendar' : 'card:addressbook'}/></d:resourcetype>`
  const components = kind === 'calendar' ? componentSet(place.components) : ''
  return document('d:mkcol', `<d:set><d:prop>${type}${setting(kind, place)}${components}</d:prop></d:set>`)
}
/** With `components` also what a calendar takes: most servers let nobody change that. */
export const proppatch = (kind: Kind, place: PlaceChange & { readonly components?: readonly string[] }): string =>
  document(
    'd:propertyupdate',
    `<d:set><d:prop>${setting(kind, place)}${place.components === undefined || kind !== 'calendar' ? '' : componentSet(place.components)}</d:prop></d:set>`,
  )
