import type { Segment, Text } from '../../../src/model/message.ts'
import { type Wire, filled, flag, text, whole, wire, wires } from '../wire.ts'
import { accountId } from './item.ts'
import { link } from './link.ts'
import { codeBlock, codeSpan, escapeInline, escapeLineStart, isBlank, isWord, prefixLines, TextBuilder } from './markdown.ts'
import { date, emojiHole } from './text.ts'

/** One piece of a rich_text block, and how it stands to its neighbours. */
interface Part {
  readonly kind: 'flow' | 'list' | 'quote' | 'code'
  readonly text: Text
}

/** A rich_text block as CommonMark with holes. Its texts are literal (nothing is escaped in them, unlike in mrkdwn). Never throws. */
export function richText(block: Wire): Text {
  const elements = wires(block['elements'])
  const [first] = elements
  // One section is what most messages are: nothing to join.
  if (first !== undefined && elements.length === 1) {
    const only = partOf(first, -1).text
    return isBlank(only) ? [] : only
  }
  const parts: Part[] = []
  let level = -1
  for (const element of elements) {
    const part = partOf(element, level)
    level = part.kind === 'list' ? Math.min(whole(element['indent']) ?? 0, level + 1) : -1
    if (!isBlank(part.text)) parts.push(part)
  }
  return joinParts(parts)
}

function partOf(element: Wire, level: number): Part {
  switch (element['type']) {
    case 'rich_text_list':
      return { kind: 'list', text: list(element, Math.max(0, Math.min(whole(element['indent']) ?? 0, level + 1))) }
    case 'rich_text_quote':
      return { kind: 'quote', text: prefixLines(section(wires(element['elements'])), '> ') }
    case 'rich_text_preformatted':
      return { kind: 'code', text: [codeBlock(literalOf(element), text(element['language']) ?? '')] }
    default:
      return { kind: 'flow', text: section(wires(element['elements'])) }
  }
}

function joinParts(parts: readonly Part[]): Text {
  const out = new TextBuilder()
  parts.forEach((part, at) => {
    const last = parts[at - 1]
    const next = parts[at + 1]
    if (last !== undefined) {
      const tight = last.kind === part.kind ? part.kind !== 'quote' : last.kind !== 'list' && last.kind !== 'quote' && part.kind !== 'list'
      out.add(tight ? '\n' : '\n\n')
    }
    // Slack ends a section with the line break that leads to what follows.
    out.addAll(next === undefined ? part.text : withoutLastBreak(part.text))
  })
  return out.done()
}

function withoutLastBreak(lines: Text): Text {
  const last = lines.at(-1)
  return typeof last === 'string' && last.endsWith('\n') ? [...lines.slice(0, -1), last.slice(0, -1)] : lines
}

/** `level`: how deep, counted from the lists that really stand around it: four blanks without one would be code. */
function list(element: Wire, level: number): Text {
  const out = new TextBuilder()
  const ordered = element['style'] === 'ordered'
  const pad = '    '.repeat(level)
  const quote = (whole(element['border']) ?? 0) > 0 ? '> ' : ''
  let number = (whole(element['offset']) ?? 0) + 1
  for (const entry of wires(element['elements'])) {
    const mark = ordered ? `${number}. ` : '- '
    if (number > (whole(element['offset']) ?? 0) + 1) out.add('\n')
    out.add(`${quote}${pad}${mark}`)
    const lines =
      entry['type'] === 'rich_text_preformatted' ? [codeBlock(literalOf(entry))] : withoutLastBreak(section(wires(entry['elements'])))
    out.addAll(prefixLines(lines, quote + pad + ' '.repeat(mark.length), false))
    number += 1
  }
  return out.done()
}

/** What stands in a preformatted block, as plain text. */
const literalOf = (element: Wire): string =>
  wires(element['elements'])
    .map((inner) => filled(inner['text']) ?? text(inner['url']) ?? '')
    .join('')

type Style = 'bold' | 'italic' | 'strike' | 'code'
const allStyles = ['bold', 'italic', 'strike', 'code'] as const
const unstyled: readonly Style[] = []
const stylesOf = (element: Wire): readonly Style[] => {
  const style = wire(element['style'])
  return style === undefined ? unstyled : allStyles.filter((name) => flag(style[name]))
}
const sameStyles = (one: readonly Style[], other: readonly Style[]): boolean =>
  one.length === other.length && one.every((style, at) => style === other[at])

/** A row of inline elements; texts of the same style that stand side by side are one. */
interface Run {
  readonly literal: string | undefined
  readonly styles: readonly Style[]
  readonly hole: Segment | undefined
}

