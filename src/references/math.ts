import type { Span } from './html.ts'

const isSpace = (char: string | undefined): boolean => char === undefined || /\s/.test(char)
const isWord = (char: string | undefined): boolean => char !== undefined && /[\w$\\]/.test(char)

/**
 * Mathematics between dollar signs, as both GitHub and GitLab read it: `$$…$$`, and `$…$` that clings to its content and stands apart from words,
 * so that "$5 and $10" is money. `marks` keeps out dollars of code and escaped ones.
 * https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/writing-mathematical-expressions, read 2026-11-25.
 */
export function mathIn(text: string, blocks: readonly Span[], marks: Uint8Array): Span[] {
  if (!text.includes('$')) return []
  const spans: Span[] = []
  for (const block of blocks) {
    const dollars: Span[] = []
    for (let at = text.indexOf('$', block.start); at !== -1 && at < block.end; at = text.indexOf('$', at)) {
      const width = text[at + 1] === '$' ? 2 : 1
      // 1 and 2 are prose and the text of a link.
      if (marks[at] === 1 || marks[at] === 2) dollars.push({ start: at, end: at + width })
      at += width
    }
    pair(text, dollars, spans)
  }
  return spans
}

function pair(text: string, dollars: readonly Span[], into: Span[]): void {
  const closer: (number | undefined)[] = []
  const next: { 1: number | undefined; 2: number | undefined } = { 1: undefined, 2: undefined }
  for (let at = dollars.length - 1; at >= 0; at--) {
    const dollar = dollars[at]
    if (dollar === undefined) continue
    const width = dollar.end - dollar.start === 2 ? 2 : 1
    closer[at] = next[width]
    if (width === 2 || (!isSpace(text[dollar.start - 1]) && !isWord(text[dollar.end]))) next[width] = at
  }
  let from = 0
  for (const [at, dollar] of dollars.entries()) {
    const to = closer[at]
    const last = to === undefined ? undefined : dollars[to]
    if (at < from || to === undefined || last === undefined) continue
    if (dollar.end - dollar.start === 1 && (isSpace(text[dollar.end]) || isWord(text[dollar.start - 1]))) continue
    into.push({ start: dollar.start, end: last.end })
    from = to + 1
  }
}
