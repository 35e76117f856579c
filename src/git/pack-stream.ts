import { createHash } from 'node:crypto'
import { Fault } from '../fault.ts'
import { shownWords } from './git-remote.ts'
import { brokenOff, type Packet } from './pkt-line.ts'

const EMPTY_PACK_HEAD = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1')
/** A pack of version 2 without an object. git takes it wherever it takes a pack. */
export const EMPTY_PACK: Uint8Array = Buffer.concat([EMPTY_PACK_HEAD, createHash('sha1').update(EMPTY_PACK_HEAD).digest()])

const PACK = 1
const PROGRESS = 2
const FAILURE = 3

/**
 * The bytes of the pack in the answer to a fetch: what comes before it is passed over, progress is dropped.
 * @throws Fault `unavailable` if it breaks off or the host gives up in the middle; `rejected` if the host has only half of the history
 */
export async function* sideband(answer: AsyncIterable<Packet>, what: string): AsyncGenerator<Uint8Array> {
  let section: string | undefined
  let whole = false
  for await (const line of answer) {
    if (line === 'flush') whole = section === 'packfile'
    else if (line === 'delimiter') section = undefined
    else if (typeof line === 'string') continue
    else if (section === 'packfile') yield* packBytes(line, what)
    else if (section === undefined) section = sectionOf(line)
    else if (section === 'shallow-info') throw shallow(what)
  }
  if (!whole) throw brokenOff(what)
}

function* packBytes(line: Uint8Array, what: string): Generator<Uint8Array> {
  const band = line[0]
  const rest = line.subarray(1)
  if (band === PACK) {
    // Hosts send empty ones to say that they are still there.
    if (rest.byteLength > 0) yield rest
  } else if (band === FAILURE) throw givenUp(what, Buffer.from(rest).toString('utf8'))
  else if (band !== PROGRESS && band !== undefined)
    throw new Fault({ code: 'corrupt', what: `${what} cannot be read`, why: `it has a band ${band}`, retry: { type: 'backoff' } })
}

const sectionOf = (line: Uint8Array): string => Buffer.from(line).toString('latin1').trimEnd()

const givenUp = (what: string, said: string): Fault =>
  new Fault({
    code: 'unavailable',
    what: `${what} was given up by the host`,
    why: shownWords(said),
    remedy: 'Run again; if it stays, the repository is damaged at the host: ask its support',
    retry: { type: 'backoff' },
  })

const shallow = (what: string): Fault =>
  new Fault({
    code: 'rejected',
    what: `${what} is not whole`,
    why: 'the host itself has only the newest part of the history (a shallow repository)',
    remedy: 'Complete the repository at the host (git fetch --unshallow)',
  })
