import type { Anchor } from '../../../src/model/comment.ts'

const MOST_LINES = 12
const MOST_LETTERS = 300

/** Says in words where a comment stood whose line is no longer there: path, line and the end of the piece of the diff its author saw. */
export function quoted(anchor: Anchor): string {
  const { path, subject, line, originalLine, hunk } = anchor
  const number = line ?? originalLine
  const where = subject === 'file' || number === null ? path : `${path}:${number}`
  const named = `*On* ${code(where)}`
  if (hunk === null || hunk.trim() === '') return `${named}\n\n`
  const lines = hunk.replaceAll(/\r\n?/g, '\n').trimEnd().split('\n')
  const shown = (lines.length <= MOST_LINES ? lines : [lines[0] ?? '', ...lines.slice(1 - MOST_LINES)]).map((text) =>
    text.slice(0, MOST_LETTERS).toWellFormed(),
  )
  const fence = '`'.repeat(Math.max(3, 1 + longestRun(shown.join('\n'))))
  return `${named}\n\n${fence}diff\n${shown.join('\n')}\n${fence}\n\n`
}

function code(text: string): string {
  const ticks = '`'.repeat(1 + longestRun(text))
  return ticks.length === 1 ? `\`${text}\`` : `${ticks} ${text} ${ticks}`
}
const longestRun = (text: string): number => Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
