import { createHash } from 'node:crypto'
import type { Connection } from '../wire/connection.ts'
import { fromInternalDate } from '../wire/dates.ts'
import { HashSink } from '../wire/lines.ts'
import type { Untagged } from '../wire/replies.ts'
import { type Value, isList, textOf } from '../wire/values.ts'
import { accepted } from './folders.ts'

/** One mail of the folder that is open. `date`: INTERNALDATE as ISO 8601, UTC, whole seconds; `flags`: lower-case, sorted, without \recent. */
export interface Seen {
  readonly uid: number
  readonly flags: readonly string[]
  readonly date: string
  readonly size: number
  /** SHA-256 of the whole mail, where it was asked for. */
  readonly sha256: string
  /** The header with the empty line behind it, where it was asked for. */
  readonly header: Buffer
}

/** Rows read ahead of whoever wants them. */
const AHEAD = 500

/** Every mail of the open folder with the hash of its bytes, which are hashed as they come and kept nowhere. */
export const fetchHashes = (connection: Connection, uids: string): AsyncGenerator<Seen> =>
  fetchRows(connection, uids, '(UID FLAGS INTERNALDATE BODY.PEEK[])', true)

/** The same with headers in place of the hashes: enough to know a mail again. */
export const fetchHeaders = (connection: Connection, uids: string): AsyncGenerator<Seen> =>
  fetchRows(connection, uids, '(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])', false)

/** Flags alone. */
export const fetchFlags = (connection: Connection, uids: string): AsyncGenerator<Seen> =>
  fetchRows(connection, uids, '(UID FLAGS INTERNALDATE)', false)

async function* fetchRows(connection: Connection, uids: string, items: string, hashed: boolean): AsyncGenerator<Seen> {
  let rows: Seen[] = []
  let paused = false
  let wake = Promise.withResolvers<void>()
  const untagged = (response: Untagged): void => {
    if (response.name !== 'FETCH') return
    const row = seenOf(response.values()[0])
    // Servers also tell of flags that somebody else has changed meanwhile.
    if (row === undefined) return
    rows.push(row)
    wake.resolve()
    if (rows.length < AHEAD || paused) return
    paused = true
    connection.pause()
  }
  const sink = hashed ? () => new HashSink(createHash('sha256')) : () => undefined
  let ended = false
  const reply = connection.command([`UID FETCH ${uids} ${items}`], { untagged, sink }).finally(() => {
    ended = true
    wake.resolve()
  })
  reply.catch(() => undefined)
  try {
    for (;;) {
      const batch = rows
      rows = []
      if (paused) connection.resume()
      paused = false
      yield* batch
      if (ended && rows.length === 0) break
      if (rows.length === 0) await wake.promise
      wake = Promise.withResolvers()
    }
    accepted(await reply, 'The mails of a folder cannot be read')
  } finally {
    if (paused) connection.resume()
  }
}

function seenOf(value: Value | undefined): Seen | undefined {
  if (!isList(value)) return undefined
  const items = new Map<string, Value>()
  for (let at = 0; at + 1 < value.length; at += 2) {
    const name = textOf(value[at])
    if (name !== undefined) items.set(name.toUpperCase(), value[at + 1] ?? null)
  }
  const uid = Number(textOf(items.get('UID')))
  const date = textOf(items.get('INTERNALDATE'))
  if (!(uid > 0) || date === undefined) return undefined
  const flags = items.get('FLAGS')
  const body = items.get('BODY[]')
  const header = items.get('BODY[HEADER]')
  const size = Number(textOf(items.get('RFC822.SIZE')) ?? 0)
  return {
    uid,
    flags: isList(flags) ? flagsOf(flags) : [],
    date: fromInternalDate(date) ?? date,
    size: body instanceof HashSink ? body.bytes : size,
    // A short body may come quoted rather than as a literal.
    sha256:
      body instanceof HashSink
        ? body.hash.digest('hex')
        : createHash('sha256')
            .update(textOf(body) ?? '')
            .digest('hex'),
    header: Buffer.isBuffer(header) ? header : Buffer.from(textOf(header) ?? ''),
  }
}

export const flagsOf = (flags: readonly Value[]): readonly string[] =>
  [...new Set(flags.map((flag) => (textOf(flag) ?? '').toLowerCase()))].filter((flag) => flag !== String.raw`\recent`).toSorted()
