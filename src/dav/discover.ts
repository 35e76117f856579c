import { Fault } from '../fault.ts'
import type { Kind, Property } from './body.ts'
import { propfind } from './body.ts'
import type { DavClient } from './client.ts'
import { within } from './element.ts'
import type { Found } from './multistatus.ts'
import { Refusal } from './refusal.ts'

const homeSet = { calendar: 'calendar-home-set', addressbook: 'addressbook-home-set' } as const
const asked = (kind: Kind): readonly Property[] => [
  'd:current-user-principal',
  'd:resourcetype',
  kind === 'calendar' ? 'c:calendar-home-set' : 'card:addressbook-home-set',
]

/**
 * Where the calendars or address books of whoever is logged in stand: RFC 6764 and RFC 5397, from the configured address on
 * (read 2026-11-25). @throws Refusal; Fault `config` if the address leads nowhere
 */
export async function discoverHome(client: DavClient, kind: Kind, start: string, signal: AbortSignal): Promise<string> {
  const wellKnown = `/.well-known/${kind === 'calendar' ? 'caldav' : 'carddav'}`
  const given = new URL(start).pathname
  // The last is where Nextcloud answers when nobody has set up its redirects, which is common.
  const tries = [...(given === '/' ? [wellKnown, '/'] : [given, wellKnown]), `${asFolder(given)}remote.php/dav/`]
  let refused: Refusal | undefined
  for (const path of tries) {
    const first = await ask(client, kind, path, signal)
    if (first instanceof Refusal) {
      refused = first
      if (first.status === 401) throw first
      continue
    }
    const direct = homeIn(first, kind)
    if (direct !== undefined) return direct
    const principal = within(first?.props.get('current-user-principal'), 'href')?.text.trim()
    if (principal === undefined) continue
    return homeOfPrincipal(client, kind, pathOf(principal), signal)
  }
  throw new Fault({
    code: 'config',
    what: `There is no ${kind === 'calendar' ? 'CalDAV' : 'CardDAV'} server at ${start}`,
    why: refused === undefined ? 'it names no principal for this login' : refused.message,
    remedy: 'Set `url` to the DAV address of the server: for Nextcloud https://HOST/remote.php/dav',
    cause: refused,
  })
}

/** The home below a principal; a server without the property (small ones) keeps things below the principal itself. @throws Refusal */
export async function homeOfPrincipal(client: DavClient, kind: Kind, principal: string, signal: AbortSignal): Promise<string> {
  const found = await ask(client, kind, principal, signal)
  if (found instanceof Refusal) throw found
  return homeIn(found, kind) ?? asFolder(principal)
}

async function ask(client: DavClient, kind: Kind, path: string, signal: AbortSignal): Promise<Found | Refusal | undefined> {
  try {
    const { found } = await client.propfind(path, 0, propfind(asked(kind)), signal)
    return found[0]
  } catch (error) {
    if (error instanceof Refusal && error.status !== 429 && error.status < 500) return error
    throw error
  }
}

function homeIn(found: Found | undefined, kind: Kind): string | undefined {
  const href = within(found?.props.get(homeSet[kind]), 'href')?.text.trim()
  return href === undefined || href === '' ? undefined : asFolder(pathOf(href))
}
const pathOf = (href: string): string => (/^https?:\/\//i.test(href) ? new URL(href).pathname : href)
export const asFolder = (path: string): string => (path.endsWith('/') ? path : `${path}/`)
