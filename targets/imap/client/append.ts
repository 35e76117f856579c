import type { Connection, Literal, Part } from '../wire/connection.ts'
import { toInternalDate } from '../wire/dates.ts'
import { type Reply, uidsOf } from '../wire/replies.ts'
import { wireName } from './folders.ts'

/** A mail on its way into a folder. `date`: ISO 8601. */
export interface Letter {
  readonly flags: readonly string[]
  readonly date: string
  readonly literal: Literal
}
/** Where a mail stands; undefined: it is there, and the server does not say where. */
export type Stand = { readonly uidValidity: number; readonly uid: number } | undefined
/** `refused`: the server's word on all of them when they were one command; none of them is there then. */
export type Appended = { readonly type: 'there'; readonly stands: readonly Stand[] } | { readonly type: 'refused'; readonly reply: Reply }

/** Puts mails into a folder by one command (RFC 3502): all of them are there afterwards, or none. @throws Fault `unavailable`: unknown */
export async function appendTogether(connection: Connection, folder: string, letters: readonly Letter[]): Promise<Appended> {
  return (await beginTogether(connection, folder, letters)).answer
}

/** What has been sent; the server's word on it comes later. @throws Fault `unavailable`, here or by `answer` */
export interface Begun<T> {
  readonly answer: Promise<T>
}
/** As `appendTogether`; resolves once everything has been sent. */
export async function beginTogether(connection: Connection, folder: string, letters: readonly Letter[]): Promise<Begun<Appended>> {
  const parts: Part[] = [`APPEND ${wireName(connection, folder)}`]
  for (const letter of letters) parts.push(head(letter), letter.literal)
  const { reply } = await connection.begin(parts)
  return begun(reply.then((verdict) => outcomeOf(verdict, letters.length)))
}

/** One command for each, none of them waiting for the one before: for servers without MULTIAPPEND. Some may be there and others not. */
export async function beginEach(connection: Connection, folder: string, letters: readonly Letter[]): Promise<Begun<readonly Appended[]>> {
  const all = await Promise.all(letters.map((letter) => beginTogether(connection, folder, [letter])))
  return begun(Promise.all(all.map(({ answer }) => answer)))
}
/** An answer nobody has come for yet may be that the line is dead. */
export function begun<T>(answer: Promise<T>): Begun<T> {
  answer.catch(() => undefined)
  return { answer }
}

const head = ({ flags, date }: Letter): string => ` (${flags.join(' ')}) "${toInternalDate(date)}" `

function outcomeOf(reply: Reply, count: number): Appended {
  if (reply.status !== 'OK') return { type: 'refused', reply }
  const [word = '', validity = '', set = ''] = (reply.code ?? '').split(' ')
  const uids = word.toUpperCase() === 'APPENDUID' ? uidsOf(set) : []
  const uidValidity = Number(validity)
  return {
    type: 'there',
    stands: Array.from({ length: count }, (_, at) => {
      const uid = uids.length === count ? uids[at] : undefined
      return uid === undefined ? undefined : { uidValidity, uid }
    }),
  }
}
