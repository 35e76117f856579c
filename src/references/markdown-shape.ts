import { parse, postprocess, preprocess } from 'micromark'
import { gfm } from 'micromark-extension-gfm'
import { addressesOfTag, insideElements, readHtml, type Span, type Tag } from './html.ts'
import { mathIn } from './math.ts'

/** What a character of the source belongs to. */
export const structure = 0
/** Text that is read as text: paragraphs, headings, cells of tables. */
export const prose = 1
/** Text of a link or a picture: names and numbers in it are not links of their own. */
export const label = 2
/** Code, comments, mathematics: nothing in it is ever touched. */
export const code = 3
/** A tag of raw HTML. */
export const tag = 4
/** Text between tags of an HTML block, where Markdown's escapes mean nothing. */
export const markup = 5

/** `literal`: the address stands alone in the text. `destination`: of a link, a picture or a definition. `attribute`: of an HTML tag. */
export interface AddressSpan extends Span {
  readonly type: 'literal' | 'destination' | 'attribute'
  readonly label?: Span
}
export interface Shape {
  /** One of the constants above for every character. */
  readonly marks: Uint8Array
  /** In the order of the text, none inside code. */
  readonly addresses: readonly AddressSpan[]
}

type Events = ReturnType<typeof postprocess>
const github = gfm()

const codeTokens = new Set(['codeFenced', 'codeIndented', 'codeText'])
const htmlTokens = new Set(['htmlFlow', 'htmlText'])
const blockTokens = new Set(['paragraph', 'atxHeading', 'setextHeadingText', 'tableData', 'tableHeader'])
/** Strings with text of their own that no reader sees as text. */
const quietTokens = new Set([
  'definitionLabelString',
  'definitionTitleString',
  'gfmFootnoteCall',
  'gfmFootnoteDefinitionLabel',
  'referenceString',
  'resourceTitleString',
])
const addressTokens = new Map<string, AddressSpan['type']>([
  ['autolinkProtocol', 'literal'],
  ['literalAutolinkHttp', 'literal'],
  ['literalAutolinkWww', 'literal'],
  ['resourceDestinationString', 'destination'],
  ['definitionDestinationString', 'destination'],
])
const unquoted = /\s(?:href|src|poster)=$/i
const codeElements = new Set(['pre', 'code', 'script', 'style', 'textarea'])
const linkElements = new Set(['a'])

/**
 * Says of every character of a text in GitHub's Markdown what it belongs to, by the CommonMark parser with GitHub's tables, footnotes,
 * strikethrough and bare addresses. Offsets are those of the text as given. Time grows with its length unless `tooHostile` says otherwise.
 */
export function shapeOf(text: string): Shape {
  // The parser skips a byte order mark without counting it.
  const skipped = text.charCodeAt(0) === 0xfeff ? 1 : 0
  // A parser remembers the definitions of what it read, so each text gets its own.
  const parser = parse({ extensions: [github] })
  return read(text, postprocess(parser.document().write(preprocess()(text, undefined, true))), skipped)
}

function read(text: string, events: Events, skipped: number): Shape {
  const marks = new Uint8Array(text.length)
  const addresses: AddressSpan[] = []
  const blocks: Span[] = []
  const html: (Span & { readonly flow: boolean; readonly block: number })[] = []
  const links: Span[] = []
  let quiet = 0
  let labels = 0
  for (const [step, { type, start, end }] of events) {
    const span = { start: start.offset + skipped, end: end.offset + skipped }
    const entering = step === 'enter'
    const address = addressTokens.get(type)
    if (address !== undefined || quietTokens.has(type)) quiet += entering ? 1 : -1
    if (type === 'labelText') labels += entering ? 1 : -1
    if (type === 'label' && !entering) links.push(span)
    if (!entering) continue
    if (address !== undefined) addresses.push(refined(text, type, address, span, links))
    else if (codeTokens.has(type)) marks.fill(code, span.start, span.end)
    else if (blockTokens.has(type)) blocks.push(span)
    else if (htmlTokens.has(type)) html.push({ ...span, flow: type === 'htmlFlow', block: blocks.at(-1)?.end ?? 0 })
    else if (type === 'data' && quiet === 0) mark(marks, span, labels > 0 ? label : prose)
  }
  readRawHtml(text, html, marks, addresses)
  for (const span of mathIn(text, blocks, marks)) marks.fill(code, span.start, span.end)
  const outside = addresses.filter(({ start }) => marks[start] !== code)
  return { marks, addresses: outside.toSorted((a, b) => a.start - b.start) }
}

/** Data also stands in the strings of fences and such, which are code already. */
function mark(marks: Uint8Array, { start, end }: Span, as: number): void {
  if (marks[start] === structure) marks.fill(as, start, end)
}

/**
 * A destination directly behind a label belongs to it. An HTML attribute without quotes whose value has slashes is no HTML to this parser,
 * though it is to GitHub's, and looks like a bare address.
 */
function refined(text: string, token: string, type: AddressSpan['type'], span: Span, links: readonly Span[]): AddressSpan {
  const last = links.at(-1)
  if (token === 'resourceDestinationString' && last !== undefined && span.start - last.end < 3) return { type, ...span, label: last }
  if (type !== 'literal' || !unquoted.test(text.slice(Math.max(0, span.start - 10), span.start))) return { type, ...span }
  const bracket = text.slice(span.start, span.end).indexOf('>')
  return { type: 'attribute', start: span.start, end: bracket === -1 ? span.end : span.start + bracket }
}

function readRawHtml(
  text: string,
  html: readonly (Span & { readonly flow: boolean; readonly block: number })[],
  marks: Uint8Array,
  addresses: AddressSpan[],
): void {
  const tags: Tag[] = []
  const blockEnds = new Map<Tag, number>()
  for (const range of html) {
    const found = readHtml(text, range)
    if (range.flow) marks.fill(markup, range.start, range.end)
    else marks.fill(tag, range.start, range.end)
    for (const comment of found.comments) marks.fill(code, comment.start, comment.end)
    for (const each of found.tags) {
      marks.fill(tag, each.start, each.end)
      tags.push(each)
      blockEnds.set(each, range.flow ? range.end : range.block)
      for (const span of addressesOfTag(text, each)) addresses.push({ type: 'attribute', ...span })
    }
  }
  const blockEnd = (of: Tag) => blockEnds.get(of) ?? of.end
  for (const span of insideElements(tags, linkElements, blockEnd))
    for (let at = span.start; at < span.end; at++) if (marks[at] === prose || marks[at] === markup) marks[at] = label
  for (const span of insideElements(tags, codeElements, blockEnd)) marks.fill(code, span.start, span.end)
}
