/** What GitLab keeps of the diffs of a merge request, as data: an instance may be configured otherwise. */
export interface DiffLimits {
  /** A file whose diff is this long or longer is shown as too large. Bytes. `diff_max_patch_bytes`. */
  readonly patchBytes: number
  /** `diff_max_files`. */
  readonly files: number
  /** Lines of all files together, headers of hunks not counted. `diff_max_lines`. */
  readonly lines: number
  /** Bytes of all files together. */
  readonly bytes: number
}

/**
 * GitLab's defaults: https://docs.gitlab.com/administration/diff_limits; five kilobytes a file for the whole: lib/gitlab/git/diff_collection.rb.
 * Both read 2026-11-25.
 */
export const GITLAB_DIFF_LIMITS: DiffLimits = { patchBytes: 200 * 1024, files: 1_000, lines: 50_000, bytes: 1_000 * 5 * 1024 }

/** One file of a change, in the form of GitLab's `merge_request_diff_files`. A file that changed its type (a link became a file) is two of them. */
export interface FileDiff {
  readonly oldPath: string
  readonly newPath: string
  /** Octal, `0` where there is no file: `100644`, `100755`, `120000` (link), `160000` (submodule). */
  readonly oldMode: string
  readonly newMode: string
  readonly newFile: boolean
  readonly renamedFile: boolean
  readonly deletedFile: boolean
  /**
   * git sees no text in it; `diff` is git's one line about that. Not GitLab's column `binary`, which says that its text is kept in base64:
   * that one is false for everything written here.
   */
  readonly binary: boolean
  /** It went over `patchBytes`; `diff` is empty. */
  readonly tooLarge: boolean
  /** The hunks from `@@` on, each line with its end, without `diff --git`, `---` and `+++`. Empty for a pure rename or change of mode. */
  readonly diff: string
  /** False if the diff or a path had bytes that are no UTF-8 text and was read as well as one can. */
  readonly exact: boolean
}
