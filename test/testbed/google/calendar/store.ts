import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/v3.js'
import { Changes, type Pages, Tokens } from '../changes.ts'

export type Role = 'none' | 'freeBusyReader' | 'reader' | 'writerWithoutPrivateAccess' | 'writer' | 'owner'

/** One calendar, whoever sees it. */
export interface CalendarHeld {
  readonly id: string
  /** Address of the person whose primary calendar this is. */
  readonly primaryOf: string | undefined
  resource: calendar_v3.Schema$Calendar
  readonly acl: Map<string, calendar_v3.Schema$AclRule>
  readonly events: Changes<calendar_v3.Schema$Event>
  readonly tokens: Tokens
  /** Answers every request about it with this status. */
  refuses: number | undefined
}

/** What Google keeps of calendars for a whole company, with the ways people change it. Times of change come from `now`. */
export class CalendarStore {
  readonly #now: () => number
  readonly #pages: Pages
  readonly calendars = new Map<string, CalendarHeld>()
  /** Who has which calendar in the list, and how it looks there. */
  readonly lists = new Map<string, Map<string, calendar_v3.Schema$CalendarListEntry>>()
  /** Whether a question by iCalUID names occurrences that were taken out of a series: Google does not say. */
  cancelledByUid = true
  #serial = 0

  constructor(pages: Pages, now: () => number) {
    this.#pages = pages
    this.#now = now
  }

  /** A person's own calendar; its id is the address. */
  addPrimary(address: string, timeZone: string): string {
    return this.#add(address, address, { summary: address, timeZone })
  }
  /** A further calendar. `owner` null: somebody outside owns it, or nobody any more. */
  addCalendar(owner: string | null, more: calendar_v3.Schema$Calendar = {}): string {
    const id = more.id ?? `c_${this.#native()}@group.calendar.google.com`
    return this.#add(id, owner, { ...(owner === null ? {} : { dataOwner: owner }), ...more })
  }
  #add(id: string, owner: string | null, more: calendar_v3.Schema$Calendar): string {
    this.calendars.set(id, {
      id,
      primaryOf: id === owner ? owner : undefined,
      resource: { kind: 'calendar#calendar', id, summary: id, timeZone: 'Europe/Berlin', ...more },
      acl: new Map(),
      events: new Changes(this.#pages),
      tokens: new Tokens(),
      refuses: undefined,
    })
    if (owner !== null) {
      this.grant(id, 'user', owner, 'owner')
      this.subscribe(owner, id)
    }
    return id
  }

