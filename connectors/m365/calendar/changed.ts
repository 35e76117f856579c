import type { Change } from '../../../src/contract/connector.ts'
import { type Graph, type GraphPerson, seg } from '../graph.ts'
import type { Known } from '../known.ts'
import { eventId } from '../map/event.ts'
import type { Wire } from '../wire.ts'
import { fetchEvent } from './fetch-event.ts'
import { type Index, series } from './index-listing.ts'
import { eventFields } from './wire.ts'

/** One run over somebody's calendars. `durable`: what was read so far may be checkpointed; not so between a reset and its end. */
export interface Round {
  readonly graph: Graph
  readonly person: GraphPerson
  readonly state: Known
  readonly index: Index
  readonly durable: boolean
}

/** Whole events a page: their bodies are long. */
const eventsAPage = 50

/** Everything whose version or calendar is another than was known. Many of one calendar are listed with their bodies; a few are asked for by themselves. */
export async function* changedEvents(round: Round, signal: AbortSignal): AsyncGenerator<Change> {
  const { state, index } = round
  for (const { calendar } of index.calendars) {
    const all = [...index.events].filter(([, { place }]) => place === calendar.id).map(([id]) => id)
    const wanted = new Set(all.filter((id) => !isKnown(round, id)))
    if (wanted.size > Math.ceil(all.length / eventsAPage)) yield* listed(round, calendar.id, wanted, signal)
    let read = 0
    for (const id of wanted) {
      yield* one(round, calendar.id, id, undefined, signal)
      if ((read += 1) % eventsAPage === 0 && round.durable) yield { type: 'checkpoint', cursor: state.encode() }
    }
  }
}

const isKnown = ({ state, index }: Round, id: string): boolean => {
  const [known, now] = [state.things.get(id), index.events.get(id)]
  return known !== undefined && known.mark === now?.mark && known.place === now.place
}

/** Takes out of `wanted` what it has read; what the pages miss stays in it. */
async function* listed(round: Round, calendar: string, wanted: Set<string>, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, state } = round
  const path = `/users/${seg(person.id)}/calendars/${seg(calendar)}/events`
  let pages = 0
  for await (const { value } of graph.pages(path, { $select: eventFields, $top: eventsAPage }, {}, signal)) {
    for (const raw of value) {
      const id = raw['id']
      if (typeof id !== 'string' || !wanted.delete(id)) continue
      yield* one(round, calendar, id, raw, signal)
    }
    // A large state is not written for every page.
    if (!round.durable || (pages += 1) <= Math.floor(state.things.size / 5000)) continue
    pages = 0
    yield { type: 'checkpoint', cursor: state.encode() }
  }
}

async function* one(round: Round, calendar: string, id: string, listed: Wire | undefined, signal: AbortSignal): AsyncGenerator<Change> {
  const { graph, person, state, index } = round
  const repeats = index.events.get(id)?.more === series
  const fetched = await fetchEvent({ graph, person, calendar, native: id, repeats }, listed, signal)
  if (fetched.type === 'gone') {
    if (state.things.delete(id)) yield { type: 'delete', id: eventId(person.id, id), evidence: 'not-found' }
    return
  }
  if (fetched.item !== undefined) yield { type: 'upsert', item: fetched.item }
  for (const loss of fetched.losses) yield { type: 'loss', loss }
  const now = index.events.get(id)
  if (now !== undefined && !fetched.again) state.things.set(id, now)
}
