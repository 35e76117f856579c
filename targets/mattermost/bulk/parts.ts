import type { ReplyLine } from './lines.ts'
import { MAX_LINE_BYTES } from './validate.ts'

/** Replies in parts that fit a line each; what does not fit the first line comes later, below the same root. */
export function* parts(replies: readonly ReplyLine[]): Generator<{ readonly lines: readonly ReplyLine[]; readonly later: boolean }> {
  if (replies.length < SMALL_THREAD) {
    yield { lines: replies, later: false }
    return
  }
  let lines: ReplyLine[] = []
  let bytes = 0
  let later = false
  for (const reply of replies) {
    const size = Buffer.byteLength(JSON.stringify(reply))
    if (lines.length >= MAX_REPLIES || (lines.length > 0 && bytes + size > MAX_LINE_BYTES / 2)) {
      yield { lines, later }
      lines = []
      bytes = 0
      later = true
    }
    lines.push(reply)
    bytes += size
  }
  yield { lines, later }
}
/** So many replies of the greatest length still fit one line. */
const SMALL_THREAD = 100
/** The server writes all replies of a line in one statement of at most 65535 parameters, 19 a reply (seen on 5.36.1). */
const MAX_REPLIES = 3000
