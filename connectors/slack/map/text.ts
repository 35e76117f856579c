import type { Segment, Text } from '../../../src/model/message.ts'
import { link } from './link.ts'
import { codeBlock, codeSpan, escapeChar, escapeInline, escapeLineStart, isWord, TextBuilder } from './markdown.ts'

const special = /[\\`*~|<>[\]_&:\n]/
const plainRun = /[^\\`*~|<[\]_&:]+/y
const emoji = /:([^\s:<>&`*~|"()[\]{}/\\,;.!?@#$%^=]{1,100})(?:::skin-tone-([2-6]))?:/y
const entity = /&(amp|lt|gt);/g
const literalOf = { amp: '&', lt: '<', gt: '>' } as const

/** Slack escapes three characters, in every text and in every address. */
export const unescapeEntities = (escaped: string): string =>
  escaped.includes('&') ? escaped.replace(entity, (_, name: keyof typeof literalOf) => literalOf[name]) : escaped

/** Emphasis that may still turn out to be literal. */
interface Mark {
  readonly char: '*' | '_' | '~'
  markdown: string | undefined
}
type Piece = Segment | Mark
const markdownOf = { '*': '**', _: '_', '~': '~~' } as const
const isMark = (piece: Piece): piece is Mark => typeof piece === 'object' && 'char' in piece
const isBlankChar = (char: string | undefined): boolean => char === undefined || char === ' ' || char === '\t' || char === '\u00a0'

/** Custom and standard emoji by Slack's name, or undefined when the colons mean nothing (`10:30:45`). */
export function emojiHole(name: string, tone: string | undefined): Segment | undefined {
  if (/^\d+$/.test(name) && name !== '100' && name !== '1234') return undefined
  return { type: 'emoji', name, tone: tone === undefined ? null : Number(tone) }
}

/**
 * Slack's mrkdwn as CommonMark with holes, in one pass over the characters; a line break stays a line break.
 * Never throws; time grows with the length alone.
 */
export function mrkdwn(source: string): Text {
  if (!special.test(source)) return source === '' ? [] : [escapeLineStart(source)]
  const out = new Lines()
  for (let at = 0; at <= source.length;) {
    const fence = source.indexOf('```', at)
    const end = fence === -1 ? -1 : source.indexOf('```', fence + 3)
    if (end === -1) {
      out.text(source.slice(at))
      break
    }
    const code = source.slice(fence + 3, end)
    if (code.trim() === '') out.text(source.slice(at, end + 3))
    else {
      const before = source.slice(at, fence)
      if (before !== '' && before !== '\n') out.text(before.replace(/\n$/, ''))
      out.code(codeText(code), before !== '' && !before.endsWith('\n'))
    }
    at = end + 3
    if (at === source.length) break
  }
  return out.done()
}

/** The lines of a message with their quote marks. */
class Lines {
  readonly #out = new TextBuilder()
  #started = false
  #quoted = false
  #quotedToEnd = false
  /** A block just ended: what follows needs a line of its own. */
  #afterBlock = false

