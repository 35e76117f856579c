import type { Loss } from '../../../src/contract/fidelity.ts'
import type { SourceItem } from '../../../src/contract/item.ts'
import { Fault } from '../../../src/fault.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { hasNoMailbox, isUnreadable } from '../graph-fault.ts'
import type { Attached } from '../map/attachment.ts'
import { event as mapEvent, eventId } from '../map/event.ts'
import { dropped } from '../map/mapped.ts'
import type { Wire } from '../wire.ts'
import { eventFields, WireAttachment, WireEvent, WireSeries } from './wire.ts'

/** `gone`: it was deleted since it was listed. `again`: try another night. Otherwise what it became. */
export type Fetched =
  | { readonly type: 'gone' }
  | { readonly type: 'read'; readonly item: SourceItem<'event'> | undefined; readonly losses: readonly Loss[]; readonly again: boolean }

export interface Wanted {
  readonly graph: Graph
  readonly person: GraphPerson
  /** Native ids of the calendar and of the event. */
  readonly calendar: string
  readonly native: string
  readonly repeats: boolean
}

const seriesFields = 'exceptionOccurrences,cancelledOccurrences'
const attachmentFields = 'id,name,contentType,size,isInline,lastModifiedDateTime'

/**
 * One event with everything that belongs to it. `listed`: its JSON, if a listing gave it already; a series is asked for again, because only
 * that gives its exceptions (https://learn.microsoft.com/graph/api/event-get, example 3, read 2026-11-25).
 */
export async function fetchEvent(
  { graph, person, calendar, native, repeats }: Wanted,
  listed: Wire | undefined,
  signal: AbortSignal,
): Promise<Fetched> {
  const path = `/users/${seg(person.id)}/events/${seg(native)}`
  try {
    const query = repeats ? { $select: `${eventFields},${seriesFields}`, $expand: 'exceptionOccurrences' } : { $select: eventFields }
    const raw = repeats ? await graph.get(path, query, {}, signal) : (listed ?? (await graph.get(path, query, {}, signal)))
    const read = WireEvent.safeParse(raw)
    if (!read.success) return lost(person, native, 'invalid-at-source', 'an event that cannot be read', false)
    const { exceptionOccurrences: exceptions, cancelledOccurrences: cancelled } = WireSeries.parse(raw)
    const attached: Attached[] = []
    for (const each of [read.data, ...exceptions])
      if (each?.hasAttachments === true) attached.push(...(await attachments(graph, person, each.id, signal)))
    const kept = attached.length === 0 ? raw : { ...(raw as Wire), attachments: attached.map(({ attachment }) => attachment) }
    const mapped = mapEvent(
      { person, calendar, event: read.data, exceptions, cancelled, attached, raw: kept },
      { source: graph.source, fetchedAt: graph.ports.clock.now().toISOString(), endpoint: 'users/events' },
    )
    return { type: 'read', ...mapped, again: false }
  } catch (error) {
    if (!(error instanceof Fault) || hasNoMailbox(error)) throw error
    if (error.code === 'gone') return { type: 'gone' }
    if (isUnreadable(error))
      return lost(person, native, 'withheld-by-source', `the server cannot give this event: ${error.why ?? ''}`, false)
    if (error.code === 'permission') return lost(person, native, 'withheld-by-source', 'this event may not be read', true)
    throw error
  }
}

const lost = (person: GraphPerson, native: string, code: Loss['code'], detail: string, again: boolean): Fetched => ({
  type: 'read',
  item: undefined,
  losses: [dropped(eventId(person.id, native), code, detail)],
  again,
})

/** Without their bytes. The address of a reference is in no list. */
async function attachments(graph: Graph, person: GraphPerson, event: string, signal: AbortSignal): Promise<readonly Attached[]> {
  const path = `/users/${seg(person.id)}/events/${seg(event)}/attachments`
  const found: Attached[] = []
  for await (const { value } of graph.pages(path, { $select: attachmentFields, $top: 100 }, {}, signal))
    for (const raw of value) {
      const read = WireAttachment.safeParse(raw)
      if (!read.success) continue
      const reference = read.data['@odata.type']?.endsWith('referenceAttachment') === true
      const whole = reference ? WireAttachment.safeParse(await graph.get(`${path}/${seg(read.data.id)}`, {}, {}, signal)) : read
      found.push({ event, attachment: whole.success ? whole.data : read.data })
    }
  return found
}
