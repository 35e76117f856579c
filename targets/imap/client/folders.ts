import { Fault } from '../../../src/fault.ts'
import type { Connection } from '../wire/connection.ts'
import { fromModifiedUtf7, quoted, toModifiedUtf7 } from '../wire/names.ts'
import { type Reply, type Untagged, codeOf } from '../wire/replies.ts'
import { isList, textOf } from '../wire/values.ts'

/** A folder as the server lists it. `flags`: `\Noselect`, `\Sent` and the like, lower-case. `delimiter`: null where names are flat. */
export interface Listed {
  readonly name: string
  readonly delimiter: string | null
  readonly flags: readonly string[]
}
/** What a folder was when it was opened. `any`: keywords nobody has used there yet may be set. */
export interface Opened {
  readonly uidValidity: number
  readonly uidNext: number
  readonly exists: number
  readonly keywords: { readonly any: boolean; readonly known: ReadonlySet<string> }
}

/** Servers that know no IMAP4rev1, or were told so, take names as UTF-8. */
const plainNames = (connection: Connection): boolean =>
  connection.has('UTF8=ONLY') || (connection.has('IMAP4REV2') && !connection.has('IMAP4REV1'))
export const wireName = (connection: Connection, name: string): string => quoted(plainNames(connection) ? name : toModifiedUtf7(name))
const readName = (connection: Connection, name: string): string => (plainNames(connection) ? name : fromModifiedUtf7(name))

/** @throws Fault `rejected` with the server's words, unless it said OK */
export function accepted(reply: Reply, what: string): Reply {
  if (reply.status === 'OK') return reply
  const code = codeOf(reply)
  const later = code === 'UNAVAILABLE' || code === 'INUSE' || code === 'LIMIT' || code === 'SERVERBUG'
  throw new Fault({ code: later ? 'unavailable' : 'rejected', what, why: reply.text, retry: { type: later ? 'backoff' : 'never' } })
}

/** Prefix and separator of the folders that belong to whoever is logged in (RFC 2342); from LIST where the server has no namespaces. */
export async function namespaceOf(connection: Connection): Promise<{ readonly prefix: string; readonly delimiter: string | null }> {
  let found: { prefix: string; delimiter: string | null } | undefined
  if (connection.has('NAMESPACE') || connection.has('IMAP4REV2')) {
    const untagged = ({ name, values }: Untagged): void => {
      const personal = name === 'NAMESPACE' ? values()[0] : undefined
      const first = isList(personal) ? personal[0] : undefined
      if (isList(first)) found = { prefix: readName(connection, textOf(first[0]) ?? ''), delimiter: textOf(first[1]) ?? null }
    }
    await connection.command(['NAMESPACE'], { untagged })
  }
  if (found !== undefined) return found
  const root = await listed(connection, 'LIST "" ""')
  return { prefix: '', delimiter: root[0]?.delimiter ?? '/' }
}

/** Every folder of the mailbox; with `subscribed`, the names somebody subscribed to. */
export async function listFolders(connection: Connection, subscribed = false): Promise<readonly Listed[]> {
  const extended = connection.has('LIST-EXTENDED') || connection.has('IMAP4REV2')
  // IMAP4rev2 has no LSUB any more (RFC 9051, appendix E).
  if (subscribed) return listed(connection, extended ? 'LIST (SUBSCRIBED) "" "*"' : 'LSUB "" "*"')
  return listed(
    connection,
    extended && (connection.has('SPECIAL-USE') || connection.has('IMAP4REV2')) ? 'LIST "" "*" RETURN (SPECIAL-USE)' : 'LIST "" "*"',
  )
}

async function listed(connection: Connection, command: string): Promise<readonly Listed[]> {
  const folders: Listed[] = []
  const untagged = ({ name, values }: Untagged): void => {
    if (name !== 'LIST' && name !== 'LSUB') return
    const [flags, delimiter, folder] = values()
    const text = textOf(folder)
    if (text === undefined) return
    folders.push({
      name: readName(connection, text),
      delimiter: textOf(delimiter) ?? null,
      flags: isList(flags) ? flags.map((flag) => (textOf(flag) ?? '').toLowerCase()) : [],
    })
  }
  accepted(await connection.command([command], { untagged }), 'The server does not list its folders')
  return folders
}

/** Opens a folder, for writing unless `readOnly`. @throws Fault `rejected` where there is none */
export async function openFolder(connection: Connection, name: string, readOnly: boolean): Promise<Opened> {
  let [uidValidity, uidNext, exists] = [0, 0, 0]
  let any = false
  const known = new Set<string>()
  const untagged = (response: Untagged): void => {
    const { name: word, number, reply } = response
    if (word === 'EXISTS') exists = number ?? 0
    const [code = '', value = ''] = (reply?.code ?? '').split(/ (.*)/s)
    if (code.toUpperCase() === 'UIDVALIDITY') uidValidity = Number(value)
    if (code.toUpperCase() === 'UIDNEXT') uidNext = Number(value)
    if (code.toUpperCase() === 'PERMANENTFLAGS')
      for (const flag of value.replaceAll(/[()]/g, '').split(' ')) {
        if (flag === String.raw`\*`) any = true
        known.add(flag.toLowerCase())
      }
  }
  const reply = await connection.command([`${readOnly ? 'EXAMINE' : 'SELECT'} ${wireName(connection, name)}`], { untagged })
  accepted(reply, `The folder cannot be opened`)
  return { uidValidity, uidNext, exists, keywords: { any, known } }
}

/** UIDVALIDITY of many folders at once; those that are not there are not in the answer. */
export async function validities(connection: Connection, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>()
  const untagged = ({ name, values }: Untagged): void => {
    if (name !== 'STATUS') return
    const [folder, list] = values()
    const text = textOf(folder)
    if (text !== undefined && isList(list)) found.set(readName(connection, text), Number(textOf(list[1]) ?? 0))
  }
  await Promise.all(names.map((name) => connection.command([`STATUS ${wireName(connection, name)} (UIDVALIDITY)`], { untagged })))
  return found
}

/** How many mails stand in a folder. */
export async function countOf(connection: Connection, name: string): Promise<number> {
  let count = 0
  const untagged = ({ name: word, values }: Untagged): void => {
    const list = word === 'STATUS' ? values()[1] : undefined
    if (isList(list)) count = Number(textOf(list[1]) ?? 0)
  }
  await connection.command([`STATUS ${wireName(connection, name)} (MESSAGES)`], { untagged })
  return count
}

const ASKED = '.\\^:|@#\'"~&<>?'

/**
 * Letters that no name may hold here: with them a server says that it cannot, and without them that there is no such folder (RFC 5530).
 * Dovecot, for one, takes no dot in names when mails lie in Maildir++, whatever its separator is, and nothing else says so (2.3.19, seen).
 */
export async function forbiddenLetters(connection: Connection, prefix: string, delimiter: string | null): Promise<string> {
  const asked = ASKED.split('').filter((letter) => letter !== delimiter)
  const replies = await Promise.all(
    asked.map((letter) => connection.command([`STATUS ${wireName(connection, `${prefix}fallreep${letter}probe`)} (MESSAGES)`])),
  )
  return asked.filter((_, at) => replies[at] !== undefined && codeOf(replies[at]) === 'CANNOT').join('')
}
