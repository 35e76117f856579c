/** One tag of raw HTML; `start` and `end` are offsets into the text it was found in. */
export interface Tag {
  readonly name: string
  readonly closing: boolean
  readonly start: number
  readonly end: number
}
export interface Span {
  readonly start: number
  readonly end: number
}

/** Bounded, so that a thousand tags that never end cost no more than they must. */
const pieces = /<!--[^]*?(?:-->|$)|<(\/?)([A-Za-z][\w-]*)(?:"[^"]{0,4000}"|'[^']{0,4000}'|[^>"']){0,4000}>/g

/** Splits a stretch of raw HTML into comments and tags; what is neither is its text. */
export function readHtml(text: string, { start, end }: Span): { readonly comments: Span[]; readonly tags: Tag[] } {
  const comments: Span[] = []
  const tags: Tag[] = []
  for (const found of text.slice(start, end).matchAll(pieces)) {
    const at = { start: start + found.index, end: start + found.index + found[0].length }
    if (found[2] === undefined) comments.push(at)
    else tags.push({ name: found[2].toLowerCase(), closing: found[1] === '/', ...at })
  }
  return { comments, tags }
}

const addressAttributes = /\b(?:href|src|poster|srcset|data-src|cite)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi

/** Where the values of a tag's attributes with addresses stand, without their quotes. */
export function addressesOfTag(text: string, tag: Span): Span[] {
  const spans: Span[] = []
  for (const found of text.slice(tag.start, tag.end).matchAll(addressAttributes)) {
    const value = found[1] ?? found[2] ?? found[3] ?? ''
    const quote = found[3] === undefined ? 1 : 0
    const end = tag.start + found.index + found[0].length - quote
    if (value !== '') spans.push({ start: end - value.length, end })
  }
  return spans
}

/**
 * What stands between an opening tag of these names and the first closing one. One that is never closed reaches to the end of its block,
 * which `blockEnd` tells.
 */
export function insideElements(tags: readonly Tag[], names: ReadonlySet<string>, blockEnd: (tag: Tag) => number): Span[] {
  const nextClosing: (Tag | undefined)[] = []
  const seen = new Map<string, Tag>()
  for (let at = tags.length - 1; at >= 0; at--) {
    const tag = tags[at]
    if (tag === undefined) continue
    nextClosing[at] = seen.get(tag.name)
    if (tag.closing) seen.set(tag.name, tag)
  }
  const spans: Span[] = []
  let until = 0
  for (const [at, tag] of tags.entries()) {
    if (tag.start < until || tag.closing || !names.has(tag.name)) continue
    until = nextClosing[at]?.start ?? blockEnd(tag)
    spans.push({ start: tag.end, end: until })
  }
  return spans
}
