import type { JsonObject } from '../../../src/contract/json.ts'
import { DiffLines, type DiffLine, lineCode } from '../../../src/git/diff-lines.ts'
import type { FileDiff } from '../../../src/git/file-diff.ts'
import { hunkUpTo } from './hunk.ts'
import type { Anchor } from '../../../src/model/comment.ts'

/** The three commits by which GitLab names a version of a merge request. */
export interface Shas {
  readonly base: string
  readonly start: string
  readonly head: string
}
export interface Placed {
  readonly position: JsonObject
  readonly lineCode: string | null
  /**
   * A line of `note_diff_file`. Without it an import looks for the line itself and refuses the comment where it does not find it
   * (`DiffNote#validate_diff_file_and_line`, read 2026-11-25).
   */
  readonly diffFile: JsonObject | null
}

/** Finds where comments stand in the diff of one merge request. */
export class Anchors {
  readonly #byNew = new Map<string, FileDiff>()
  readonly #byOld = new Map<string, FileDiff>()
  readonly #lines = new Map<FileDiff, DiffLines>()
  readonly #shas: Shas
  constructor(files: readonly FileDiff[], shas: Shas) {
    this.#shas = shas
    for (const file of files) {
      this.#byNew.set(file.newPath, file)
      this.#byOld.set(file.oldPath, file)
    }
  }
  /** Undefined: the line is gone, or the diff of its file is not kept. */
  place(anchor: Anchor): Placed | undefined {
    const file = this.#byNew.get(anchor.path) ?? this.#byOld.get(anchor.path)
    if (file === undefined) return undefined
    const { base, start, head } = this.#shas
    const common = { base_sha: base, start_sha: start, head_sha: head, old_path: file.oldPath, new_path: file.newPath }
    if (anchor.subject === 'file')
      return {
        position: { position_type: 'file', ...common, old_line: null, new_line: null, line_range: null },
        lineCode: null,
        diffFile: null,
      }
    if (anchor.line === null || file.binary || file.tooLarge) return undefined
    const lines = this.#linesOf(file)
    const line = lines.at(anchor.side, anchor.line)
    const hunk = line === undefined ? undefined : (hunkUpTo(file.diff, line) ?? hunkUpTo(anchor.hunk ?? '', line))
    if (line === undefined || hunk === undefined) return undefined
    const path = file.deletedFile ? file.oldPath : file.newPath
    const first = anchor.startLine === null ? undefined : lines.at(anchor.startSide ?? anchor.side, anchor.startLine)
    const range = first === undefined || first === line ? null : { start: rangeEnd(path, first), end: rangeEnd(path, line) }
    const position = {
      position_type: 'text',
      ...common,
      old_line: line.oldLine ?? null,
      new_line: line.newLine ?? null,
      line_range: range,
    }
    return { position, lineCode: lineCode(path, line), diffFile: diffFileRecord(file, hunk) }
  }
  #linesOf(file: FileDiff): DiffLines {
    const known = this.#lines.get(file)
    if (known !== undefined) return known
    const lines = new DiffLines(file.diff)
    this.#lines.set(file, lines)
    return lines
  }
}

const diffFileRecord = (file: FileDiff, hunk: string): JsonObject => ({
  diff_export: hunk,
  new_path: file.newPath,
  old_path: file.oldPath,
  a_mode: file.oldMode,
  b_mode: file.newMode,
  new_file: file.newFile,
  renamed_file: file.renamedFile,
  deleted_file: file.deletedFile,
})

/** https://docs.gitlab.com/api/discussions/#parameters-for-multiline-comments */
const rangeEnd = (path: string, line: DiffLine): JsonObject => ({
  line_code: lineCode(path, line),
  type: line.type === 'added' ? 'new' : line.type === 'removed' ? 'old' : null,
  old_line: line.oldLine ?? null,
  new_line: line.newLine ?? null,
})
