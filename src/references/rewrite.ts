import { addressesIn, type FoundAddress } from './addresses.ts'
import { findAttachments, isAttachment, linksTo } from './attachments.ts'
import type { ReferenceContext, Unresolved } from './context.ts'
import { Edits } from './edits.ts'
import { label, markup, prose, shapeOf, structure, type Shape } from './markdown-shape.ts'
import { tooHostile } from './nesting.ts'
import { resolveAddress, resolveRelative } from './resolve-address.ts'
import { rewriteWords } from './rewrite-words.ts'
import { mayNeedChange } from './words.ts'

export interface Rewritten {
  /** The very same string if nothing had to change. */
  readonly text: string
  readonly unresolved: readonly Unresolved[]
  /** Addresses of the attachments that stood in the text, each once, found or not. */
  readonly attachments: readonly string[]
}

/**
 * Carries a text in GitHub's Markdown to the target's: numbers, names, addresses and attachments lead to where they now are, signs that mean
 * something only there stay plain, and everything else, all code first of all, is left byte for byte. What could not be carried is said.
 * Pure, and linear in the length of the text; a text made to keep a parser busy is left as it stands and comes back as unresolved.
 */
export function rewriteText(text: string, context: ReferenceContext): Rewritten {
  if (!mayNeedChange(text)) return { text, unresolved: [], attachments: [] }
  const hostile = tooHostile(text)
  if (hostile !== undefined) return leftAlone(text, `the text was left as it stands: ${hostile}`, context)
  const edits = new Edits(text)
  const shape = shapeOf(text)
  const attachments = rewriteAddresses(text, shape, context, edits)
  rewriteWords(text, shape.marks, context, edits)
  if (context.dialect.quickActions === 'escape') escapeQuickActions(text, shape.marks, edits)
  return { text: edits.apply(), unresolved: edits.unresolved(), attachments }
}

function leftAlone(text: string, why: string, { hosts }: ReferenceContext): Rewritten {
  const references = [`${text.slice(0, 60)}…`, ...linksTo(hosts, text)]
  return { text, unresolved: references.map((reference) => ({ reference, why })), attachments: findAttachments(text, { hosts }) }
}

function rewriteAddresses(text: string, shape: Shape, context: ReferenceContext, edits: Edits): string[] {
  const attachments = new Set<string>()
  for (const found of addressesIn(text, shape)) {
    const { address } = found
    const resolved = /^(?:https?:|www\.)/i.test(address)
      ? resolveAddress(address, context)
      : found.type === 'loose'
        ? ({ type: 'elsewhere' } as const)
        : resolveRelative(address, context)
    if (resolved.type === 'elsewhere') continue
    if (isAttachment(address, context.hosts)) attachments.add(address)
    if (resolved.type === 'stays') edits.unresolvedAt(address, resolved.why)
    else put(text, shape.marks, found, resolved.url, edits)
    // What was an address is no text any more, whatever became of it.
    if (found.type === 'loose') shape.marks.fill(structure, found.start, found.end)
    if (resolved.type === 'stays') continue
    if (resolved.lost !== undefined) edits.unresolvedAt(address, resolved.lost)
    const changed = resolved.item?.kind === 'change-request' && context.dialect.changeRequestSign === '!'
    if (changed && found.label !== undefined) relabel(text, shape.marks, found.label, resolved.item.number, edits)
  }
  return [...attachments]
}

/** Characters that would end an address in Markdown, a table or HTML. */
const encoded = (url: string): string =>
  url.replaceAll(/[\s<>"'`\\|()[\]]/g, (char) => `%${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(2, '0')}`)
const shown = /\.(?:png|jpe?g|gif|webp|svg|bmp|avif|mp4|mov|m4v|webm|ogv|mp3|oga|ogg|wav|flac)$/i

/** Writes the new address in the form that its place can hold. */
function put(text: string, marks: Uint8Array, { type, start, end }: FoundAddress, url: string, edits: Edits): void {
  const safe = encoded(url)
  const mark = marks[start]
  if (type === 'attribute') return edits.replace(start, end, safe.replaceAll('&', '&amp;'))
  if (type === 'destination' || /^https?:/.test(url) || mark === label) return edits.replace(start, end, safe)
  // An address without a host stands nowhere on its own: what was shown is shown, what was a link is one.
  const name = (safe.split('/').at(-1) ?? '').replaceAll('_', '\\_')
  const inBrackets = text[start - 1] === '<' && text[end] === '>' ? 1 : 0
  const link = mark === markup ? `<a href="${safe}">${name}</a>` : `${shown.test(safe) ? '!' : ''}[${name}](${safe})`
  edits.replace(start - inBrackets, end + inBrackets, link)
}

/** `[#12](…/pull/12)` reads `!12` where the link leads to. */
function relabel(
  text: string,
  marks: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  number: number,
  edits: Edits,
): void {
  for (const found of text.slice(start, end).matchAll(/(?<![&#])#(\d+)(?!\w)/g)) {
    const at = start + found.index
    if (marks[at] === label && Number(found[1]) === number) edits.replace(at, at + 1, '!')
  }
}

/**
 * GitLab obeys lines that begin with a slash and a command, in paragraphs that stand in no quote, list or HTML (lib/gitlab/quick_actions/extractor.rb,
 * read 2026-11-25). An imported text is not obeyed, but it is at the next edit; with a backslash it reads the same and never is.
 */
function escapeQuickActions(text: string, marks: Uint8Array, edits: Edits): void {
  for (const found of text.matchAll(/^\/[a-z][a-z_]*(?=[ \t\r\n]|$)/gim)) {
    const mark = marks[found.index]
    if (mark === prose || mark === label) edits.replace(found.index, found.index, '\\')
  }
}
