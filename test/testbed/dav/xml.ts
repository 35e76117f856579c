import { XMLParser } from 'fast-xml-parser'
import type { Mode } from './mode.ts'

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  trimValues: false,
  htmlEntities: true,
})
/** A parsed request body; nothing in it is trusted to be there. */
export type Tree = { readonly [name: string]: unknown }
export function parse(body: string): Tree {
  return body.trim() === '' ? {} : (parser.parse(body) as Tree)
}
export function inside(tree: unknown, ...path: readonly string[]): unknown {
  let at = tree
  for (const name of path) at = at !== null && typeof at === 'object' ? (at as Tree)[name] : undefined
  return at
}
export const list = (value: unknown): readonly unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])
export const textIn = (value: unknown): string =>
  typeof value === 'string' ? value : value !== null && typeof value === 'object' ? textIn((value as Tree)['#text']) : ''

export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;')

/** One resource of an answer: properties by name, as XML. Undefined: it has no such property. */
export interface Row {
  readonly href: string
  readonly status?: number
  readonly props: Readonly<Record<string, string | undefined>>
}
const prefixes: Readonly<Record<string, string>> = {
  'calendar-home-set': 'c',
  'calendar-description': 'c',
  'calendar-timezone': 'c',
  'supported-calendar-component-set': 'c',
  'max-resource-size': 'c',
  'calendar-data': 'c',
  'addressbook-home-set': 'card',
  'addressbook-description': 'card',
  'address-data': 'card',
  'calendar-color': 'a',
  'calendar-uri': 'nc',
}

/** A 207 answer in the handwriting of the server that is played. */
export function multistatus(mode: Mode, rows: readonly Row[], asked: readonly string[], syncToken?: string): string {
  const d = mode.prefix === '' ? '' : `${mode.prefix}:`
  const name = (prop: string): string => `${prefixes[prop] === undefined ? d : `${prefixes[prop]}:`}${prop}`
  const part = (props: readonly string[], status: string): string =>
    props.length === 0
      ? ''
      : `<${d}propstat><${d}prop>${props.join('')}</${d}prop><${d}status>HTTP/1.1 ${status}</${d}status></${d}propstat>`
  const rowText = ({ href, status, props }: Row): string => {
    if (status !== undefined)
      return `<${d}response><${d}href>${escape(href)}</${d}href><${d}status>HTTP/1.1 ${status} Gone</${d}status></${d}response>`
    const has = asked
      .filter((prop) => props[prop] !== undefined)
      .map((prop) => `<${name(prop)}>${(props[prop] ?? '').replaceAll('<d:', `<${d}`).replaceAll('</d:', `</${d}`)}</${name(prop)}>`)
    const lacks = asked.filter((prop) => props[prop] === undefined).map((prop) => `<${name(prop)}/>`)
    return `<${d}response><${d}href>${escape(href)}</${d}href>${part(has, '200 OK')}${part(lacks, '404 Not Found')}</${d}response>`
  }
  const main = mode.prefix === '' ? 'xmlns="DAV:"' : `xmlns:${mode.prefix}="DAV:"`
  const spaces = `${main} xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:a="http://apple.com/ns/ical/" xmlns:nc="http://nextcloud.com/ns"`
  const token = syncToken === undefined ? '' : `<${d}sync-token>${syncToken}</${d}sync-token>`
  return `<?xml version="1.0" encoding="utf-8"?>\n<${d}multistatus ${spaces}>${rows.map(rowText).join('')}${token}</${d}multistatus>`
}

/** An error as sabre/dav writes it. */
export const errorBody = (message: string, condition = ''): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n<d:error xmlns:d="DAV:" xmlns:s="http://sabredav.org/ns">${condition === '' ? '' : `<cal:${condition} xmlns:cal="urn:ietf:params:xml:ns:caldav"/>`}<s:exception>Sabre\\DAV\\Exception</s:exception><s:message>${escape(message)}</s:message></d:error>`
