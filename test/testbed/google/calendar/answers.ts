import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { type Asked, size } from '../asked.ts'
import { type Pages, Tokens } from '../changes.ts'
import { notFound, Refusal } from '../refusal.ts'
import type { CalendarHeld, CalendarStore, Role } from './store.ts'

/** Where a listing stands. `upTo`: what the next sync token will say, `after`: this page's place. */
interface Place {
  /** Asked with a sync token: what changed, in the order it did. */
  readonly incremental: boolean
  readonly upTo: number
  readonly after: number
  readonly query: string
}

/** With a sync token none of these may be asked. Read 2026-11-25: https://developers.google.com/workspace/calendar/api/v3/reference/events/list */
const incompatible = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'q',
  'sharedExtendedProperty',
  'timeMin',
  'timeMax',
  'updatedMin',
] as const

/** The Calendar API, reading only. Routes as tests and faults name them. */
export class CalendarAnswers {
  readonly #store: CalendarStore
  readonly #pages: Pages
  readonly #listTokens = new Tokens()
  constructor(store: CalendarStore, pages: Pages) {
    this.#store = store
    this.#pages = pages
  }

  /** Name of the route a path belongs to; undefined: none of ours. */
  static route(path: readonly string[]): string | undefined {
    if (path[0] === 'users' && path[2] === 'calendarList') return path.length === 3 ? 'calendarList.list' : undefined
    if (path[0] === 'colors') return 'colors.get'
    if (path[0] !== 'calendars') return undefined
    if (path.length === 2) return 'calendars.get'
    if (path[2] === 'acl' && path.length === 3) return 'acl.list'
    if (path[2] === 'events') return path.length === 3 ? 'events.list' : path.length === 4 ? 'events.get' : undefined
    return undefined
  }

  /** @throws Refusal */
  answer(asked: Asked): object {
    switch (CalendarAnswers.route(asked.path)) {
      case 'calendarList.list':
        return this.#list(asked)
      case 'calendars.get':
        return this.#open(asked, 'reader').calendar.resource
      case 'acl.list':
        return this.#acl(asked)
      case 'events.list':
        return this.#events(asked)
      case 'events.get':
        return this.#event(asked)
      case undefined:
      default:
        throw notFound()
    }
  }

  #list({ person, query }: Asked): calendar_v3.Schema$CalendarList {
    const token = query.get('pageToken')
    const place = token === null ? { after: 0 } : (this.#listTokens.open(token) as { after: number } | undefined)
    if (place === undefined) throw new Refusal(400, 'invalid', 'Invalid page token value.')
    const all = [...(this.#store.lists.get(person) ?? new Map<string, calendar_v3.Schema$CalendarListEntry>())].flatMap(([id, look]) => {
      const calendar = this.#store.calendars.get(id)
      const role = calendar === undefined ? 'none' : this.#store.roleOf(calendar, person)
      if (calendar === undefined || role === 'none' || (look.hidden === true && query.get('showHidden') !== 'true')) return []
      const { labelProperties: _, ...seen } = calendar.resource
      const primary = calendar.primaryOf === person ? { primary: true } : {}
      return [{ ...seen, kind: 'calendar#calendarListEntry', etag: '"0"', ...look, accessRole: role, ...primary }]
    })
    const asked = size(query, 'maxResults', 100, 250)
    const most = this.#pages === 'full' ? asked : Math.min(asked, 2)
    const items = all.slice(place.after, place.after + most)
    const end = place.after + items.length
    const rest =
      end < all.length ? { nextPageToken: this.#listTokens.seal({ after: end }) } : { nextSyncToken: this.#listTokens.seal({ list: true }) }
    return { kind: 'calendar#calendarList', etag: '"0"', items, ...rest }
  }

  #acl(asked: Asked): calendar_v3.Schema$Acl {
    const { calendar } = this.#open(asked, 'writer')
    return { kind: 'calendar#acl', etag: '"0"', items: [...calendar.acl.values()], nextSyncToken: calendar.tokens.seal({ acl: true }) }
  }

