import { XMLParser } from 'fast-xml-parser'

/** One XML element. Names are without prefix: what is asked for here means the same in every namespace that has it. */
export interface Element {
  readonly name: string
  readonly text: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
}

// Entities are left alone by the parser (nothing can expand) and the five of XML and numbers are read here.
const parser = new XMLParser({
  preserveOrder: true,
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  processEntities: false,
  parseTagValue: false,
  trimValues: false,
  cdataPropName: '#cdata',
  maxNestedTags: 64,
})
type Node = Readonly<Record<string, unknown>>

/** @throws Error when it is no XML, holds a DOCTYPE, or is nested more than 64 deep */
export function readXml(text: string): Element {
  if (/<!DOCTYPE/i.test(text)) throw new Error('an XML answer with a DOCTYPE is not read')
  const root = elementsOf(parser.parse(text, true) as readonly Node[])[0]
  if (root === undefined) throw new Error('there is no element in it')
  return root
}

function elementsOf(nodes: readonly Node[]): readonly Element[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@')
    if (name === undefined || name.startsWith('#')) return []
    const inside = node[name] as readonly Node[]
    const attributes = (node[':@'] ?? {}) as Readonly<Record<string, string>>
    return [{ name, text: inside.map(textOf).join(''), attributes, children: elementsOf(inside) }]
  })
}

function textOf(node: Node): string {
  const { '#text': text, '#cdata': cdata } = node
  if (typeof text === 'string') return decode(text)
  return Array.isArray(cdata) ? (cdata as readonly Node[]).map(({ '#text': part }) => (typeof part === 'string' ? part : '')).join('') : ''
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
function decode(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return named[name] ?? whole
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole
  })
}

/** All elements of this name directly inside. */
export const childrenOf = (element: Element | undefined, name: string): readonly Element[] =>
  element?.children.filter((child) => child.name === name) ?? []
/** The first element along a path of names. */
export function within(element: Element | undefined, ...path: readonly string[]): Element | undefined {
  let at = element
  for (const name of path) at = at?.children.find((child) => child.name === name)
  return at
}

/** Text as it may stand in XML 1.0: letters that it forbids are left out. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"]/g, (letter) => `&${Object.keys(named).find((name) => named[name] === letter) ?? ''};`)
    .replaceAll('\r', '&#13;')
}
