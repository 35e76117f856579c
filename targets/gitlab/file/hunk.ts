import type { DiffLine } from '../../../src/git/diff-lines.ts'

/** As many lines as GitLab shows above a comment (`DiscussionOnDiff::NUMBER_OF_TRUNCATED_DIFF_LINES`, read 2026-11-25). */
const MOST_LINES = 16
const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/

interface Shown {
  readonly text: string
  readonly oldPos: number
  readonly newPos: number
}

/**
 * The end of the hunk that holds a line, up to this line and with a header of its own; undefined if the diff does not show the line.
 * GitLab keeps this with a comment, so that it can show what the comment was about for ever.
 */
export function hunkUpTo(diff: string, { oldLine, newLine }: Pick<DiffLine, 'oldLine' | 'newLine'>): string | undefined {
  let [oldPos, newPos, oldLeft, newLeft] = [0, 0, 0, 0]
  let window: Shown[] = []
  for (const text of diff.split('\n')) {
    if (oldLeft <= 0 && newLeft <= 0) {
      const [all, old = '0', oldCount = '1', fresh = '0', newCount = '1'] = HEADER.exec(text) ?? []
      if (all === undefined) continue
      ;[oldLeft, newLeft] = [Number(oldCount), Number(newCount)]
      ;[oldPos, newPos] = [Number(old), Number(fresh)]
      window = []
      continue
    }
    if (text.startsWith('\\')) continue
    const [inOld, inNew] = [!text.startsWith('+'), !text.startsWith('-')]
    window.push({ text, oldPos, newPos })
    if (window.length > MOST_LINES) window.shift()
    if ((inOld ? oldPos : undefined) === oldLine && (inNew ? newPos : undefined) === newLine) return written(window)
    if (inOld) [oldPos, oldLeft] = [oldPos + 1, oldLeft - 1]
    if (inNew) [newPos, newLeft] = [newPos + 1, newLeft - 1]
  }
  return undefined
}

function written(lines: readonly Shown[]): string {
  const [first] = lines
  const old = lines.filter(({ text }) => !text.startsWith('+')).length
  const fresh = lines.filter(({ text }) => !text.startsWith('-')).length
  // Also of a side without lines the count goes on from here: so the lines get the codes that they have in the whole diff.
  const header = `@@ -${first?.oldPos ?? 0},${old} +${first?.newPos ?? 0},${fresh} @@`
  return [header, ...lines.map(({ text }) => text)].join('\n')
}
