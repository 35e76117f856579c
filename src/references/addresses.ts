import { code, type AddressSpan, type Shape } from './markdown-shape.ts'
import { isAt, parseUrl } from './source-address.ts'

/** An address outside code: where it stands, how it is written there, and what it means. `loose` ones stand in text that is not a link on GitHub. */
export interface FoundAddress extends Omit<AddressSpan, 'type'> {
  readonly type: AddressSpan['type'] | 'loose'
  /** Without Markdown's escapes and HTML's entities. */
  readonly address: string
}

const loose = /https?:\/\/[^\s<>"'`\\|]+/gi
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  quot: '"',
  apos: "'",
  lt: '<',
  gt: '>',
  '#39': "'",
  '#x27': "'",
  '#x2F': '/',
}
const plain = (text: string): string =>
  text.includes('&') ? text.replaceAll(/&(amp|quot|apos|lt|gt|#39|#x27|#x2F);/g, (all, name: string) => entities[name] ?? all) : text
const unescaped = (text: string): string => (text.includes('\\') ? text.replaceAll(/\\([!-/:-@[-`{-~])/g, '$1') : text)

/** Punctuation that ends a sentence is not part of an address, and neither is a bracket that was opened before it. */
export function trimmed(address: string): string {
  let end = address.length
  for (;;) {
    const last = address[end - 1] ?? ''
    if (last === ')' && !address.slice(0, end).includes('(')) end--
    else if (last !== '' && '?!.,:*_~;]'.includes(last)) end--
    else return address.slice(0, end)
  }
}

/** Every address outside code in the order of the text, links and pictures first where one stands within another. */
export function addressesIn(text: string, { marks, addresses }: Shape): FoundAddress[] {
  const found: FoundAddress[] = addresses.map((span) => {
    const raw = text.slice(span.start, span.end)
    return { ...span, address: span.type === 'destination' ? plain(unescaped(raw)) : plain(raw) }
  })
  let next = 0
  for (const each of text.matchAll(loose)) {
    while (next < addresses.length && (addresses[next]?.end ?? 0) <= each.index) next++
    const known = addresses[next]
    if (marks[each.index] === code || (known !== undefined && known.start <= each.index)) continue
    const address = trimmed(each[0].slice(0, stretch(marks, each.index, Math.min(each.index + each[0].length, known?.start ?? Infinity))))
    found.push({ type: 'loose', start: each.index, end: each.index + address.length, address: plain(address) })
  }
  return found.toSorted((a, b) => a.start - b.start)
}

/** Whether an address lies on the source. Relative ones do not. */
export function liesAt(address: string, hosts: readonly string[]): boolean {
  const url = parseUrl(address)
  return url !== undefined && isAt(url, hosts)
}

/** How many characters from here on are of one kind: a link's text ends where its address begins. */
function stretch(marks: Uint8Array, from: number, limit: number): number {
  let to = from
  while (to < limit && marks[to] === marks[from]) to++
  return to - from
}
