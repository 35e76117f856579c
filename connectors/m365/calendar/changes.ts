import type { Change } from '../../../src/contract/connector.ts'
import type { Cursor } from '../../../src/contract/ids.ts'
import { Fault } from '../../../src/fault.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import { hasNoMailbox } from '../graph-fault.ts'
import { Known, markOf } from '../known.ts'
import { calendar as mapCalendar, calendarId } from '../map/calendar.ts'
import { eventId } from '../map/event.ts'
import { noMailbox } from '../no-mailbox.ts'
import { changedEvents, type Round } from './changed.ts'
import { type Index, type ListedCalendar, listIndex, series } from './index-listing.ts'
import { WirePermission } from './wire.ts'

const day = 86_400_000
/**
 * So often every series is read anew, and who may see each calendar, whatever their versions say: Microsoft does not say that a changed
 * occurrence gives its series another version, nor that a new permission gives its calendar one.
 */
const sweepDays = 7

/** The changes of somebody's calendars since a cursor: a request for the list and one for each calendar when nothing changed. */
export async function* calendarChanges(
  graph: Graph,
  person: GraphPerson,
  since: Cursor | undefined,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const read = since === undefined ? new Known() : Known.decode(since)
  const state = read ?? new Known()
  let index: Index
  try {
    index = await listIndex(graph, person, signal)
  } catch (error) {
    if (!hasNoMailbox(error)) throw error
    yield* noMailbox(state, read === undefined ? since : undefined, 'calendar', person.id)
    return
  }
  if (read === undefined) yield { type: 'reset', why: 'the cursor was written by another version' }
  const now = graph.ports.clock.now().getTime()
  const due = state.swept === null || now - state.swept >= sweepDays * day
  if (due) forgetSeries(state)
  for (const listed of index.calendars) yield* calendarItem(graph, person, state, listed, due, signal)
  const round: Round = { graph, person, state, index, durable: read !== undefined }
  yield* changedEvents(round, signal)
  yield* goneEvents(round, signal)
  yield* goneCalendars(round)
  const about = markOf(index.losses)
  if (about !== state.losses) for (const loss of index.losses) yield { type: 'loss', loss }
  state.losses = about
  if (due) state.swept = now
  yield { type: 'checkpoint', cursor: state.encode() }
}

function forgetSeries({ things }: Known): void {
  for (const [id, thing] of things) if (thing.more === series) things.set(id, { ...thing, mark: '' })
}

async function* calendarItem(
  graph: Graph,
  person: GraphPerson,
  state: Known,
  { calendar, raw }: ListedCalendar,
  due: boolean,
  signal: AbortSignal,
): AsyncGenerator<Change> {
  const object = markOf(raw)
  const known = state.places.get(calendar.id)
  if (known?.object === object && !due) return
  const permissions = await permissionsOf(graph, person, calendar.id, signal)
  const mapping = { source: graph.source, fetchedAt: graph.ports.clock.now().toISOString(), endpoint: 'users/calendars' }
  const { item, losses } = mapCalendar(
    person,
    calendar,
    permissions?.map((each) => WirePermission.parse(each)),
    { ...raw, ...(permissions === undefined ? {} : { calendarPermissions: permissions }) },
    mapping,
  )
  const revision = markOf([item?.revision, losses])
  state.places.set(calendar.id, { object, item: revision })
  if (known?.item === revision) return
  if (item !== undefined) yield { type: 'upsert', item }
  for (const loss of losses) yield { type: 'loss', loss }
}

async function permissionsOf(
  graph: Graph,
  person: GraphPerson,
  calendar: string,
  signal: AbortSignal,
): Promise<readonly unknown[] | undefined> {
  const path = `/users/${seg(person.id)}/calendars/${seg(calendar)}/calendarPermissions`
  try {
    return (await Array.fromAsync(graph.pages(path, {}, {}, signal))).flatMap(({ value }) => value)
  } catch (error) {
    if (error instanceof Fault && ['permission', 'rejected', 'gone'].includes(error.code)) return undefined
    throw error
  }
}

/** An event that no calendar lists any more is asked for by itself before it counts as deleted: pages of a listing may miss one. */
async function* goneEvents({ graph, person, state, index }: Round, signal: AbortSignal): AsyncGenerator<Change> {
  const calendars = new Set(index.calendars.map(({ calendar }) => calendar.id))
  for (const [id, { place }] of state.things) {
    if (index.events.has(id)) continue
    if (calendars.has(place) && !(await isGone(graph, person, id, signal))) continue
    state.things.delete(id)
    yield { type: 'delete', id: eventId(person.id, id), evidence: calendars.has(place) ? 'not-found' : 'absent-from-calendars' }
  }
}

async function isGone(graph: Graph, person: GraphPerson, native: string, signal: AbortSignal): Promise<boolean> {
  try {
    await graph.get(`/users/${seg(person.id)}/events/${seg(native)}`, { $select: 'id' }, {}, signal)
    return false
  } catch (error) {
    if (error instanceof Fault && error.code === 'gone') return true
    throw error
  }
}

async function* goneCalendars({ person, state, index }: Round): AsyncGenerator<Change> {
  const here = new Set(index.calendars.map(({ calendar }) => calendar.id))
  for (const id of state.places.keys())
    if (!here.has(id)) {
      state.places.delete(id)
      yield { type: 'delete', id: calendarId(person.id, id), evidence: 'absent-from-calendars' }
    }
}
