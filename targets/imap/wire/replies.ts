import type { Piece } from './lines.ts'
import { type Value, valuesOf } from './values.ts'

/** The server's verdict on a command. `code`: what stands in brackets, `APPENDUID 38505 3955`; `text` is for people. */
export interface Reply {
  readonly tag: string
  readonly status: 'OK' | 'NO' | 'BAD' | 'PREAUTH' | 'BYE'
  readonly code: string | undefined
  readonly text: string
}
/** Something the server says besides. `number`: of `* 12 EXISTS`; `reply`: of `* OK [UIDNEXT 17] …`. */
export interface Untagged {
  readonly name: string
  readonly number: number | undefined
  /** The rest of the line up to the first literal, the name included. */
  readonly text: string
  readonly reply: Reply | undefined
  /** What follows the name. */
  readonly values: () => readonly Value[]
}

const REPLY = /^(\S+) (OK|NO|BAD|PREAUTH|BYE)(?: \[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\])? ?(.*)$/is

export function replyOf(line: string): Reply | undefined {
  const match = REPLY.exec(line)
  if (match === null) return undefined
  const [, tag = '', status = '', code, text = ''] = match
  return { tag, status: status.toUpperCase() as Reply['status'], code, text }
}

export function untaggedOf(pieces: readonly Piece[]): Untagged {
  const line = typeof pieces[0] === 'string' ? pieces[0] : ''
  const head = /^\* (?:(\d+) )?(\S+) ?/.exec(line)
  const from = head?.[0].length ?? 2
  const name = (head?.[2] ?? '').toUpperCase()
  return {
    name,
    number: head?.[1] === undefined ? undefined : Number(head[1]),
    text: line.slice(2),
    reply: replyOf(line),
    values: () => valuesOf(pieces, from),
  }
}

/** First word of a response code, upper-case: `OVERQUOTA`. */
export const codeOf = (reply: Reply): string => (reply.code ?? '').split(' ')[0]?.toUpperCase() ?? ''

/** Numbers of a uid-set: `5:7,9` names 5, 6, 7 and 9, in this order. */
export function uidsOf(set: string): readonly number[] {
  const uids: number[] = []
  for (const range of set.split(',')) {
    const [from = 0, to = from] = range.split(':').map(Number)
    for (let uid = Math.min(from, to); uid <= Math.max(from, to); uid++) uids.push(uid)
  }
  return uids
}

/** The other way: ascending numbers as a short set. */
export function uidSet(uids: readonly number[]): string {
  const sorted = uids.toSorted((a, b) => a - b)
  const ranges: string[] = []
  for (let at = 0; at < sorted.length; at++) {
    const from = sorted[at] ?? 0
    let to = from
    while (sorted[at + 1] === to + 1) to = sorted[++at] ?? to
    ranges.push(from === to ? String(from) : `${from}:${to}`)
  }
  return ranges.join(',')
}
