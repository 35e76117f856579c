import type { Connection } from '../wire/connection.ts'
import { type Untagged, uidSet, uidsOf } from '../wire/replies.ts'
import { isList, textOf } from '../wire/values.ts'
import { flagsOf } from './fetch.ts'
import { accepted, wireName } from './folders.ts'

/** Where mails went: old uid to new place. Those that were not there any more are missing in it. */
export interface Moved {
  readonly uidValidity: number
  readonly uids: ReadonlyMap<number, number>
}

/** Sets or removes flags of mails of the open folder. The answer: what the server says their flags now are, lower-case. */
export async function storeFlags(
  connection: Connection,
  uids: readonly number[],
  change: '+' | '-',
  flags: readonly string[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const now = new Map<number, readonly string[]>()
  const untagged = (response: Untagged): void => {
    const row = response.name === 'FETCH' ? response.values()[0] : undefined
    if (!isList(row)) return
    const at = (name: string) => row[row.findIndex((value) => textOf(value)?.toUpperCase() === name) + 1]
    const flags = at('FLAGS')
    if (isList(flags)) now.set(Number(textOf(at('UID'))), flagsOf(flags))
  }
  const reply = await connection.command([`UID STORE ${uidSet(uids)} ${change}FLAGS (${flags.join(' ')})`], { untagged })
  accepted(reply, 'The server does not change flags')
  return now
}

/** Copies mails of the open folder. Undefined: it was done, and the server does not say where they are. */
export async function copyMails(connection: Connection, uids: readonly number[], to: string): Promise<Moved | undefined> {
  const reply = accepted(await connection.command([`UID COPY ${uidSet(uids)} ${wireName(connection, to)}`]), 'The server copies no mails')
  return movedOf(reply.code)
}

/** Moves mails of the open folder (RFC 6851); by copying where the server cannot. */
export async function moveMails(connection: Connection, uids: readonly number[], to: string): Promise<Moved | undefined> {
  if (!connection.has('MOVE') && !connection.has('IMAP4REV2')) {
    const copied = await copyMails(connection, uids, to)
    await removeMails(connection, copied === undefined ? uids : [...copied.uids.keys()])
    return copied
  }
  let told: Moved | undefined
  const untagged = ({ reply }: Untagged): void => {
    told ??= movedOf(reply?.code)
  }
  const reply = await connection.command([`UID MOVE ${uidSet(uids)} ${wireName(connection, to)}`], { untagged })
  return movedOf(accepted(reply, 'The server moves no mails').code) ?? told
}

/**
 * Removes mails of the open folder and no others. Without UIDPLUS the server only removes everything that is marked: then the mails stay,
 * marked, if anybody else's are marked too.
 */
export async function removeMails(connection: Connection, uids: readonly number[]): Promise<void> {
  const marked = await storeFlags(connection, uids, '+', [String.raw`\Deleted`])
  if (connection.has('UIDPLUS') || connection.has('IMAP4REV2')) {
    accepted(await connection.command([`UID EXPUNGE ${uidSet(uids)}`]), 'The server removes no mails')
    return
  }
  const all: number[] = []
  const untagged = (response: Untagged): void => {
    if (response.name === 'SEARCH') for (const uid of response.values()) all.push(Number(textOf(uid)))
  }
  accepted(await connection.command(['UID SEARCH DELETED'], { untagged }), 'The server removes no mails')
  if (all.every((uid) => marked.has(uid) || uids.includes(uid)))
    accepted(await connection.command(['EXPUNGE']), 'The server removes no mails')
}

function movedOf(code: string | undefined): Moved | undefined {
  const [word = '', validity = '', from = '', to = ''] = (code ?? '').split(' ')
  if (word.toUpperCase() !== 'COPYUID') return undefined
  const targets = uidsOf(to)
  return { uidValidity: Number(validity), uids: new Map(uidsOf(from).map((uid, at) => [uid, targets[at] ?? 0])) }
}
