import { createHash } from 'node:crypto'

/** A line of a diff. A context line has both numbers, an added one only the new, a removed one only the old. From 1. */
export interface DiffLine {
  readonly type: 'added' | 'removed' | 'context'
  readonly oldLine: number | undefined
  readonly newLine: number | undefined
  /** Where the count of each side stands at this line, also of the side that does not have it: what GitLab's line codes are made of. */
  readonly oldPos: number
  readonly newPos: number
  /** False for a line between the hunks, which GitLab unfolds when somebody has commented on it. */
  readonly shown: boolean
}
export type Side = 'old' | 'new'

interface Hunk {
  readonly from: Readonly<Record<Side, number>>
  /** The first line behind the hunk. */
  readonly to: Readonly<Record<Side, number>>
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/

/**
 * The lines of one file's diff by their numbers. `at` answers for any line of the file: outside of the hunks both sides are equal, so the
 * other side's number follows from the hunks before it. That a line of this number exists at all, only a hunk can prove.
 */
export class DiffLines {
  readonly #old = new Map<number, DiffLine>()
  readonly #new = new Map<number, DiffLine>()
  readonly #hunks: Hunk[] = []
  /** `diff`: hunks as `FileDiff.diff` or GitHub's `diff_hunk` hold them; the last one may be cut short. */
  constructor(diff: string) {
    let [oldPos, newPos, oldLeft, newLeft] = [1, 1, 0, 0]
    const lines = diff.split('\n')
    if (lines.at(-1) === '') lines.pop()
    for (const line of lines) {
      if (oldLeft <= 0 && newLeft <= 0) {
        const [all, old = '0', oldCount = '1', fresh = '0', newCount = '1'] = HUNK.exec(line) ?? []
        if (all === undefined) continue
        ;[oldLeft, newLeft] = [Number(oldCount), Number(newCount)]
        // GitLab counts from what the header says: lines of a new file are `_0_1`, `_0_2`.
        ;[oldPos, newPos] = [Number(old), Number(fresh)]
        // A side without lines is numbered by the line before it.
        const from = { old: oldPos + (oldLeft === 0 ? 1 : 0), new: newPos + (newLeft === 0 ? 1 : 0) }
        this.#hunks.push({ from, to: { old: from.old + oldLeft, new: from.new + newLeft } })
        continue
      }
      const place = { oldPos, newPos, shown: true }
      if (line.startsWith('+')) {
        this.#new.set(newPos, { type: 'added', oldLine: undefined, newLine: newPos++, ...place })
        newLeft--
      } else if (line.startsWith('-')) {
        this.#old.set(oldPos, { type: 'removed', oldLine: oldPos++, newLine: undefined, ...place })
        oldLeft--
      } else if (!line.startsWith('\\')) {
        const both: DiffLine = { type: 'context', oldLine: oldPos, newLine: newPos, ...place }
        this.#old.set(oldPos++, both)
        this.#new.set(newPos++, both)
        oldLeft--
        newLeft--
      }
    }
  }

  /** The line of this number, or undefined if a hunk shows that there is none on this side. */
  at(side: Side, line: number): DiffLine | undefined {
    if (!Number.isInteger(line) || line < 1) return undefined
    const held = (side === 'old' ? this.#old : this.#new).get(line)
    if (held !== undefined) return held
    const before = this.#hunks.findLast((hunk) => hunk.from[side] <= line)
    // Inside of a hunk that was cut short.
    if (before !== undefined && line < before.to[side]) return undefined
    const offset = before === undefined ? 0 : before.to.new - before.to.old
    const [oldLine, newLine] = side === 'old' ? [line, line + offset] : [line - offset, line]
    return { type: 'context', oldLine, newLine, oldPos: oldLine, newPos: newLine, shown: false }
  }
}

/**
 * What GitLab calls a line by: the hash of the path (the new one, of a deleted file the old) and both counts. (lib/gitlab/diff/line_code.rb,
 * file.rb and parser.rb, read 2026-11-25)
 */
export function lineCode(path: string, line: Pick<DiffLine, 'oldPos' | 'newPos'>): string {
  return `${createHash('sha1').update(path).digest('hex')}_${line.oldPos}_${line.newPos}`
}
