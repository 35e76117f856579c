import type { Attachment, Calendar, CalendarPermission, Event } from '@microsoft/microsoft-graph-types'
import { changeKey, exchangeId, iCalUid } from './ids.ts'

export type Occurrence = Event & { readonly id: string; occurrenceId?: string }
export interface StoredAttachment {
  readonly wire: Attachment & { readonly id: string; readonly '@odata.type': string; readonly sourceUrl?: string }
  readonly bytes: Uint8Array
  /** Graph's word in place of the bytes. */
  readonly refused?: { readonly status: number; readonly code: string }
}
export interface StoredEvent {
  readonly id: string
  calendar: string
  wire: Event
  readonly exceptions: Map<string, Occurrence>
  /** Dates of occurrences that were deleted. */
  readonly cancelled: string[]
  readonly attachments: Map<string, StoredAttachment>
  /** Graph's word in place of the event. */
  broken: { readonly status: number; readonly code: string } | undefined
}
export type Person = { readonly name: string; readonly address: string }

/** Somebody's calendars. Times are UTC, as Graph gives them. */
export class CalendarStore {
  readonly owner: string
  readonly person: Person
  readonly calendars = new Map<string, Calendar & { readonly id: string }>()
  readonly permissions = new Map<string, CalendarPermission[]>()
  readonly events = new Map<string, StoredEvent>()
  readonly #clock: () => Date
  #serial = 0

