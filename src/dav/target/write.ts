import type { Fields } from '../../contract/target.ts'
import type { JsonObject } from '../../contract/json.ts'
import { type FoundObject, findByUid, getObject, putObject } from '../objects.ts'
import { findPlace } from '../places.ts'
import { Refusal } from '../refusal.ts'
import { purgeTrashed, trashedObjects } from '../trash.ts'
import { type Draft, hashOf, holds } from './draft.ts'
import type { Format } from './format.ts'
import type { Home } from './homes.ts'
import { shortHash } from './operations.ts'
import { type Work, patiently } from './work.ts'

/** What the ledger remembers of an object: where it is, its etag, and the hash of what we wrote. */
export interface Memory {
  readonly href: string
  readonly etag: string | null
  readonly hash: string
  /** Of what may stand there instead: from before a write that may have been cut off. */
  readonly was: readonly string[]
}
export type Written =
  | { readonly type: 'written'; readonly href: string; readonly etag: string | null }
  /** It stood there already, as we wrote it or would have. */
  | { readonly type: 'adopted'; readonly href: string; readonly etag: string | null }
  /** Somebody else's stands there, or somebody changed ours. */
  | { readonly type: 'kept'; readonly why: string }
  | { readonly type: 'refused'; readonly code: 'too-large' | 'rejected-by-target'; readonly why: string }

export function memoryOf(notes: JsonObject | undefined): Memory | undefined {
  if (typeof notes?.['href'] !== 'string' || typeof notes['hash'] !== 'string') return undefined
  const { href, hash, etag, was } = notes
  return { href, hash, etag: typeof etag === 'string' ? etag : null, was: Array.isArray(was) ? (was as readonly string[]) : [] }
}

/**
 * Writes one object and never over something that is not ours: a new one only where nothing is, a changed one only over what we wrote.
 * Repeating it after any interruption ends in the same state. @throws Fault where going on makes no sense
 */
export async function write(
  work: Work,
  home: Home,
  place: string,
  draft: Draft,
  known: Memory | undefined,
  signal: AbortSignal,
): Promise<Written> {
  const { format } = work
  const href = known?.href ?? `${place}${shortHash(draft.uid)}.${format.extension}`
  const put = async (condition: Parameters<typeof putObject>[2]['condition'], at = href): Promise<Written> => ({
    type: 'written',
    href: at,
    etag: await patiently(
      work,
      () => putObject(home.client, at, { text: draft.text, mediaType: format.mediaType, condition }, signal),
      signal,
    ),
  })
  try {
    return await put(known?.etag == null ? { type: 'new' } : { type: 'etag', etag: known.etag })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const standing = await whatStands(work, home, place, href, draft, error, signal)
    if (standing === undefined) return decline(work, home, place, draft, error, signal)
    if (standing === 'purged') return put({ type: 'new' }).catch((again: unknown) => declined(work, home, place, draft, again, signal))
    const there = fieldsIn(standing, work)
    if (there !== undefined && holds(there, draft.fields)) return { type: 'adopted', href: standing.path, etag: standing.etag }
    const ours = known !== undefined && there !== undefined && [known.hash, ...known.was].includes(hashOf(there))
    if (!ours || standing.etag === null)
      return { type: 'kept', why: known === undefined ? 'another one with its UID stands there' : 'somebody changed it on the server' }
    return put({ type: 'etag', etag: standing.etag }, standing.path).catch((again: unknown) =>
      declined(work, home, place, draft, again, signal),
    )
  }
}

/** What is in the way of a write, or `purged` if it was in the trash bin; undefined: nothing is, the refusal has another reason. */
async function whatStands(
  { format }: Work,
  home: Home,
  place: string,
  href: string,
  { uid, text }: Draft,
  refusal: Refusal,
  signal: AbortSignal,
): Promise<FoundObject | 'purged' | undefined> {
  const { client } = home
  if (refusal.status === 412) return getObject(client, href, signal)
  const uidTaken = /uid/i.test(refusal.said) || refusal.status === 409
  if (!uidTaken || ![400, 403, 409].includes(refusal.status)) return undefined
  if (/deleted/i.test(refusal.said)) {
    const name = place.split('/').at(-2)
    for (const trashed of await trashedObjects(client, home.path, signal))
      // Only what was in this place, which is ours, and has this UID.
      if (trashed.place === name && uidIn(trashed.text, format) === uid) {
        await purgeTrashed(client, trashed.path, signal)
        return 'purged'
      }
    return undefined
  }
  const found = await findByUid(client, format.kind, format.componentOf(text), place, uid, signal).catch((error: unknown) => {
    if (error instanceof Refusal && error.retry.type === 'never') return []
    throw error
  })
  return found.find((one) => uidIn(one.text, format) === uid)
}

const declined = async (work: Work, home: Home, place: string, draft: Draft, error: unknown, signal: AbortSignal): Promise<Written> => {
  if (error instanceof Refusal) return decline(work, home, place, draft, error, signal)
  throw error
}

/** A refusal that is about this object alone. @throws the refusal, if it is not */
async function decline(
  { format }: Work,
  { client }: Home,
  place: string,
  { text }: Draft,
  refusal: Refusal,
  signal: AbortSignal,
): Promise<Written> {
  const { status, said } = refusal
  if (status === 401 || status === 429) throw refusal
  if (status === 412)
    return { type: 'refused', code: 'rejected-by-target', why: 'somebody deleted it on the server: it is not brought back' }
  const why = `the server refused it: HTTP ${status}${said === '' ? '' : `, ${said}`}`
  if (status === 413 || /exceed|too.?large|max-resource-size/i.test(said))
    return { type: 'refused', code: 'too-large', why: `${Buffer.byteLength(text)} bytes; ${why}` }
  // A server in trouble is not this object's fault: then the whole run waits. The place answers: it is this one that the server chokes on.
  if (status >= 500 && status !== 507) {
    const alive = await findPlace(client, format.kind, place, signal).catch(() => undefined)
    if (alive === undefined) throw refusal
  }
  return { type: 'refused', code: 'rejected-by-target', why }
}

function fieldsIn({ text }: FoundObject, { format }: Work): Fields | undefined {
  try {
    return format.fieldsOf(text)
  } catch {
    return undefined
  }
}
/** The UID of an object; undefined if it cannot be read. */
export function uidIn(text: string, format: Format): string | undefined {
  try {
    return format.uidOf(text)
  } catch {
    return undefined
  }
}