  grant(calendar: string, type: string, value: string, role: Role): void {
    const id = value === '' ? type : `${type}:${value}`
    const rule = { kind: 'calendar#aclRule', etag: this.#etag(), id, scope: { type, ...(value === '' ? {} : { value }) }, role }
    this.calendar(calendar).acl.set(id, rule)
  }
  revoke(calendar: string, type: string, value: string): void {
    this.calendar(calendar).acl.delete(value === '' ? type : `${type}:${value}`)
  }
  subscribe(person: string, calendar: string, more: calendar_v3.Schema$CalendarListEntry = {}): void {
    const list = this.lists.get(person) ?? new Map<string, calendar_v3.Schema$CalendarListEntry>()
    this.lists.set(person, list)
    list.set(calendar, {
      colorId: '14',
      backgroundColor: '#9fe1e7',
      foregroundColor: '#000000',
      selected: true,
      defaultReminders: [{ method: 'popup', minutes: 10 }],
      ...list.get(calendar),
      ...more,
    })
  }
  unsubscribe(person: string, calendar: string): void {
    this.lists.get(person)?.delete(calendar)
  }
  editCalendar(id: string, more: calendar_v3.Schema$Calendar): void {
    const calendar = this.calendar(id)
    calendar.resource = { ...calendar.resource, ...more }
  }
  deleteCalendar(id: string): void {
    this.calendars.delete(id)
    for (const list of this.lists.values()) list.delete(id)
  }

  calendar(id: string): CalendarHeld {
    const found = this.calendars.get(id)
    if (found === undefined) throw new Error(`no calendar ${id} in this testbed`)
    return found
  }
  /** The best role that a person, their domain or everybody has. */
  roleOf(calendar: CalendarHeld, person: string): Role {
    const order: readonly Role[] = ['owner', 'writer', 'writerWithoutPrivateAccess', 'reader', 'freeBusyReader']
    const roles = [...calendar.acl.values()]
      .filter(({ scope }) => scope?.type === 'default' || scope?.value === person || scope?.value === person.split('@')[1])
      .map(({ role }) => role)
    return order.find((role) => roles.includes(role)) ?? 'none'
  }

  /** Puts an event in; ids that are not given are made up. */
  addEvent(calendar: string, event: calendar_v3.Schema$Event): calendar_v3.Schema$Event {
    const id = event.id ?? this.#native()
    const at = this.#at()
    const whole: calendar_v3.Schema$Event = {
      kind: 'calendar#event',
      etag: this.#etag(),
      id,
      status: 'confirmed',
      htmlLink: `https://www.google.com/calendar/event?eid=${id}`,
      created: at,
      updated: at,
      creator: { email: calendar },
      organizer: { email: calendar, self: true },
      iCalUID: `${id}@google.com`,
      sequence: 0,
      reminders: { useDefault: true },
      eventType: 'default',
      ...event,
    }
    this.calendar(calendar).events.set(id, whole)
    return whole
  }
  editEvent(calendar: string, id: string, more: calendar_v3.Schema$Event): calendar_v3.Schema$Event {
    const { events } = this.calendar(calendar)
    const edited = { ...this.event(calendar, id), ...more, etag: this.#etag(), updated: this.#at() }
    events.set(id, edited)
    return edited
  }
  event(calendar: string, id: string): calendar_v3.Schema$Event {
    const found = this.calendar(calendar).events.get(id)
    if (found === undefined) throw new Error(`no event ${id} in calendar ${calendar}`)
    return found
  }
  /** Changes one occurrence of a series. `original` is written as Google would: `20260302T080000Z` or `20260302`. */
  changeOccurrence(calendar: string, master: string, original: string, more: calendar_v3.Schema$Event): calendar_v3.Schema$Event {
    const { recurrence: _, ...series } = this.event(calendar, master)
    const originalStartTime = startOf(original, series.start?.timeZone)
    return this.addEvent(calendar, {
      ...series,
      id: `${master}_${original}`,
      recurringEventId: master,
      originalStartTime,
      start: originalStartTime,
      ...more,
    })
  }
  /** Takes one occurrence out of a series; Google keeps next to nothing of it. */
  cancelOccurrence(calendar: string, master: string, original: string): void {
    const id = `${master}_${original}`
    const originalStartTime = startOf(original, this.event(calendar, master).start?.timeZone)
    this.calendar(calendar).events.set(id, {
      kind: 'calendar#event',
      etag: this.#etag(),
      id,
      status: 'cancelled',
      recurringEventId: master,
      originalStartTime,
    })
  }
  /** `stub`: nothing but the id is left, as in the calendar of somebody who was invited. */
  deleteEvent(calendar: string, id: string, how: 'details' | 'stub' = 'details'): void {
    const { events } = this.calendar(calendar)
    for (const event of events.values) if (event.recurringEventId === id && event.id != null) events.remove(event.id)
    const kept = how === 'stub' ? { kind: 'calendar#event', id } : this.event(calendar, id)
    events.set(id, { ...kept, etag: this.#etag(), status: 'cancelled', ...(how === 'stub' ? {} : { updated: this.#at() }) })
  }
  /** From now on every token of this calendar's events answers 410. */
  expireTokens(calendar: string): void {
    this.calendar(calendar).tokens.expire()
  }

  #at(): string {
    return new Date(this.#now()).toISOString()
  }
  #native(): string {
    this.#serial += 1
    return `ev${this.#serial.toString(32).padStart(6, '0')}fallreep0testbed`
  }
  #etag(): string {
    this.#serial += 1
    return `"${3_500_000_000_000_000 + this.#serial}"`
  }
}

function startOf(original: string, timeZone: string | null | undefined): calendar_v3.Schema$EventDateTime {
  const [, year, month, day, time] = /^(\d{4})(\d\d)(\d\d)(?:T(\d{6})Z)?$/.exec(original) ?? []
  if (time === undefined) return { date: `${year}-${month}-${day}` }
  const dateTime = `${year}-${month}-${day}T${time.replace(/(\d\d)(\d\d)(\d\d)/, '$1:$2:$3')}Z`
  return { dateTime, ...(timeZone == null ? {} : { timeZone }) }
}
