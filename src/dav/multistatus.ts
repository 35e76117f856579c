import { type Element, childrenOf, readXml, within } from './element.ts'

/** One resource of a 207 answer: its path as the server wrote it, and the properties that it has. */
export interface Found {
  readonly href: string
  /** Of the resource as a whole (404: it is not there); undefined where only properties have one. */
  readonly status: number | undefined
  readonly props: ReadonlyMap<string, Element>
}

/** @throws Error when it is no multistatus */
export function readMultistatus(text: string): { readonly found: readonly Found[]; readonly syncToken: string | undefined } {
  const root = readXml(text)
  if (root.name !== 'multistatus') throw new Error(`the answer is <${root.name}>, not <multistatus>`)
  return { found: childrenOf(root, 'response').map(foundOf), syncToken: within(root, 'sync-token')?.text }
}

function foundOf(response: Element): Found {
  const props = new Map<string, Element>()
  for (const propstat of childrenOf(response, 'propstat')) {
    const status = statusOf(within(propstat, 'status'))
    if (status !== undefined && (status < 200 || status > 299)) continue
    for (const prop of within(propstat, 'prop')?.children ?? []) props.set(prop.name, prop)
  }
  return { href: pathOf(within(response, 'href')?.text.trim() ?? ''), status: statusOf(within(response, 'status')), props }
}

/** Servers write paths or whole addresses. */
const pathOf = (href: string): string => (/^https?:\/\//i.test(href) ? new URL(href).pathname : href)
const statusOf = (element: Element | undefined): number | undefined => {
  const match = /^HTTP\/[\d.]+ (\d{3})/.exec(element?.text.trim() ?? '')
  return match === null ? undefined : Number(match[1])
}

/** Paths are the same if they differ only in how letters are escaped and in the slash at the end. */
export function samePath(a: string, b: string): boolean {
  return plainPath(a) === plainPath(b)
}
export function plainPath(path: string): string {
  try {
    return decodeURIComponent(path).replace(/\/+$/, '')
  } catch {
    return path.replace(/\/+$/, '')
  }
}
