import { createHash } from 'node:crypto'
import type { DiffFile, Position } from '../item-rows.ts'

interface Line {
  readonly oldLine: number
  readonly newLine: number
  readonly kind: 'old' | 'new' | 'both'
}
/** Lines of a diff as GitLab counts them: an added line carries the number the next old line has, and the other way round. */
export function* linesOf(diff: string): Generator<Line> {
  let oldLine = 0
  let newLine = 0
  let inside = false
  for (const text of diff.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(text)
    if (hunk !== null) {
      oldLine = Number(hunk[1])
      newLine = Number(hunk[2])
      inside = true
      continue
    }
    if (!inside || text === '' || text.startsWith('\\')) continue
    if (text.startsWith('+')) yield { oldLine, newLine: newLine++, kind: 'new' }
    else if (text.startsWith('-')) yield { oldLine: oldLine++, newLine, kind: 'old' }
    else yield { oldLine: oldLine++, newLine: newLine++, kind: 'both' }
  }
}
/** `sha1(path)_old_new` (`Gitlab::Git.diff_line_code`). */
export const lineCode = (path: string, line: { readonly oldLine: number; readonly newLine: number }): string =>
  `${createHash('sha1').update(path).digest('hex')}_${line.oldLine}_${line.newLine}`

/** The line a position means, if the diff has it: an added line is named by `new_line` alone, a removed one by `old_line` alone, context by both. */
function lineAt(file: DiffFile, position: Position): Line | undefined {
  for (const line of linesOf(file.diff)) {
    const old = position.old_line
    const now = position.new_line
    if (line.kind === 'new' && old === null && line.newLine === now) return line
    if (line.kind === 'old' && now === null && line.oldLine === old) return line
    if (line.kind === 'both' && line.oldLine === old && line.newLine === now) return line
  }
  return undefined
}

/** Why a comment on a diff would not be shown at its line, or nothing. */
export function positionComplaint(files: readonly DiffFile[], position: Position, code: string | null): string | undefined {
  const file = files.find((each) => each.new_path === position.new_path || each.old_path === position.old_path)
  if (file === undefined) return `no diff of ${position.new_path ?? position.old_path ?? 'a file'}`
  if (position.position_type !== 'text') return undefined
  const line = lineAt(file, position)
  if (line === undefined) return `no line ${position.old_line ?? '-'}/${position.new_line ?? '-'} in the diff of ${file.new_path}`
  const expected = lineCode(file.new_path, line)
  return code === null || code === expected ? undefined : `line_code is ${code} where it would be ${expected}`
}
/** The code of a position's line, if the diff has it. */
export function codeAt(files: readonly DiffFile[], position: Position): string | undefined {
  const file = files.find((each) => each.new_path === position.new_path)
  const line = file === undefined ? undefined : lineAt(file, position)
  return file === undefined || line === undefined ? undefined : lineCode(file.new_path, line)
}
