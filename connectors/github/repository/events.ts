import type { Change } from '../../../src/contract/connector.ts'
import { GithubFault } from '../github-fault.ts'
import { event } from '../map/event.ts'
import { degraded, dropped, idIn } from '../map/item.ts'
import { EventRow } from '../wire/rest.ts'
import { rowsOf } from '../github.ts'
import { checkpoint, type Reading, refusedOf, type RepositoryPart, trackedLine } from './reading.ts'

const pagesACheckpoint = 10

/**
 * What happened, newest first, down to what is known. A first reading that is broken off goes on at its page: what happened since has only
 * pushed older events further down, so nothing is passed over; another reading from the top then brings the new.
 */
export const events: RepositoryPart = {
  name: 'events',
  swept: false,
  line: trackedLine,
  async *read(reading) {
    const { state } = reading
    const broken = state.events.walk !== null
    yield* walk(reading)
    if (broken) yield* walk(reading)
  },
}

async function* walk(reading: Reading): AsyncGenerator<Change> {
  const { github, path, state, mapping, signal } = reading
  const what = refusedOf(reading, 'events')
  const { seen, walk: before } = state.events
  let top = before?.top ?? seen
  let at: string | undefined = before?.page ?? `${path}/issues/events?per_page=100`
  for (let pages = 1; at !== undefined; pages++) {
    let answer: Awaited<ReturnType<typeof github.get>>
    try {
      answer = await github.get(what, at, signal)
    } catch (error) {
      if (!(error instanceof GithubFault) || error.status !== 422 || top === seen) throw error
      yield { type: 'loss', loss: degraded(mapping.place.item, 'events', 'withheld-by-source', 'GitHub gives only the newest events') }
      break
    }
    let old = false
    for (const raw of rowsOf(answer.data, undefined, what)) {
      const row = EventRow.safeParse(raw).data
      if (row === undefined) {
        yield {
          type: 'loss',
          loss: dropped(idIn(mapping.place, 'timeline-event', 'unknown'), 'invalid-at-source', 'an event cannot be read'),
        }
        continue
      }
      if (row.id <= seen) {
        old = true
        continue
      }
      top = Math.max(top, row.id)
      const item = event(row, raw, mapping)
      if (item !== undefined) yield { type: 'upsert', item }
    }
    at = old ? undefined : answer.next
    if (at === undefined || pages % pagesACheckpoint !== 0) continue
    state.events = { seen, walk: { top, page: at } }
    yield checkpoint(reading)
  }
  state.events = { seen: top, walk: null }
}
