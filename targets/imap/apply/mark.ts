import { hash } from 'node:crypto'

const LF = 10
const CR = 13

/** What must be known of a mail to find it again, and to send it. */
export interface Looks {
  /** Hash of the header with its line ends put right, and the size likewise: equal for the same mail on any server. */
  readonly mark: string
  /** The same on servers that count otherwise: that leave out a second CR before LF, as Dovecot does, or leave a bare LF as it is. */
  readonly others: readonly string[]
  /** False: nothing in the header makes this mail unlike others. */
  readonly distinct: boolean
  /** It has a line end of LF or of CR CR LF, or a NUL: servers may refuse it or mend it. */
  readonly irregular: boolean
}

/** Looks at a mail once, from the first byte to the last. */
export function looksOf(bytes: Buffer): Looks {
  const { bare, double } = lineEndsOf(bytes)
  const header = headerOf(bytes)
  const size = bytes.length + bare
  return {
    ...markOf(header, size),
    others: [...(double === 0 ? [] : [size - double]), ...(bare === 0 ? [] : [bytes.length])].map((size) => markOf(header, size).mark),
    irregular: bare > 0 || double > 0 || bytes.includes(0),
  }
}

/** `size`: of the whole mail with CRLF everywhere, as RFC822.SIZE counts. */
export function markOf(header: Buffer, size: number): Pick<Looks, 'mark' | 'distinct'> {
  const { bare, double } = lineEndsOf(header)
  // Nearly every header is as it should be, and its bytes need not be written anew.
  const text = bare === 0 && double === 0 ? header.toString('latin1') : mended(header).toString('latin1').replaceAll(/\r+\n/g, '\r\n')
  const bytes = bare === 0 && double === 0 ? header : Buffer.from(text, 'latin1')
  return { mark: `${hash('sha256', bytes).slice(0, 24)}:${size}`, distinct: /^message-id:[ \t]*\S/im.test(text) }
}

/** Line ends of LF alone, and of CR CR LF. */
function lineEndsOf(bytes: Buffer): { readonly bare: number; readonly double: number } {
  let [bare, double] = [0, 0]
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1))
    if (bytes[at - 1] !== CR) bare++
    else if (bytes[at - 2] === CR) double++
  return { bare, double }
}

/** The header with the empty line behind it; the whole mail where there is none. */
export function headerOf(bytes: Buffer): Buffer {
  if (bytes[0] === LF) return bytes.subarray(0, 1)
  if (bytes[0] === CR && bytes[1] === LF) return bytes.subarray(0, 2)
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at + 1] === LF) return bytes.subarray(0, at + 2)
    if (bytes[at + 1] === CR && bytes[at + 2] === LF) return bytes.subarray(0, at + 3)
  }
  return bytes
}

/** CRLF in place of every bare LF. The same buffer if there is none. */
export function mended(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  let from = 0
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) {
    if (bytes[at - 1] === CR) continue
    parts.push(bytes.subarray(from, at), Buffer.from('\r'))
    from = at
  }
  return parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)])
}

/** Longest line that every server takes (Exchange's limit is the lowest known). */
const LONGEST_LINE = 9_000

/** What a strict server takes in place of a mail that it refused: line ends put right, no NUL, no endless lines. Undefined: nothing to mend. */
export function acceptable(bytes: Buffer): Buffer | undefined {
  let text = mended(bytes)
  if (text.includes(0)) text = Buffer.from(text.filter((byte) => byte !== 0))
  const parts: Buffer[] = []
  let from = 0
  while (from < text.length) {
    const end = text.indexOf(LF, from)
    const next = end < 0 ? text.length : end + 1
    for (; next - from > LONGEST_LINE; from += LONGEST_LINE - 2)
      parts.push(text.subarray(from, from + LONGEST_LINE - 2), Buffer.from('\r\n'))
    parts.push(text.subarray(from, next))
    from = next
  }
  const whole = Buffer.concat(parts)
  return whole.equals(bytes) ? undefined : whole
}