  constructor(owner: string, person: Person, clock: () => Date) {
    this.owner = owner
    this.person = person
    this.#clock = clock
  }
  addCalendar(name: string, more: Calendar = {}): string {
    const id = exchangeId(this.owner, 'calendar', ++this.#serial)
    const owner = { name: this.person.name, address: this.person.address }
    this.calendars.set(id, {
      color: 'auto',
      hexColor: '',
      isDefaultCalendar: false,
      canShare: true,
      canEdit: true,
      canViewPrivateItems: true,
      isRemovable: true,
      changeKey: changeKey(this.#serial),
      owner,
      ...more,
      id,
      name,
    })
    const organization = { id: 'myorg', role: 'freeBusyRead', isInsideOrganization: true, isRemovable: false } as const
    this.permissions.set(id, [{ ...organization, emailAddress: { name: 'My Organization' } }])
    return id
  }
  calendar(name: string): string {
    const found = [...this.calendars.values()].find((calendar) => calendar.name === name)
    if (found === undefined) throw new Error(`no calendar ${name}`)
    return found.id
  }
  get primary(): string {
    return [...this.calendars.values()].find(({ isDefaultCalendar }) => isDefaultCalendar)?.id ?? ''
  }
  /** `start`: UTC, to the minute (`2026-03-02T08:00`). */
  addEvent(start: string, minutes: number, wire: Event, calendar = this.primary): StoredEvent {
    const id = exchangeId(this.owner, 'event', ++this.#serial)
    const now = this.#clock().toISOString()
    const event: StoredEvent = {
      id,
      calendar,
      exceptions: new Map(),
      cancelled: [],
      attachments: new Map(),
      broken: undefined,
      wire: {
        ...span(start, minutes),
        type: wire.recurrence == null ? 'singleInstance' : 'seriesMaster',
        originalStartTimeZone: 'W. Europe Standard Time',
        originalEndTimeZone: 'W. Europe Standard Time',
        iCalUId: iCalUid(this.owner, this.#serial),
        changeKey: changeKey(this.#serial),
        createdDateTime: now,
        lastModifiedDateTime: now,
        subject: '',
        body: { contentType: 'html', content: '<html><head></head><body>\r\n</body></html>' },
        isAllDay: false,
        isCancelled: false,
        isDraft: false,
        isOnlineMeeting: false,
        isOrganizer: true,
        isReminderOn: false,
        reminderMinutesBeforeStart: 15,
        hasAttachments: false,
        hideAttendees: false,
        allowNewTimeProposals: true,
        responseRequested: true,
        importance: 'normal',
        sensitivity: 'normal',
        showAs: 'busy',
        categories: [],
        location: { displayName: '', locationType: 'default' },
        locations: [],
        organizer: { emailAddress: { ...this.person } },
        attendees: [],
        responseStatus: { response: 'organizer', time: '0001-01-01T00:00:00Z' },
        recurrence: null,
        seriesMasterId: null,
        onlineMeeting: null,
        onlineMeetingProvider: 'unknown',
        onlineMeetingUrl: null,
        webLink: 'https://outlook.office365.com/owa/?itemid=canary',
        ...wire,
      },
    }
    this.events.set(id, event)
    return event
  }
  event(subject: string): StoredEvent {
    const found = [...this.events.values()].find(({ wire }) => wire.subject === subject)
    if (found === undefined) throw new Error(`no event ${subject}`)
    return found
  }
  editEvent(id: string, change: Event): void {
    const event = this.#event(id)
    event.wire = { ...event.wire, ...change }
    this.#touch(event)
  }
  moveEvent(id: string, calendar: string): void {
    const event = this.#event(id)
    event.calendar = calendar
    this.#touch(event)
  }
  deleteEvent(id: string): void {
    this.events.delete(id)
  }
  deleteCalendar(id: string): void {
    this.calendars.delete(id)
    for (const event of this.events.values()) if (event.calendar === id) this.events.delete(event.id)
  }
  editCalendar(id: string, change: Calendar): void {
    const calendar = this.calendars.get(id)
    if (calendar !== undefined) this.calendars.set(id, { ...calendar, changeKey: changeKey(++this.#serial), ...change, id })
  }
  /** What one occurrence of a series was changed to. `original`: the start it had, UTC. */
  addException(master: string, original: string, change: Event & { readonly start?: Event['start'] }): Occurrence {
    const event = this.#event(master)
    const { start, end, recurrence: _, ...same } = event.wire
    const minutes = (Date.parse(`${end?.dateTime}Z`) - Date.parse(`${start?.dateTime}Z`)) / 60_000
    const id = exchangeId(this.owner, 'exception', ++this.#serial)
    const exception: Occurrence = {
      ...same,
      ...span(original.slice(0, 16), minutes),
      ...change,
      id,
      type: 'exception',
      seriesMasterId: master,
      originalStart: `${original.slice(0, 16)}:00Z`,
      occurrenceId: `OID.${master}.${original.slice(0, 10)}`,
      iCalUId: `${event.wire.iCalUId}${this.#serial}`,
      recurrence: null,
    }
    event.exceptions.set(id, exception)
    this.#touch(event)
    return exception
  }
  cancelOccurrence(master: string, date: string): void {
    const event = this.#event(master)
    event.cancelled.push(`OID.${master}.${date}`)
    this.#touch(event)
  }
  attach(
    id: string,
    wire: Attachment & { readonly '@odata.type': string; readonly sourceUrl?: string },
    bytes: Uint8Array,
    refused?: StoredAttachment['refused'],
  ): StoredAttachment {
    const event = this.#event(id)
    const native = exchangeId(this.owner, 'attachment', ++this.#serial)
    const stored: StoredAttachment = {
      wire: { lastModifiedDateTime: this.#clock().toISOString(), size: bytes.byteLength + 214, isInline: false, ...wire, id: native },
      bytes,
      ...(refused === undefined ? {} : { refused }),
    }
    event.attachments.set(native, stored)
    event.wire = { ...event.wire, hasAttachments: true }
    this.#touch(event)
    return stored
  }
  share(calendar: string, permission: CalendarPermission): void {
    this.permissions.get(calendar)?.push({ id: `p${++this.#serial}`, isInsideOrganization: true, isRemovable: true, ...permission })
  }

  #event(id: string): StoredEvent {
    const event = this.events.get(id)
    if (event === undefined) throw new Error(`no event ${id}`)
    return event
  }
  #touch(event: StoredEvent): void {
    event.wire = { ...event.wire, changeKey: changeKey(++this.#serial), lastModifiedDateTime: this.#clock().toISOString() }
  }
}

function span(start: string, minutes: number): Pick<Event, 'start' | 'end'> {
  const at = (ms: number): { dateTime: string; timeZone: string } => ({
    dateTime: `${new Date(ms).toISOString().slice(0, 19)}.0000000`,
    timeZone: 'UTC',
  })
  const from = Date.parse(`${start}Z`)
  return { start: at(from), end: at(from + minutes * 60_000) }
}
