import type { ItemId } from '../../../src/contract/ids.ts'
import type { Google, GooglePerson } from '../google.ts'
import { type Json, object, objects, text } from '../json.ts'
import { paged } from '../paged.ts'

/** The Calendar API in one person's name, in the few ways it is used. Everything is a page of plain JSON. */
export interface CalendarReading {
  readonly google: Google
  readonly person: GooglePerson
  /** All calendars in the person's list, hidden ones too. @throws Fault */
  entries(signal: AbortSignal): Promise<readonly Json[]>
  /** Who may do what. @throws Fault `permission` for those who may only read */
  acl(id: string, signal: AbortSignal): Promise<readonly Json[]>
  /** The calendar itself, with the labels its events may carry. @throws Fault */
  calendar(id: string, signal: AbortSignal): Promise<Json>
  /** One page of events. @throws Fault */
  events(id: string, query: EventQuery, signal: AbortSignal): Promise<EventPage>
}
export interface EventQuery {
  readonly syncToken?: string | undefined
  readonly pageToken?: string | undefined
  readonly iCalUID?: string | undefined
}
export interface EventPage {
  readonly items: readonly Json[]
  readonly nextPageToken: string | undefined
  readonly nextSyncToken: string | undefined
}

/** Sent with every listing of events: a sync token holds for the very same question only. */
const always = { maxResults: 2500, singleEvents: false, showDeleted: true } as const

export async function calendarReading(google: Google, person: GooglePerson): Promise<CalendarReading> {
  const { calendarList, acl, calendars, events } = await google.calendar(person)
  /** A list without sync tokens, put together. */
  const all = async (what: string, ask: (page: { pageToken?: string }) => Promise<unknown>): Promise<readonly Json[]> => {
    const found: Json[] = []
    const asked = async (pageToken: string | undefined) => {
      const page = jsonOf(await ask(pageToken === undefined ? {} : { pageToken }))
      return { page, next: nextOf(page, 'nextPageToken') }
    }
    for await (const { page } of paged(what, asked)) found.push(...objects(page['items']))
    return found
  }
  return {
    google,
    person,
    entries: (signal) =>
      all('calendars', (page) => {
        const query = { maxResults: 250, showHidden: true, ...page }
        return google.call('Google refused the list of calendars', (options) => calendarList.list(query, options), signal)
      }),
    acl: (calendarId, signal) =>
      all('access', (page) => {
        const query = { calendarId, maxResults: 250, ...page }
        return google.call('Google refused to say who may see a calendar', (options) => acl.list(query, options), signal)
      }),
    calendar: async (calendarId, signal) =>
      jsonOf(await google.call('Google refused a calendar', (options) => calendars.get({ calendarId }, options), signal)),
    async events(calendarId, { syncToken, pageToken, iCalUID }, signal) {
      const query = {
        calendarId,
        ...always,
        ...(syncToken === undefined ? {} : { syncToken }),
        ...(pageToken === undefined ? {} : { pageToken }),
        ...(iCalUID === undefined ? {} : { iCalUID }),
      }
      const answer = jsonOf(await google.call('Google refused the events of a calendar', (options) => events.list(query, options), signal))
      return {
        items: objects(answer['items']),
        nextPageToken: nextOf(answer, 'nextPageToken'),
        nextSyncToken: nextOf(answer, 'nextSyncToken'),
      }
    },
  }
}

const jsonOf = (answer: unknown): Json => object(answer) ?? {}
function nextOf(answer: Json, name: string): string | undefined {
  const token = text(answer[name])
  return token === '' ? undefined : token
}

/** One calendar of the person's as it is being read. */
export interface Place {
  readonly native: string
  readonly item: ItemId
  /** Native parts of ids in it. */
  readonly parts: readonly string[]
}
