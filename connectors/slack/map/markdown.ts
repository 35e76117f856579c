import type { Segment, Text } from '../../../src/model/message.ts'

/** Collects strings and holes; neighbouring strings become one. */
export class TextBuilder {
  readonly #segments: Segment[] = []
  #open = ''
  add(part: Segment): void {
    if (typeof part === 'string') {
      this.#open += part
      return
    }
    if (this.#open !== '') this.#segments.push(this.#open)
    this.#open = ''
    this.#segments.push(part)
  }
  addAll(parts: Text): void {
    for (const part of parts) this.add(part)
  }
  done(): Text {
    if (this.#open !== '') this.#segments.push(this.#open)
    this.#open = ''
    return this.#segments
  }
}

const inlineSpecial = /[\\`*~|<>[\]_&]/
const entityLike = /^&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[A-Za-z][A-Za-z\d]{1,31});/
const wordLike = /[\p{L}\p{N}]/u

export const isWord = (char: string | undefined): boolean => {
  if (char === undefined || char === '') return false
  const code = char.charCodeAt(0)
  if (code < 128) return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
  // The half of a pair is taken for a letter: most of what stands there outside emoji are scripts.
  return wordLike.test(char) || (code >= 0xd800 && code <= 0xdfff)
}

/** One literal character as Markdown. `before` and `after` are its neighbours in the text. */
export function escapeChar(all: string, at: number): string {
  const char = all[at] ?? ''
  switch (char) {
    case '\\':
    case '`':
    case '*':
    case '~':
    case '|':
    case '<':
    case '[':
    case ']':
      return `\\${char}`
    case '_':
      return isWord(all[at - 1]) && isWord(all[at + 1]) ? char : '\\_'
    case '&':
      return entityLike.test(all.slice(at, at + 36)) ? '\\&' : char
    default:
      return char
  }
}

/** Literal text inside a line as Markdown: no character of it means anything any more. */
export function escapeInline(literal: string): string {
  if (!inlineSpecial.test(literal)) return literal
  let out = ''
  for (let at = 0; at < literal.length; at += 1) out += escapeChar(literal, at)
  return out
}

const lineStart = /^([ \t]*)(#{1,6}(?=[ \t#\w]|$)|[>+=-]|\d{1,9}(?=[.)]))/
/**
 * What must be changed at the start of a line that is literal: headings, quotes, lists, rules, and four blanks, which would be code.
 * `line` is Markdown already (inline characters escaped).
 */
export function escapeLineStart(line: string): string {
  const first = line.charCodeAt(0)
  // Letters, most of what lines begin with, mean nothing.
  if ((first >= 65 && first <= 90) || (first >= 97 && first <= 122) || first > 127) return line
  const match = lineStart.exec(line)
  const blanks = match?.[1] ?? /^[ \t]*/.exec(line)?.[0] ?? ''
  const rest = line.slice(blanks.length)
  const indent = blanks.includes('\t') || blanks.length > 3 ? blanks.replaceAll('\t', '    ').replaceAll(' ', '\u00a0') : blanks
  const mark = match?.[2]
  if (mark === undefined) return indent + rest
  return /^\d/.test(mark) ? `${indent}${mark}\\${rest.slice(mark.length)}` : `${indent}\\${rest}`
}

/** Literal text of several lines as Markdown. */
export const escapeLines = (literal: string): string => escapeInline(literal).split('\n').map(escapeLineStart).join('\n')

const longestRun = (text: string): number => (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0)

/** A code span: nothing inside is read as Markdown. Each line becomes its own. */
export function codeSpan(code: string): string {
  if (code.includes('\n'))
    return code
      .split('\n')
      .map((line) => (line.trim() === '' ? line : codeSpan(line)))
      .join('\n')
  const fence = '`'.repeat(code.includes('`') ? longestRun(code) + 1 : 1)
  const pad = code.startsWith('`') || code.endsWith('`') || (code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '') ? ' ' : ''
  return `${fence}${pad}${code}${pad}${fence}`
}

/** A fenced block, without line breaks around it. */
export function codeBlock(code: string, language = ''): string {
  const fence = '`'.repeat(Math.max(3, code.includes('```') ? longestRun(code) + 1 : 3))
  const body = code.replace(/^\n/, '').replace(/\n$/, '')
  return `${fence}${/^[\w+#.-]{1,30}$/.test(language) ? language : ''}\n${body}\n${fence}`
}

/** A new text in which every line begins with `prefix` (the first only if `first`). */
export function prefixLines(lines: Text, prefix: string, first = true): Text {
  const out = new TextBuilder()
  if (first) out.add(prefix)
  for (const part of lines) out.add(typeof part === 'string' ? part.replaceAll('\n', `\n${prefix}`) : part)
  return out.done()
}

/** Without blank lines and blanks at both ends. May be the same text. */
export function trimmed(lines: Text): Text {
  const [begin] = lines
  const end = lines.at(-1)
  if (begin === undefined || end === undefined) return lines
  if (
    (typeof begin !== 'string' || isVisible(begin.charCodeAt(0))) &&
    (typeof end !== 'string' || isVisible(end.charCodeAt(end.length - 1)))
  )
    return lines
  const parts = [...lines]
  while (parts.length > 0) {
    const first = parts[0]
    if (typeof first !== 'string') break
    const rest = first.replace(/^\s*\n/, '')
    if (rest.trim() !== '') {
      parts[0] = rest
      break
    }
    if (parts.length > 1 && rest !== '') break
    parts.shift()
  }
  while (parts.length > 0) {
    const last = parts.at(-1)
    if (typeof last !== 'string') break
    const rest = last.trimEnd()
    parts.pop()
    if (rest !== '') {
      parts.push(rest)
      break
    }
  }
  return parts
}

/** ASCII that is no blank; of anything else it is not said. */
const isVisible = (code: number): boolean => code > 32 && code < 127

/** True when a person would see nothing. */
export const isBlank = (lines: Text): boolean => lines.every((part) => typeof part === 'string' && part.trim() === '')
