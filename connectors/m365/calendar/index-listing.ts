import type { Loss } from '../../../src/contract/fidelity.ts'
import { z } from 'zod'
import { text } from '../fields.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { calendarId } from '../map/calendar.ts'
import { dropped } from '../map/mapped.ts'
import type { Wire } from '../wire.ts'
import { markOf, type Thing } from '../known.ts'
import { WireCalendar } from './wire.ts'

export interface ListedCalendar {
  readonly calendar: WireCalendar
  readonly raw: Wire
}
/** Somebody's calendars, and where each event stands. Grows with events: an id and a few words each. */
export interface Index {
  readonly calendars: readonly ListedCalendar[]
  readonly events: ReadonlyMap<string, Thing>
  readonly losses: readonly Loss[]
}

const Row = z.object({ id: z.string().min(1), changeKey: text, type: text, seriesMasterId: text })
/** As many as Graph gives at once; the rows are short. https://learn.microsoft.com/graph/api/calendar-list-events (read 2026-11-25) */
const rowsAPage = 1000
/** What is remembered of an event that repeats. */
export const series = '*'

/**
 * Lists calendars, and the version of every event in them: one request for each calendar and thousand events. That shows edits and deletions
 * alike, whatever the clocks say, which a filter by time does not. Occurrences are left to their series where it is listed.
 */
export async function listIndex(graph: Graph, person: GraphPerson, signal: AbortSignal): Promise<Index> {
  const losses: Loss[] = []
  const calendars: ListedCalendar[] = []
  const home = `/users/${seg(person.id)}/calendars`
  for await (const { value } of graph.pages(home, { $top: 100 }, {}, signal))
    for (const raw of value) {
      const read = WireCalendar.safeParse(raw)
      if (!read.success) losses.push(dropped(calendarId(person.id, 'unnamed'), 'invalid-at-source', 'a calendar without an id'))
      else if (belongsToOther(read.data, person))
        losses.push(
          dropped(calendarId(person.id, read.data.id), 'excluded-by-policy', "somebody else's calendar: it is among that person's own"),
        )
      else calendars.push({ calendar: read.data, raw })
    }
  const events = new Map<string, Thing>()
  const occurrences: { readonly id: string; readonly master: string; readonly known: Thing }[] = []
  for (const { calendar } of calendars) {
    const path = `${home}/${seg(calendar.id)}/events`
    for await (const { value } of graph.pages(path, { $select: 'id,changeKey,type,seriesMasterId', $top: rowsAPage }, {}, signal))
      for (const row of value) {
        const read = Row.safeParse(row)
        if (!read.success) {
          losses.push(dropped(calendarId(person.id, calendar.id), 'invalid-at-source', 'an event without an id'))
          continue
        }
        const { id, changeKey, type, seriesMasterId } = read.data
        const known = { place: calendar.id, mark: markOf(changeKey ?? row), more: type === 'seriesMaster' ? series : '' }
        if ((type === 'exception' || type === 'occurrence') && seriesMasterId !== null)
          occurrences.push({ id, master: seriesMasterId, known })
        else events.set(id, known)
      }
  }
  for (const { id, master, known } of occurrences) if (!events.has(master)) events.set(id, known)
  return { calendars, events, losses }
}

/** A calendar that was shared with this person, and stands in the owner's own list too. */
const belongsToOther = ({ owner, canShare, isDefaultCalendar }: WireCalendar, { address }: GraphPerson): boolean =>
  owner?.address != null && owner.address.toLowerCase() !== address.toLowerCase() && canShare === false && isDefaultCalendar !== true
