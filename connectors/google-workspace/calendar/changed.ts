import type { Change } from '../../../src/contract/connector.ts'
import type { Json } from '../json.ts'
import { baseOf, uidOf } from '../map/event-id.ts'
import { isOccurrence, isSeries } from '../map/event.ts'
import { paged } from '../paged.ts'
import { byUid, deleted, eventChanges, type EventRun, gather, nameless, rereadChanges } from './series.ts'

/**
 * What changed in a calendar since its sync token: one request when nothing did. A change in a series says little of the rest of it, so
 * every series that moved is read whole, by its UID; so is what was deleted and says nothing but its id.
 */
export async function* changedEvents(run: EventRun, signal: AbortSignal): AsyncGenerator<Change> {
  const { state, native } = run
  const groups = new Map<string, Json[]>()
  const single = new Set<string>()
  let token: string | undefined
  const syncToken = state.token ?? undefined
  const ask = async (pageToken: string | undefined) => {
    const page = await run.reading.events(native, { syncToken, pageToken }, signal)
    return { page, next: page.nextPageToken }
  }
  for await (const { page } of paged('changed events', ask)) {
    token = page.nextSyncToken ?? token
    for (const part of page.items) {
      if (yield* nameless(run, part)) continue
      if (isSeries(part) || isOccurrence(part) || deleted(part)) gather(groups, part, state)
      else {
        single.add(uidOf(part))
        yield* eventChanges(run, uidOf(part), [part], '')
      }
    }
  }
  const evidence = `cancelled in events.list of ${native}`
  for (const [uid, parts] of byUid(groups, state)) {
    const plain = parts.every((part) => deleted(part) && !isSeries(part) && 'start' in part)
    if (plain && single.has(uid)) continue
    if (plain) yield* eventChanges(run, uid, parts, evidence)
    else yield* rereadChanges(run, uid, [...new Set(parts.map(baseOf))], [], evidence, signal)
  }
  for (const [base, parts] of groups) if (parts.every(deleted)) state.odd.delete(base)
  state.token = token ?? null
}