  text(source: string): void {
    const lines = source.split('\n')
    // The line breaks beside a block belong to it.
    if (this.#afterBlock && lines[0] === '' && lines.length > 1) lines.shift()
    for (const line of lines) this.#line(line)
  }

  #line(line: string): void {
    if (this.#afterBlock && line.trim() === '') {
      this.#afterBlock = false
      if (line === '') return
    }
    let rest = line
    let quoted = this.#quotedToEnd
    if (!quoted && line.startsWith('&gt;')) {
      quoted = true
      this.#quotedToEnd = line.startsWith('&gt;&gt;&gt;')
      rest = line.slice(this.#quotedToEnd ? 12 : 4).replace(/^ /, '')
    }
    this.#break(quoted, rest.trim() === '')
    if (quoted) this.#out.add('> ')
    this.#out.addAll(inline(rest))
  }

  /** `sameLine`: the block begins in the middle of a line, so a quote mark there holds for it. */
  code(code: string, sameLine: boolean): void {
    const quoted = (this.#quoted && sameLine) || this.#quotedToEnd
    this.#break(quoted, false)
    const block = codeBlock(code)
    this.#out.add(quoted ? `> ${block.replaceAll('\n', '\n> ')}` : block)
    this.#afterBlock = true
  }

  #break(quoted: boolean, blank: boolean): void {
    // A line that is not quoted would otherwise be read as going on with the quote.
    if (this.#started) this.#out.add(this.#quoted && !quoted && !blank ? '\n\n' : '\n')
    this.#started = true
    this.#quoted = quoted
    this.#afterBlock = false
  }

  done(): Text {
    return this.#out.done()
  }
}

/** What stands between backticks, as a person sees it: no mention and no label is made of it. */
export const codeText = (code: string): string =>
  unescapeEntities(
    code.includes('<')
      ? code.replace(/<((?:https?|mailto|tel):[^<>|]*)(?:\|([^<>]*))?>/g, (_, url: string, label?: string) => label ?? url)
      : code,
  )

function inline(line: string): Text {
  if (!special.test(line)) return line === '' ? [] : [escapeLineStart(line)]
  const pieces: Piece[] = []
  const open: Mark[] = []
  let angle = -2
  for (let at = 0; at < line.length;) {
    plainRun.lastIndex = at
    const plain = plainRun.exec(line)
    if (plain !== null) {
      pieces.push(plain[0])
      at = plainRun.lastIndex
      continue
    }
    const char = line[at] as string
    if (char === '<') {
      if (angle !== -1 && angle < at) angle = line.indexOf('>', at + 1)
      const nested = line.indexOf('<', at + 1)
      if (angle > at + 1 && (nested === -1 || nested > angle)) {
        pieces.push(reference(line.slice(at + 1, angle)))
        at = angle + 1
        continue
      }
    } else if (char === '`') {
      const end = line.indexOf('`', at + 1)
      if (end > at + 1) {
        pieces.push(codeSpan(codeText(line.slice(at + 1, end))))
        at = end + 1
        continue
      }
    } else if (char === ':') {
      emoji.lastIndex = at
      const found = isWord(line[at - 1]) ? null : emoji.exec(line)
      const hole = found === null ? undefined : emojiHole(found[1] as string, found[2])
      if (hole !== undefined) {
        pieces.push(hole)
        at = emoji.lastIndex
        continue
      }
    } else if (char === '&') {
      const [literal, length] = ampersand(line, at)
      pieces.push(literal)
      at += length
      continue
    } else if (char === '*' || char === '_' || char === '~') {
      pieces.push(emphasis(char, line[at - 1], line[at + 1], open) ?? escapeChar(line, at))
      at += 1
      continue
    }
    pieces.push(escapeChar(line, at))
    at += 1
  }
  return joined(pieces)
}

/** Slack's rule: beside a word, blank or its like on the wrong side the character is itself. */
function emphasis(char: Mark['char'], before: string | undefined, after: string | undefined, open: Mark[]): Mark | undefined {
  if (before === char || after === char) return undefined
  if (!isBlankChar(before) && !isWord(after) && open.some((mark) => mark.char === char)) {
    for (let opener = open.pop(); opener !== undefined; opener = open.pop()) {
      if (opener.char !== char) continue
      opener.markdown = markdownOf[char]
      return { char, markdown: markdownOf[char] }
    }
  }
  if (isWord(before) || isBlankChar(after)) return undefined
  // One of each kind can be open: a second one inside the first is literal.
  if (open.some((mark) => mark.char === char)) return undefined
  const mark: Mark = { char, markdown: undefined }
  open.push(mark)
  return mark
}

function joined(pieces: readonly Piece[]): Text {
  const out = new TextBuilder()
  for (const piece of pieces) out.add(isMark(piece) ? (piece.markdown ?? `\\${piece.char}`) : piece)
  const segments = out.done()
  const first = segments[0]
  if (typeof first === 'string') segments[0] = escapeLineStart(first)
  return segments
}

function ampersand(line: string, at: number): readonly [string, number] {
  if (line.startsWith('&lt;', at)) return ['\\<', 4]
  if (line.startsWith('&gt;', at)) return ['>', 4]
  // "&amp;copy;" is the text "&copy;", which Markdown would take for an entity.
  if (line.startsWith('&amp;', at)) return [/^#?\w{1,33};/.test(line.slice(at + 5, at + 40)) ? '\\&' : '&', 5]
  return [escapeChar(line, at), 1]
}

/** What stands between angle brackets: `@U1|label`, `#C1|name`, `!here`, `!subteam^S1|@label`, `!date^…|fallback`, an address. */
function reference(inside: string): Segment {
  const bar = inside.indexOf('|')
  const head = bar === -1 ? inside : inside.slice(0, bar)
  const label = bar === -1 || bar === inside.length - 1 ? null : unescapeEntities(inside.slice(bar + 1))
  switch (inside.charAt(0)) {
    case '@':
      if (/^@[A-Z\d]+$/.test(head)) return { type: 'account', id: `account/${head.slice(1)}`, label: withoutSigil(label, '@') }
      break
    case '#':
      if (/^#[A-Z\d]+$/.test(head)) return { type: 'channel', id: `channel/${head.slice(1)}`, label: withoutSigil(label, '#') }
      break
    case '!':
      return command(head.slice(1), label)
    default:
      if (/^[A-Za-z][A-Za-z\d+.-]*:/.test(head)) return link(unescapeEntities(head), label)
  }
  return `\\<${escapeInline(unescapeEntities(inside))}>`
}

const withoutSigil = (label: string | null, sigil: string): string | null =>
  label !== null && label.length > 1 && label.startsWith(sigil) ? label.slice(1) : label

function command(head: string, label: string | null): Segment {
  if (head === 'here' || head === 'channel' || head === 'everyone') return { type: 'broadcast', scope: head }
  if (head === 'group') return { type: 'broadcast', scope: 'channel' }
  const [name, first = '', , url] = head.split('^')
  if (name === 'subteam' && /^[A-Z\d]+$/.test(first)) return { type: 'group', id: `group/${first}`, label: withoutSigil(label, '@') }
  if (name === 'date') return date(first, label, url)
  return label === null ? `\\<!${escapeInline(unescapeEntities(head))}>` : escapeInline(label)
}

/** A date as the source showed it to those who could not localise it; without that, in UTC. */
export function date(seconds: string, fallback: string | null, url: string | undefined): Segment {
  const at = /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000).toISOString() : undefined
  const shown = fallback ?? (at === undefined ? seconds : `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`)
  return url === undefined || url === '' ? escapeInline(shown) : link(unescapeEntities(url), shown)
}
