import type { Event } from '@microsoft/microsoft-graph-types'
import { type Answer, type Call, Refusal, type Route, selected } from '../call.ts'
import { listing } from '../pages.ts'
import type { CalendarStore, StoredAttachment, StoredEvent } from './calendar-store.ts'
import { calendarsOf } from './parts.ts'

const roles = ['Calendars.Read', 'Calendars.ReadWrite']
const notFound = (): Refusal => new Refusal(404, 'ErrorItemNotFound', 'The specified object was not found in the store., canary text')

const storeOf = ({ tenant, params }: Call): CalendarStore => calendarsOf(tenant, params['user'] ?? '')
function calendarOf(call: Call): string {
  const id = call.params['calendar'] ?? ''
  if (!storeOf(call).calendars.has(id)) throw notFound()
  return id
}

/** An event, or one changed occurrence: both are asked for by their id. */
function eventOf(call: Call): { readonly stored: StoredEvent; readonly wire: Event } {
  const id = call.params['event'] ?? ''
  const store = storeOf(call)
  const stored = store.events.get(id) ?? [...store.events.values()].find(({ exceptions }) => exceptions.has(id))
  if (stored === undefined) throw notFound()
  if (stored.broken !== undefined) throw new Refusal(stored.broken.status, stored.broken.code, 'Canary: this item is broken.')
  return { stored, wire: stored.exceptions.get(id) ?? { ...stored.wire, id: stored.id } }
}

function attachmentOf(call: Call): StoredAttachment {
  const found = eventOf(call).stored.attachments.get(call.params['attachment'] ?? '')
  if (found === undefined) throw notFound()
  return found
}

const shape = (call: Call, wire: Event): object => ({ '@odata.etag': `W/"${wire.changeKey}"`, ...selected(wire, call.query) })

/** Exceptions come only when they are expanded, cancelled occurrences only when they are selected. */
function eventAnswer(call: Call): Answer {
  const { stored, wire } = eventOf(call)
  const expanded = call.query.get('$expand') === 'exceptionOccurrences'
  const chosen = call.query.get('$select')?.split(',') ?? []
  if (expanded && wire.type !== 'seriesMaster') throw new Refusal(400, 'ErrorInvalidRequest', 'Only a series has exceptions.')
  return {
    json: {
      ...shape(call, wire),
      ...(expanded ? { exceptionOccurrences: [...stored.exceptions.values()].map((each) => selected(each, call.query)) } : {}),
      ...(chosen.includes('cancelledOccurrences') ? { cancelledOccurrences: stored.cancelled } : {}),
    },
  }
}

const path = ({ params }: Call, rest: string): string => `/users('${encodeURIComponent(params['user'] ?? '')}')/${rest}`

function eventList(call: Call): Answer {
  const calendar = calendarOf(call)
  const events = [...storeOf(call).events.values()].filter((event) => event.calendar === calendar).toReversed()
  const all = events.map(({ id, wire }) => shape(call, { ...wire, id }))
  return listing(call, path(call, `calendars('${encodeURIComponent(calendar)}')/events`), all, { most: 1000, usual: 10, type: 'events' })
}

/** Without bytes, and without the address of a reference. */
function attachmentList(call: Call): Answer {
  const { stored, wire } = eventOf(call)
  // What hangs on a series hangs on each of its changed occurrences only if it was put there.
  const all = wire.id === stored.id ? [...stored.attachments.values()].map(({ wire: each }) => selected(each, call.query)) : []
  return listing(call, path(call, `events('${encodeURIComponent(stored.id)}')/attachments`), all, {
    most: 1000,
    usual: 10,
    type: 'attachments',
  })
}

function attachmentBytes(call: Call): Answer {
  const { wire, bytes, refused } = attachmentOf(call)
  if (wire['@odata.type'].endsWith('referenceAttachment')) throw new Refusal(405, 'ErrorInvalidRequest', 'A reference has no bytes.')
  if (refused !== undefined) throw new Refusal(refused.status, refused.code, 'Canary: refused.')
  return { bytes: [bytes], mediaType: wire.contentType ?? 'application/octet-stream' }
}

const get = (name: string, at: string, answer: Route['answer']): Route => ({
  name,
  method: 'GET',
  path: `/users/:user/${at}`,
  roles,
  mailbox: true,
  answer,
})

export const calendarRoutes: readonly Route[] = [
  get('calendars.list', 'calendars', (call) =>
    listing(call, path(call, 'calendars'), [...storeOf(call).calendars.values()], { most: 1000, usual: 10, type: 'calendars' }),
  ),
  get('events.list', 'calendars/:calendar/events', eventList),
  get('calendarPermissions.list', 'calendars/:calendar/calendarPermissions', (call) => ({
    json: { value: storeOf(call).permissions.get(calendarOf(call)) ?? [] },
  })),
  get('events.get', 'events/:event', eventAnswer),
  get('eventAttachments.list', 'events/:event/attachments', attachmentList),
  get('eventAttachments.get', 'events/:event/attachments/:attachment', (call) => ({ json: attachmentOf(call).wire })),
  get('eventAttachments.value', 'events/:event/attachments/:attachment/$value', attachmentBytes),
]
