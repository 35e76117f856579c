import type { ByteReader } from '../process/byte-reader.ts'
import { conversation } from './conversation.ts'
import { decode } from './decode.ts'

/** Who and when. `at`: RFC 3339 in the zone of the person; undefined if git's own date is none. */
export interface Signature {
  readonly name: string
  readonly email: string
  readonly at: string | undefined
}
export interface CommitRecord {
  readonly oid: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Signature
  readonly committer: Signature
  /** As written, with its line ends; at most 1 MiB of it. */
  readonly message: string
  /** False if bytes were no text in the encoding they claim, or the message was cut. */
  readonly exact: boolean
}
export type FoundCommit =
  | { readonly oid: string; readonly type: 'commit'; readonly commit: CommitRecord }
  | { readonly oid: string; readonly type: 'missing' }
  /** It is another kind of object, or git fell over it. */
  | { readonly oid: string; readonly type: 'broken'; readonly why: string }

const MOST_BYTES = 1024 * 1024
const OID = /^[0-9a-f]{40}$/
const NOBODY: Signature = { name: '', email: '', at: undefined }

/** What many commits say of themselves, in the order asked, by one git. */
export function commitRecords(
  directory: string,
  oids: AsyncIterable<string> | Iterable<string>,
  signal: AbortSignal,
): AsyncGenerator<FoundCommit> {
  return conversation<string, FoundCommit>(
    {
      args: ['cat-file', '--batch'],
      options: { what: 'A commit could not be read', directory },
      write: (oid) => `${OID.test(oid) ? oid : '0'.repeat(40)}\n`,
      read: readCommit,
      broken: (oid, fault) => ({ oid, type: 'broken', why: fault.why ?? fault.what }),
    },
    oids,
    signal,
  )
}

async function readCommit(reader: ByteReader, oid: string): Promise<FoundCommit> {
  const [, kind = '', size] = ((await reader.line())?.toString('latin1') ?? '').split(' ')
  if (size === undefined) return { oid, type: 'missing' }
  // One byte more: the line end behind the object.
  const bytes = Number(size)
  const body = await reader.take(bytes + 1, Math.min(bytes, MOST_BYTES))
  if (kind !== 'commit') return { oid, type: 'broken', why: `it is a ${kind}` }
  return { oid, type: 'commit', commit: parseCommit(oid, body, bytes <= MOST_BYTES) }
}

/** Headers are lines up to the first empty one; lines that begin with a space go on with the one before (signatures, which nobody needs here). */
function parseCommit(oid: string, body: Buffer, whole: boolean): CommitRecord {
  const blank = body.indexOf('\n\n')
  const head = blank === -1 ? body : body.subarray(0, blank)
  const fields = new Map<string, Buffer[]>()
  for (let at = 0; at < head.length;) {
    const end = head.indexOf(0x0a, at)
    const line = head.subarray(at, end === -1 ? undefined : end)
    at += line.length + 1
    const space = line.indexOf(0x20)
    if (space < 1) continue
    const name = line.toString('latin1', 0, space)
    fields.set(name, [...(fields.get(name) ?? []), line.subarray(space + 1)])
  }
  const first = (name: string): Buffer | undefined => fields.get(name)?.[0]
  const encoding = first('encoding')?.toString('latin1')
  const message = decode(blank === -1 ? Buffer.alloc(0) : body.subarray(blank + 2), encoding)
  const [author, committer] = [signature(first('author'), encoding), signature(first('committer'), encoding)]
  return {
    oid,
    tree: first('tree')?.toString('latin1') ?? '',
    parents: (fields.get('parent') ?? []).map((parent) => parent.toString('latin1')),
    author: author.value,
    committer: committer.value,
    message: message.text,
    exact: whole && message.exact && author.exact && committer.exact,
  }
}

/** `Name <address> seconds zone`, as broken as the tools of twenty years have made it: the address ends at the last `>`. */
function signature(bytes: Buffer | undefined, encoding: string | undefined): { readonly value: Signature; readonly exact: boolean } {
  if (bytes === undefined) return { value: NOBODY, exact: false }
  const { text, exact } = decode(bytes, encoding)
  const [, name = text, email = '', seconds, zone] = /^([^<]*)<(.*)>\s*(?:(-?\d+)(?:\s+([+-]\d{4}))?)?[^>]*$/s.exec(text) ?? []
  return { value: { name: name.trim(), email: email.trim(), at: dateOf(seconds, zone) }, exact }
}

function dateOf(seconds: string | undefined, zone = '+0000'): string | undefined {
  if (seconds === undefined) return undefined
  const minutes = (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)))
  // Zones of 24 hours and more are typing errors of somebody's script.
  const offset = Math.abs(minutes) < 24 * 60 ? minutes : 0
  const local = new Date((Number(seconds) + offset * 60) * 1_000)
  if (Number.isNaN(local.getTime()) || local.getUTCFullYear() > 9999 || local.getUTCFullYear() < 0) return undefined
  const hours = `${offset < 0 ? '-' : '+'}${two(Math.trunc(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`
  return `${local.toISOString().slice(0, 19)}${offset === 0 ? 'Z' : hours}`
}
const two = (number: number): string => String(number).padStart(2, '0')
