import { type Kind, contentOf, multiget, propfind, queryByUid, syncCollection } from './body.ts'
import type { DavClient } from './client.ts'
import { type Found, plainPath, samePath } from './multistatus.ts'
import { silent } from './places.ts'
import { Refusal } from './refusal.ts'

/** One event with all its exceptions, one task or one card, as a server keeps it. */
export interface FoundObject {
  readonly path: string
  /** With its quotes, as it is sent back. Null: the server tells none. */
  readonly etag: string | null
  readonly text: string
}
/** How many objects are asked for in one request. */
const AT_ONCE = 100

/** Paths and etags of everything in a place, without the content. @throws Refusal */
export async function listObjects(client: DavClient, place: string, signal: AbortSignal): Promise<readonly Omit<FoundObject, 'text'>[]> {
  const { found } = await client.propfind(place, 1, propfind(['d:getetag', 'd:resourcetype']), signal)
  return found
    .filter(
      ({ href, props, status }) => !samePath(href, place) && status !== 404 && (props.get('resourcetype')?.children.length ?? 0) === 0,
    )
    .map((one) => ({ path: one.href, etag: etagOf(one) }))
}

/** Everything in a place, in parts. What disappears meanwhile is left out. @throws Refusal */
export async function* readObjects(client: DavClient, kind: Kind, place: string, signal: AbortSignal): AsyncGenerator<FoundObject> {
  const paths = (await listObjects(client, place, signal)).map(({ path }) => path)
  for (let at = 0; at < paths.length; at += AT_ONCE) yield* await getObjects(client, kind, place, paths.slice(at, at + AT_ONCE), signal)
}

/** These objects; those that are not there are left out. @throws Refusal */
export async function getObjects(
  client: DavClient,
  kind: Kind,
  place: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<readonly FoundObject[]> {
  if (paths.length === 0) return []
  const { found } = await client.report(place, multiget(kind, ['d:getetag', contentOf[kind]], paths), signal)
  return found.flatMap((one) => objectOf(one, kind) ?? [])
}

/** The etags of these objects, by plain path. @throws Refusal */
export async function etagsOf(
  client: DavClient,
  kind: Kind,
  place: string,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const etags = new Map<string, string>()
  for (let at = 0; at < paths.length; at += AT_ONCE) {
    const { found } = await client.report(place, multiget(kind, ['d:getetag'], paths.slice(at, at + AT_ONCE)), signal)
    for (const one of found) {
      const etag = etagOf(one)
      if (etag !== null) etags.set(plainPath(one.href), etag)
    }
  }
  return etags
}

/** The objects of a place that have this UID. @throws Refusal */
export async function findByUid(
  client: DavClient,
  kind: Kind,
  component: string,
  place: string,
  uid: string,
  signal: AbortSignal,
): Promise<readonly FoundObject[]> {
  const { found } = await client.report(place, queryByUid(kind, component, ['d:getetag', contentOf[kind]], uid), signal)
  return found.flatMap((one) => objectOf(one, kind) ?? [])
}

/** One object by its own address, or undefined. @throws Refusal */
export async function getObject(client: DavClient, path: string, signal: AbortSignal): Promise<FoundObject | undefined> {
  try {
    const { headers, text } = await client.request({ method: 'GET', path }, signal)
    return { path, etag: headers.get('etag'), text }
  } catch (error) {
    if (error instanceof Refusal && (error.status === 404 || error.status === 410)) return undefined
    throw error
  }
}

/** `new`: only if nothing is there (If-None-Match). `etag`: only if nobody changed it (If-Match). */
export type Condition = { readonly type: 'new' } | { readonly type: 'etag'; readonly etag: string }

/** Writes one object, and nobody is told. @returns the etag, where the server says it. @throws Refusal; 412: the condition does not hold */
export async function putObject(
  client: DavClient,
  path: string,
  put: { readonly text: string; readonly mediaType: string; readonly condition: Condition },
  signal: AbortSignal,
): Promise<string | null> {
  const { condition } = put
  const only: Record<string, string> = condition.type === 'new' ? { 'if-none-match': '*' } : { 'if-match': condition.etag }
  const headers = { 'content-type': put.mediaType, ...only, ...silent }
  const answer = await client.request({ method: 'PUT', path, body: put.text, headers }, signal)
  // A weak etag may not be used in If-Match.
  const etag = answer.headers.get('etag')
  return etag === null || etag.startsWith('W/') ? null : etag
}

/** Removes one object if it is still this one, and nobody is told. @throws Refusal; 412: somebody changed it, 404: it is gone */
export async function removeObject(client: DavClient, path: string, etag: string | null, signal: AbortSignal): Promise<void> {
  const headers = { ...silent, ...(etag === null ? {} : { 'if-match': etag }) }
  await client.request({ method: 'DELETE', path, headers }, signal)
}

/** Paths that changed or went away in a place since a token, and the next token (RFC 6578). @throws Refusal; 403: the token is too old */
export async function changesSince(
  client: DavClient,
  place: string,
  token: string | undefined,
  signal: AbortSignal,
): Promise<{ readonly changed: readonly string[]; readonly removed: readonly string[]; readonly token: string | undefined }> {
  const { found, syncToken } = await client.report(place, syncCollection(token), signal)
  const inside = found.filter(({ href }) => !samePath(href, place))
  return {
    changed: inside.filter(({ status }) => status !== 404).map(({ href }) => href),
    removed: inside.filter(({ status }) => status === 404).map(({ href }) => href),
    token: syncToken,
  }
}

const etagOf = ({ props }: Found): string | null => props.get('getetag')?.text.trim() ?? null
function objectOf(found: Found, kind: Kind): FoundObject | undefined {
  const content = found.props.get(kind === 'calendar' ? 'calendar-data' : 'address-data')
  return content === undefined || found.status === 404 ? undefined : { path: found.href, etag: etagOf(found), text: content.text }
}
