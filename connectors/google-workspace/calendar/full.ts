import type { Change } from '../../../src/contract/connector.ts'
import { Fault } from '../../../src/fault.ts'
import type { Json } from '../json.ts'
import { isOccurrence, isSeries, uidOf, baseOf } from '../map/event.ts'
import { byUid, deleted, eventChanges, type EventRun, gather, ordered, reread, uidOfBase } from './series.ts'

/**
 * Every event of a calendar. Single ones are yielded page by page; what belongs to a series waits until all of it was seen, for Google's
 * order is not promised. A page that is done is said by `undefined`: the listing can go on from there, and then reads the series of
 * earlier pages once more.
 */
export async function* everyEvent(run: EventRun, signal: AbortSignal): AsyncGenerator<Change | undefined> {
  const { state } = run
  const groups = new Map<string, Json[]>()
  const earlier = state.page === null ? [] : state.pending
  const pending = new Set(earlier)
  const single = new Set<string>()
  const twice = new Set<string>()
  let token: string | undefined
  for (let page = state.page ?? undefined; ;) {
    const answer = await run.reading.events(run.native, { pageToken: page }, signal)
    for (const part of answer.items) {
      if (deleted(part)) continue
      if (isSeries(part) || isOccurrence(part)) {
        gather(groups, part)
        pending.add(baseOf(part))
        continue
      }
      const uid = uidOfBase(baseOf(part), [part], state)
      if (single.has(uid)) twice.add(uid)
      single.add(uid)
      yield* eventChanges(run, uidOf(part), [part], '')
    }
    if (answer.nextPageToken !== undefined && answer.nextPageToken === page) throw goesRound()
    page = answer.nextPageToken
    token = answer.nextSyncToken
    if (page === undefined) break
    state.page = page
    state.pending = [...pending]
    yield undefined
  }
  const series = byUid(groups, state)
  const again = new Set([...earlier.map((base) => uidOfBase(base, groups.get(base) ?? [], state)), ...twice])
  for (const uid of series.keys()) if (single.has(uid)) again.add(uid)
  for (const [uid, parts] of series) if (!again.has(uid)) yield* eventChanges(run, uid, ordered(parts), 'cancelled in events.list')
  for (const uid of again) yield* eventChanges(run, uid, await reread(run, uid, signal), 'cancelled in events.list')
  state.page = null
  state.pending = []
  state.token = token ?? null
}

const goesRound = (): Fault =>
  new Fault({
    code: 'unavailable',
    what: 'Google gives the same page of events again and again',
    remedy: 'Run again later; what was done is kept',
    retry: { type: 'backoff' },
  })
