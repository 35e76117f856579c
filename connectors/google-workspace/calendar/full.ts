import type { Change } from '../../../src/contract/connector.ts'
import type { Json } from '../json.ts'
import { baseOf, uidOf } from '../map/event-id.ts'
import { isOccurrence, isSeries } from '../map/event.ts'
import { paged } from '../paged.ts'
import { byUid, deleted, eventChanges, type EventRun, gather, nameless, ordered, rereadChanges, uidOfBase } from './series.ts'

/**
 * Every event of a calendar. Single ones are yielded page by page; what belongs to a series waits until all of it was seen, for Google's
 * order is not promised. A page that is done is said by `undefined`: the listing can go on from there, and then reads the series of
 * earlier pages once more.
 */
export async function* everyEvent(run: EventRun, signal: AbortSignal): AsyncGenerator<Change | undefined> {
  const { state } = run
  const groups = new Map<string, Json[]>()
  const earlier = state.page === null ? [] : state.pending
  if (state.page === null) state.gone.clear()
  const pending = new Set(earlier)
  const single = new Set<string>()
  const twice = new Set<string>()
  let token: string | undefined
  const ask = async (pageToken: string | undefined) => {
    const page = await run.reading.events(run.native, { pageToken }, signal)
    return { page, next: page.nextPageToken }
  }
  for await (const { page, next } of paged('events', ask, state.page ?? undefined)) {
    for (const part of page.items) {
      if (deleted(part) || (yield* nameless(run, part))) continue
      if (isSeries(part) || isOccurrence(part)) {
        gather(groups, part, state)
        pending.add(baseOf(part))
        continue
      }
      const uid = uidOfBase(baseOf(part), [part], state)
      if (single.has(uid)) twice.add(uid)
      single.add(uid)
      yield* eventChanges(run, uidOf(part), [part], '')
    }
    token = page.nextSyncToken
    if (next === undefined) break
    state.page = next
    state.pending = [...pending]
    yield undefined
  }
  const series = byUid(groups, state)
  const bases = new Map<string, Set<string>>()
  for (const base of [...earlier, ...groups.keys()]) {
    const uid = uidOfBase(base, groups.get(base) ?? [], state)
    bases.set(uid, (bases.get(uid) ?? new Set()).add(base))
  }
  const again = new Set([...earlier.map((base) => uidOfBase(base, groups.get(base) ?? [], state)), ...twice])
  for (const uid of series.keys()) if (single.has(uid)) again.add(uid)
  // One question shows whether asking by UID names what was taken out of a series.
  const [telling] = state.byUid === 'unknown' ? state.gone.keys() : []
  if (telling !== undefined) again.add(uidOfBase(telling, groups.get(telling) ?? [], state))
  for (const [uid, parts] of series) if (!again.has(uid)) yield* eventChanges(run, uid, ordered(parts), 'cancelled in events.list')
  for (const uid of again) {
    const inHand = earlier.length === 0 && !single.has(uid) ? ordered(series.get(uid) ?? []) : []
    yield* rereadChanges(run, uid, [...(bases.get(uid) ?? [])], inHand, 'cancelled in events.list', signal)
  }
  state.page = null
  state.pending = []
  state.token = token ?? null
}
