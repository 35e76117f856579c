import { type Kind, type PlaceChange, type PlaceProperties, type Property, mkcalendar, mkcol, propfind, proppatch } from './body.ts'
import type { DavClient } from './client.ts'
import { asFolder } from './discover.ts'
import { childrenOf } from './element.ts'
import { type Found, samePath } from './multistatus.ts'
import { Refusal } from './refusal.ts'

/** A calendar, task list or address book as a server shows it. */
export interface FoundPlace {
  readonly path: string
  readonly type: Kind | 'trash' | 'other'
  readonly title: string
  readonly description: string | null
  /** `#rrggbb` in lower case. */
  readonly color: string | null
  /** The TZID of its time zone. */
  readonly timezone: string | null
  /** Names of components, sorted; none: the server does not say. */
  readonly components: readonly string[]
  readonly etag: string | null
  /** The largest object that it takes, in bytes. */
  readonly maxBytes: number | null
}

const asked: Readonly<Record<Kind, readonly Property[]>> = {
  calendar: [
    'd:resourcetype',
    'd:displayname',
    'd:getetag',
    'c:calendar-description',
    'a:calendar-color',
    'c:calendar-timezone',
    'c:supported-calendar-component-set',
    'c:max-resource-size',
  ],
  addressbook: ['d:resourcetype', 'd:displayname', 'd:getetag', 'card:addressbook-description', 'card:max-resource-size'],
}

/** Everything directly in a home that is a calendar or address book. @throws Refusal */
export async function placesIn(client: DavClient, kind: Kind, home: string, signal: AbortSignal): Promise<readonly FoundPlace[]> {
  const { found } = await client.propfind(home, 1, propfind(asked[kind]), signal)
  return found.filter(({ href }) => !samePath(href, home)).map(placeOf)
}

/** One place, or undefined if nothing is there. @throws Refusal */
export async function findPlace(client: DavClient, kind: Kind, path: string, signal: AbortSignal): Promise<FoundPlace | undefined> {
  try {
    const { found } = await client.propfind(path, 0, propfind(asked[kind]), signal)
    return found[0] === undefined ? undefined : placeOf(found[0])
  } catch (error) {
    if (error instanceof Refusal && (error.status === 404 || error.status === 410)) return undefined
    throw error
  }
}

/**
 * Makes a place. Servers differ in what they take at making: MKCALENDAR (RFC 4791 5.3.1), else extended MKCOL (RFC 5689); where a property is
 * refused the place is made without and the rest is set afterwards. @returns false: something is there already. @throws Refusal
 */
export async function makePlace(
  client: DavClient,
  kind: Kind,
  path: string,
  place: PlaceProperties,
  signal: AbortSignal,
): Promise<boolean> {
  const ways = [
    ...(kind === 'calendar' ? [{ method: 'MKCALENDAR', body: mkcalendar(place) }] : []),
    { method: 'MKCOL', body: mkcol(kind, place) },
    { method: 'MKCOL', body: mkcol(kind, { ...place, description: null, color: null, timezone: null }) },
  ]
  let refused: Refusal | undefined
  for (const { method, body } of ways)
    try {
      await client.request({ method, path, body }, signal)
      return true
    } catch (error) {
      if (!(error instanceof Refusal) || ![400, 403, 405, 409, 415, 422, 424, 501].includes(error.status)) throw error
      // 403 with a message is a decision (a limit, a right), not a missing feature.
      if (error.status === 403 && /limit|exceed/i.test(error.said)) throw error
      if (await findPlace(client, kind, path, signal)) return false
      refused ??= error
    }
  throw refused ?? new Error('no way to make a place')
}

/** Sets title, description, colour and time zone; null leaves a property alone. @throws Refusal */
export async function patchPlace(
  client: DavClient,
  kind: Kind,
  path: string,
  place: PlaceChange & { readonly components?: readonly string[] },
  signal: AbortSignal,
): Promise<void> {
  await client.request({ method: 'PROPPATCH', path, body: proppatch(kind, place) }, signal)
}

/** Removes a place with everything in it. `forGood`: past the trash bin of Nextcloud. Not there: nothing to do. @throws Refusal */
export async function removePlace(client: DavClient, path: string, forGood: boolean, signal: AbortSignal): Promise<void> {
  const headers = { ...silent, ...(forGood ? { 'x-nc-caldav-no-trashbin': '1' } : {}) }
  try {
    await client.request({ method: 'DELETE', path, headers }, signal)
  } catch (error) {
    if (!(error instanceof Refusal) || (error.status !== 404 && error.status !== 410)) throw error
  }
}

/**
 * No invitation, cancellation or answer leaves the server because of a request with these headers: sabre/dav, and so every Nextcloud and Baikal,
 * looks at `Schedule-Reply` on PUT and DELETE (RFC 6638 8.1; seen in Nextcloud 29.0.6), newer Nextcloud at its own.
 */
export const silent = { 'schedule-reply': 'F', 'x-nc-scheduling': 'false' } as const

function placeOf({ href, props }: Found): FoundPlace {
  const types = new Set(props.get('resourcetype')?.children.map(({ name }) => name))
  const text = (name: string): string | null => props.get(name)?.text.trim() ?? null
  const size = Number(text('max-resource-size') ?? Number.NaN)
  return {
    path: asFolder(href),
    type: types.has('deleted-calendar') ? 'trash' : types.has('calendar') ? 'calendar' : types.has('addressbook') ? 'addressbook' : 'other',
    title: text('displayname') ?? '',
    description: nothing(text('calendar-description') ?? text('addressbook-description')),
    color: colorOf(text('calendar-color')),
    timezone: /^TZID:(.+?)\r?$/m.exec(props.get('calendar-timezone')?.text ?? '')?.[1]?.trim() ?? null,
    components: childrenOf(props.get('supported-calendar-component-set'), 'comp')
      .map(({ attributes }) => attributes['name']?.toUpperCase() ?? '')
      .toSorted(),
    etag: nothing(text('getetag')),
    maxBytes: Number.isSafeInteger(size) && size > 0 ? size : null,
  }
}
const nothing = (text: string | null): string | null => (text === '' ? null : text)
/** Apple's notation has eight digits, the last two for transparency. */
const colorOf = (text: string | null): string | null => /^#[0-9a-f]{6}/i.exec(text ?? '')?.[0].toLowerCase() ?? null