/** The inline elements of one section, quote or list entry. */
function section(elements: readonly Wire[]): Text {
  const runs: Run[] = []
  for (const element of elements) {
    const run = runOf(element)
    const last = runs.at(-1)
    if (last?.literal !== undefined && run.literal !== undefined && sameStyles(last.styles, run.styles))
      runs[runs.length - 1] = { ...last, literal: last.literal + run.literal }
    else if (run.literal !== '') runs.push(run)
  }
  const out = new TextBuilder()
  let lineStart = true
  runs.forEach((run, at) => {
    if (run.hole !== undefined) {
      out.add(run.hole)
      lineStart = false
      return
    }
    const literal = run.literal ?? ''
    if (run.styles.length === 0 && !literal.includes('\n')) {
      const shown = escapeInline(literal)
      const line = lineStart ? escapeLineStart(shown) : shown
      out.add(line)
      lineStart = lineStart && line.trim() === ''
      return
    }
    const before = edge(runs[at - 1], -1)
    const after = edge(runs[at + 1], 0)
    const lines = literal.split('\n').map((line, number, all) => {
      const shown = styled(line, run.styles, number === 0 ? before : undefined, number === all.length - 1 ? after : undefined)
      return number > 0 || lineStart ? escapeLineStart(shown) : shown
    })
    out.add(lines.join('\n'))
    lineStart = lineStart ? (lines.at(-1) ?? '').trim() === '' : literal.endsWith('\n')
  })
  return out.done()
}

const edge = (run: Run | undefined, at: 0 | -1): string | undefined =>
  run === undefined ? undefined : run.literal === undefined ? 'x' : run.literal.at(at)

const literalRun = (element: Wire, shown: string): Run => ({ literal: shown, styles: stylesOf(element), hole: undefined })

function runOf(element: Wire): Run {
  if (element['type'] === 'text') return literalRun(element, text(element['text']) ?? '')
  const literal = (shown: string): Run => literalRun(element, shown)
  const hole = (segment: Segment | undefined): Run =>
    segment === undefined
      ? literal(filled(element['text']) ?? filled(element['fallback']) ?? '')
      : { literal: undefined, styles: unstyled, hole: segment }
  const id = (field: string): string => text(element[field]) ?? ''
  switch (element['type']) {
    case 'link': {
      const shown = filled(element['text'])
      const segment = link(id('url'), shown)
      const styles = stylesOf(element).filter((style) => style !== 'code')
      return hole(typeof segment === 'string' && id('url') !== '' ? styledLink(segment, styles) : id('url') === '' ? undefined : segment)
    }
    case 'user':
      return hole(id('user_id') === '' ? undefined : { type: 'account', id: accountId(id('user_id')), label: null })
    case 'usergroup':
      return hole(id('usergroup_id') === '' ? undefined : { type: 'group', id: `group/${id('usergroup_id')}`, label: null })
    case 'channel':
      return hole(id('channel_id') === '' ? undefined : { type: 'channel', id: `channel/${id('channel_id')}`, label: null })
    case 'broadcast': {
      const range = element['range']
      return range === 'here' || range === 'channel' || range === 'everyone'
        ? hole({ type: 'broadcast', scope: range })
        : literal(`@${id('range')}`)
    }
    case 'emoji': {
      const [name = '', tone] = id('name').split('::skin-tone-')
      const skin = whole(element['skin_tone']) ?? whole(tone)
      const segment =
        name === ''
          ? undefined
          : (emojiHole(name, skin !== null && skin >= 2 && skin <= 6 ? String(skin) : undefined) ?? escapeInline(`:${name}:`))
      return hole(segment)
    }
    case 'date':
      return hole(date(String(whole(element['timestamp']) ?? ''), filled(element['fallback']), text(element['url'])))
    case 'color':
      return literal(id('value'))
    default:
      return literal(filled(element['text']) ?? filled(element['fallback']) ?? filled(element['name']) ?? text(element['url']) ?? '')
  }
}

const styledLink = (markdown: string, styles: readonly Style[]): string =>
  styles.reduce((inner, style) => wrap(inner, style, false), markdown)

/** Text in its styles; blanks at the ends stay outside of the marks. Where marks would not be read as such, it is left plain. */
function styled(line: string, styles: readonly Style[], before: string | undefined, after: string | undefined): string {
  if (styles.length === 0 || line.trim() === '') return escapeInline(line)
  const inner = line.trim()
  const lead = line.slice(0, line.length - line.trimStart().length)
  const tail = line.slice(line.trimEnd().length)
  const code = styles.includes('code')
  const shown = code ? codeSpan(inner) : escapeInline(inner)
  const outside = { before: lead === '' ? before : ' ', after: tail === '' ? after : ' ' }
  const readable = (isWord(shown[0]) || !isWord(outside.before)) && (isWord(shown.at(-1)) || !isWord(outside.after))
  const inWord = isWord(outside.before) || isWord(outside.after)
  const marked = readable ? styles.reduce((text, style) => wrap(text, style, inWord), shown) : shown
  return lead + marked + tail
}

function wrap(inner: string, style: Style, inWord: boolean): string {
  const mark = { bold: '**', italic: inWord ? '*' : '_', strike: '~~', code: '' }[style]
  return `${mark}${inner}${mark}`
}
