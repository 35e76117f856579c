import type { Change } from '../../../src/contract/connector.ts'
import type { Json } from '../json.ts'
import { isOccurrence, isSeries, uidOf } from '../map/event.ts'
import { byUid, deleted, eventChanges, type EventRun, gather, reread } from './series.ts'

/**
 * What changed in a calendar since its sync token: one request when nothing did. A change in a series says little of the rest of it, so
 * every series that moved is read whole, by its UID; so is what was deleted and says nothing but its id.
 */
export async function* changedEvents(run: EventRun, signal: AbortSignal): AsyncGenerator<Change> {
  const { state, native } = run
  const groups = new Map<string, Json[]>()
  const single = new Set<string>()
  let token: string | undefined
  for (let page: string | undefined; ;) {
    const answer = await run.reading.events(native, { syncToken: state.token ?? undefined, pageToken: page }, signal)
    for (const part of answer.items) {
      if (isSeries(part) || isOccurrence(part) || deleted(part)) gather(groups, part)
      else {
        single.add(uidOf(part))
        yield* eventChanges(run, uidOf(part), [part], '')
      }
    }
    page = answer.nextPageToken
    token = answer.nextSyncToken ?? token
    if (page === undefined) break
  }
  const evidence = `cancelled in events.list of ${native}`
  for (const [uid, parts] of byUid(groups, state)) {
    const plain = parts.every((part) => deleted(part) && !isSeries(part) && 'start' in part)
    if (plain && single.has(uid)) continue
    yield* eventChanges(run, uid, plain ? parts : await reread(run, uid, signal), evidence)
  }
  state.token = token ?? null
}