  #event(asked: Asked): calendar_v3.Schema$Event {
    const event = this.#open(asked, 'reader').calendar.events.get(asked.path[3] ?? '')
    if (event === undefined) throw notFound()
    return event
  }

  #events(asked: Asked): calendar_v3.Schema$Events {
    const { query } = asked
    const { calendar, role } = this.#open(asked, 'freeBusyReader')
    const place = placeOf(calendar, query)
    const uid = query.get('iCalUID')
    // Cancelled occurrences of a living series are always there; what was deleted as a whole only when asked for.
    const wanted = (event: calendar_v3.Schema$Event): boolean => {
      if (uid !== null && this.#uidOf(calendar, event) !== uid) return false
      if (uid !== null && event.recurringEventId != null && event.status === 'cancelled' && !this.#store.cancelledByUid) return false
      return event.status !== 'cancelled' || place.incremental || query.get('showDeleted') === 'true' || event.recurringEventId != null
    }
    const by = place.incremental ? 'stamp' : 'serial'
    const slice = calendar.events.slice(by, place.after, size(query, 'maxResults', 250, 2500), wanted)
    const rest =
      slice.next !== undefined
        ? { nextPageToken: calendar.tokens.seal({ ...place, after: slice.next }) }
        : uid === null
          ? { nextSyncToken: calendar.tokens.seal({ from: place.upTo, query: place.query }) }
          : {}
    const { summary, timeZone } = calendar.resource
    const items = slice.items.map((event) => (role === 'freeBusyReader' ? bare(event) : event))
    return {
      kind: 'calendar#events',
      etag: '"0"',
      summary: summary ?? null,
      timeZone: timeZone ?? null,
      accessRole: role,
      defaultReminders: this.#store.lists.get(asked.person)?.get(calendar.id)?.defaultReminders ?? [],
      items,
      ...rest,
    }
  }

  /** A cancelled occurrence does not say its UID; Google finds it by its series all the same. */
  #uidOf(calendar: CalendarHeld, event: calendar_v3.Schema$Event): string | null | undefined {
    return event.iCalUID ?? (event.recurringEventId == null ? undefined : calendar.events.get(event.recurringEventId)?.iCalUID)
  }

  #open({ path, person }: Asked, least: Role): { calendar: CalendarHeld; role: Role } {
    const id = path[1] === 'primary' ? person : (path[1] ?? '')
    const calendar = this.#store.calendars.get(id)
    if (calendar === undefined) throw notFound()
    if (calendar.refuses !== undefined) throw new Refusal(calendar.refuses, 'forbidden', 'Forbidden')
    const role = this.#store.roleOf(calendar, person)
    if (role === 'none') throw notFound()
    if (least === 'writer' && role !== 'writer' && role !== 'owner') throw new Refusal(403, 'forbidden', 'Forbidden')
    return { calendar, role }
  }
}

const bare = ({
  kind,
  etag,
  id,
  status,
  start,
  end,
  recurringEventId,
  originalStartTime,
}: calendar_v3.Schema$Event): calendar_v3.Schema$Event =>
  Object.fromEntries(
    Object.entries({ kind, etag, id, status, start, end, recurringEventId, originalStartTime, visibility: 'private' }).filter(
      ([, value]) => value !== undefined,
    ),
  )

function placeOf({ tokens, events }: CalendarHeld, query: URLSearchParams): Place {
  const rest = new URLSearchParams(query)
  for (const name of ['pageToken', 'syncToken', 'fields', 'alt', 'quotaUser', 'prettyPrint']) rest.delete(name)
  rest.sort()
  const asked = rest.toString()
  const page = query.get('pageToken')
  const since = query.get('syncToken')
  if (since !== null && incompatible.some((name) => query.has(name)))
    throw new Refusal(400, 'invalid', 'Sync token cannot be used with this parameter.')
  if (page !== null) {
    const place = tokens.open(page) as Place | undefined
    if (place === undefined) throw new Refusal(410, 'fullSyncRequired', 'Sync token is no longer valid, a full sync is required.')
    if (place.query !== asked) throw new Refusal(400, 'invalid', 'Invalid page token value.')
    return place
  }
  if (since === null) return { incremental: false, upTo: events.now, after: 0, query: asked }
  const state = tokens.open(since) as { from: number; query: string } | undefined
  if (state === undefined) throw new Refusal(410, 'fullSyncRequired', 'Sync token is no longer valid, a full sync is required.')
  if (state.query !== asked) throw new Refusal(400, 'invalid', 'Invalid sync token value.')
  return { incremental: true, upTo: events.now, after: state.from, query: asked }
}
