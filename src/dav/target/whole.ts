import { plainPath } from '../multistatus.ts'
import { getObjects, listObjects } from '../objects.ts'
import { patchPlace, findPlace, silent } from '../places.ts'
import { Fault } from '../../fault.ts'
import type { PlaceProperties } from '../body.ts'
import { Refusal } from '../refusal.ts'
import type { Draft } from './draft.ts'
import type { Home } from './homes.ts'
import type { Work } from './work.ts'
import { uidIn } from './write.ts'

/** Where an object stands. */
export interface Standing {
  readonly href: string
  readonly etag: string | null
}
/** Servers take seconds for thousands of objects, and the one fetch takes a minute of silence for a broken line. */
export const WHOLE_OBJECTS = 5000
export const WHOLE_BYTES = 24 * 1024 * 1024

/**
 * Fills a place that this run has made and that is still empty with one request, where the server allows a PUT of a whole collection, as
 * Radicale does: several times as fast. Such a PUT replaces what is there, so it carries the etag of the empty place; a server without one
 * for places is not tried, and neither is Nextcloud.
 * @returns what stands now by UID; undefined: the server does not do this, or not with these objects
 */
export async function putWhole(
  work: Work,
  { client, server }: Home,
  path: string,
  properties: PlaceProperties,
  drafts: readonly Draft[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Standing> | undefined> {
  const { format } = work
  if (server.nextcloud || !work.putsWhole.has(client.origin)) return undefined
  const place = await findPlace(client, format.kind, path, signal)
  const etag = place?.etag ?? null
  if (etag === null || (await listObjects(client, path, signal)).length > 0) return undefined
  const restored = (): Promise<void> => patchPlace(client, format.kind, path, properties, signal)
  try {
    const body = format.whole(drafts.map(({ text }) => text))
    await client.request({ method: 'PUT', path, body, headers: { 'content-type': format.mediaType, 'if-match': etag, ...silent } }, signal)
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof Fault) || error.code === 'auth' || error.code === 'throttled') throw error
    if (error instanceof Refusal && [403, 405, 409, 501].includes(error.status)) work.putsWhole.delete(client.origin)
    // Refused, or nobody knows how far it came: one by one finds out.
    if (!(error instanceof Refusal)) await restored()
    return undefined
  }
  await restored()
  return standing(work, client, path, drafts, signal)
}

/**
 * What was asked for is what counts, not that the server said yes. Most servers call an object by its UID; only the others have to be opened
 * to find out which is which. That each says what it should is seen when everything is read back.
 */
async function standing(
  { format }: Work,
  client: Home['client'],
  path: string,
  drafts: readonly Draft[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Standing>> {
  const named = new Map(drafts.map(({ uid }) => [`${uid}.${format.extension}`, uid]))
  const uids = new Set(drafts.map(({ uid }) => uid))
  const found = new Map<string, Standing>()
  const others: string[] = []
  for (const { path: href, etag } of await listObjects(client, path, signal)) {
    const uid = named.get(nameOf(href))
    if (uid === undefined) others.push(href)
    else found.set(uid, { href, etag })
  }
  for (let at = 0; at < others.length; at += 100)
    for (const { path: href, etag, text } of await getObjects(client, format.kind, path, others.slice(at, at + 100), signal)) {
      const uid = uidIn(text, format)
      if (uid !== undefined && uids.has(uid)) found.set(uid, { href, etag })
    }
  return found
}

const nameOf = (href: string): string => plainPath(href.slice(href.lastIndexOf('/') + 1))
