import { Fault } from '../fault.ts'
import type { ByteReader } from '../process/byte-reader.ts'
import { decode } from './decode.ts'
import type { DiffLimits, FileDiff } from './file-diff.ts'

/** Where a file stands on both sides, as `--raw` says. */
interface RawChange {
  readonly oldMode: string
  readonly newMode: string
  readonly oldPath: Buffer
  readonly newPath: Buffer
}
export interface ReadDiff {
  readonly files: readonly FileDiff[]
  /** There were more files or lines than the limits allow; those that came first are here. GitLab shows `1000+`. */
  readonly overflow: boolean
}

const NUL = 0
const COLON = 0x3a
const [SPACE, PLUS, MINUS, BACKSLASH] = [0x20, 0x2b, 0x2d, 0x5c]
const RAW = /^:(\d+) (\d+) [0-9a-f]+ [0-9a-f]+ ([A-Z])\d*$/
const HUNK = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/
/** No header of git is longer; of longer lines of text only so much is kept that they are over every limit. */
const MOST_LINE_BYTES = 1024 * 1024

/**
 * Reads what `git diff-tree -z --raw -p` says of one pair of trees, up to the line `end`. Everything is read, what goes over the limits is
 * not kept. Paths come from the raw part, where they are not quoted; hunks are read by their counts, so no text can pass for a header.
 */
export async function readDiff(reader: ByteReader, end: string, limits: DiffLimits): Promise<ReadDiff> {
  const changes = await rawChanges(reader)
  const files: FileDiff[] = []
  let [lines, bytes, overflow] = [0, 0, false]
  let line = await nextLine(reader)
  for (const change of changes) {
    if (!startsWith(line, 'diff --git ')) throw broken('a diff is missing')
    const patch = new Patch(overflow ? 0 : limits.patchBytes)
    line = await nextLine(reader)
    while (!startsWith(line, 'diff --git ') && !line.equals(Buffer.from(end))) {
      if (startsWith(line, '@@ ')) {
        patch.add(line, false)
        await readHunk(reader, line, patch)
      } else if (startsWith(line, 'Binary files ')) {
        patch.binary = true
        patch.add(line, true)
      } else if (line[0] === BACKSLASH) patch.add(line, true)
      line = await nextLine(reader)
    }
    if (overflow) continue
    if (!patch.tooLarge) {
      lines += patch.lines
      bytes += patch.counted
    }
    if (files.length >= limits.files || lines >= limits.lines || bytes >= limits.bytes) overflow = true
    else files.push(fileDiff(change, patch))
  }
  if (!line.equals(Buffer.from(end))) throw broken('there are more diffs than files')
  return { files, overflow }
}

async function readHunk(reader: ByteReader, header: Buffer, patch: Patch): Promise<void> {
  const [all, old = '1', fresh = '1'] = HUNK.exec(header.toString('latin1', 0, 80)) ?? []
  if (all === undefined) throw broken('a hunk cannot be read')
  for (let [left, right] = [Number(old), Number(fresh)]; left > 0 || right > 0;) {
    const line = reader.lineAtHand() ?? (await nextLine(reader))
    const kind = line[0]
    if (kind === MINUS || kind === SPACE) left--
    if (kind === PLUS || kind === SPACE) right--
    if (kind !== MINUS && kind !== PLUS && kind !== SPACE && kind !== BACKSLASH) throw broken('a hunk ends too early')
    patch.add(line, true)
  }
}

async function rawChanges(reader: ByteReader): Promise<readonly RawChange[]> {
  const changes: RawChange[] = []
  if ((await reader.peek()) !== COLON) return changes
  while ((await reader.peek()) === COLON) {
    const header = await reader.line(NUL)
    const [, oldMode, newMode, status] = RAW.exec(header?.toString('latin1') ?? '') ?? []
    const oldPath = await reader.line(NUL)
    const newPath = status === 'R' || status === 'C' ? await reader.line(NUL) : oldPath
    if (oldMode === undefined || newMode === undefined || oldPath === undefined || newPath === undefined) throw broken('a file is missing')
    // GitLab shows a change of type as a file that goes and a file that comes, and git writes it so.
    if (status === 'T') changes.push({ oldMode, newMode: '000000', oldPath, newPath }, { oldMode: '000000', newMode, oldPath, newPath })
    else changes.push({ oldMode, newMode, oldPath, newPath })
  }
  // One more NUL stands between the two parts.
  await reader.line(NUL)
  return changes
}

function fileDiff({ oldMode, newMode, oldPath, newPath }: RawChange, patch: Patch): FileDiff {
  const [from, to, text] = [decode(oldPath), decode(newPath), decode(patch.tooLarge ? Buffer.alloc(0) : Buffer.concat(patch.parts))]
  return {
    oldPath: from.text,
    newPath: to.text,
    oldMode: octal(oldMode),
    newMode: octal(newMode),
    newFile: octal(oldMode) === '0',
    renamedFile: !oldPath.equals(newPath),
    deletedFile: octal(newMode) === '0',
    binary: patch.binary,
    tooLarge: patch.tooLarge,
    diff: text.text,
    exact: from.exact && to.exact && text.exact,
  }
}

/** The hunks of one file as they are read. Not kept beyond the limit, but counted. */
class Patch {
  readonly #limit: number
  parts: Buffer[] = []
  binary = false
  tooLarge = false
  lines = 0
  /** Bytes without the headers of hunks, as GitLab counts them against the whole. */
  counted = 0
  #bytes = 0
  constructor(limit: number) {
    this.#limit = limit
  }

  add(line: Buffer, content: boolean): void {
    if (content) {
      this.lines++
      this.counted += line.length + 1
    }
    if (this.tooLarge) return
    this.#bytes += line.length + 1
    this.parts.push(line, NEWLINE)
    if (this.#bytes < this.#limit) return
    this.tooLarge = true
    this.parts = []
  }
}
const NEWLINE = Buffer.from('\n')

async function nextLine(reader: ByteReader): Promise<Buffer> {
  const line = reader.lineAtHand() ?? (await reader.line(0x0a, MOST_LINE_BYTES))
  if (line === undefined) throw broken('it ends too early')
  return line
}

const octal = (mode: string): string => mode.replace(/^0+(?=.)/, '')
const startsWith = (line: Buffer, text: string): boolean => line.length >= text.length && line.toString('latin1', 0, text.length) === text
const broken = (why: string): Fault => new Fault({ code: 'corrupt', what: 'The diff that git wrote cannot be read', why })
